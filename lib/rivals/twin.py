"""The twin network: two worlds that share every exogenous draw, one of them without the cause.

Balke and Pearl 1994; Pearl 2009, section 7.1.4. The actual world is the network itself, with its
evidence. The twin world differs from it below the variables that are set; the two share roots and
tables one quantile a variable, noisy gates one a link and leak (see `gates.couple`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rivals.batch import Batch
from rivals.engine import Array
from rivals.factors import Factor, log_sum
from rivals.gates import couple
from rivals.network import Network
from rivals.scenario import Claim


class Twin(NamedTuple):
    """A variable in the world where things were set otherwise."""

    variable: str

    def __str__(self) -> str:
        return f"{self.variable} in the twin world"


@dataclass(frozen=True)
class Contrast:
    """Claims on the actual world, and one on a world in which some variables were set otherwise."""

    actual: tuple[Claim, ...]
    setting: Mapping[str, str]
    twin: Claim

    def copied(self, network: Network) -> frozenset[str]:
        """The variables that may differ between the worlds and matter to the twin claim."""
        fixed = set(self.setting)
        below: set[str] = set()
        fresh = fixed
        while fresh:
            children = {c for c, ps in network.parents.items() if fresh & set(ps)}
            fresh = children - below - fixed
            below |= fresh
        found: set[str] = set()
        waiting = [self.twin.variable] if self.twin.variable in below else []
        while waiting:
            name = waiting.pop()
            found.add(name)
            waiting.extend((set(network.parents[name]) & below) - found)
        return frozenset(found)

    def touched(self, network: Network, copied: frozenset[str]) -> frozenset[str]:
        """The variables of the actual world that the contrast needs by name."""
        parents = {p for name in copied for p in network.parents[name]}
        return copied | parents | {c.variable for c in (*self.actual, self.twin)}


def contrast_all(batch: Batch, contrasts: Sequence[Contrast]) -> list[Array]:
    """P(actual claims, and the twin claim in its world | evidence) of each: (sets, draws)."""
    return [batch.share(log_sum(held)) for held in lay_out(batch, contrasts)]


def lay_out(batch: Batch, contrasts: Sequence[Contrast]) -> Iterator[list[Factor]]:
    """Per contrast the factors whose product sums to P(actual claims, twin claim, evidence).

    What no contrast touches is summed out once for all of them.
    """
    network = batch.network
    copied = [contrast.copied(network) for contrast in contrasts]
    pairs = list(zip(contrasts, copied, strict=True))
    touched = frozenset().union(*(contrast.touched(network, own) for contrast, own in pairs))
    together = frozenset().union(*copied)
    shared = batch.reduce(together, touched)
    return (_contrast(batch, contrast, own, shared, together) for contrast, own in pairs)


def contrast_factors(batch: Batch, contrast: Contrast) -> list[Factor]:
    """The factors whose product sums to P(actual claims, twin claim, evidence)."""
    network = batch.network
    own = contrast.copied(network)
    return _contrast(batch, contrast, own, batch.beside(own, contrast.touched(network, own)), own)


def _contrast(
    batch: Batch,
    contrast: Contrast,
    own: frozenset[str],
    shared: list[Factor],
    withheld: frozenset[str],
) -> list[Factor]:
    held = [batch.indicate(c.variable, c.states) for c in contrast.actual]
    asked = batch.indicate(contrast.twin.variable, contrast.twin.states)
    if contrast.twin.variable in contrast.setting:
        state = contrast.setting[contrast.twin.variable]
        holds = float(state in contrast.twin.states)
        asked = Factor((), np.full((1, 1), holds))
    elif contrast.twin.variable in own:
        asked = Factor((Twin(contrast.twin.variable),), asked.table)
    plain = [batch.tables[name] for name in sorted(withheld - own)]
    coupled = [_couple(batch, name, contrast.setting, own) for name in sorted(own)]
    return [*shared, *plain, *coupled, *held, asked]


def _couple(batch: Batch, name: str, setting: Mapping[str, str], copied: frozenset[str]) -> Factor:
    """P(variable, twin | parents of both worlds), what is set already fixed."""
    variables = batch.network.scenario.variables
    parents = variables[name].parents
    twins = differ(parents, setting, copied)

    def make() -> Factor:
        free = (Twin(p) for p, state in twins.items() if state is None)
        table = couple(name, twins, variables, batch.values)
        return Factor((*parents, *free, name, Twin(name)), table[..., np.newaxis, :])

    return batch.once(("couple", name, *twins.items()), make)


def differ(
    parents: Iterable[str], setting: Mapping[str, str], copied: frozenset[str]
) -> dict[str, str | None]:
    """The parents that the twin world may have otherwise: as set there, or in any state (None)."""
    return {p: setting.get(p) for p in parents if p in copied or p in setting}


def negate(claim: Claim, states: Sequence[str]) -> Claim | None:
    """The claim that the variable is in none of the claim's states; None if there is no other."""
    others = tuple(s for s in states if s not in claim.states)
    return Claim(variable=claim.variable, states=others) if others else None
