"""The sections at the end: the model, what it rests on, the live panel, how to do it again."""

from __future__ import annotations

import math
import platform
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from rivals import charts, explorer
from rivals.analysts import list_files
from rivals.briefing.figures import figure
from rivals.briefing.findings import Findings
from rivals.briefing.parts import Part, fill
from rivals.charts.paper import name_plainly
from rivals.errors import ExportError
from rivals.phrases import say_percent
from rivals.prose import CONFIDENCE_RULE
from rivals.reading import LOG_FILE, SCENARIO_FILE
from rivals.scenario import label_of
from rivals.silence import chance_path

PACKAGES = ("rivals", "numpy", "scipy", "pandas", "matplotlib", "nbconvert")

Entry = dict[str, Any]


def assumptions(found: Findings) -> Part:
    """Every judgement with its value, its place in the file, its firmness and its reason."""
    judgements = found.case.judgements()
    groups = [_show_group(found, owner, part) for owner, part in _grouped(judgements)]
    return fill(
        "assumptions",
        variables=[g for g in groups if g["owner"].startswith("variables.")],
        settings=[g for g in groups if g["owner"] == "settings"],
        expected=[g for g in groups if g["owner"].startswith("expected")],
        sources=[_show_source(found, name) for name in found.case.scenario.sources],
        total=len(judgements),
    )


def _grouped(judgements: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    owners = [_own(str(path)) for path in judgements.index]
    for owner in dict.fromkeys(owners):
        yield owner, judgements[[other == owner for other in owners]]


def _own(path: str) -> str:
    """What a judgement belongs to: a variable, a source, an expected report, the settings."""
    first, second, *_ = path.split(".")
    return first if first == "settings" or first.endswith("]") else f"{first}.{second}"


def _show_group(found: Findings, owner: str, part: pd.DataFrame) -> Entry:
    variable = found.case.scenario.variables.get(owner.removeprefix("variables."))
    expected = {
        chance_path(name).removesuffix(".chance"): f"{label_of(name, noun)} ({noun.claim})"
        for name, noun in found.case.scenario.expected.items()
    }
    rows = [
        {
            "path": str(path).removeprefix(owner + "."),
            "written": r["written"],
            "value": f"{r['value']:.3g}",
            "at": r["at"],
            "firmness": "fixed" if math.isnan(r["firmness"]) else f"{r['firmness']:g}",
        }
        for path, r in part.iterrows()
    ]
    return {
        "owner": owner,
        "name": owner.removeprefix("variables."),
        "ask": variable.ask if variable else expected.get(owner, ""),
        "why": part["why"].iloc[0],
        "rows": rows,
    }


def _show_source(found: Findings, name: str) -> Entry:
    source, places = found.case.scenario.sources[name], found.case.dossier.places
    kind = "grade" if source.grade else "reliability"
    place = places.get(f"sources.{name}.{kind}") or places.get(f"sources.{name}")
    wishes = ", ".join(f"{variable}={state}" for variable, state in source.interest.items())
    return {
        "name": source.name or name,
        "grade": source.grade or f"{source.reliability:g}",
        "firmness": f"{source.firmness:g}" if source.reliability is not None else "",
        "interest": wishes,
        "at": str(place or ""),
        "why": source.why,
    }


def model(found: Findings) -> Part:
    """What bears on what, as a picture, and every variable's states."""
    states = found.states
    now = states["posterior"].astype(float)
    rows = [
        {
            "ask": noun.ask or name_plainly(name),
            "name": name,
            "because_of": list(noun.parents),
            "states": [(s, say_percent(now[name, s])) for s in noun.states],
        }
        for name, noun in found.case.scenario.variables.items()
    ]
    numbers = fill("variables", rows=rows)
    network = found.case.network
    return figure(lambda width: charts.draw_network(network, states, width=width), numbers)


def panel(found: Findings) -> Part:
    """The live panel, or a sentence where there is none."""
    return Part(explorer.panel(found.case).html)


def method(found: Findings) -> Part:
    """How it was computed, from what, with which versions, and how to do it again."""
    case = found.case
    folder = Path(case.dossier.folder)
    return fill(
        "method",
        hashes=[(name, hash_file(folder / name)) for name in _list_files(found)],
        versions=[("Python", platform.python_version()), *((p, version(p)) for p in PACKAGES)],
        command=_command(found),
        drawn=found.standing.attrs["draws"],
        asked=found.draws,
        seed=found.seed,
        rule=CONFIDENCE_RULE,
        evidence=case.log_evidence(),
    )


def _list_files(found: Findings) -> list[str]:
    """The files that the page rests on, as they are named below the scenario's folder."""
    analysts = [f"{path.parent.name}/{path.name}" for path in list_files(found.case.dossier)]
    return [SCENARIO_FILE, LOG_FILE, *analysts]


def hash_file(path: Path) -> str:
    """The SHA-256 of a file; "" when there is none."""
    try:
        return sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ExportError(f"{path.name} cannot be read: {error.strerror}") from None


def _command(found: Findings) -> str:
    case = found.case
    parent = Path(case.dossier.folder).resolve().parent.name
    folder = f"scenarios/{case.name}" if parent == "scenarios" else case.name
    moment = f" --as-of {case.moment.text}" if case.moment else ""
    since = f" --since {found.asked_since}" if found.asked_since else ""
    release = f" --release {case.released.level}" if case.released else ""
    return (
        f"rivals brief {folder}{moment}{since}{release} --draws {found.draws} --seed {found.seed}"
    )
