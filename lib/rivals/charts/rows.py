"""Charts with a row for each hypothesis, combination or source: dots, ranges, bars."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
from matplotlib.axes import Axes

from rivals.charts.marks import draw_bar, draw_dots
from rivals.charts.paper import WIDE, draw_nothing, entitle, name_plainly
from rivals.charts.row import Row, Style, draw_rows
from rivals.charts.scale import span
from rivals.phrases import count, say_percent, say_range

_BARS = Style(draw_bar)


def causes(table: pd.DataFrame, bounds: pd.DataFrame | None = None, *, width: float = WIDE) -> Axes:
    """Per cause, solid: that it was why, with its range; pale: that it was present.

    With `bounds`, a frame from the lowest to the highest that any coupling of the stated tables'
    rows allows.
    """
    effects = list(dict.fromkeys(table.index.get_level_values(0)))
    rows = []
    for effect in effects:
        part = table.loc[effect].sort_values("because", ascending=False, kind="stable")
        heading = name_plainly(effect) if len(effects) > 1 else ""
        for i, (name, r) in enumerate(part.iterrows()):
            row = Row(r["label"], r["because"], r["posterior"], r["low"], r["high"])
            frame = None if bounds is None else _read_bounds(bounds, (effect, name))
            rows.append(replace(row, heading=heading if i == 0 else "", frame=frame))
    first = rows[0]
    message = f"{first.label} is the likeliest reason: {first.shown}"
    told = "; ".join(map(_tell_cause, rows))
    style = Style(draw_dots, keys=("was why", "was present"))
    if bounds is not None:
        rows, style = _frame(rows, style)
    axes = draw_rows(rows, width, style)
    return entitle(axes, message, f"Dots with ranges, a row for each cause. {told}.")


def _frame(rows: list[Row], style: Style) -> tuple[list[Row], Style]:
    """Frames where the bounds lie a point apart, and once what they are."""
    framed = [
        row if row.frame and row.frame[1] - row.frame[0] >= 0.01 else replace(row, frame=None)
        for row in rows
    ]
    names = [
        (i, "frame: under any coupling of the tables' rows")
        for i, row in enumerate(framed)
        if row.frame
    ]
    same = (0, "the same under any coupling of the tables' rows")
    return framed, replace(style, frame=next(iter(names), same))


def _read_bounds(bounds: pd.DataFrame, place: tuple[object, object]) -> tuple[float, float] | None:
    """The lowest and the highest, where both are known."""
    low, high = (float(bounds[end].get(place, math.nan)) for end in ("lowest", "highest"))
    return None if math.isnan(low) or math.isnan(high) else (low, high)


def _tell_cause(row: Row) -> str:
    heading = f"{row.heading}: " if row.heading else ""
    any_coupling = f", under any coupling {say_range(*row.frame)}" if row.frame else ""
    present = f"was present {say_percent(row.other)}"
    return f"{heading}{row.label} was why {row.shown}{any_coupling}, {present}"


def beliefs(table: pd.DataFrame, *, width: float = WIDE) -> Axes:
    """Per hypothesis, solid: how probable it is, with its range; pale: before reports."""
    part = table.sort_values("posterior", ascending=False, kind="stable")
    rows = [
        Row(r["label"], r["posterior"], r["prior"], r["low"], r["high"]) for _, r in part.iterrows()
    ]
    message = f"{rows[0].label} is the likeliest to hold: {rows[0].shown}"
    told = "; ".join(f"{r.label} {r.shown}, before reports {say_percent(r.other)}" for r in rows)
    axes = draw_rows(rows, width, Style(draw_dots, keys=("after reports", "before")))
    return entitle(axes, message, f"Dots with ranges, a row for each hypothesis. {told}.")


def sources(table: pd.DataFrame, *, width: float = WIDE, least: float = 0.0) -> Axes:
    """Per source and topic, how far its claims fit this model: pale before, solid after.

    Rows stand in the order of the file, which ranks nobody; those that moved less than `least`
    are left out.
    """
    moved = (table["posterior"] - table["prior"]).abs()
    part = table[moved >= least]
    if part.empty:
        none = "No source's claims count" if table.empty else "No source moved as far as that"
        return draw_nothing(width, none)
    topics = part.index.get_level_values("topic")
    rows = [
        Row(f"{r['name']}, on {topic}" if topic else r["name"], r["posterior"], r["prior"])
        for topic, (_, r) in zip(topics, part.iterrows(), strict=True)
    ]
    if least:
        message = (
            f"{len(rows)} of {count(len(table), 'source')} (by topic) moved by "
            f"{round(100 * least)} points or more"
        )
    else:
        speakers = part.index.get_level_values("source").nunique()
        message = f"How far the claims of {count(speakers, 'source')} fit this model"
    told = "; ".join(
        f"{r.label} from {say_percent(r.other)} to {say_percent(r.value)}" for r in rows
    )
    axes = draw_rows(rows, width, Style(draw_dots, keys=("after", "before")))
    return entitle(axes, message, f"Pairs of dots, before and after the reports. {told}.")


def robustness(table: pd.DataFrame, *, width: float = WIDE) -> Axes:
    """Per hypothesis, in what share of the cases tried it leads, as bars."""
    part = table.sort_values("leads", ascending=False, kind="stable")
    rows = [Row(r["label"], r["leads"]) for _, r in part.iterrows()]
    message = "No explanation leads"
    if table.attrs["leader"] is not None:
        message = f"{rows[0].label} leads in {rows[0].shown} of the cases tried"
    told = "; ".join(f"{r.label} leads in {r.shown}" for r in rows)
    axes = draw_rows(rows, width, _BARS)
    return entitle(axes, message, f"Bars, a row for each hypothesis. {told}.")


def inquiry(table: pd.DataFrame, *, most: int = 8, width: float = WIDE) -> Axes:
    """Per observable variable, what share of the open question finding it out would settle."""
    part = table["variable"]
    part = part[part["share_of_entropy"].notna()].sort_values(
        "share_of_entropy", ascending=False, kind="stable"
    )
    if part.empty:
        return draw_nothing(width, "Nothing that can be found out would tell anything more")
    rows = [_ask(str(name), r) for name, r in part.head(most).iterrows() if r["bits"] >= 0.005]
    if not rows:
        return draw_nothing(width, "Nothing that can be found out would tell as much as 0.01 bits")
    rest = len(part) - len(rows)
    scale = span([0.0, max(0.1, rows[0].value)], say_percent)
    axes = draw_rows(rows, width, Style(draw_bar, scale, columns=True))
    settles = say_percent(rows[0].value)
    message = f"{rows[0].label}: it would settle most, {settles} of what is open"
    if rows[0].value < 0.1:
        message = f"No answer would tell much: the best settles {settles} of what is open"
    left = f"; {count(rest, 'other')} less" if rest else ""
    told = "; ".join(f"{r.label} ({r.note}) {r.told}" for r in rows)
    return entitle(axes, message, f"Bars, a row for each thing to find out. {told}{left}.")


def _ask(name: str, r: pd.Series) -> Row:
    share, how = float(r["share_of_entropy"]), str(r["how"])
    note = f"{name}, cost {float(r['cost']):g}"
    told = f"{r['bits']:.2f} bits, {say_percent(share)}"
    return Row(how[:1].upper() + how[1:], share, note=note, told=told)


def combinations(
    table: pd.DataFrame,
    labels: Mapping[str, str] | None = None,
    *,
    width: float = WIDE,
    most: int = 6,
) -> Axes:
    """The likeliest combinations of hypotheses as bars; the rest in one."""
    names = [c for c in table.columns if c not in ("prior", "posterior", "low", "high")]
    told = {name: (labels or {}).get(name, name_plainly(name)) for name in names}
    rows = [
        Row(name_combination([told[n] for n in names if r[n]], len(names)), *_numbers(r))
        for _, r in table.head(most).iterrows()
    ]
    rest = table.iloc[most:]
    if len(rest):
        rows.append(Row(f"{count(len(rest), 'other combination')}", rest["posterior"].sum()))
    message = f"Likeliest together: {rows[0].label}, {rows[0].shown}"
    listed = "; ".join(f"{r.label} {r.shown}" for r in rows)
    axes = draw_rows(rows, width, _BARS)
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
