"""Whether what was given a chance happened as often: the reliability diagram."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from rivals.charts.lines import name_axis, rule_percent
from rivals.charts.paper import INK, MUTED, SERIES, WIDE, draw_nothing, entitle, paper
from rivals.phrases import count, say_percent


def calibration(table: pd.DataFrame, *, width: float = WIDE) -> Axes:
    """A dot per band of chances: in what share it happened, against the chance; larger for more.

    The table is one of `calibrate`. On the diagonal what was given 30% happened in 30% of cases.
    """
    known = table[table["chance"].notna() & table["happened"].notna()]
    if known.empty:
        return draw_nothing(width, "No forecast has been settled yet")
    total = int(known["forecasts"].sum())
    with paper(width, 1.1 + 0.6 * min(width, 5.5)) as axes:
        rule_percent(axes)
        axes.plot([0, 1], [0, 1], color=MUTED, lw=0.9, ls=(0, (2, 2)), zorder=1)
        for _, r in known.iterrows():
            _draw_band(axes, r, total)
        axes.set_xlabel(name_axis("chance given; at each dot how many forecasts", width))
        axes.set_ylabel("share that happened")
    given, happened = (
        float((known["forecasts"] * known[column]).sum() / total)
        for column in ("chance", "happened")
    )
    message = (
        f"On average {say_percent(given)} was given and {say_percent(happened)} happened, in "
        f"{count(total, 'forecast')}"
    )
    if "kind" in table.attrs:
        message += f" ({table.attrs['kind']})"
    told = "; ".join(
        f"{name}: {count(int(r['forecasts']), 'forecast')} on "
        f"{count(int(r['outcomes']), 'outcome')}, {say_percent(r['happened'])} happened"
        for name, r in known.iterrows()
    )
    return entitle(axes, message, f"Dots by the chance given. {told}.", indent=0.7)


def _draw_band(axes: Axes, r: pd.Series, total: int) -> None:
    x, y, number = float(r["chance"]), float(r["happened"]), int(r["forecasts"])
    size = 5 + 11 * np.sqrt(number / total)
    axes.plot(
        x, y, "o", ms=size, color=SERIES[0], alpha=0.75, mec=SERIES[0], zorder=3, clip_on=False
    )
    down = y > 0.85
    axes.annotate(
        f"{number}", (x, y), (0, (size / 2 + 3) * (-1 if down else 1)), ha="center",
        textcoords="offset points", va="top" if down else "bottom", fontsize=8, color=INK,
    )  # fmt: skip
