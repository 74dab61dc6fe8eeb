"""The log as a reader can check it: what counts, what only repeats it, what each report weighs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rivals.briefing.findings import Findings
from rivals.briefing.parts import Part, fill, join
from rivals.briefing.reporting import say_weight, weights

FEW = 12


Entry = dict[str, Any]
"""A report as the page shows it; `repeated_by` holds those that stand under it."""


def reports(found: Findings) -> Part:
    """What each report weighs; the log: what counts by month, with what repeats it; the rest."""
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
    listed = fill("reports", groups=shown, opened=len(found.reports) <= FEW)
    return listed if found.reports.empty else join(weights(found), listed)


def _rows(found: Findings) -> Iterator[tuple[str, Entry]]:
    for name, row in found.reports.to_dict("index").items():
        yield str(name), {str(key): value for key, value in row.items()}


def _enter(found: Findings, name: str, row: Entry) -> Entry:
    who, moved = found.name_source(row["source"]), found.moves_on_arrival.get(name)
    told = {"id": name, "anchor": found.anchors[name], "who": who, "moved": moved}
    return {**row, **told, "weight": _weigh(found, name, row), "repeated_by": []}


def _weigh(found: Findings, name: str, row: Entry) -> str:
    """What a counted report weighs for the leader."""
    if row["status"] != "counted":
        return ""
    return say_weight(found.impact["shapley", found.leader].astype(float)[name])


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
