"""Bars on both sides of nothing: what speaks for and against, what agrees and what does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
from matplotlib.axes import Axes

from rivals.charts.paper import MUTED, SERIES, WIDE, draw_nothing, entitle, name_plainly
from rivals.charts.row import Mark, Row, Style, draw_rows
from rivals.charts.scale import Scale, say_signed, say_step, span
from rivals.phrases import count, quoted

FOR, AGAINST = SERIES[0], SERIES[1]
Names = Mapping[str, str]


def impact(  # noqa: PLR0913  (what to show, what to call it, and how much room there is)
    table: pd.DataFrame,
    hypothesis: str,
    labels: Names | None = None,
    *,
    names: Names | None = None,
    most: int = 12,
    width: float = WIDE,
) -> Axes:
    """The decibels (Shapley values) of what weighs most for one hypothesis and against it.

    The table is one of `case.impact()` or `case.impact_by()`; `names` says what sources or origins
    are called. Reports that share an origin stand together, with a hollow mark for those that
    repeat it and weigh nothing. What is infinite is left out.
    """
    label = quoted((labels or {}).get(hypothesis, name_plainly(hypothesis)))
    weights = table["shapley"][hypothesis].astype(float)
    weights = weights[table["report", "counted"].astype(bool) & weights.notna()]
    weights = weights.iloc[weights.abs().argsort(kind="stable")[::-1]]
    weights = weights[weights.abs() >= 0.05]
    if weights.empty:
        return draw_nothing(width, f"No report weighs 0.1 dB for {label} or against it")
    chosen = [str(name) for name in weights.index[:most]]
    rows = _group_rows(table, chosen, weights, names or {})
    others = int(table["report", "counted"].astype(bool).sum()) - len(chosen)
    if others > 0:
        rest = float(table["shapley"][hypothesis].sum() - weights.iloc[:most].sum())
        rows.append(_rest(others, rest, "dB"))
    axes = draw_rows(rows, width, both_sides(rows, ("against", "for")))
    top, first = float(weights.iloc[0]), _name_row(table, chosen[0], names or {})
    side = "Weighs most for" if top > 0 else "Weighs most, and against"
    message = f"{side} {label}: {first.label}, {say_signed(top, 'dB')}"
    return entitle(axes, message, f"Bars, decibels for {label} and against it. {_tell(rows)}.")


def _rest(number: int, value: float, unit: str) -> Row:
    """What the rows that are not shown come to; without a bar, which would outgrow theirs."""
    return Row(
        f"{count(number, 'other')} together", value, told=say_signed(value, unit), faint=True
    )


def _name_row(table: pd.DataFrame, name: str, names: Names) -> Row:
    """A row's label and note: who speaks and in which report, or how many reports of whom."""
    if ("report", "source") not in table.columns:
        reports = count(int(table["report", "counted"].loc[name]), "counted report")
        return Row(names.get(name, name), 0.0, note=reports)
    source = str(table["report", "source"].loc[name])
    told = names.get(source, "")
    return Row(told or name, 0.0, note=name if told else source)


def _group_rows(
    table: pd.DataFrame, chosen: Sequence[str], weights: pd.Series, names: Names
) -> list[Row]:
    """A row per report: first those that share an origin, then those with one of their own."""
    origins = _list_origins(table)
    groups = _gather({name: origins[name] for name in chosen})
    several = [members for members in groups if len(members) > 1]
    alone = [members for members in groups if len(members) == 1]
    rows: list[Row] = []
    for group in sorted(several, key=lambda g: -abs(weights[g].sum())) + alone:
        heading = "From other origins" if several and group in alone[:1] else ""
        if len(group) > 1:
            shared = min(set.intersection(*(origins[name] for name in group)), default="")
            heading = f"From one origin: {names.get(shared, shared)}"
        for i, name in enumerate(group):
            row, value = _name_row(table, name, names), float(weights[name])
            told = say_signed(value, "dB")
            rows.append(replace(row, value=value, told=told, heading="" if i else heading))
        rows += _repeat(table, origins, group)
    return rows


def _list_origins(table: pd.DataFrame) -> dict[str, set[str]]:
    """What each report goes back to; nothing in a table of sources or of origins."""
    if ("report", "origin") not in table.columns:
        return {str(name): set() for name in table.index}
    return {str(name): set(own) for name, own in table["report", "origin"].items()}


def _gather(origins: Mapping[str, set[str]]) -> list[list[str]]:
    """Reports that share an origin, together."""
    groups: list[tuple[set[str], list[str]]] = []
    for name, own in origins.items():
        home = next((group for group in groups if group[0] & own), None)
        if home is None:
            groups.append((set(own), [name]))
        else:
            home[0].update(own)
            home[1].append(name)
    return [members for _, members in groups]


def _repeat(
    table: pd.DataFrame, origins: Mapping[str, set[str]], group: Sequence[str]
) -> list[Row]:
    """One row, hollow, for the reports that repeat what these go back to."""
    shared = set().union(*(origins[name] for name in group))
    idle = table.index[~table["report", "counted"].astype(bool)]
    repeats = sum(bool(shared & origins[str(name)]) for name in idle)
    if not repeats:
        return []
    what = count(repeats, "report") + (" repeats it" if repeats == 1 else " repeat it")
    return [Row(what, 0.0, told="no weight", faint=True)]


def accounts(
    items: pd.DataFrame,
    hypothesis: str,
    labels: Names | None = None,
    *,
    most: int = 12,
    width: float = WIDE,
) -> Axes:
    """What accounts for a hypothesis's change between two cases: the items of `compare`.

    In percentage points of `because` where there are such, else in decibels.
    """
    kind, unit = ("because", "points") if "because" in items.columns else ("decibels", "dB")
    label = quoted((labels or {}).get(hypothesis, name_plainly(hypothesis)))
    if (kind, hypothesis) not in items.columns:
        return draw_nothing(width, f"Nothing differs that bears on {label}")
    shares = items[kind][hypothesis].astype(float).dropna()
    shares = shares.iloc[shares.abs().argsort(kind="stable")[::-1]]
    shares = shares[shares.abs() >= 0.05]
    if shares.empty:
        return draw_nothing(width, f"Nothing that differs moved {label}")
    notes = items["item", "change"] + (", " + items["item", "source"]).where(
        items["item", "source"] != "", ""
    )
    rows = [
        Row(str(name), float(share), note=str(notes[name]), told=say_signed(share, unit))
        for name, share in shares.iloc[:most].items()
    ]
    rest = shares.iloc[most:]
    if len(rest):
        rows.append(_rest(len(rest), float(rest.sum()), unit))
    axes = draw_rows(rows, width, both_sides(rows, ("lowers it", "raises it")))
    whole = say_signed(float(items[kind][hypothesis].sum()), unit)
    reason = ", as the reason," if kind == "because" else ""
    message = (
        f"{rows[0].label} moved {label}{reason} most: {rows[0].told} of {whole.split()[0]} in all"
    )
    return entitle(axes, message, f"Bars, what accounts for the change of {label}. {_tell(rows)}.")


def conflicts(table: pd.DataFrame, *, most: int = 10, width: float = WIDE) -> Axes:
    """How far each item of evidence disagrees with all the rest together, in nats.

    Those that disagree come first; of those that support the rest, some are always shown.
    """
    nats = table["nats"].astype(float).dropna()
    nats = nats[nats.abs() >= 0.005].sort_values(ascending=False, kind="stable")
    if nats.empty:
        return draw_nothing(width, "Nothing in the evidence agrees or disagrees with the rest")
    against = int((nats > 0).sum())
    last = min(len(nats) - against, max(most - against, min(3, most // 2)))
    first = min(against, most - last)
    chosen = nats.iloc[[*range(first), *range(len(nats) - last, len(nats))]]
    rows = [
        Row(str(name), n, note=str(table.at[name, "source"]), told=say_signed(n, "nats", 2))
        for name, n in chosen.items()
    ]
    style = both_sides(rows, ("supports the rest", "disagrees"), (FOR, AGAINST))
    axes = draw_rows(rows, width, style)
    message = "Nothing disagrees with the rest of the evidence"
    if rows[0].value > 0:
        message = f"{rows[0].label} disagrees most with the rest: {rows[0].told}"
    left = f"; {count(len(nats) - len(rows), 'other')} left out" if len(nats) > len(rows) else ""
    told = f"Bars, how far each item disagrees with the rest. {_tell(rows)}{left}."
    return entitle(axes, message, told)


def both_sides(
    rows: Sequence[Row],
    heads: tuple[str, str],
    colours: tuple[str, str] = (AGAINST, FOR),
) -> Style:
    """A scale around 0 with what each side means, and bars in the colours of the sides."""
    scale = span([0.0, *(row.value for row in rows if not row.faint)], say_step)
    return Style(_bar(colours), scale, heads=_head(scale, heads), columns=True)


def _head(scale: Scale, heads: tuple[str, str]) -> tuple[tuple[float, str, str], ...]:
    """What each side means, beside the middle."""
    air = 0.015 * (scale.high - scale.low)
    left = (-air, f"← {heads[0]}", "right") if scale.low < 0 else None
    right = (air, f"{heads[1]} →", "left") if scale.high > 0 else None
    return tuple(head for head in (left, right) if head)


def _bar(colours: tuple[str, str]) -> Mark:
    def draw(axes: Axes, row: Row, y: float) -> None:
        if not row.faint:
            colour = colours[row.value > 0]
            axes.plot([0, row.value], [y, y], color=colour, lw=6, solid_capstyle="butt", zorder=2)
        elif row.value == 0:
            axes.plot(0, y, "o", ms=6, mfc="none", mec=MUTED, mew=1.2, zorder=3, clip_on=False)

    return draw


def _tell(rows: Sequence[Row]) -> str:
    return "; ".join(
        f"{row.heading + ': ' if row.heading else ''}{row.label} {row.told}" for row in rows
    )
