"""The sections on movement: what changed since a day, and how the answer came about."""

from __future__ import annotations

from typing import Any

import pandas as pd

from rivals import charts
from rivals.briefing.corrected import tell_corrected
from rivals.briefing.figures import figure
from rivals.briefing.findings import Findings
from rivals.briefing.parts import Part, fill, join, table
from rivals.phrases import say_date, say_percent
from rivals.prose import say_change, say_comparison
from rivals.prose.measures import say_decibels, say_signed

FAINT = 0.05
"""What accounts for fewer points, or decibels, is not listed."""


def tell_move(found: Findings, name: object, row: pd.Series) -> dict[str, Any]:
    """A row of `moved_most` as the page tells it."""
    return {
        "report": name,
        "anchor": found.anchors[str(name)],
        "logged": row["logged"],
        "who": found.name_source(row["source"]) or row["outlet"],
        "summary": row["summary"],
        "label": found.labels[row["hypothesis"]],
        "before": row["before"],
        "after": row["after"],
    }


def say_changes(found: Findings) -> str:
    """What changed since the day that changes are told from."""
    if found.changes is None:
        return "No report counts yet, so nothing can have changed."
    return say_change(found.changes, found.since, found.sources, found.dates)


def changes(found: Findings) -> Part:
    """What moved since a day, from where to where, and which reports account for it."""
    corrected = tell_corrected(found.corrected)
    if found.changes is None:
        return join(corrected, fill("paragraph", text=say_changes(found)))
    compared, name = found.changes, _find_most_moved(found.changes)
    text = say_comparison(compared, found.sources)
    told = fill("compared", since=found.since, reason=_say_reason(found), text=text)
    moved = figure(
        lambda width: charts.compare(compared, found.labels, width=width), _tabulate_change(found)
    )
    if compared.attrs["items"].empty:
        return join(corrected, told, moved)
    items = compared.attrs["items"].copy()
    items["item", "source"] = items["item", "source"].map(found.name_source)
    accounts = figure(
        lambda width: charts.accounts(items, name, found.labels, width=width),
        _tabulate_items(found, name),
    )
    return join(corrected, told, moved, accounts)


def _say_reason(found: Findings) -> str:
    """Why that day, unless it was asked for."""
    if found.asked_since is not None:
        return ""
    moved = "moved a whole percentage" if found.moves_on_arrival else "counts"
    return f", the evening before the newest report that {moved}"


def _find_most_moved(compared: pd.DataFrame) -> str:
    old, new = _columns(compared)
    return str((compared[new] - compared[old]).astype(float).abs().idxmax())


def _columns(compared: pd.DataFrame) -> tuple[str, str]:
    why = "because before" in compared
    return ("because before", "because after") if why else ("before", "after")


def _tabulate_change(found: Findings) -> Part:
    assert found.changes is not None  # asked only then
    compared = found.changes
    shown = pd.DataFrame({"Explanation": list(compared["label"])})
    if "because before" in compared:
        shown["Was why, then"] = [say_percent(p) for p in compared["because before"]]
        shown["Was why, now"] = [say_percent(p) for p in compared["because after"]]
    shown["Was present, then"] = [say_percent(p) for p in compared["before"]]
    shown["Was present, now"] = [say_percent(p) for p in compared["after"]]
    return table(shown, f"Then, at the end of {say_date(found.since)}, and now")


def _tabulate_items(found: Findings, name: str) -> Part:
    """What differs and what of the change it accounts for; what weighs nothing is counted."""
    assert found.changes is not None  # asked only then
    items = found.changes.attrs["items"]
    kind = "because" if "because" in items.columns else "decibels"
    if (kind, name) not in items.columns:
        return Part("")
    shares = items[kind, name].astype(float)
    worth = shares.abs() >= FAINT
    part, shares = items[worth], shares[worth]
    say = _say_points if kind == "because" else say_decibels
    shown = pd.DataFrame(
        {
            "What differs": list(part.index),
            "How": list(part["item", "change"]),
            "Source": [found.name_source(s) for s in part["item", "source"]],
            "Share of the change": [say(share) for share in shares],
        }
    )
    idle = len(items) - len(part)
    rest = f"; {idle} more that differ weigh next to nothing in it" if idle else ""
    return table(shown, f"What accounts for the change of “{found.labels[name]}”{rest}")


def _say_points(share: float) -> str:
    return f"{say_signed(share, 1)} points"


def trail(found: Findings) -> Part:
    """How the answer moved, and the reports that moved it most."""
    moves = [
        {"letter": letter, **tell_move(found, name, row)}
        for letter, (name, row) in zip(charts.LETTERS, found.moves.iterrows(), strict=False)
    ]
    picture = figure(
        lambda width: charts.trail(found.trail, found.labels, width=width), _table_of_days(found)
    )
    return fill("trail", picture=picture, moves=moves)


def _table_of_days(found: Findings) -> Part:
    """The trail's numbers after the last report of each day on which one of them changed."""
    kind = "because" if found.case.effect else "posterior"
    if found.trail.empty:
        return Part("")
    days = found.trail["report", "logged"]
    last = ~days.duplicated(keep="last")
    shown = pd.DataFrame(found.trail[kind])[last].map(say_percent)
    shown.columns = pd.Index([found.labels[name] for name in shown.columns])
    shown.insert(0, "Day", [say_date(day) for day in days[last]])
    changed = (shown.iloc[:, 1:] != shown.iloc[:, 1:].shift()).any(axis="columns")
    shown = shown[changed]
    return table(shown, "The trail in numbers: days on which a whole percentage changed")
