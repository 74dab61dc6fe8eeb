"""What to ask next: how much finding out a variable would tell of the hypotheses, and from whom.

Bits are mutual information given all evidence: by how much one expects the entropy of the
hypotheses to fall. What a source would add is the same for the claim that it would make.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rivals.analysis.beliefs import hypothesis_variables
from rivals.analysis.spread import choose
from rivals.batch import CHUNK, Batch
from rivals.engine import Array
from rivals.factors import Factor, tape_of
from rivals.stories import (
    Reliability,
    Statement,
    fold_stories,
    gather_stories,
    prior_reliability,
    tell,
)
from rivals.variables import Variable

NOTHING = 1e-20
"""Bits below this are rounding: the variable has nothing to do with the hypotheses."""


class Foretold(NamedTuple):
    """P(combination of hypotheses, state of a variable | evidence), impossible ones left out.

    truths: which hypotheses hold in each combination, (combinations, hypotheses).
    chances: (combinations, states).
    """

    truths: NDArray[np.bool_]
    chances: Array


def inquire(stated: Batch) -> pd.DataFrame:
    """A row per observable variable, what tells most first; the columns have two levels.

    ("variable", ...): ask, how, cost; bits, the mutual information with all hypotheses jointly,
    given the evidence; share_of_entropy, the same by the entropy of the hypotheses, NaN where
    nothing is open; bits_per_cost. ("bits", h): the mutual information with one hypothesis.
    """
    scenario = stated.network.scenario
    rows = {name: _inquire(stated, name, noun) for name, noun in observables(stated).items()}
    named = ["ask", "how", "cost", "bits", "share_of_entropy", "bits_per_cost"]
    columns = [("variable", one) for one in named] + [("bits", h) for h in scenario.hypotheses]
    table = pd.DataFrame(list(rows.values()), columns=pd.MultiIndex.from_tuples(columns))
    table.index = pd.Index(list(rows), name="variable", dtype=object)
    return table.sort_values(("variable", "bits"), ascending=False, kind="stable")


def observables(stated: Batch) -> dict[str, Variable]:
    """The variables that the scenario says can be found out."""
    variables = stated.network.scenario.variables
    return {name: v for name, v in variables.items() if v.observable is not None}


def _inquire(stated: Batch, name: str, variable: Variable) -> list[object]:
    assert variable.observable is not None  # chosen for it
    how, cost = variable.observable.how, variable.observable.cost
    truths, chances = foretell(stated, name)
    bits, entropy = share_bits(chances), measure_entropy(chances.sum(axis=1))
    share = bits / entropy if entropy > 0 else np.nan
    each = [
        share_bits(np.stack([chances[~holds].sum(axis=0), chances[holds].sum(axis=0)]))
        for holds in truths.T
    ]
    return [variable.ask, how, cost, bits, share, bits / cost, *each]


def foretell(stated: Batch, variable: str) -> Foretold:
    """How likely each combination of hypotheses is together with each state of a variable."""
    network = stated.network
    names = tuple(dict.fromkeys((*hypothesis_variables(network.scenario), variable)))
    joint = stated.joint(names)[..., 0, 0]
    place = np.indices(joint.shape)
    nouns = network.scenario.hypotheses.values()
    holds = [choose(n.claim, network)[place[names.index(n.claim.variable)]] for n in nouns]
    truths, at = np.unique(np.stack([h.ravel() for h in holds], 1), axis=0, return_inverse=True)
    chances = np.zeros((len(truths), len(network.scenario.variables[variable].states)))
    np.add.at(chances, (at.ravel(), place[names.index(variable)].ravel()), joint.ravel())
    possible = chances.sum(axis=1) > 0
    return Foretold(truths[possible], chances[possible])


def share_bits(joint: Array) -> float:
    """The mutual information of the two axes of a joint distribution, in bits.

    Summed over terms none of which is negative, so that independence gives 0.
    """
    apart = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0)
    apart, joint = apart[apart > 0], joint[apart > 0]
    more = joint / apart - 1
    logs = np.log1p(more, out=np.zeros_like(more), where=more > -1)
    bits = float((apart * ((1 + more) * logs - more)).sum() / np.log(2))
    return bits if bits > NOTHING else 0.0


def measure_entropy(chances: Array) -> float:
    """The entropy of a distribution, in bits; 0 exactly where only one thing is possible."""
    rest = np.delete(chances, chances.argmax())
    rest = rest[rest > 0]
    top = 1 - rest.sum()
    return float(-(rest * np.log2(rest)).sum() - top * np.log1p(-rest.sum()) / np.log(2))


def inquire_through(stated: Batch) -> pd.DataFrame:
    """Bits by (variable, source), when it is learnt only by one more direct claim of the source.

    The claim names one state, each with the probability that the evidence gives it; it joins the
    story that the source has told, or begins one, so part of what it tells is how far to believe
    the source. 0 for what is already known, or under do: there is nothing to learn.
    """
    scenario = stated.network.scenario
    rows: dict[tuple[str, str], float] = {}
    for name, variable in observables(stated).items():
        foretold = foretell(stated, name)
        known = name in stated.network.what_if.do or (foretold.chances.sum(axis=0) > 0).sum() == 1
        told = {} if known else _ask_sources(stated, name, variable, foretold)
        rows |= {(name, source): told.get(source, 0.0) for source in scenario.sources}
    index = pd.MultiIndex.from_tuples(rows, names=["variable", "source"])
    table = pd.DataFrame({"bits": list(rows.values())}, index=index, dtype=float)
    return table.sort_values("bits", ascending=False, kind="stable")


def _ask_sources(
    stated: Batch, name: str, variable: Variable, foretold: Foretold
) -> dict[str, float]:
    claims = [(state,) for state in variable.states]
    relied = rely(stated, name, foretold)
    said = claim_more(stated, name, claims)
    return {
        source: share_bits(np.einsum("rcx,srx->cs", relied[source], chance))
        for source, chance in said.items()
    }


def claim_more(stated: Batch, variable: str, claims: Sequence[tuple[str, ...]]) -> dict[str, Array]:
    """P(one more direct claim | reliable?, state, what the source said of it), by source.

    Each (claims, 2, states); 0 where what it said is impossible.
    """
    network, scenario, size = stated.network, stated.network.scenario, len(claims)
    if not scenario.sources:
        return {}
    more = [Statement(len(network.items) + i, said, "direct") for i, said in enumerate(claims)]
    about = {(s, variable): [*network.statements.get((s, variable), ()), *more]
             for s in scenario.sources}  # fmt: skip
    [chorus] = gather_stories(about, scenario.variables)
    heard = np.repeat(stated.masks[:, :1], 1 + size, axis=1)
    masks = np.concatenate([heard, np.eye(size, 1 + size, 1, dtype=bool)])
    telling = tell(chorus, scenario.sources, scenario.variables, stated.values)
    tables, scales = fold_stories(chorus, telling, masks)
    scales = np.broadcast_to(scales, (len(tables), 1 + size, 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = tables[..., 1:, 0] / tables[..., :1, 0]
    ratio = np.where(tables[..., :1, 0] > 0, ratio, 0.0)
    ratio = ratio * np.exp(scales[:, 1:, 0] - scales[:, :1, 0])[:, np.newaxis, np.newaxis]
    return {s: np.moveaxis(one, -1, 0) for (s, _), one in zip(chorus.about, ratio, strict=True)}


def rely(stated: Batch, variable: str, foretold: Foretold) -> dict[str, Array]:
    """P(reliable?, combination, state | evidence) of every source: (2, combinations, states)."""
    network, sources = stated.network, stated.network.scenario.sources
    judged = _rely_given(stated, variable, foretold)
    found = {}
    for name, source in sources.items():
        share = judged.get(network.reliability(name, variable))
        if share is None:  # it has said nothing on the topic
            p = prior_reliability(name, source, stated.values)
            share = np.stack([1 - p, p])[..., np.newaxis]
        found[name] = share * foretold.chances
    return found


def _rely_given(stated: Batch, variable: str, foretold: Foretold) -> dict[Reliability, Array]:
    """P(reliable? | combination, state, evidence) of the sources that spoke: (2, ..., ...).

    From the derivatives by the priors of the reliabilities, a draw for each possible cell.
    """
    network = stated.network
    factors = stated.factors((*hypothesis_variables(network.scenario), variable))
    places = {id(factor): i for i, factor in enumerate(factors)}
    priors = stated.evidence[: len(network.reliabilities)]
    cells = np.argwhere(foretold.chances > 0)
    found = {r: np.zeros((2, *foretold.chances.shape)) for r in network.reliabilities}
    for start in range(0, len(cells), CHUNK):
        combinations, states = cells[start : start + CHUNK].T
        held = [*factors, *_hold(stated, variable, foretold.truths[combinations], states)]
        tables = [factor.table for factor in held]
        _, gradients = tape_of(held).run_with_gradients(tables, np.ones((1, 1)))
        for reliability, prior in zip(network.reliabilities, priors, strict=True):
            share = prior.table[:, 0] * gradients[places[id(prior)]][:, 0]
            found[reliability][:, combinations, states] = share / share.sum(axis=0)
    return found


def _hold(
    stated: Batch, variable: str, truths: NDArray[np.bool_], states: NDArray[np.int64]
) -> Iterator[Factor]:
    """Factors that are 1 where the hypotheses and the variable are as in each cell, else 0."""
    network = stated.network
    nouns = network.scenario.hypotheses.values()
    for noun, holds in zip(nouns, truths.T, strict=True):
        fits = choose(noun.claim, network)[:, np.newaxis] == holds
        yield Factor((noun.claim.variable,), fits[:, np.newaxis].astype(float))
    fits = np.arange(len(network.scenario.variables[variable].states))[:, np.newaxis] == states
    yield Factor((variable,), fits[:, np.newaxis].astype(float))
