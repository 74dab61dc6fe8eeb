"""How a number changed: a step at each change, the range of the headline where there is one."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from rivals.charts.lines import name_axis
from rivals.charts.paper import SERIES, WIDE, draw_nothing, entitle, paper
from rivals.phrases import count, say_date


def history(table: pd.DataFrame, *, width: float = WIDE) -> Axes:
    """A dot for each row of `rivals.history.trace` that is a number, in the order of time."""
    known = table[table["value"].notna()].reset_index(drop=True)
    name = table.attrs["name"]
    if known.empty:
        return draw_nothing(width, f"{name} has been no number yet")
    values = known["value"].astype(float)
    places = range(len(known))
    days = [say_date(str(when)[:10]) or "now" for when in known["when"]]
    with paper(width, 2.6) as axes:
        axes.step(places, values, where="post", color=SERIES[0], lw=1.6)
        axes.plot(places, values, "o", color=SERIES[0], ms=5)
        if "low" in known:
            axes.fill_between(places, known["low"], known["high"], color=SERIES[0], alpha=0.2)
        axes.set_xticks(list(places), days, rotation=30 if len(known) > 4 else 0, ha="center")
        axes.set_ylabel("value")
        axes.set_xlabel(name_axis("when it was so", width))
    first, last = (f"{values.iloc[i]:.3g}" for i in (0, -1))
    message = (
        f"{name} stands at {last}, as it always did"
        if len(known) == 1
        else f"{name} went from {first} to {last} in {count(len(known) - 1, 'change')}"
    )
    told = "; ".join(f"{day}: {value:.3g}" for day, value in zip(days, values, strict=True))
    return entitle(axes, message, f"A step at each change. {told}.")
