"""The study's pictures: each takes a table, returns Axes and says in its title what it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes

from rivals.charts.paper import INK, MUTED, RULE, SERIES, WIDE, entitle, paper
from rivals.phrases import say_percent
from study.results import by_kind, leading
from study.sample import ACH, NAIVE, NAIVE_ALL, NAIVE_CAPPED, PRIOR, RIVALS
from study.scoring import BINS
from study.setting import RATES
from study.tables import ALL
from study.views import KINDS, RIGHT, UNMARKED

METHODS = (RIVALS, NAIVE, NAIVE_CAPPED, ACH, PRIOR, NAIVE_ALL)
COLOURS = dict(zip(METHODS, SERIES, strict=True))
MARKS = dict(zip(METHODS, "osD^Xv", strict=True))
BITS = (0.25, 0.5, 1, 2, 4, 8, 16, 32, 64)


def scores_by_echo(scores: pd.DataFrame, kind: str = RIGHT, *, width: float = WIDE) -> Axes:
    """A line per method: its log score against the mean number of copies; lower is better."""
    own = scores[(scores["kind"] == kind) & (scores["echo"] != ALL)]
    lines = {m: own[own["method"] == m]["log"].to_list() for m in METHODS}
    with paper(width, 3.9) as axes:
        for method, values in lines.items():
            axes.plot(values, color=COLOURS[method], marker=MARKS[method], ms=6, label=method,
                      lw=2.4 if method == RIVALS else 1.3)  # fmt: skip
        axes.set_yscale("log")
        _rule_bits(axes, max(max(v) for v in lines.values()))
        axes.set_xticks(range(len(RATES)), [str(rate) for rate in RATES])
        axes.set_xlabel("mean number of copies of a first-hand report")
        axes.set_ylabel("log score in bits; lower is better")
        _explain(axes)
    where = [str(rate) for rate in RATES if _is_best(leading(scores, str(rate)))[kind]]
    return entitle(axes, _say_best(kind, where), _list(lines, [f"{r} copies" for r in RATES]), 0.7)


def _is_best(leads: pd.DataFrame) -> pd.Series[bool]:
    """By kind, whether `rivals` is ahead of all others by more than two standard errors."""
    return leads[RIVALS] & (leads.sum(axis=1) == 1)


def _say_best(kind: str, where: Sequence[str]) -> str:
    name = kind[:1].upper() + kind[1:]
    if len(where) == len(RATES):
        return f"{name}: rivals has the best log score at every echo rate"
    if not where:
        return f"{name}: rivals has the best log score at no echo rate"
    return f"{name}: rivals has the best log score of these at {', '.join(where)} copies only"


def _rule_bits(axes: Axes, most: float) -> None:
    ticks = [tick for tick in BITS if tick < 2 * most]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_yticks([], minor=True)
    for tick in ticks:
        axes.axhline(tick, color=MUTED if tick == 1 else RULE, lw=0.7, zorder=0)


def _explain(axes: Axes) -> None:
    """What each mark means, in words beside the picture."""
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False, fontsize=8)


def _list(lines: Mapping[str, Sequence[float]], at: Sequence[str]) -> str:
    """The numbers of a picture in words."""
    return " ".join(
        f"{name}: {', '.join(f'{v:.2f} at {x}' for v, x in zip(values, at, strict=False))}."
        for name, values in lines.items()
    )


def calibration(
    table: pd.DataFrame, kind: str = RIGHT, echo: str = ALL, *, width: float = WIDE
) -> Axes:
    """A line per method: in what share it was so, against the chance given, ten bins each."""
    own = table[(table["kind"] == kind) & (table["echo"] == echo)]
    with paper(width, 4.2) as axes:
        axes.plot([0, 1], [0, 1], color=MUTED, lw=0.9, ls=(0, (2, 2)), zorder=1)
        for method in (RIVALS, NAIVE, NAIVE_ALL, ACH):
            line = own[own["method"] == method]
            axes.plot(line["chance"], line["happened"], color=COLOURS[method], ms=6,
                      marker=MARKS[method], lw=1.3, label=method)  # fmt: skip
        ticks = (0, 0.25, 0.5, 0.75, 1)
        axes.set_xticks(ticks, [f"{t:.0%}" for t in ticks])
        axes.set_yticks(ticks, [f"{t:.0%}" for t in ticks])
        axes.set_xlabel("chance given")
        axes.set_ylabel("share in which it was so")
        _explain(axes)
    ours = own[own["method"] == RIVALS]
    off = float((ours["chance"] - ours["happened"]).abs().max())
    where = "all worlds" if echo == ALL else f"{echo} copies a report"
    message = (
        f"{kind[:1].upper()}{kind[1:]}, {where}: what rivals gives a chance is so as often, to "
        f"within {100 * off:.0f} points in each of {len(ours)} bins"
    )
    told = "; ".join(
        f"{say_percent(r.chance)} given, {say_percent(r.happened)} so, {r.forecasts} forecasts"
        for r in ours.itertuples()
    )
    return entitle(
        axes, message, f"Shares against chances in up to {BINS} bins. rivals: {told}.", 0.7
    )


def by_error(scores: pd.DataFrame, echo: str = ALL, *, width: float = WIDE) -> Axes:
    """A row per kind of error, a mark per method: its log score; left is better."""
    table = by_kind(scores, "log", echo)[list(METHODS)]
    with paper(width, 0.8 + 0.42 * len(table)) as axes:
        for method in METHODS:
            axes.plot(table[method], range(len(table)), ls="", marker=MARKS[method], label=method,
                      color=COLOURS[method], ms=8 if method == RIVALS else 6)  # fmt: skip
        for y in range(len(table)):
            axes.axhline(y, color=RULE, lw=0.7, zorder=0)
        axes.set_xscale("log")
        ticks = [tick for tick in BITS if tick < 2 * table.max().max()]
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.set_xticks([], minor=True)
        axes.set_yticks(range(len(table)), list(table.index), color=INK)
        axes.invert_yaxis()
        axes.set_xlabel("log score in bits; lower is better")
        _explain(axes)
    leads = leading(scores, echo)
    best = _is_best(leads)
    level = f" and is level with the best under {n}" if (n := sum(leads[RIVALS] & ~best)) else ""
    where = "all worlds" if echo == ALL else f"{echo} copies a report"
    message = (
        f"Of these rivals scores best under {sum(best)} of {len(table)} conditions{level}, {where}"
    )
    told = {str(kind): list(row) for kind, row in table.iterrows()}
    return entitle(axes, message, _list(told, METHODS), 1.8)


def ranges(table: pd.DataFrame, *, width: float = WIDE) -> Axes:
    """A row per kind of error: how often the 90% range holds the answer by the true numbers."""
    own = table[table["echo"] == ALL].set_index("kind").loc[list(KINDS)]
    with paper(width, 0.8 + 0.36 * len(own)) as axes:
        axes.axvline(0.9, color=MUTED, lw=0.9, ls=(0, (2, 2)))
        for y, (held, error) in enumerate(zip(own["held"], own["held_se"], strict=True)):
            axes.plot([held - 2 * error, held + 2 * error], [y, y], color=SERIES[0], lw=1.5)
            axes.plot(held, y, "o", color=SERIES[0], ms=7)
        axes.set_yticks(range(len(own)), list(own.index), color=INK)
        axes.invert_yaxis()
        axes.set_xlim(0, 1.01)
        axes.set_xticks((0, 0.25, 0.5, 0.75, 0.9), ["0%", "25%", "50%", "75%", "90%"])
        axes.set_xlabel("share of ranges that hold the answer; the bar is two standard errors")
    message = (
        f"The 90% range holds in {say_percent(own.loc[RIGHT, 'held'])} of cases with the right "
        f"model, in {say_percent(own['held'].min())} at worst"
    )
    told = " ".join(f"{k}: {say_percent(v)}." for k, v in own["held"].items())
    return entitle(axes, message, told, 1.8)


def recovery(lint: pd.DataFrame, scores: pd.DataFrame, *, width: float = WIDE) -> Axes:
    """The log score of `rivals` against copies: all marked, a fifth unmarked, and linted."""
    own = scores[(scores["method"] == RIVALS) & (scores["echo"] != ALL)]
    kinds = (RIGHT, UNMARKED, KINDS[2])
    lines = {kind: own[own["kind"] == kind]["log"].to_list() for kind in kinds}
    with paper(width, 3.4) as axes:
        for kind, colour, mark in zip(kinds, SERIES, "oDs", strict=False):
            axes.plot(lines[kind], color=colour, marker=mark, label=kind)
        axes.set_yscale("log")
        _rule_bits(axes, max(max(v) for v in lines.values()))
        axes.set_xticks(range(len(RATES)), [str(rate) for rate in RATES])
        axes.set_xlabel("mean number of copies of a first-hand report")
        axes.set_ylabel("log score in bits; lower is better")
        _explain(axes)
    whole = lint[lint["echo"] == ALL].iloc[0]
    message = (
        f"Acting on the lint finds {say_percent(whole['recall'])} of the unmarked copies and wins "
        f"back {say_percent(whole['recovered'])} of what they cost"
    )
    return entitle(axes, message, _list(lines, [f"{r} copies" for r in RATES]), 0.7)
