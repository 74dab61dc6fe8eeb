"""The section on what we are waiting for: the watch-list, and what silence weighs by now."""

from __future__ import annotations

import math

import pandas as pd

from rivals import charts
from rivals.briefing.figures import figure
from rivals.briefing.findings import Findings
from rivals.briefing.parts import Part, fill, join, table
from rivals.phrases import say_date, say_percent
from rivals.prose import say_waiting
from rivals.prose.measures import say_decibels

STATES = {
    "awaited": "awaited",
    "overdue": "all of its time over",
    "not yet": "not begun",
    "ended": "a report speaks of it",
    "given": "given",
    "under do": "set",
}


def waiting(found: Findings) -> Part:
    """What would have been reported were it so, what its absence tells, and what if it came."""
    said = fill("paragraph", text=say_waiting(found.expected, found.labels))
    if found.expected.empty:
        return said
    numbers = join(_tabulate_watch_list(found), _tabulate_weights(found))
    return join(said, figure(lambda width: charts.waiting(found.expected, width=width), numbers))


def _tabulate_watch_list(found: Findings) -> Part:
    told = found.expected["expected"]
    shown = pd.DataFrame(
        {
            "A report that": [f"{r['label']} ({r['claim']})" for _, r in told.iterrows()],
            "Since": [say_date(text) for text in told["since"]],
            "By": [say_date(text) for text in told["by"]],
            "Chance, were it so": [say_percent(p) for p in told["chance"]],
            "Of its time over": [say_percent(p) for p in told["share"]],
            "State": [_say_state(r) for _, r in told.iterrows()],
            "Is so": [say_percent(p) for p in told["posterior"]],
            "Still comes in time": [say_percent(p) for p in told["to_come"]],
        }
    )
    return table(shown, "The watch-list: what would be reported, were it so")


def _say_state(row: pd.Series) -> str:
    told = STATES[str(row["state"])]
    return f"{told}: {row['ended_by']}" if row["ended_by"] else told


def _tabulate_weights(found: Findings) -> Part:
    """Of each explanation what the silence weighs, and where it would stand if it were broken."""
    whole = found.expected
    shown = pd.DataFrame({"A report that": list(whole["expected", "label"])})
    for name, label in found.labels.items():
        shown[f"{label}: silence"] = [say_decibels(one) for one in whole["decibels", name]]
    for name, label in found.labels.items():
        shown[f"{label}: were it so"] = [_say_chance(one) for one in whole["came", name]]
    return table(shown, "What its absence weighs by now, and where each would stand were it so")


def _say_chance(chance: float) -> str:
    return "not possible" if math.isnan(chance) else say_percent(chance)
