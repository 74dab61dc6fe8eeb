"""Which hypotheses hold together: dots joined for each combination, a bar for how likely it is.

After Lex, Gehlenborg, Strobelt, Vuillemot and Pfister (2014), UpSet: Visualization of Intersecting
Sets, laid on its side so that labels are read from left to right.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from rivals.charts.paper import (
    INK,
    MUTED,
    RULE,
    SERIES,
    WIDE,
    entitle,
    is_page,
    name_plainly,
    paper,
    shorten,
    wrap,
)
from rivals.charts.rows import name_combination
from rivals.phrases import count, list_all, say_percent, say_range

ACCENT = SERIES[0]
PITCH, STEP, HEAD, LINE = 0.3, 0.3, 0.21, 0.145  # inches: a row, a column, its name, one more line
LETTER, BOLD, SMALL = 0.079, 0.086, 0.07  # inches: a letter of a name, of a number, of a range
OTHERS = 0.75  # inches: the words for all other combinations
NUMBERS = ("prior", "posterior", "low", "high")


@dataclass(frozen=True)
class Together:
    """One combination: which hypotheses hold in it, and how likely it is; none for the rest."""

    present: tuple[bool, ...]
    chance: float
    low: float = math.nan
    high: float = math.nan
    rest: str = ""

    @property
    def shown(self) -> str:
        """How likely it is, in words."""
        return say_percent(self.chance)

    @property
    def top(self) -> float:
        """What the bar or its range reaches."""
        return self.chance if math.isnan(self.high) else max(self.chance, self.high)

    @property
    def span(self) -> str:
        """The range in words, where there is one that says more than the number."""
        text = say_range(self.low, self.high)
        return "" if text == self.shown else text


def upset(
    table: pd.DataFrame,
    labels: Mapping[str, str] | None = None,
    *,
    width: float = WIDE,
    most: int = 8,
) -> Axes:
    """The likeliest combinations, a row each: who is in it, how likely; the others summed up.

    The table is one of `case.combinations()`. Beside each hypothesis stands its own probability.
    """
    names = [str(column) for column in table.columns if column not in NUMBERS]
    told = [(labels or {}).get(name, name_plainly(name)) for name in names]
    heads = [(label, _sum(table, name)) for label, name in zip(told, names, strict=True)]
    rows = _read(table, names, most)
    sheet = _lay_out(heads, rows, width)
    with paper(width, 0.7 + sheet.heads + sheet.depth) as axes:
        axes.set_axis_off()
        axes.set_xlim(0, sheet.width)
        axes.set_ylim(-sheet.depth, sheet.heads)
        _draw_heads(axes, sheet)
        for i, row in enumerate(sheet.rows):
            _draw_dots(axes, row, -sheet.pitch * (i + 0.5))
            _draw_bar(axes, row, -sheet.pitch * (i + 0.5), sheet)
    return entitle(axes, _entitle(rows[0], told), _tell(rows, heads))


def _sum(table: pd.DataFrame, name: str) -> str:
    """How probable a hypothesis is by itself; rounding may not make it more than certain."""
    chance = float(table["posterior"].where(table[name].astype(bool), 0.0).sum())
    return say_percent(1.0 if chance > 1 - 1e-12 else chance)


def _read(table: pd.DataFrame, names: Sequence[str], most: int) -> list[Together]:
    rows = [
        Together(
            tuple(bool(r[name]) for name in names),
            float(r["posterior"]),
            float(r["low"]),
            float(r["high"]),
        )
        for _, r in table.head(most).iterrows()
    ]
    rest = table["posterior"].iloc[most:]
    if len(rest):
        rows.append(Together((), float(rest.sum()), rest=count(len(rest), "other")))
    return rows


@dataclass(frozen=True)
class Sheet:
    """Where columns end and rows begin, in inches from the left and from the first row."""

    width: float
    names: tuple[tuple[str, ...], ...]  # of the columns, on lines
    rows: tuple[Together, ...]
    wide: bool
    number: float  # what the numbers take at the right
    longest: float  # the largest chance that a bar or a range reaches

    @property
    def pitch(self) -> float:
        """From row to row: on a telephone a range stands below its number."""
        return PITCH if self.wide else PITCH + 0.1

    @property
    def depth(self) -> float:
        """What all rows take."""
        return self.pitch * len(self.rows)

    @property
    def heads(self) -> float:
        """What the names of all columns take."""
        return sum(map(_height, self.names)) + 0.1

    def reach(self, chance: float) -> float:
        """Where a bar of a chance ends."""
        left = max(STEP * len(self.names), OTHERS) + 0.1
        return left + (self.width - self.number - left) * chance / self.longest


def _height(lines: Sequence[str]) -> float:
    return HEAD + LINE * (len(lines) - 1)


def _lay_out(heads: Sequence[tuple[str, str]], rows: Sequence[Together], width: float) -> Sheet:
    wide = is_page(width)
    names = tuple(
        _break(label, chance, int((width - STEP * (i + 1)) / LETTER))
        for i, (label, chance) in enumerate(heads)
    )
    spans = SMALL * max((len(row.span) for row in rows), default=0)
    numbers = BOLD * max(len(row.shown) for row in rows) + 0.1
    number = numbers + spans if wide else max(numbers, spans)
    longest = max(row.top for row in rows)
    return Sheet(width - 0.1, names, tuple(rows), wide, number + 0.1, longest or 1.0)


def _break(label: str, chance: str, room: int) -> tuple[str, ...]:
    """The name of a column on lines, its own probability at the end of the last."""
    *lines, last = wrap(label, room - len(chance) - 2)
    return (*lines, f"{last}: {chance}")


def _draw_heads(axes: Axes, sheet: Sheet) -> None:
    """The hypotheses as a staircase: each on lines of its own, with a hairline to its column."""
    y, foot = sheet.heads, -sheet.pitch * (sum(not row.rest for row in sheet.rows) - 0.5)
    for i, lines in enumerate(sheet.names):
        x, middle = STEP * (i + 0.5), y - HEAD / 2
        axes.plot([x, x, x + 0.09], [foot, middle, middle], color=RULE, lw=0.9, zorder=0)
        axes.text(
            x + 0.13, y - 0.02, "\n".join(lines), fontsize=8.5, color=INK, va="top",
            linespacing=1.15,
        )  # fmt: skip
        y -= _height(lines)


def _draw_dots(axes: Axes, row: Together, y: float) -> None:
    """A dot for each hypothesis, solid when it holds; the solid ones joined."""
    if row.rest:
        axes.text(0.03, y, row.rest, color=MUTED, fontsize=8.5, va="center")
        return
    places = [STEP * (i + 0.5) for i in range(len(row.present))]
    held = [x for x, present in zip(places, row.present, strict=True) if present]
    for x in places:
        solid = x in held
        axes.plot(x, y, "o", ms=8 if solid else 5, color=ACCENT if solid else RULE, zorder=3)
    if held:
        axes.plot([held[0], held[-1]], [y, y], color=ACCENT, lw=2.4, zorder=2)


def _draw_bar(axes: Axes, row: Together, y: float, sheet: Sheet) -> None:
    """A bar, over it the range, and both in numbers at the right."""
    start, end = sheet.reach(0), sheet.reach(row.chance)
    axes.plot(
        [start, end], [y, y], color=MUTED if row.rest else ACCENT, lw=9, alpha=0.6,
        solid_capstyle="butt",
    )  # fmt: skip
    if row.span:
        axes.plot(
            [sheet.reach(row.low), sheet.reach(row.high)], [y, y], color=INK, lw=1.2, zorder=3
        )
    lift = 0.0 if sheet.wide or not row.span else 0.08
    weight = "normal" if row.rest else "bold"
    left = sheet.width - sheet.number + 0.1
    x, align = (left, "left") if sheet.wide else (sheet.width, "right")
    axes.text(x, y + lift, row.shown, color=INK, va="center", ha=align, fontweight=weight)
    axes.text(sheet.width, y - lift, row.span, color=MUTED, va="center", ha="right", fontsize=8)


def _entitle(first: Together, told: Sequence[str]) -> str:
    return f"Likeliest together, {first.shown}: {_name(first, [shorten(t, 40) for t in told])}"


def _name(row: Together, told: Sequence[str]) -> str:
    present = [label for label, held in zip(told, row.present, strict=True) if held]
    if 1 < len(present) < len(told):
        return list_all(present)
    return name_combination(present, len(told))


def _tell(rows: Sequence[Together], heads: Sequence[tuple[str, str]]) -> str:
    told = [label for label, _ in heads]
    listed = [
        f"{row.rest or _name(row, told)} {row.shown}{f' ({row.span})' if row.span else ''}"
        for row in rows
    ]
    each = "; ".join(f"{label} {chance}" for label, chance in heads)
    return (
        "Joined dots and bars, a row for each combination of hypotheses. "
        f"{'; '.join(listed)}. Each by itself: {each}."
    )
