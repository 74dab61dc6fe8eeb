"""Pairs of dots: what was and what is, what is and what would have been."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
from matplotlib.axes import Axes

from rivals.charts.marks import draw_arrow, draw_dots
from rivals.charts.paper import WIDE, draw_nothing, entitle, name_plainly
from rivals.charts.row import Row, Style, draw_rows
from rivals.phrases import list_all, quoted, say_percent, say_range

_KINDS = {
    "effect": "What is to be explained",
    "hypothesis": "Explanations",
    "outcome": "What may follow",
}


def compare(
    table: pd.DataFrame, labels: Mapping[str, str] | None = None, *, width: float = WIDE
) -> Axes:
    """Per hypothesis an arrow from before to after: of `because` where it is there, else presence.

    The table is one of `case.compare()`.
    """
    why = "because after" in table.columns
    before, after = ("because before", "because after") if why else ("before", "after")
    part = table[table[before].notna() & table[after].notna()]
    if part.empty:
        return draw_nothing(width, "The two cases have no hypothesis in common")
    rows = [_pair(_label(str(name), r, labels), r[before], r[after]) for name, r in part.iterrows()]
    axes = draw_rows(rows, width, Style(draw_arrow, keys=("after", "before")))
    most = max(rows, key=lambda row: abs(row.value - row.other))
    reason = ", as the reason," if why else ""
    went = "rose" if most.value > most.other else "fell"
    message = f"{quoted(most.label)}{reason} {went} most: from {most.told}"
    if abs(most.value - most.other) < 0.005:
        message = "Nothing moved by as much as a point"
    told = "; ".join(f"{row.label} from {row.told}" for row in rows)
    what = "as the reason" if why else "present"
    return entitle(axes, message, f"Arrows, a row for each hypothesis, {what}. {told}.")


def _label(name: str, r: pd.Series, labels: Mapping[str, str] | None) -> str:
    return str((labels or {}).get(name) or r.get("label") or name_plainly(name))


def _pair(label: str, before: float, after: float) -> Row:
    told = say_range(before, after)
    return Row(label, float(after), float(before), told=told)


def had(table: pd.DataFrame, *, width: float = WIDE) -> Axes:
    """Pale: as it is; solid: as it would have been, had a variable been set otherwise.

    The table is one of `case.had()`: effects, hypotheses and outcomes under headings of their own.
    """
    known = table[table["had"].notna()]
    if known.empty:
        return draw_nothing(width, "There is nothing that could have been otherwise")
    groups: dict[str, list[Row]] = {}
    for kind, (_, r) in zip(known.index.get_level_values(0), known.iterrows(), strict=True):
        row = _pair(str(r["label"]), r["posterior"], r["had"])
        groups.setdefault(str(kind), []).append(row)
    rows = [
        row if i else replace(row, heading=_KINDS.get(kind, name_plainly(kind)))
        for kind, members in groups.items()
        for i, row in enumerate(members)
    ]
    keys = ("would have been", "as it is")
    axes = draw_rows(rows, width, Style(draw_dots, keys=keys))
    told = "; ".join(f"{row.label} from {row.told}" for row in rows)
    setting = _say_setting(table.attrs["setting"])
    told = f"Pairs of dots, as it is and as it would have been {setting}. {told}."
    return entitle(axes, _say_had(setting, groups), told)


def _say_setting(setting: Mapping[str, str]) -> str:
    parts = [
        f"{name.replace('_', ' ')} been {state.replace('_', ' ')}"
        for name, state in setting.items()
    ]
    return f"had {list_all(parts)}"


def _say_had(setting: str, groups: Mapping[str, list[Row]]) -> str:
    """What moves most: of the effects, or of the outcomes where none of those moves."""
    opening = setting[:1].upper() + setting[1:]
    for kind in ("effect", "outcome", "hypothesis"):
        rows = groups.get(kind, [])
        most = max(rows, key=lambda row: abs(row.value - row.other), default=None)
        if most is not None and abs(most.value - most.other) >= 0.005:
            now, then = say_percent(most.other), say_percent(most.value)
            return f"{opening}, {quoted(most.label)} would stand at {then}, not {now}"
    return f"{opening}, nothing would have moved by as much as a point"
