"""How much of `because` the data cannot settle: its bounds over all couplings of the tables' rows.

What is stated of a mechanism is a distribution for each row; how what it brings about in one row
goes with what it would have brought about in another no data can show (Tian and Pearl 2000; Balke
and Pearl 1994). `because` rests on one quantile a mechanism; here the rows of every mechanism
between cause and effect are coupled as one likes: tables, ranked gates, and links with several
active states. Not free are the stated numbers, that mechanisms are independent of each other and of
the roots, and the evidence, which is of the actual world. A stated row that serves several
combinations of parents is one row, and so are the combinations of a ranked gate that have one mean:
they respond alike, as that is what the statement says of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from rivals.analysis.causes import why
from rivals.analysis.extremes import Chosen, Extremes, Free, find_free, list_out, search
from rivals.analysis.meeting import Stage, set_stage
from rivals.analysis.shapley import Tell
from rivals.batch import Batch
from rivals.factors import log_sum
from rivals.scenario import label_of
from rivals.twin import Contrast, lay_out

SAME = 1e-10
"""Bounds that lie no further apart are the same."""


@dataclass(frozen=True)
class Bound:
    """The bounds of one contrast, and couplings at which they are reached; empty: the stated one.

    how: "exact", proven and reached by a model with the stated numbers; "searched", reached by one,
    and perhaps others go beyond; "outer", none goes beyond, and perhaps none reaches them;
    "settled", nothing is free between cause and effect.
    """

    lowest: float
    because: float
    highest: float
    how: str
    low: Chosen
    high: Chosen


def bound_causes(stated: Batch, tell: Tell | None = None) -> pd.DataFrame:
    """A row per (effect, hypothesis): label, lowest, because, highest, how.

    P(claim, effect, and it fails under do(V=off) | evidence) with the rows of each mechanism
    coupled as in `causes` (because) and in the least and the most favourable way; `how` as in
    `Bound`. `tell` hears how many of how many rows are done.
    """
    scenario = stated.network.scenario
    pairs = [(effect, name) for effect in scenario.effects for name in scenario.hypotheses]
    contrasts = [why(scenario, scenario.effects[e].claim, [h]) for e, h in pairs]
    found, rows = bound_all(stated, contrasts), {}
    for (effect, name), one in zip(pairs, found, strict=True):
        label = label_of(name, scenario.hypotheses[name])
        rows[effect, name] = [label, one.lowest, one.because, one.highest, one.how]
        if tell is not None:
            tell(len(rows), len(pairs))
    columns = ["label", "lowest", "because", "highest", "how"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    table.index = pd.MultiIndex.from_tuples(rows, names=["effect", "hypothesis"])
    return table


def bound_all(stated: Batch, contrasts: Sequence[Contrast | None]) -> Iterator[Bound]:
    """The bounds of each contrast, of one draw; those that cannot be are settled at 0."""
    possible = [contrast for contrast in contrasts if contrast is not None]
    laid = lay_out(stated, possible)
    for contrast in contrasts:
        if contrast is None:
            yield Bound(0.0, 0.0, 0.0, "settled", {}, {})
            continue
        factors = next(laid)
        because = float(stated.share(log_sum(factors))[0, 0])
        yield bound(set_stage(stated, contrast, factors), because)


def bound(stage: Stage, because: float) -> Bound:
    """The bounds of what a stage asks."""
    free = find_free(stage)
    if not free:
        return Bound(because, because, because, "settled", {}, {})
    found, how = _find_extremes(stage, free)
    (lowest, low), (highest, high) = found
    low, high = (low if lowest < because else {}), (high if highest > because else {})
    lowest, highest = max(min(lowest, because), 0.0), min(max(highest, because), 1.0)
    return Bound(lowest, because, highest, how, low, high)


def _find_extremes(stage: Stage, free: Sequence[Free]) -> tuple[Extremes, str]:
    """The extremes, and how they were found."""
    within = [one.within() for one in free]
    outer = list_out(stage, free)
    if outer is None:
        return search(stage, within), "searched"
    if all(one.whole for one in free):
        return outer, "exact"
    inner = list_out(stage, within) or search(stage, within)
    gaps = [abs(a - b) for (a, _), (b, _) in zip(outer, inner, strict=True)]
    return (inner, "exact") if max(gaps) < SAME else (outer, "outer")
