"""What to believe: prior and posterior of every hypothesis, their combinations, the sources."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rivals.analysis.spread import Spread, chance_of, choose
from rivals.batch import Batch
from rivals.draws import weighted_range
from rivals.engine import Array
from rivals.network import Network
from rivals.scenario import Scenario, label_of
from rivals.words import word_for

TIE = 1e-12
"""Numbers no further apart than this are a tie."""


def lead(chances: Array) -> NDArray[np.int64]:
    """Which hypothesis leads, ties by the order of the file: (hypotheses, ...) to (...)."""
    return np.asarray((chances >= chances.max(axis=0) - TIE).argmax(axis=0))


def hypothesis_variables(scenario: Scenario) -> tuple[str, ...]:
    """The variables that the hypotheses claim something of, each once."""
    return tuple(dict.fromkeys(h.claim.variable for h in scenario.hypotheses.values()))


def believe(stated: Batch, spread: Spread | None) -> pd.DataFrame:
    """A row per hypothesis: label, prior, posterior, low, high, words.

    The prior includes `do` and not `given`; low and high are the 5% and 95% ends of the posterior
    over the stated uncertainty, empty without draws.
    """
    network, scenario = stated.network, stated.network.scenario
    names = hypothesis_variables(scenario)
    joint = stated.over(network.masks((), None)).joint(names)
    rows = {}
    for name, noun in scenario.hypotheses.items():
        prior, posterior = chance_of(noun.claim, names, network, joint)[:, 0]
        low, high = np.nan, np.nan
        if spread is not None:
            samples = chance_of(noun.claim, names, network, spread.joint)
            low, high = weighted_range(samples, spread.weights)
        words = word_for(posterior, scenario.settings.scale)
        rows[name] = [label_of(name, noun), prior, posterior, low, high, words]
    columns = ["label", "prior", "posterior", "low", "high", "words"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    table.index.name = "hypothesis"
    table.attrs["draws"] = spread.describe() if spread else None
    return table


def combine(stated: Batch, spread: Spread | None) -> pd.DataFrame:
    """A row per possible combination of hypotheses, likeliest first: the joint over all of them.

    Columns: one truth value per hypothesis, then prior, posterior, low and high.
    """
    network, scenario = stated.network, stated.network.scenario
    names = hypothesis_variables(scenario)
    joint = stated.over(network.masks((), None)).joint(names)
    rows = []
    for truths in product((True, False), repeat=len(scenario.hypotheses)):
        cells = _cells_of(truths, names, network)
        if not cells.any():
            continue
        prior, posterior = joint[cells].sum(axis=0)[:, 0]
        if max(prior, posterior) <= 0:
            continue
        low, high = np.nan, np.nan
        if spread is not None:
            low, high = weighted_range(spread.joint[cells].sum(axis=0), spread.weights)
        rows.append([*truths, prior, posterior, low, high])
    columns = [*scenario.hypotheses, "prior", "posterior", "low", "high"]
    table = pd.DataFrame(rows, columns=columns).sort_values(
        "posterior", ascending=False, kind="stable", ignore_index=True
    )
    table.attrs["draws"] = spread.describe() if spread else None
    return table


def _cells_of(truths: tuple[bool, ...], names: tuple[str, ...], network: Network) -> Array:
    """Which cells of the joint table make exactly these hypotheses true."""
    variables = network.scenario.variables
    fits = np.ones(tuple(len(variables[n].states) for n in names), bool)
    for truth, noun in zip(truths, network.scenario.hypotheses.values(), strict=True):
        chosen = choose(noun.claim, network) == truth
        axis = names.index(noun.claim.variable)
        fits = fits & chosen.reshape([-1 if i == axis else 1 for i in range(len(names))])
    return fits


def tabulate_variables(stated: Batch) -> pd.DataFrame:
    """A row per (variable, state): prior and posterior."""
    network = stated.network
    found = stated.over(network.masks((), None)).marginals()
    rows = {
        (name, state): found[name][i, :, 0]
        for name, variable in network.scenario.variables.items()
        for i, state in enumerate(variable.states)
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["prior", "posterior"])
    table.index = pd.MultiIndex.from_tuples(rows, names=["variable", "state"])
    return table


def tabulate_sources(stated: Batch) -> pd.DataFrame:
    """A row per (source, topic) with counted claims: how far they fit this model, no verdict."""
    network, scenario = stated.network, stated.network.scenario
    found = stated.over(network.masks((), None)).marginals()
    rows = {}
    for node in network.reliabilities:
        source = scenario.sources[node.source]
        claims = sum(
            len(said)
            for (who, variable), said in network.statements.items()
            if network.reliability(who, variable) == node
        )
        prior, posterior = found[node][1, :, 0]
        grade = source.grade or f"{source.reliability:g}"
        rows[tuple(node)] = [source.name or node.source, grade, prior, posterior, claims]
    columns = ["name", "grade", "prior", "posterior", "claims"]
    index = pd.MultiIndex.from_tuples(rows, names=["source", "topic"])
    return pd.DataFrame(list(rows.values()), index=index, columns=columns)
