"""Why it happened: that a cause was present and that it was why are two questions.

`because` = P(claim, effect, and it fails under do(V=off) | e); `but_for` is the same given claim
and effect; `sufficient` = P(effect under do(V=s) | V=off, no effect) without reports. All from the
twin network (Pearl 2009, chapter 9; Balke and Pearl 1994).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product

import numpy as np
import pandas as pd

from rivals.analysis.spread import Spread
from rivals.batch import Batch, ask_in_chunks
from rivals.draws import weigh, weighted_range
from rivals.engine import Array, Plan
from rivals.factors import plan_of, settle
from rivals.network import Network
from rivals.scenario import Claim, Scenario, label_of
from rivals.twin import Contrast, contrast_all, contrast_factors, negate

SET_LIMIT = 6
"""How many hypotheses are combined exhaustively into sets; of more, three at most."""

RANGE_DRAWS = 2000
"""On how many draws, thinned by weight from all, the ranges rest."""


def why(scenario: Scenario, effect: Claim, names: Sequence[str]) -> Contrast | None:
    """All named hypotheses and the effect hold, and it fails with all of them off.

    None where that cannot be: two of them switch one variable off differently, or the effect
    covers every state.
    """
    failure = negate(effect, scenario.variables[effect.variable].states)
    setting: dict[str, str] = {}
    for name in names:
        off = scenario.off(name)
        if setting.setdefault(scenario.hypotheses[name].claim.variable, off) != off:
            return None
    claims = tuple(scenario.hypotheses[name].claim for name in names)
    return Contrast((*claims, effect), setting, failure) if failure else None


def because(batch: Batch, wanted: Sequence[Contrast | None]) -> tuple[Array, ...]:
    """The probability of each contrast given the evidence, 0 for those that cannot be."""
    possible = [contrast for contrast in wanted if contrast is not None]
    found = iter(contrast_all(batch, possible) if possible else ())
    return tuple(np.zeros((1, 1)) if contrast is None else next(found) for contrast in wanted)


def plan_causes(batch: Batch) -> list[Plan]:
    """How large the answer for each effect and hypothesis is."""
    scenario = batch.network.scenario
    pairs = product(scenario.effects.values(), scenario.hypotheses)
    wanted = (why(scenario, effect.claim, [name]) for effect, name in pairs)
    return [plan_of(settle(contrast_factors(batch, one))) for one in wanted if one is not None]


def explain(stated: Batch, spread: Spread | None) -> pd.DataFrame:
    """A row per (effect, hypothesis): label, posterior, because, low, high, but_for, sufficient."""
    network, scenario = stated.network, stated.network.scenario
    pairs = [(effect, name) for effect in scenario.effects for name in scenario.hypotheses]
    contrasts = [why(scenario, scenario.effects[e].claim, [h]) for e, h in pairs]
    bare = stated.over(network.masks(()))
    points = because(stated, contrasts)
    ranges = _ranges(network, contrasts, spread)
    rows = {}
    for (effect, name), point, (low, high) in zip(pairs, points, ranges, strict=True):
        noun, outcome = scenario.hypotheses[name], scenario.effects[effect]
        both = _chance(stated, [noun.claim, outcome.claim])
        rows[effect, name] = [
            label_of(name, noun),
            _chance(stated, [noun.claim]),
            float(point[0, 0]),
            low,
            high,
            float(point[0, 0]) / both if both > 0 else np.nan,
            _sufficient(bare, name, outcome.claim),
        ]
    columns = ["label", "posterior", "because", "low", "high", "but_for", "sufficient"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    table.index = pd.MultiIndex.from_tuples(rows, names=["effect", "hypothesis"])
    table.attrs["draws"] = spread.describe() if spread else None
    table.attrs["effects"] = {e: _chance(stated, [o.claim]) for e, o in scenario.effects.items()}
    return table


def _ranges(
    network: Network, contrasts: Sequence[Contrast | None], spread: Spread | None
) -> list[tuple[float, float]]:
    if spread is None:
        return [(np.nan, np.nan)] * len(contrasts)
    values, factors = spread.thin(RANGE_DRAWS)
    batch = Batch(network, network.masks(None), values)
    evidence, *samples = ask_in_chunks(lambda b: (b.log_evidence, *because(b, contrasts)), batch)
    weights = weigh(evidence[0] + np.log(factors))
    found = [weighted_range(np.nan_to_num(s[0]), weights) for s in samples]
    return [(float(low), float(high)) for low, high in found]


def _chance(batch: Batch, claims: Sequence[Claim]) -> float:
    return float(batch.chance(batch.indicate(c.variable, c.states) for c in claims)[0, 0])


def _sufficient(bare: Batch, name: str, effect: Claim) -> float:
    """P(effect under do(V=s) | V=off, no effect); s is the claim's first state."""
    scenario = bare.network.scenario
    claim = scenario.hypotheses[name].claim
    absent = Claim(variable=claim.variable, states=(scenario.off(name),))
    failure = negate(effect, scenario.variables[effect.variable].states)
    without = _chance(bare, [absent, failure]) if failure else 0.0
    if failure is None or without <= 0:
        return np.nan
    contrast = Contrast((absent, failure), {claim.variable: claim.states[0]}, effect)
    return float(because(bare, [contrast])[0][0, 0]) / without


def explain_jointly(stated: Batch) -> pd.DataFrame:
    """The sets of hypotheses without which, together, the effect would have failed.

    A set is listed when its probability is above 0 and above that of every smaller set inside it:
    none of its members is idle. Columns: effect, hypotheses (names), because.
    """
    scenario, rows = stated.network.scenario, []
    for effect, outcome in scenario.effects.items():
        subsets = list(_subsets(tuple(scenario.hypotheses)))
        found = because(stated, [why(scenario, outcome.claim, names) for names in subsets])
        chances = {names: float(p[0, 0]) for names, p in zip(subsets, found, strict=True)}
        for names, chance in chances.items():
            within = [p for some, p in chances.items() if set(some) < set(names)]
            if chance > max([0.0, *within]) + 1e-12:
                rows.append([effect, names, chance])
    return pd.DataFrame(rows, columns=["effect", "hypotheses", "because"])


def _subsets(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    largest = len(names) if len(names) <= SET_LIMIT else 3
    for size in range(1, largest + 1):
        yield from combinations(names, size)
