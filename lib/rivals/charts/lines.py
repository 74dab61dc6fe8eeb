"""An answer against one stated number: a line for each hypothesis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes

from rivals.charts.paper import (
    INK,
    MUTED,
    RULE,
    SERIES,
    WIDE,
    draw_nothing,
    entitle,
    is_page,
    is_wide,
    name_plainly,
    paper,
    shorten,
    wrap,
)
from rivals.charts.scale import move_apart
from rivals.charts.swing import name_judgement, say_number
from rivals.phrases import quoted, say_percent

Array = npt.NDArray[np.float64]
ACCENT = SERIES[0]
HALF, HEIGHT = 0.5, 3.4


def curve(
    table: pd.DataFrame,
    hypothesis: str,
    labels: Mapping[str, str] | None = None,
    *,
    width: float = WIDE,
) -> Axes:
    """One hypothesis against the value of a judgement, solid; the others pale.

    The table is one of `case.curve()`. A ring stands where the hypothesis passes 50% or another.
    """
    told = {str(n): (labels or {}).get(str(n), name_plainly(str(n))) for n in table.columns}
    known = table.dropna()
    if len(known) < 2:
        return draw_nothing(width, "The evidence is impossible wherever this number is put")
    t, stated = known.index.to_numpy(float), float(table.attrs["value"])
    lines = {name: known[name].to_numpy(float) for name in told}
    meets = list(_list_meetings(t, lines, hypothesis))
    with paper(width, HEIGHT) as axes:
        rule_percent(axes)
        for name, values in lines.items():
            _draw_line(axes, t, values, main=name == hypothesis)
        _mark_stated(axes, stated, float(np.interp(stated, t, lines[hypothesis])))
        for x, y, _ in meets:
            axes.plot(x, y, "o", ms=7, mfc="none", mec=INK, mew=1.3, zorder=5)
        _name_lines(axes, {told[n]: v[-1] for n, v in lines.items()}, told[hypothesis])
        axes.set_ylim(0, 1.08)
        axes.set_xlabel(name_axis(_name_number(table), width))
    return entitle(axes, *_say_curve(table, hypothesis, told, meets), indent=0.4)


def _name_number(table: pd.DataFrame) -> str:
    path = table.attrs.get("judgement")
    return name_judgement(str(path)) if path else "the number"


def name_axis(name: str, width: float) -> str:
    """The name of a number on as many lines as an axis has room for."""
    return "\n".join(wrap(name, 60 if is_page(width) else 30))


def rule_percent(axes: Axes) -> None:
    """Both axes as probability from 0 to 1, labelled in percent, with hairlines."""
    ticks, texts = (0, 0.25, 0.5, 0.75, 1), ("0%", "25%", "50%", "75%", "100%")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xticks(ticks, texts)
    axes.set_yticks(ticks, texts)
    axes.tick_params(axis="both", length=0, labelsize=8, labelcolor=MUTED)
    for y in ticks:
        axes.axhline(y, color=RULE, lw=0.7, zorder=0)


def _draw_line(axes: Axes, t: Array, values: Array, *, main: bool) -> None:
    axes.plot(
        t, values, color=ACCENT if main else MUTED, lw=2.2 if main else 1.2,
        alpha=1.0 if main else 0.55, zorder=4 if main else 2, clip_on=False,
    )  # fmt: skip


def _mark_stated(axes: Axes, stated: float, chance: float) -> None:
    axes.plot([stated, stated], [0, 1], color=INK, lw=0.9, ls=(0, (2, 2)), zorder=1)
    axes.plot(stated, chance, "o", ms=7, color=ACCENT, zorder=6, clip_on=False)
    align = "left" if stated < 0.15 else "right" if stated > 0.85 else "center"
    axes.annotate(
        f"stated: {say_number(stated)}", (stated, 1), (0, 2), textcoords="offset points",
        ha=align, va="bottom", fontsize=8, color=MUTED,
    )  # fmt: skip


def _list_meetings(
    t: Array, lines: Mapping[str, Array], hypothesis: str
) -> Iterator[tuple[float, float, str]]:
    """Where the hypothesis passes 50% (named "") or another: value, height, name."""
    own = lines[hypothesis]
    for name, values in {"": np.full(len(t), HALF), **lines}.items():
        if name != hypothesis:
            for x in _cross(t, own - values):
                yield x, float(np.interp(x, t, own)), name


def _cross(t: Array, gap: Array) -> Iterator[float]:
    """Where a gap changes its sign, between points by a straight line."""
    apart = np.flatnonzero(np.abs(gap) > 1e-12)
    for i, j in pairwise(apart):
        if gap[i] * gap[j] < 0:
            yield float(t[i] + (t[j] - t[i]) * gap[i] / (gap[i] - gap[j]))


def _name_lines(axes: Axes, ends: Mapping[str, float], main: str) -> None:
    """Each line's name at its right end, moved apart where they would touch."""
    room = 26 if is_wide(axes) else 13
    texts = {name: wrap(name, room) for name in ends}
    line = 0.062 if room > 20 else 0.085
    heights = [line * len(texts[name]) for name in ends]
    for name, y in zip(ends, move_apart(list(ends.values()), heights, -0.02, 1.04), strict=True):
        axes.annotate(
            "\n".join(texts[name]), (1, y), (8, 0), textcoords="offset points", va="center",
            annotation_clip=False, fontsize=8.5, linespacing=1.05,
            color=ACCENT if name == main else MUTED,
            fontweight="bold" if name == main else "normal",
        )  # fmt: skip


def _say_curve(
    table: pd.DataFrame,
    hypothesis: str,
    told: Mapping[str, str],
    meets: Sequence[tuple[float, float, str]],
) -> tuple[str, str]:
    stated, own = float(table.attrs["value"]), table[hypothesis].dropna()
    name, label = quoted(_name_number(table)), quoted(shorten(told[hypothesis], 40))
    low, high = say_percent(own.min()), say_percent(own.max())
    alternative = (
        f"Lines against the value of {name}, stated {say_number(stated)}. At 0% {told[hypothesis]} "
        f"stands at {say_percent(own.iloc[0])}, at 100% at {say_percent(own.iloc[-1])}"
    )
    passed = [
        f"it passes {quoted(told[n]) if n else '50%'} at {say_percent(x)}" for x, _, n in meets
    ]
    alternative = "; ".join([alternative, *passed]) + "."
    if not meets:
        return f"{label} stays between {low} and {high}, wherever {name} is put", alternative
    x, y, other = min(meets, key=lambda meeting: abs(meeting[0] - stated))
    what = (
        f"level with {quoted(shorten(told[other], 40))}, {say_percent(y)}," if other else "at 50%"
    )
    message = f"{label} is {what} where {name} is {say_percent(x)}, not {say_number(stated)}"
    return message, alternative
