"""The trail as a picture: one lane a hypothesis, one step a report."""

from __future__ import annotations

import math
from calendar import month_abbr
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import blended_transform_factory

from rivals.charts.moves import LETTERS, moved_most
from rivals.charts.paper import (
    INK,
    MUTED,
    RULE,
    SERIES,
    WIDE,
    draw_nothing,
    entitle,
    is_wide,
    name_plainly,
    paper,
    shorten,
)
from rivals.phrases import count, say_percent

LANE = 1.55  # of which 1 is the scale from 0% to 100%
Array = npt.NDArray[np.float64]


def trail(
    table: pd.DataFrame, labels: Mapping[str, str] | None = None, *, width: float = WIDE
) -> Axes:
    """The headline number of each hypothesis over time, a lane each, with its range.

    It goes on to the moment of the case, up to which what has not come may have told something.
    The reports that moved it most are lettered as in `moved_most`; at the foot every report
    is marked, dark where it counts and pale where it weighs nothing.
    """
    kind = "because" if "because" in table.columns.get_level_values(0) else "posterior"
    names = list(table[kind].columns)
    told = {n: (labels or {}).get(n, name_plainly(n)) for n in names}
    if len(table) == 0:
        return draw_nothing(width, "No report is in force yet")
    moved, course = moved_most(table), _go_on(table)
    with paper(width, 0.95 + 0.85 * len(names)) as axes:
        for i, name in enumerate(names):
            _draw_lane(axes, course, (kind, name), told[name], (len(names) - 1 - i) * LANE)
        _mark_reports(axes, table)
        _scale_time(axes, course)
        _mark_moves(axes, moved)
        axes.set_ylim(-0.62, len(names) * LANE - 0.05)
        axes.set_yticks([])
    return entitle(axes, _say_message(course, kind, told), _say_all(course, kind, told, moved))


def _go_on(table: pd.DataFrame) -> pd.DataFrame:
    """The table with a last row of no report for the moment of the case, if silence moved it."""
    end = table.attrs["end"]
    row = {(kind, h): p for kind, own in end.items() if kind != "day" for h, p in own.items()}
    last = table[list(row)].iloc[-1].to_numpy(float)
    if end["day"] <= table["report", "logged"].iloc[-1] or np.allclose(last, list(row.values())):
        return table
    row |= {("report", "logged"): end["day"], ("report", "status"): ""}
    now = pd.DataFrame([row], columns=table.columns).astype(table.dtypes)
    found = pd.concat([table, now])
    found.attrs = table.attrs | {"reports": len(table)}
    return found


def _draw_lane(
    axes: Axes, table: pd.DataFrame, column: tuple[str, str], label: str, base: float
) -> None:
    kind, name = column
    colour = SERIES[list(table[kind].columns).index(name) % len(SERIES)]
    days, last = _days(table)
    values = table[kind][name].to_numpy()[last]
    start = table.attrs["start"][kind][name]
    shown = say_percent(values[-1])
    for level, text in ((0, "0%"), (0.5, "50%"), (1, "100%")):
        axes.axhline(base + level, color=RULE, lw=0.7, zorder=0)
        axes.annotate(
            text, (0, base + level), (-4, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", ha="right", va="center", fontsize=7, color=MUTED,
        )  # fmt: skip
    begin, end = _ends(days)
    xs = np.concatenate([[begin], days, [end]])
    ys = np.concatenate([[start], values, values[-1:]])
    if "low" in table.columns.get_level_values(0):
        low, high = (table[k][name].to_numpy()[last] for k in ("low", "high"))
        axes.fill_between(
            np.append(days, end), base + np.append(low, low[-1]), base + np.append(high, high[-1]),
            step="post", color=colour, alpha=0.2, lw=0, zorder=1,
        )  # fmt: skip
    axes.step(xs, base + ys, where="post", color=colour, lw=1.8, zorder=3)
    axes.plot(end, base + values[-1], "o", ms=5, color=colour, zorder=4, clip_on=False)
    axes.annotate(
        shorten(label, 60 if is_wide(axes) else 26), (0, base + 1.13), color=colour, va="bottom",
        xycoords=("axes fraction", "data"), fontweight="bold",
    )  # fmt: skip
    axes.annotate(
        shown, (1, base + 1.13), xycoords=("axes fraction", "data"), color=colour, ha="right",
        fontweight="bold", va="bottom",
    )  # fmt: skip


def _number(days: pd.Series) -> Array:
    """Days as matplotlib counts them, from 1970."""
    return days.to_numpy().astype("datetime64[D]").astype(float)


def _days(table: pd.DataFrame) -> tuple[Array, npt.NDArray[np.intp]]:
    """Each day with a report, and the position of its last report."""
    dates = _number(table["report", "logged"])
    days, first_from_end = np.unique(dates[::-1], return_index=True)
    return days, len(dates) - 1 - first_from_end


def _ends(days: Array) -> tuple[float, float]:
    span = max(days[-1] - days[0], 1.0)
    return float(days[0] - 0.04 * span), float(days[-1] + 0.04 * span)


def _mark_reports(axes: Axes, table: pd.DataFrame) -> None:
    dates = _number(table["report", "logged"])
    counted = (table["report", "status"] == "counted").to_numpy()
    for chosen, y, colour, text in (
        (counted, -0.28, INK, "count"),
        (~counted, -0.5, MUTED, "no weight"),
    ):
        axes.plot(np.unique(dates[chosen]), np.full(len(np.unique(dates[chosen])), y), "|", ms=6,
                  mew=1.2, color=colour, alpha=1.0 if colour == INK else 0.7)  # fmt: skip
        axes.annotate(
            text, (0, y), (-4, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
            ha="right", va="center", fontsize=7, color=MUTED,
        )  # fmt: skip


def _mark_moves(axes: Axes, moved: pd.DataFrame) -> None:
    """A hairline at each large move; letters that would touch share a place."""
    left, right = axes.get_xlim()
    close = (right - left) * (0.022 if is_wide(axes) else 0.045)
    groups: list[tuple[list[float], list[str]]] = []
    days = _number(moved["logged"])
    for x, letter in sorted(zip(days.tolist(), LETTERS, strict=False)):
        if not groups or x - groups[-1][0][-1] > close:
            groups.append(([], []))
        groups[-1][0].append(x)
        groups[-1][1].append(letter)
    for xs, letters in groups:
        for x in dict.fromkeys(xs):
            axes.axvline(x, color=MUTED, lw=0.7, ls=(0, (2, 2)), zorder=2)
        axes.annotate(
            " ".join(letters), (sum(xs) / len(xs), 1), (0, 2), textcoords="offset points",
            xycoords=blended_transform_factory(axes.transData, axes.transAxes),
            ha="center", va="bottom", fontsize=8, fontweight="bold", color=INK,
        )  # fmt: skip


def _scale_time(axes: Axes, table: pd.DataFrame) -> None:
    days, _ = _days(table)
    left, right = _ends(days)
    axes.set_xlim(left, right)
    ticks = _choose_ticks(left, right, 7 if is_wide(axes) else 4)
    axes.set_xticks([day for day, _ in ticks], [label for _, label in ticks])
    axes.tick_params(axis="x", length=3)


def _choose_ticks(left: float, right: float, most: int) -> list[tuple[float, str]]:
    """Days or firsts of months, at most so many, with labels that need no other to be read."""
    span = pd.date_range(
        np.datetime64(math.ceil(left), "D"), np.datetime64(math.floor(right), "D"), freq="D"
    )
    firsts = [day for day in span if day.day == 1]
    if len(firsts) < 3:
        chosen = list(span[:: math.ceil(len(span) / most)])
        labels = [f"{day.day} {month_abbr[day.month]}" for day in chosen]
    else:
        chosen = firsts[:: math.ceil(len(firsts) / most)]
        labels = [
            f"{month_abbr[day.month]} {day.year}" if day.month == 1 else month_abbr[day.month]
            for day in chosen
        ]
    if labels and not any(len(label) > 6 for label in labels):
        labels[0] += f" {chosen[0].year}"
    return [(float(d.to_datetime64().astype("datetime64[D]").astype(float)), t)
            for d, t in zip(chosen, labels, strict=True)]  # fmt: skip


def _say_message(table: pd.DataFrame, kind: str, told: Mapping[str, str]) -> str:
    now, start = table[kind].iloc[-1], table.attrs["start"][kind]
    name = str(now.idxmax())
    ends = say_percent(start[name]), say_percent(now[name])
    what = f"{told[name]}, as the reason," if kind == "because" else told[name]
    if ends[0] == ends[1]:
        return f"{what} stayed at {ends[1]} over {_count_reports(table)}"
    went = "rose" if now[name] > start[name] else "fell"
    return f"{what} {went} from {ends[0]} to {ends[1]} over {_count_reports(table)}"


def _count_reports(table: pd.DataFrame) -> str:
    return count(table.attrs.get("reports", len(table)), "report")


def _say_all(table: pd.DataFrame, kind: str, told: Mapping[str, str], moved: pd.DataFrame) -> str:
    now, start = table[kind].iloc[-1], table.attrs["start"][kind]
    lines = "; ".join(
        f"{told[n]} from {say_percent(start[n])} to {say_percent(now[n])}" for n in told
    )
    first, last = table["report", "logged"].iloc[0], table["report", "logged"].iloc[-1]
    text = f"Step lines over time, {first} to {last}, a lane for each hypothesis. {lines}."
    steps = "; ".join(
        f"{letter}, {r['logged']}, {told[r['hypothesis']]} from {say_percent(r['before'])} to "
        f"{say_percent(r['after'])}"
        for letter, (_, r) in zip(LETTERS, moved.iterrows(), strict=False)
    )
    return f"{text} Largest moves: {steps}." if steps else text
