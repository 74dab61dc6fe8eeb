"""Charts with a row for each hypothesis, combination or source: dots, ranges, bars."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from rivals.charts.paper import (
    INK,
    MUTED,
    NARROW,
    RULE,
    SERIES,
    WIDE,
    entitle,
    is_wide,
    paper,
    scale_percent,
    wrap,
)
from rivals.phrases import count, say_percent, say_range

LINE, EDGE = 0.16, 0.7  # inches: a line of text, and what title and axis take
ACCENT = SERIES[0]


@dataclass(frozen=True)
class _Row:
    """One line of a chart: its label, the number that matters, and what it is seen against."""

    label: str
    value: float
    other: float = math.nan
    low: float = math.nan
    high: float = math.nan
    heading: str = ""

    @property
    def shown(self) -> str:
        """The number in words, with its range."""
        span = say_range(self.low, self.high)
        number = say_percent(self.value)
        return f"{number} ({span})" if span not in ("", number) else number


def causes(table: pd.DataFrame, *, width: float = WIDE) -> Axes:
    """Per cause, solid: that it was why, with its range; pale: that it was present."""
    effects = list(dict.fromkeys(table.index.get_level_values(0)))
    rows = []
    for effect in effects:
        part = table.loc[effect].sort_values("because", ascending=False, kind="stable")
        heading = _plain(effect) if len(effects) > 1 else ""
        for i, (_, r) in enumerate(part.iterrows()):
            head = heading if i == 0 else ""
            rows.append(_Row(r["label"], r["because"], r["posterior"], r["low"], r["high"], head))
    first = rows[0]
    message = f"{first.label} is the likeliest reason: {first.shown}"
    told = "; ".join(
        f"{r.heading + ': ' if r.heading else ''}{r.label} was why {r.shown}, "
        f"was present {say_percent(r.other)}"
        for r in rows
    )
    axes = _draw(rows, width, ("was why", "was present"))
    return entitle(axes, message, f"Dots with ranges, a row for each cause. {told}.")


def beliefs(table: pd.DataFrame, *, width: float = WIDE) -> Axes:
    """Per hypothesis, solid: how probable it is, with its range; pale: before reports."""
    part = table.sort_values("posterior", ascending=False, kind="stable")
    rows = [
        _Row(r["label"], r["posterior"], r["prior"], r["low"], r["high"])
        for _, r in part.iterrows()
    ]
    message = f"{rows[0].label} is the likeliest to have been present: {rows[0].shown}"
    told = "; ".join(f"{r.label} {r.shown}, before reports {say_percent(r.other)}" for r in rows)
    axes = _draw(rows, width, ("after reports", "before"))
    return entitle(axes, message, f"Dots with ranges, a row for each hypothesis. {told}.")


def sources(table: pd.DataFrame, *, width: float = WIDE, least: float = 0.0) -> Axes:
    """Per source and topic, how far its claims fit this model: pale before, solid after.

    Rows stand in the order of the file, which ranks nobody; those that moved less than `least`
    are left out.
    """
    moved = (table["posterior"] - table["prior"]).abs()
    part = table[moved >= least]
    topics = part.index.get_level_values("topic")
    rows = [
        _Row(f"{r['name']}, on {topic}" if topic else r["name"], r["posterior"], r["prior"])
        for topic, (_, r) in zip(topics, part.iterrows(), strict=True)
    ]
    if least:
        message = (
            f"{len(rows)} of {count(len(table), 'source')} (by topic) moved by "
            f"{round(100 * least)} points or more"
        )
    else:
        message = f"How far the claims of {count(len(rows), 'source')} fit this model"
    told = "; ".join(
        f"{r.label} from {say_percent(r.other)} to {say_percent(r.value)}" for r in rows
    )
    axes = _draw(rows, width, ("after", "before"))
    return entitle(axes, message, f"Pairs of dots, before and after the reports. {told}.")


def robustness(table: pd.DataFrame, *, width: float = WIDE) -> Axes:
    """Per hypothesis, in what share of the cases tried it leads, as bars."""
    part = table.sort_values("leads", ascending=False, kind="stable")
    rows = [_Row(r["label"], r["leads"]) for _, r in part.iterrows()]
    message = "No explanation leads"
    if table.attrs["leader"] is not None:
        message = f"{rows[0].label} leads in {rows[0].shown} of the cases tried"
    told = "; ".join(f"{r.label} leads in {r.shown}" for r in rows)
    axes = _draw(rows, width, ("", ""), bars=True)
    return entitle(axes, message, f"Bars, a row for each hypothesis. {told}.")


def combinations(
    table: pd.DataFrame,
    labels: Mapping[str, str] | None = None,
    *,
    width: float = WIDE,
    most: int = 6,
) -> Axes:
    """The likeliest combinations of hypotheses as bars; the rest in one."""
    names = [c for c in table.columns if c not in ("prior", "posterior", "low", "high")]
    told = {name: (labels or {}).get(name, _plain(name)) for name in names}
    rows = [
        _Row(name_combination([told[n] for n in names if r[n]], len(names)), *_numbers(r))
        for _, r in table.head(most).iterrows()
    ]
    rest = table.iloc[most:]
    if len(rest):
        rows.append(_Row(f"{count(len(rest), 'other combination')}", rest["posterior"].sum()))
    message = f"Likeliest together: {rows[0].label}, {rows[0].shown}"
    listed = "; ".join(f"{r.label} {r.shown}" for r in rows)
    axes = _draw(rows, width, ("", ""), bars=True)
    return entitle(axes, message, f"Bars, a row for each combination of hypotheses. {listed}.")


def _numbers(row: pd.Series) -> tuple[float, float, float, float]:
    return row["posterior"], math.nan, row["low"], row["high"]


def name_combination(present: Sequence[str], total: int) -> str:
    """What to call a combination of hypotheses.

    >>> name_combination(["Arson"], 3), name_combination([], 3)
    ('Arson alone', 'None of them')
    """
    if not present:
        return "None of them"
    if len(present) == total > 1:
        return "Both" if total == 2 else f"All {total}"
    return f"{present[0]} alone" if len(present) == 1 else " + ".join(present)


def _plain(name: str) -> str:
    return (name[:1].upper() + name[1:]).replace("_", " ")


def _draw(rows: list[_Row], width: float, keys: tuple[str, str], *, bars: bool = False) -> Axes:
    labels = [_break_label(row, width) for row in rows]
    places, end = _place(rows, labels)
    with paper(width, EDGE + end) as axes:
        scale_percent(axes)
        axes.set_ylim(-end, 0)
        axes.set_yticks([])
        for row, label, y in zip(rows, labels, places, strict=True):
            _write_row(axes, row, label, -y)
            (_draw_bar if bars else _draw_dots)(axes, row, -y)
        if rows and keys[0]:
            _name_dots(axes, rows[0], -places[0], keys)
        return axes


def _break_label(row: _Row, width: float) -> list[str]:
    """The label on one line or, where that is narrow, on two; beside it stands the number."""
    room = int(12.2 * width) - len(row.shown) - 2
    return wrap(row.label, room, 1 if width > (WIDE + NARROW) / 2 else 2)


def _place(rows: list[_Row], labels: list[list[str]]) -> tuple[list[float], float]:
    """How far down each row's line stands, in inches, and where the last one ends."""
    places, y = [], 0.0
    for i, (row, label) in enumerate(zip(rows, labels, strict=True)):
        y += (0.32 if row.heading else 0.0) + LINE * len(label) + 0.14
        places.append(y)
        y += 0.36 if i == 0 and not math.isnan(row.other) else 0.16
    return places, y


def _write_row(axes: Axes, row: _Row, label: list[str], y: float) -> None:
    axes.text(0, y + 0.09, "\n".join(label), color=INK, va="bottom", linespacing=1.15)
    axes.text(1, y + 0.09, row.shown, color=INK, va="bottom", ha="right", fontweight="bold")
    if row.heading:
        top = y + 0.14 + LINE * len(label)
        axes.text(0, top, row.heading, color=MUTED, fontweight="bold", va="bottom")
    axes.plot([0, 1], [y, y], color=RULE, lw=0.8, zorder=1)


def _draw_bar(axes: Axes, row: _Row, y: float) -> None:
    axes.plot([0, row.value], [y, y], color=ACCENT, lw=5, solid_capstyle="butt", zorder=2)
    if not math.isnan(row.low):
        axes.plot([row.low, row.high], [y, y], color=INK, lw=1.2, zorder=3)


def _draw_dots(axes: Axes, row: _Row, y: float) -> None:
    ends = (row.other, row.value) if math.isnan(row.low) else (row.low, row.high)
    axes.plot(ends, [y, y], color=ACCENT, lw=3, alpha=0.5, solid_capstyle="butt", zorder=2)
    axes.plot(row.other, y, "o", ms=7, color=ACCENT, alpha=0.35, zorder=3, clip_on=False)
    axes.plot(row.value, y, "o", ms=8, color=ACCENT, zorder=4, clip_on=False)


def _name_dots(axes: Axes, row: _Row, y: float, keys: tuple[str, str]) -> None:
    """Say below the first row what its two dots are, each on its outer side when they are close."""
    wide = is_wide(axes)
    apart = abs(row.value - row.other) > (0.22 if wide else 0.42)
    first = row.value <= row.other
    for x, key, left in ((row.value, keys[0], first), (row.other, keys[1], not first)):
        align = "center" if apart else "right" if left else "left"
        edge = (0.012 * len(key)) if wide else (0.024 * len(key))
        if x < edge / 2:
            align = "left"
        elif x > 1 - edge / 2:
            align = "right"
        axes.annotate(
            key, (x, y), (0, -13), textcoords="offset points", ha=align, va="center",
            fontsize=8, color=MUTED,
        )  # fmt: skip
