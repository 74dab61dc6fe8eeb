"""The sections that let a reader check: reports, sources, assumptions, method."""

from __future__ import annotations

import math
import platform
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from rivals import charts
from rivals.briefing.figures import figure
from rivals.briefing.findings import Findings
from rivals.briefing.parts import Part, fill, table
from rivals.errors import ExportError
from rivals.phrases import say_percent
from rivals.prose import CONFIDENCE_RULE
from rivals.reading import LOG_FILE, SCENARIO_FILE

PACKAGES = ("rivals", "numpy", "scipy", "pandas", "matplotlib", "nbconvert")
MOVED = 0.15  # what a source has to move by to be drawn when there are many
FEW = 12


Entry = dict[str, Any]
"""A report as the page shows it; `repeated_by` holds those that stand under it."""


def reports(found: Findings) -> Part:
    """The log: what counts by month, with what only repeats it; then the rest."""
    entries = _nest({name: _enter(found, name, row) for name, row in _rows(found)})
    groups = {
        "What counts": ("counted",),
        "Taken back, left out or only drafted": ("retracted", "left out", "draft"),
        "Echoes and copies of what is not in the log at this moment": ("echo", "copy"),
        "Background, which says nothing of a variable": ("background",),
    }
    shown = [
        (name, _by_month([e for e in entries if e["status"] in statuses]))
        for name, statuses in groups.items()
    ]
    shown = [(name, months) for name, months in shown if months]
    return fill("reports", groups=shown, opened=len(found.reports) <= FEW)


def _rows(found: Findings) -> Iterator[tuple[str, Entry]]:
    for name, row in found.reports.to_dict("index").items():
        yield str(name), {str(key): value for key, value in row.items()}


def _enter(found: Findings, name: str, row: Entry) -> Entry:
    who, moved = found.name_source(row["source"]), found.moves_on_arrival.get(name)
    anchor = found.anchors[name]
    return {**row, "id": name, "anchor": anchor, "who": who, "moved": moved, "repeated_by": []}


def _nest(entries: dict[str, Entry]) -> list[Entry]:
    """Those that stand on their own, in order, each with its repetitions under it."""
    own: list[Entry] = []
    for entry in entries.values():
        first = _first_told(entries, entry)
        (own if first is entry else first["repeated_by"]).append(entry)
    return own


def _first_told(entries: dict[str, Entry], entry: Entry) -> Entry:
    """Follow repetitions of repetitions back, as far as the log goes."""
    for _ in range(len(entries)):
        if entry["status"] not in ("echo", "copy") or entry["repeats"] not in entries:
            break
        entry = entries[entry["repeats"]]
    return entry


def _by_month(entries: list[Entry]) -> list[tuple[str, list[Entry]]]:
    months: dict[str, list[Entry]] = {}
    for entry in entries:
        months.setdefault(str(entry["logged"])[:7], []).append(entry)
    return list(months.items())


def sources(found: Findings) -> Part:
    """How far each source's claims fit this model; and the answer were all sources alike."""
    fits = found.case.sources()
    if fits.empty:
        return fill("paragraph", text="No source has made a claim that counts.")
    shown = pd.DataFrame(
        {
            "Source": list(fits["name"]),
            "On": [topic or "everything" for _, topic in fits.index],
            "Grade": list(fits["grade"]),
            "Before": [say_percent(p) for p in fits["prior"]],
            "After": [say_percent(p) for p in fits["posterior"]],
            "Claims that count": list(fits["claims"]),
        }
    )
    least = MOVED if len(fits) > FEW else 0.0
    numbers = table(shown, "How far each source's claims fit this model")
    picture = figure(lambda width: charts.sources(fits, width=width, least=least), numbers)
    return Part(picture.html + _compare_alike(found).html)


def _compare_alike(found: Findings) -> Part:
    """The headline's numbers as graded, and with every source alike."""
    graded, alike = found.standing, found.alike["headline"]
    shown = pd.DataFrame(
        {
            "Explanation": list(graded["label"]),
            "As graded": [say_percent(p) for p in graded["headline"]],
            "All sources alike": [say_percent(alike[name]) for name in graded.index],
        }
    )
    return table(shown, "The answer, were every source graded C and none spoke in its own interest")


def assumptions(found: Findings) -> Part:
    """Every judgement with its value, its place in the file, its firmness and its reason."""
    judgements = found.case.judgements()
    groups = [_show_group(found, owner, part) for owner, part in _grouped(judgements)]
    return fill(
        "assumptions",
        variables=[g for g in groups if g["owner"].startswith("variables.")],
        settings=[g for g in groups if g["owner"] == "settings"],
        sources=[_show_source(found, name) for name in found.case.scenario.sources],
        total=len(judgements),
    )


def _grouped(judgements: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    owners = [
        "settings" if str(path).startswith("settings.") else ".".join(str(path).split(".")[:2])
        for path in judgements.index
    ]
    for owner in dict.fromkeys(owners):
        yield owner, judgements[[other == owner for other in owners]]


def _show_group(found: Findings, owner: str, part: pd.DataFrame) -> Entry:
    variable = found.case.scenario.variables.get(owner.removeprefix("variables."))
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
        "ask": variable.ask if variable else "",
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


def method(found: Findings) -> Part:
    """How it was computed, from what, with which versions, and how to do it again."""
    case = found.case
    folder = Path(case.dossier.folder)
    return fill(
        "method",
        hashes=[(name, hash_file(folder / name)) for name in (SCENARIO_FILE, LOG_FILE)],
        versions=[("Python", platform.python_version()), *((p, version(p)) for p in PACKAGES)],
        command=_command(found),
        drawn=found.standing.attrs["draws"],
        seed=found.seed,
        rule=CONFIDENCE_RULE,
        evidence=case.log_evidence(),
    )


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
    return f"rivals brief {folder}{moment} --draws {found.draws} --seed {found.seed}"
