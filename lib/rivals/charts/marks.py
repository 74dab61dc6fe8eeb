"""What stands in a row: a bar, a pair of dots, an arrow."""

from __future__ import annotations

import math

from matplotlib.axes import Axes

from rivals.charts.paper import INK, MUTED, SERIES, is_wide
from rivals.charts.row import Row

ACCENT = SERIES[0]


def draw_bar(axes: Axes, row: Row, y: float) -> None:
    """A bar from 0, and over it the range."""
    axes.plot([0, row.value], [y, y], color=ACCENT, lw=5, solid_capstyle="butt", zorder=2)
    if not math.isnan(row.low):
        axes.plot([row.low, row.high], [y, y], color=INK, lw=1.2, zorder=3)


def draw_dots(axes: Axes, row: Row, y: float) -> None:
    """A pale dot, a solid one, and between them a line: the range where there is one."""
    if row.frame:
        low, high = row.frame
        up, down = y + 0.07, y - 0.07
        axes.plot(
            [low, high, high, low, low], [up, up, down, down, up], color=MUTED, lw=0.9, zorder=2.5
        )
    ends = (row.other, row.value) if math.isnan(row.low) else (row.low, row.high)
    axes.plot(ends, [y, y], color=ACCENT, lw=3, alpha=0.5, solid_capstyle="butt", zorder=2)
    axes.plot(row.other, y, "o", ms=7, color=ACCENT, alpha=0.35, zorder=3, clip_on=False)
    axes.plot(row.value, y, "o", ms=8, color=ACCENT, zorder=4, clip_on=False)


def draw_spot(axes: Axes, row: Row, y: float) -> None:
    """A solid dot, and behind it the range."""
    if not math.isnan(row.low):
        ends = [row.low, row.high]
        axes.plot(ends, [y, y], color=ACCENT, lw=3, alpha=0.5, solid_capstyle="butt", zorder=2)
    axes.plot(row.value, y, "o", ms=7, color=ACCENT, zorder=4, clip_on=False)


def draw_diamond(axes: Axes, row: Row, y: float) -> None:
    """A diamond, for what is nobody's own."""
    axes.plot(row.value, y, "D", ms=6, color=SERIES[1], zorder=4, clip_on=False)


def draw_arrow(axes: Axes, row: Row, y: float) -> None:
    """A pale dot where it was, a solid one where it is, and an arrow between if it has room."""
    axes.plot(row.other, y, "o", ms=7, color=ACCENT, alpha=0.35, zorder=3, clip_on=False)
    axes.plot(row.value, y, "o", ms=8, color=ACCENT, zorder=4, clip_on=False)
    low, high = axes.get_xlim()
    if abs(row.value - row.other) > (0.03 if is_wide(axes) else 0.06) * (high - low):
        arrow = {"arrowstyle": "-|>", "color": ACCENT, "lw": 1.6, "shrinkA": 4, "shrinkB": 4}
        axes.annotate("", (row.value, y), (row.other, y), zorder=2, arrowprops=arrow)
