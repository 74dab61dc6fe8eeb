"""The stated uncertainty, carried through: weighted draws of the judgements and what they imply."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rivals.batch import Batch, ask_in_chunks
from rivals.draws import Draws, draw_values, effective, thin, weigh
from rivals.engine import Array
from rivals.errors import TooLarge, list_names
from rivals.judgements import statements
from rivals.network import Network
from rivals.scenario import Claim

ENOUGH, MOST_DOUBLINGS = 400, 4

MEMORY = 4_000_000_000
"""How many bytes draws may take, and what is found on each of them."""

COPIES = 3
"""How many times the joint table of a draw is in memory while chunks are put together."""


@dataclass(frozen=True)
class Spread:
    """Weighted draws: the values, their weights given all evidence, and how many they are worth."""

    values: Draws
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

    def thin(self, size: int, shares: Array | None = None) -> tuple[Draws, Array]:
        """Fewer draws that stand for all of them, and by how much each stands for more than itself.

        Chosen by their weights, or by other shares, (draws,). The factors times the probability of
        any evidence given the draw are its weights given that evidence.
        """
        chosen, taken = thin(self.weights if shares is None else shares, size)
        return self.values.pick(chosen), 1 / taken

    def describe(self) -> dict[str, float]:
        """The number of draws and the effective number, as every result prints them."""
        return {"n": self.size, "effective": self.effective}


def spread_draws(network: Network, names: Sequence[str], draws: int, seed: int) -> Spread | None:
    """Draws weighted by P(e | draw), doubled while they are worth too few; None for 0 draws.

    `joint` is P(names | e, draw): (cards..., draws). Raises TooLarge for more draws than MEMORY has
    room for; they are not doubled beyond it.
    """
    if draws <= 0:
        return None
    most = room_for(network, names)
    if draws > most:
        raise TooLarge(_tell_room(draws, most, names))
    found = _try(network, names, draw_values(network.scenario, draws, seed))
    for _ in range(MOST_DOUBLINGS):
        enough = effective(weigh(found.log_evidence)) >= ENOUGH
        if enough or 2 * len(found.log_evidence) > most:
            break
        found = found.join(_try(network, names, found.values.grow(len(found.log_evidence))))
    return Spread(found.values, weigh(found.log_evidence), np.nan_to_num(found.joint))


def room_for(network: Network, names: Sequence[str]) -> int:
    """For how many draws there is room, of all numbers and of the joint table that each gives."""
    variables = network.scenario.variables
    numbers = sum(len(statement.stated) for statement in statements(network.scenario))
    cells = math.prod(len(variables[name].states) for name in names)
    return MEMORY // (8 * (numbers + COPIES * cells))


def _tell_room(draws: int, most: int, names: Sequence[str]) -> str:
    what = f"{draws:,} draws, each with its joint table over {list_names(names, 4)},"
    left = f"{most:,} draws at most, or none (0)" if most else "none (0)"
    return f"{what} would take more than the {MEMORY / 1e9:g} GB allowed: ask for {left}"


@dataclass(frozen=True)
class _Tried:
    """Draws, and what was found on each: P(names | e, draw) and log P(e | draw)."""

    values: Draws
    joint: Array
    log_evidence: Array

    def join(self, other: _Tried) -> _Tried:
        """These draws and the others."""
        return _Tried(
            self.values.join(other.values),
            np.concatenate([self.joint, other.joint], axis=-1),
            np.concatenate([self.log_evidence, other.log_evidence]),
        )


def _try(network: Network, names: Sequence[str], values: Draws) -> _Tried:
    batch = Batch(network, network.masks(None), values)
    joint, log_evidence = ask_in_chunks(lambda b: b.joint_and_evidence(names), batch)
    return _Tried(values, joint[..., 0, :], log_evidence[0])


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
