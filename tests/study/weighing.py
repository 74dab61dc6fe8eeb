"""How `rivals` weighs a made world: its own nouns in, log-odds of every hypothesis out."""

from __future__ import annotations

import numpy as np

from rivals.analysis.beliefs import hypothesis_variables
from rivals.analysis.spread import spread_draws
from rivals.batch import Batch
from rivals.draws import weighted_range
from rivals.engine import Array
from rivals.evidence import weigh_up
from rivals.judgements import Values
from rivals.network import Network, WhatIf
from rivals.scenario import Dossier
from study.model import Numbers

FAINT = 1e-300
"""A probability below which log-odds are not followed."""


def network_of(dossier: Dossier) -> Network:
    """The network of a dossier with all of its log."""
    return Network(dossier.scenario, weigh_up(dossier, None), WhatIf({}, {}))


def weigh(network: Network, values: Values) -> Array:
    """The log-odds of each hypothesis, by each draw of the values: (hypotheses, draws)."""
    names = hypothesis_variables(network.scenario)
    joint = Batch(network, network.masks(None), values).joint(names)[..., 0, :]
    held, failed = _split(joint)
    return _odds(held, failed)


def _split(joint: Array) -> tuple[Array, Array]:
    """P(each hypothesis) and P(not it), neither by subtraction: (hypotheses, draws)."""
    axes = range(joint.ndim - 1)
    sums = [joint.sum(axis=tuple(i for i in axes if i != axis)) for axis in axes]
    return np.array([s[1] for s in sums]), np.array([s[0] for s in sums])


def _odds(held: Array, failed: Array) -> Array:
    """Log-odds that stay finite where one of the two is below what a number can hold."""
    return np.log(np.maximum(held, FAINT)) - np.log(np.maximum(failed, FAINT))


def as_draws(numbers: Numbers) -> dict[str, Array]:
    """Numbers as one draw of the library's values."""
    return {path: np.asarray(p)[..., np.newaxis] for path, p in numbers.items()}


def spread(network: Network, draws: int, seed: int) -> tuple[Array, Array]:
    """The 90% range, (2, hypotheses), and the log-odds of the mean of the draws, (hypotheses,)."""
    drawn = spread_draws(network, hypothesis_variables(network.scenario), draws, seed)
    assert drawn is not None
    held, failed = _split(drawn.joint)
    return weighted_range(held, drawn.weights), _odds(held @ drawn.weights, failed @ drawn.weights)
