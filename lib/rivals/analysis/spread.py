"""The stated uncertainty, carried through: weighted draws of the judgements and what they imply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rivals.batch import Batch, ask_in_chunks
from rivals.draws import draw_values, effective, weigh
from rivals.engine import Array
from rivals.judgements import Values
from rivals.network import Network
from rivals.scenario import Claim

ENOUGH, MOST_DOUBLINGS = 400, 4


@dataclass(frozen=True)
class Spread:
    """Weighted draws: the values, their weights given all evidence, and how many they are worth."""

    values: Values
    weights: Array
    joint: Array

    @property
    def size(self) -> int:
        """How many draws were made."""
        return len(self.weights)

    @property
    def effective(self) -> float:
        """How many equally weighted draws they are worth."""
        return effective(self.weights)

    def describe(self) -> dict[str, float]:
        """The number of draws and the effective number, as every result prints them."""
        return {"n": self.size, "effective": self.effective}


def spread_draws(network: Network, names: Sequence[str], draws: int, seed: int) -> Spread | None:
    """Draws weighted by P(e | draw), doubled while they are worth too few; None for 0 draws.

    `joint` is P(names | e, draw): (cards..., draws).
    """
    if draws <= 0:
        return None
    for doubling in range(MOST_DOUBLINGS + 1):
        values = draw_values(network.scenario, draws * 2**doubling, seed)
        batch = Batch(network, network.masks(None), values)
        joint, log_evidence = ask_in_chunks(lambda b: b.joint_and_evidence(names), batch)
        weights = weigh(log_evidence[0])
        if effective(weights) >= ENOUGH:
            break
    return Spread(values, weights, np.nan_to_num(joint[..., 0, :]))


def chance_of(claim: Claim, names: Sequence[str], network: Network, joint: Array) -> Array:
    """P(claim) from a joint table over `names`, its further axes kept."""
    chosen = choose(claim, network)
    axis = list(names).index(claim.variable)
    others = tuple(i for i in range(len(names)) if i != axis)
    marginal = joint.sum(axis=others)
    return np.asarray(marginal[chosen].sum(axis=0))


def choose(claim: Claim, network: Network) -> npt.NDArray[np.bool_]:
    """Which states of its variable a claim names: (states,)."""
    states = network.scenario.variables[claim.variable].states
    return np.array([state in claim.states for state in states])
