"""What would change who leads, at a glance: a square for each report or origin to leave out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd
from matplotlib.axes import Axes

from rivals.analysis.discredit import GREEDY
from rivals.analysis.turning import TurningPoints
from rivals.charts.marks import draw_dots
from rivals.charts.paper import SERIES, WIDE, draw_nothing, entitle, name_plainly
from rivals.charts.row import Row, Style, draw_rows
from rivals.charts.scale import Scale
from rivals.phrases import count, quoted, say_percent

_MOST = {"report": 5, "origin": 3, "source": 3}
_SQUARES = 12
"""How many squares the scale has room for."""

Names = Mapping[str, str]


def turning_points(
    found: TurningPoints, labels: Names | None = None, *, width: float = WIDE
) -> Axes:
    """The smallest sets of reports and of origins without which another leads, and the sources.

    A square for each report or origin to leave out; of a source its reliability, pale as stated and
    solid where it would have to fall.
    """
    told = dict(labels or {})
    if not found.chance > 0:
        return draw_nothing(width, "No explanation leads")
    rows = [
        *_list_sets(found, "report", told),
        *_list_sets(found, "origin", told),
        *_list_sources(found.sources, told),
    ]
    axes = draw_rows(rows, width, Style(_draw, Scale(0, 1, ()), columns=True, lines=7))
    leader = quoted(_call(found.leader, told))
    listed = "; ".join(
        f"{row.heading + ': ' if row.heading else ''}{row.label} {row.told} {row.note}".rstrip()
        for row in rows
    )
    alternative = f"Rows of squares, a square for each report or origin left out. {listed}."
    return entitle(axes, _say_message(found, leader, told), alternative)


def _call(name: str, labels: Names) -> str:
    return labels.get(name, name_plainly(name))


def _list_sets(found: TurningPoints, unit: str, labels: Names) -> Iterator[Row]:
    """A row per set: who would lead, with which numbers; how many to leave out, and which."""
    table = found.sets if unit == "report" else found.origins
    heading, leader = f"Leave out {unit}s", _call(found.leader, labels)
    if table.empty:
        told = f"No set of up to {GREEDY} that was tried changes who leads"
        yield Row(told, math.nan, heading=heading, faint=True)
        return
    heading += "" if table["how"].iloc[0] == "exact" else "; perhaps fewer would do"
    for i, (_, r) in enumerate(table.head(_MOST[unit]).iterrows()):
        ahead, behind = say_percent(r["chance"]), say_percent(r["before"])
        yield Row(
            f"{_call(str(r['leader']), labels)} {ahead}, {leader} {behind}",
            float(r["size"]),
            heading="" if i else heading,
            note=", ".join(str(name).removeprefix("origin:") for name in r[f"{unit}s"]),
            told=count(int(r["size"]), unit),
        )
    if len(table) > _MOST[unit]:
        rest = count(len(table) - _MOST[unit], "other set")
        yield Row(f"{rest} of as many", math.nan, faint=True)


def _list_sources(table: pd.DataFrame, labels: Names) -> Iterator[Row]:
    """A row per source and topic: its reliability, and that at which another is level."""
    heading = "Trust one source less"
    falls = table[table["falls_to"].notna()]
    falls = falls.iloc[(falls["value"] - falls["falls_to"]).argsort(kind="stable")]
    if falls.empty:
        text = "No source alone changes who leads, however unreliable"
        yield Row(text, math.nan, heading=heading, faint=True)
    topics = falls.index.get_level_values("topic")
    for i, (topic, (_, r)) in enumerate(
        zip(topics[: _MOST["source"]], falls.iterrows(), strict=False)
    ):
        name = f"{r['name']}, on {topic}" if topic else str(r["name"])
        told = f"{say_percent(r['value'])} to {say_percent(r['falls_to'])}"
        note = f"then {_call(str(r['leader']), labels)} is level"
        row = Row(name, float(r["falls_to"]), float(r["value"]), note=note, told=told)
        yield replace(row, heading="" if i else heading)
    if len(falls) > _MOST["source"]:
        rest = count(len(falls) - _MOST["source"], "other source")
        yield Row(f"{rest} would have to fall further", math.nan, faint=True)


def _draw(axes: Axes, row: Row, y: float) -> None:
    """Squares for what is left out; a pair of dots for a reliability."""
    if not math.isnan(row.other):
        draw_dots(axes, row, y)
    else:
        for i in range(round(row.value)):
            axes.plot((i + 0.5) / _SQUARES, y, "s", ms=9, color=SERIES[1], zorder=3)


def _say_message(found: TurningPoints, leader: str, labels: Names) -> str:
    for table, unit in ((found.sets, "report"), (found.origins, "origin")):
        if len(table):
            first = table.iloc[0]
            other = quoted(_call(str(first["leader"]), labels))
            fewer = "" if first["how"] == "exact" else ", perhaps fewer,"
            size = count(int(first["size"]), unit)
            return f"Without {size}{fewer} {other} would lead, not {leader}"
    return f"No set of up to {GREEDY} reports that was tried changes who leads: {leader}"
