"""Which reports moved a trail most: what its letters stand for."""

from __future__ import annotations

import pandas as pd

LETTERS = "ABCDEFGHIJ"


def moved_most(trail: pd.DataFrame, most: int = 5, hypothesis: str | None = None) -> pd.DataFrame:
    """The reports that moved a headline number furthest on arrival, furthest first.

    Columns: logged, source, outlet, summary, hypothesis, before, after. With `hypothesis`, only its
    moves are looked at. Moves under half a point are left out, as is what silence did meanwhile.
    """
    kind = "because" if "because" in trail.columns.get_level_values(0) else "posterior"
    now = trail[kind] if hypothesis is None else trail[kind][[hypothesis]]
    before = pd.DataFrame(trail.attrs["before"][kind]).reindex(now.index, columns=now.columns)
    size = (now - before).abs()
    largest = size.max(axis=1).sort_values(ascending=False, kind="stable")
    chosen = largest[largest >= 0.005].index[:most]
    rows = [
        {
            "report": name,
            **{c: trail.at[name, ("report", c)] for c in ("logged", "source", "outlet", "summary")},
            "hypothesis": (h := size.loc[name].idxmax()),
            "before": before.at[name, h],
            "after": now.at[name, h],
        }
        for name in chosen
    ]
    columns = ["report", "logged", "source", "outlet", "summary", "hypothesis", "before", "after"]
    return pd.DataFrame(rows, columns=columns).set_index("report")
