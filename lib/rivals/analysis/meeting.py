"""A twin network in which it is left open how the rows of some mechanisms are coupled.

What is asked of it is linear in the coupling of each mechanism while those of the others are held:
one pass back gives the prices of all pairs of states.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rivals.batch import Batch
from rivals.engine import Array, Node, compile_reduction
from rivals.factors import Factor, scale_of, settle, sizes_of, tape_of
from rivals.gates import Component, build_components, face, join_parts
from rivals.twin import Contrast, Twin, differ

Place = tuple[str, int]
"""A mechanism: its variable, and its number among the variable's components."""

Joints = Mapping[Place, Array]
"""P(y, y*) of each pair of a mechanism's rows: (rows, rows, states, states, members of a batch)."""

ROUNDING = 1e-15
"""A share of the whole that is not told from 0."""


@dataclass(frozen=True, eq=False)
class Mechanism:
    """A component as the two worlds meet it.

    below: P(<= y) of each row, (rows, states). first, second: which row responds in either world,
    to be broadcast over combinations of the parents, and of those that are free in the twin world.
    """

    below: Array
    first: NDArray[np.int64]
    second: NDArray[np.int64]

    @cached_property
    def rows(self) -> Array:
        """The distribution of each row: (rows, states)."""
        return np.diff(self.below, axis=1, prepend=0.0)

    @cached_property
    def open(self) -> NDArray[np.bool_]:
        """Whether the coupling of two rows is not settled by the rows alone: (rows, rows)."""
        unsure = np.count_nonzero(self.rows, axis=1) > 1
        return np.asarray(unsure[:, np.newaxis] & unsure & ~np.eye(len(unsure), dtype=bool))

    @property
    def is_open(self) -> bool:
        """Whether any two such rows could meet."""
        return bool(self.open[self.first, self.second].any())

    @cached_property
    def quantile(self) -> Array:
        """The joints if all rows respond to one quantile: (rows, rows, states, states, 1)."""
        below = np.minimum(self.below[:, np.newaxis, :, np.newaxis], self.below[:, np.newaxis])
        steps = np.diff(np.diff(below, axis=2, prepend=0.0), axis=3, prepend=0.0)
        return np.maximum(steps, 0.0)[..., np.newaxis]

    @cached_property
    def apart(self) -> Array:
        """The joints if different rows respond independently: every pair that is possible."""
        joint = self.rows[:, np.newaxis, :, np.newaxis] * self.rows[:, np.newaxis]
        same = np.arange(len(joint))
        joint[same, same] = self.quantile[same, same, ..., 0]
        return joint[..., np.newaxis]


@dataclass(frozen=True, eq=False)
class Coupled:
    """A variable and its twin, and the mechanisms whose maximum they are."""

    name: str
    scope: tuple[Node, ...]
    mechanisms: tuple[Mechanism, ...]

    @property
    def open_places(self) -> list[Place]:
        """Where rows meet whose coupling is not settled."""
        return [(self.name, i) for i, one in enumerate(self.mechanisms) if one.is_open]

    def tabulate(self, joints: Joints) -> Factor:
        """P(variable, twin | parents of both), the members of the batch in the place of draws."""
        table = join_parts([self._gather(i, joints) for i in range(len(self.mechanisms))])
        return Factor(self.scope, table[..., np.newaxis, :])

    def price(self, number: int, joints: Joints, gradient: Array) -> Array:
        """The derivative by a mechanism's joints, from that by the table (cards..., members)."""
        flow = _undo_steps(_undo_steps(gradient, -2), -3)
        for other in range(len(self.mechanisms)):
            if other != number:
                flow = flow * self._gather(other, joints)
        return self.collect(number, _undo_sums(_undo_sums(flow, -2), -3))

    def collect(self, number: int, flow: Array) -> Array:
        """What comes to each pair of a mechanism's rows: (rows, rows, states, states, members)."""
        one = self.mechanisms[number]
        count, shape, tail = len(one.below), flow.shape[:-3], flow.shape[-3:]
        pairs = np.broadcast_to(one.first * count + one.second, shape).ravel()
        cells, found = flow.reshape(-1, *tail), np.zeros((count * count, *tail))
        for pair in np.unique(pairs):
            found[pair] = cells[pairs == pair].sum(axis=0)
        return found.reshape(count, count, *tail)

    def _gather(self, number: int, joints: Joints) -> Array:
        """P(<= y, <= y*) of a mechanism by combinations of the parents."""
        one = self.mechanisms[number]
        joint = joints.get((self.name, number), one.quantile)
        return np.asarray(joint.cumsum(axis=2).cumsum(axis=3)[one.first, one.second])


def _undo_steps(flow: Array, axis: int) -> Array:
    """The adjoint of taking the steps of a table along an axis."""
    turned = np.moveaxis(flow, axis, 0).copy()
    turned[:-1] -= np.moveaxis(flow, axis, 0)[1:]
    return np.moveaxis(turned, 0, axis)


def _undo_sums(flow: Array, axis: int) -> Array:
    """The adjoint of summing a table up along an axis."""
    return np.flip(np.flip(flow, axis).cumsum(axis=axis), axis)


@dataclass(frozen=True, eq=False)
class Stage:
    """What a contrast asks of a twin network, all else summed out than open mechanisms touch.

    scale: the logarithm by which the fixed factors are to be multiplied, the evidence taken off.
    """

    fixed: Sequence[Factor]
    coupled: Mapping[str, Coupled]
    scale: float

    def ask(self, joints: Joints, names: Iterable[str]) -> tuple[Array, dict[str, Array]]:
        """P(contrast | evidence) for each member, and its derivatives by the tables of `names`.

        Mechanisms that `joints` does not name share one quantile.
        """
        tables = {name: one.tabulate(joints) for name, one in self.coupled.items()}
        factors = [*self.fixed, *tables.values()]
        answer, gradients = tape_of(factors).run_with_gradients(
            [f.table for f in factors], np.ones((1, 1))
        )
        scale = np.exp(answer.log_scale + self.scale)
        by_name = dict(zip(tables, gradients[len(self.fixed) :], strict=True))
        wanted = {name: (by_name[name] * scale)[..., 0, :] for name in names}
        return (answer.table * scale)[0], wanted

    @cached_property
    def cells(self) -> int:
        """How large a run is, for one member."""
        tables = [one.tabulate({}) for one in self.coupled.values()]
        return max(1, tape_of([*self.fixed, *tables]).order.cells)

    def find_meetings(self) -> dict[Place, set[tuple[int, int]]]:
        """The pairs of rows, by number, that can meet with something open in what is asked."""
        places = [place for one in self.coupled.values() for place in one.open_places]
        joints = {(n, i): self.coupled[n].mechanisms[i].apart for n, i in places}
        total, gradients = self.ask(joints, self.coupled)
        found: dict[Place, set[tuple[int, int]]] = {}
        for name, number in places:
            one = self.coupled[name]
            masses = gradients[name] * one.tabulate(joints).table[..., 0, :]
            met = one.collect(number, masses).sum(axis=(2, 3, 4)) > ROUNDING * total[0]
            pairs = np.argwhere(met & one.mechanisms[number].open).tolist()
            found[name, number] = {(min(pair), max(pair)) for pair in pairs}
        return {place: pairs for place, pairs in found.items() if pairs}


def set_stage(batch: Batch, contrast: Contrast, factors: Sequence[Factor]) -> Stage:
    """The stage of a contrast, from the factors whose product sums to what it asks (one draw)."""
    copied = sorted(contrast.copied(batch.network))
    every = [_couple(batch, contrast, name) for name in copied]
    coupled = {one.name: one for one in every if one.open_places}
    ends = {(name, Twin(name)) for name in coupled}
    leave = frozenset(node for one in coupled.values() for node in one.scope)
    rest = settle([f for f in factors if f.scope[-2:] not in ends], leave)
    sizes = sizes_of(rest)
    reduction = compile_reduction(sizes, [f.scope for f in rest], leave & set(sizes))
    left, scale = reduction.run([f.table for f in rest])
    whole = scale + scale_of(rest) - batch.log_evidence
    return Stage([Factor(scope, table) for scope, table in left], coupled, float(whole[0, 0]))


def _couple(batch: Batch, contrast: Contrast, name: str) -> Coupled:
    """A variable with its mechanisms and those of its twin."""
    variables = batch.network.scenario.variables
    parents = variables[name].parents
    twins = differ(parents, contrast.setting, contrast.copied(batch.network))
    parts = build_components(name, variables, batch.values)
    free = (Twin(parent) for parent, state in twins.items() if state is None)

    def meet(part: Component) -> Mechanism:
        _, places, numbers = np.unique(part.rows, return_index=True, return_inverse=True)
        below = part.cumulative.reshape(-1, *part.cumulative.shape[-2:])[places, :, 0]
        both = face(part, numbers.reshape(part.rows.shape), parents, twins, variables)
        return Mechanism(np.where(below > 1.0 - ROUNDING, 1.0, below), *both)

    return Coupled(name, (*parents, *free, name, Twin(name)), tuple(map(meet, parts)))
