"""Issuing a briefing: what was said, and from what, frozen with a line in the ledger."""

from __future__ import annotations

import getpass
import platform
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rivals.briefing.appendix import PACKAGES
from rivals.briefing.build import Briefing, Order
from rivals.case import Case
from rivals.errors import ExportError, Problem, QuestionError, quote
from rivals.freezing import freeze
from rivals.ledger import Issue
from rivals.moments import When
from rivals.prose import tabulate_standing
from rivals.reading import LOG_FILE, SCENARIO_FILE
from rivals.scenario import Outcome, label_of
from rivals.versions import name_user
from rivals.words import word_for

PAGE = "briefing.html"
NOTEBOOK_FILE = "notebook.ipynb"
TEXT_LIMIT = 2000


@dataclass(frozen=True)
class Imprint:
    """Who issues, when, and what they have to say about it."""

    by: str
    when: When
    note: str = ""


def sign(folder: Path, by: str | None, at: str | None, note: str | None) -> Imprint:
    """The imprint that is asked for: by git's user or the login, now, unless told otherwise.

    Raises QuestionError for a time without its offset and for text that is not plain.
    """
    who = by if by is not None else name_user(folder) or _login()
    when = at if at is not None else datetime.now().astimezone().isoformat(timespec="seconds")
    for option, text in (("--by", who), ("--note", note or "")):
        if len(text) > TEXT_LIMIT or any(unicodedata.category(c)[0] == "C" for c in text):
            rule = f"is a line of plain text, of {TEXT_LIMIT:,} characters at most"
            raise QuestionError(f"{option} {rule}, got {quote(text)}")
    if not who.strip():
        raise QuestionError("--by says who issues; neither git nor the login tells a name")
    try:
        return Imprint(who.strip(), When(when), (note or "").strip())
    except ValueError as error:
        raise QuestionError(f"--at: {error}") from None


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user on this machine
        return ""


def collect(folder: Path, notebook: Path | None = None) -> dict[str, bytes]:
    """What a briefing is made from, by the name under which it is frozen; raises ExportError."""
    paths = {name: folder / name for name in (SCENARIO_FILE, LOG_FILE)}
    paths |= {f"analysts/{p.name}": p for p in sorted((folder / "analysts").glob("[!.]*.yaml"))}
    paths |= {NOTEBOOK_FILE: notebook} if notebook else {}
    try:
        return {name: path.read_bytes() for name, path in paths.items() if path.exists()}
    except OSError as error:
        text = f"an input cannot be read: {error.strerror}"
        raise ExportError([Problem(text, str(folder))]) from None


def issue(
    case: Case, order: Order, briefing: Briefing, inputs: Mapping[str, bytes], imprint: Imprint
) -> Issue:
    """Freeze a briefing that was written from these inputs; the line of the ledger.

    Raises ExportError when the inputs are others by now, so that what is frozen is what was read,
    and WritingError when something cannot be written; then nothing was issued.
    """
    folder = Path(case.dossier.folder)
    if collect(folder, order.notebook) != inputs:
        text = "the inputs were changed while the briefing was made; nothing was issued"
        raise ExportError([Problem(text, str(folder))])
    files = {**inputs, PAGE: briefing.page.encode()}
    return freeze(folder, {**_sign_off(imprint), **say(case, order)}, PAGE, files)


def _sign_off(imprint: Imprint) -> dict[str, Any]:
    return {"when": imprint.when.text, "by": imprint.by, "note": imprint.note}


def say(case: Case, order: Order) -> dict[str, Any]:
    """What a briefing on the case says, as the ledger keeps it."""
    draws = order.draws or 0
    standing = tabulate_standing(case, draws, order.seed)
    explained = standing.attrs["effect"] is not None
    scale = case.scenario.settings.scale
    figures = {
        str(name): {
            "label": row["label"],
            "posterior": float(row["posterior"]),
            "because": float(row["headline"]) if explained else None,
            "low": _defined(row["low"]),
            "high": _defined(row["high"]),
            "words": word_for(float(row["headline"]), scale),
        }
        for name, row in standing.iterrows()
    }
    return {
        "scenario": case.name.encode("utf-8", "replace").decode(),
        "as_of": case.moment.text if case.moment else None,
        "release": case.released.level if case.released else None,
        "withheld": len(case.withheld),
        "draws": draws,
        "seed": order.seed,
        "versions": {"python": platform.python_version(), **{p: version(p) for p in PACKAGES}},
        "leader": str(standing.index[0]),
        "hypotheses": figures,
        "outcomes": _say_outcomes(case),
    }


def _defined(number: float) -> float | None:
    return None if number != number else float(number)  # noqa: PLR0124  (NaN is not itself)


def _say_outcomes(case: Case) -> dict[str, Any]:
    states = case.variables()

    def chance(noun: Outcome, column: str) -> float:
        part = states.loc[[(noun.claim.variable, s) for s in noun.claim.states]]
        return min(1.0, float(part[column].sum()))

    return {
        name: {
            "label": label_of(name, noun),
            "claim": str(noun.claim),
            "chance": chance(noun, "posterior"),
            "prior": chance(noun, "prior"),
        }
        for name, noun in case.scenario.outcomes.items()
    }
