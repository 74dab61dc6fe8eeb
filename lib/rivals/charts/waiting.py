"""What is waited for as a picture: how much of the time of each expected report is over."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from rivals.charts.marks import draw_bar
from rivals.charts.paper import WIDE, draw_nothing, entitle
from rivals.charts.row import Row, Style, draw_rows
from rivals.phrases import count, quoted, say_date, say_percent

SILENT = ("awaited", "overdue")


def waiting(table: pd.DataFrame, *, width: float = WIDE) -> Axes:
    """How much of the time of each expected report is over, a row each; no bar where none waits.

    The table is one of `case.expected()`.
    """
    if table.empty:
        return draw_nothing(width, "No report is expected")
    rows = [_row(r) for _, r in table["expected"].iterrows()]
    axes = draw_rows(rows, width, Style(draw_bar, columns=True))
    silent = [row.label for row in rows if not row.faint and row.value > 0]
    message = "No expected report is missing by now"
    if silent:
        verb = "has" if len(silent) == 1 else "have"
        message = f"{len(silent)} of {count(len(rows), 'expected report')} {verb} not come"
    told = "; ".join(f"{quoted(row.label)}, {row.note}: {row.told}" for row in rows)
    return entitle(axes, message, f"Bars, how much of the time of each is over. {told}.")


def _row(r: pd.Series) -> Row:
    share, state = float(r["share"]), str(r["state"])
    span = f"{say_date(str(r['since']))} to {say_date(str(r['by']))}"
    if state in SILENT:
        told = "all over" if share >= 1 else f"{say_percent(share)} over"
        return Row(str(r["label"]), share, note=span, told=told)
    told = {"not yet": "not begun", "ended": "a report speaks of it"}.get(state, state)
    return Row(str(r["label"]), 0.0, note=span, told=told, faint=True)
