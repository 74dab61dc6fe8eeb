"""An answer against two stated numbers: a field of tints with lines of equal chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes

from rivals.charts.lines import HALF, name_axis, rule_percent
from rivals.charts.paper import (
    INK,
    MUTED,
    SERIES,
    WIDE,
    draw_nothing,
    entitle,
    name_plainly,
    paper,
    wrap,
)
from rivals.charts.swing import name_judgement, say_number
from rivals.phrases import quoted, say_percent

Array = npt.NDArray[np.float64]
ACCENT = SERIES[0]
LEVELS = (0.1, 0.25, HALF, 0.75, 0.9)
"""Where the isolines are drawn, and the tints change."""


def grid(
    table: pd.DataFrame, labels: Mapping[str, str] | None = None, *, width: float = WIDE
) -> Axes:
    """A hypothesis against two judgements, darker where it is likelier, with lines of equal chance.

    The table is one of `case.grid()`. The cross stands where the two are stated.
    """
    values = np.ma.masked_invalid(table.to_numpy(float))
    if values.count() == 0:
        return draw_nothing(width, "The evidence is impossible wherever these numbers are put")
    y, x = table.index.to_numpy(float), table.columns.to_numpy(float)
    with paper(width, 1.1 + 0.52 * width) as axes:
        rule_percent(axes)
        down, across = table.attrs["values"]
        _fill(axes, (x, y), values, (across, down))
        axes.plot(across, down, "+", ms=13, mew=2.2, color=INK, zorder=5, clip_on=False)
        left = across > 0.8
        axes.annotate(
            "as stated", (across, down), (-10 if left else 10, 0), textcoords="offset points",
            ha="right" if left else "left", va="center", fontsize=8, color=INK,
        )  # fmt: skip
        axes.set_xlabel(name_axis(name_judgement(str(table.columns.name)), width))
        axes.set_ylabel("\n".join(wrap(name_judgement(str(table.index.name)), 30)))
    return entitle(axes, *_say_grid(table, labels or {}), indent=0.7)


def _fill(
    axes: Axes, places: tuple[Array, Array], values: Array, stated: tuple[float, float]
) -> None:
    """One tint over another, each where the chance is above its level; and the levels' lines."""
    x, y = places
    least, most = float(values.min()), float(values.max())
    for level in LEVELS:
        if level < most:
            axes.contourf(
                x, y, values, [level, 1.1], colors=[ACCENT], alpha=0.13, zorder=1, antialiased=True
            )
    shown = [level for level in LEVELS if least < level < most]
    if shown:
        widths = [1.8 if level == HALF else 0.9 for level in shown]
        drawn = axes.contour(x, y, values, shown, colors=[ACCENT], linewidths=widths, zorder=2)
        spots = list(_choose_spots(dict(zip(shown, drawn.allsegs, strict=True)), stated))
        axes.clabel(drawn, fmt=say_percent, fontsize=8, colors=[INK], manual=spots)
    empty = np.argwhere(np.ma.getmaskarray(values))
    if len(empty) > 0.05 * values.size:
        middle = empty.mean(axis=0).round().astype(int)
        axes.text(
            x[middle[1]], y[middle[0]], "cannot be", color=MUTED, fontsize=8, ha="center",
            va="center",
        )  # fmt: skip


def _choose_spots(
    lines: Mapping[float, Sequence[Array]], stated: tuple[float, float]
) -> Iterator[tuple[float, float]]:
    """Where each isoline is labelled, that of 50% first, clear of other labels and of the cross."""
    taken = [stated]
    for level in sorted(lines, key=lambda level: abs(level - HALF)):
        line = max(lines[level], key=len, default=np.zeros((0, 2)))
        for share in (0.5, 0.3, 0.7, 0.15, 0.85) if len(line) else ():
            x, y = line[round(share * (len(line) - 1))]
            if 0.03 < y < 0.97 and all(abs(x - a) > 0.14 or abs(y - b) > 0.08 for a, b in taken):
                taken.append((float(x), float(y)))
                yield taken[-1]
                break


def _say_grid(table: pd.DataFrame, labels: Mapping[str, str]) -> tuple[str, str]:
    name = str(table.attrs.get("hypothesis", ""))
    label = quoted(labels.get(name, name_plainly(name))) if name else "The chance"
    values = table.to_numpy(float)
    known = values[~np.isnan(values)]
    low, high, above = say_percent(known.min()), say_percent(known.max()), (known > HALF).mean()
    first, other = (quoted(name_judgement(str(n))) for n in (table.index.name, table.columns.name))
    down, across = map(say_number, table.attrs["values"])
    message = f"{label} is above 50% in {say_percent(above)} of the pairs of values"
    if above in (0, 1):
        side = "above" if above else "below"
        message = f"{label} stays {side} 50%, between {low} and {high}, wherever both numbers are"
    alternative = (
        f"A field of tints: {label} against {first}, upwards, stated {down}, and {other}, to the "
        f"right, stated {across}. It lies between {low} and {high}; above 50% in "
        f"{say_percent(above)} of the pairs of values."
    )
    return message, alternative
