"""The couplings at which what a stage asks is lowest and highest.

It is linear in the coupling of each mechanism while the others are held, hence extreme at corners
of them all. Where these are few enough they are gone through, and for one mechanism solved for;
else each mechanism in turn is given its best answer to the others, until nothing moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray

from rivals.analysis.couplings import Block, Pair, find_blocks, find_blocks_within, list_starts
from rivals.analysis.meeting import Mechanism, Place, Stage
from rivals.engine import Array

LISTED, PROGRAMMES = 4096, 100
"""How many combinations of corners are gone through; fewer where each takes linear programmes."""

MEMBERS, CELLS = 256, 2**24
"""How many combinations are weighed at once, and the cells of their runs (128 MB)."""

STARTS, WORK, SWEEPS, STILL = 8, 2**21, 50, 1e-13
"""Corners that a search starts from beside named couplings, fewer where the cells of their runs are
more than the next number; its sweeps; a gain that is none."""

Chosen = Mapping[Place, Sequence[tuple[Block, Array]]]
"""A coupling, (responses,), of each free block of each mechanism."""

Couplings = Mapping[Place, Sequence[Array]]
"""The same for several members at once: (responses, members)."""

Extremes = tuple[tuple[float, Chosen], tuple[float, Chosen]]
"""The lowest value and where it is reached, and the highest."""


@dataclass(frozen=True, eq=False)
class Free:
    """A mechanism with blocks of rows that may be coupled as one likes.

    pairs: the rows that meet. whole: whether every choice for the blocks is a coupling of all the
    rows, and every coupling such a choice.
    """

    place: Place
    mechanism: Mechanism
    pairs: frozenset[Pair]
    blocks: tuple[Block, ...]
    whole: bool

    def within(self) -> Free:
        """The same with every choice a coupling of all the rows; perhaps not every one is left."""
        if self.whole:
            return self
        return replace(
            self, blocks=tuple(find_blocks_within(self.mechanism.rows, sorted(self.pairs)))
        )

    @cached_property
    def corners(self) -> int | None:
        """How many combinations of the blocks' corners there are; None if they are not listed."""
        counts = [0 if block.corners is None else len(block.corners) for block in self.blocks]
        return prod(counts) or None

    def pick(self, numbers: NDArray[np.intp]) -> list[Array]:
        """Combinations of corners by number: (responses, members) for each block."""
        corners = [block.corners for block in self.blocks if block.corners is not None]
        places = np.unravel_index(numbers, [len(one) for one in corners])
        return [one[at].T for one, at in zip(corners, places, strict=True)]

    def join(self, couplings: Sequence[Array]) -> Array:
        """P(y, y*) of each pair of rows: (rows, rows, states, states, members)."""
        joint = np.repeat(self.mechanism.quantile, couplings[0].shape[1], axis=-1)
        for block, coupling in zip(self.blocks, couplings, strict=True):
            for first, second in block.pairs:
                joint[first, second] = block.pair(coupling, (first, second))
                joint[second, first] = joint[first, second].swapaxes(0, 1)
        return joint

    def cost(self, stage: Stage, joints: Mapping[Place, Array], gradient: Array) -> list[Array]:
        """What each response of each block adds, (responses, members), the others held."""
        name, number = self.place
        prices = stage.coupled[name].price(number, joints, gradient)
        both = prices + prices.transpose(1, 0, 3, 2, 4)
        return [
            np.sum([block.cost(both[pair], pair) for pair in block.pairs], axis=0)
            for block in self.blocks
        ]


def find_free(stage: Stage) -> list[Free]:
    """The mechanisms whose coupling can matter to what the stage asks."""
    found = []
    for (name, number), pairs in stage.find_meetings().items():
        mechanism = stage.coupled[name].mechanisms[number]
        blocks, whole = find_blocks(mechanism.rows, sorted(pairs))
        found.append(Free((name, number), mechanism, frozenset(pairs), tuple(blocks), whole))
    return found


def list_out(stage: Stage, free: Sequence[Free]) -> Extremes | None:
    """The extremes over all choices for the blocks of all mechanisms; None: too many to go through.

    One mechanism, that of the most corners, is solved for in each combination of the others'.
    """
    last = max(free, key=lambda one: one.corners or np.inf)
    others = [one for one in free if one is not last]
    limit = LISTED if last.corners else PROGRAMMES
    if prod(one.corners or limit + 1 for one in others) > limit:
        return None
    return _list_out(stage, others, last)


def _list_out(stage: Stage, others: Sequence[Free], last: Free) -> Extremes:
    sizes = [one.corners or 0 for one in others]
    low: tuple[float, Chosen] = (np.inf, {})
    high: tuple[float, Chosen] = (-np.inf, {})
    for numbers in _chunks(prod(sizes), stage):
        places = np.unravel_index(numbers, sizes) if sizes else ()
        held = {one.place: one.pick(at) for one, at in zip(others, places, strict=True)}
        costs, fixed = _price_last(stage, [*others, last], held, len(numbers))
        for sign in (1.0, -1.0):
            best = [b.cheapest(sign * c) for b, c in zip(last.blocks, costs, strict=True)]
            values = fixed + sum((b * c).sum(axis=0) for b, c in zip(best, costs, strict=True))
            at = int((sign * values).argmin())
            found = float(values[at]), _choose([*others, last], {**held, last.place: best}, at)
            if sign > 0:
                low = min(low, found, key=lambda one: one[0])
            else:
                high = max(high, found, key=lambda one: one[0])
    return low, high


def _chunks(count: int, stage: Stage) -> Iterator[NDArray[np.intp]]:
    """The numbers below the count, so many at a time as may be weighed at once."""
    size = max(1, min(MEMBERS, CELLS // stage.cells))
    for start in range(0, count, size):
        yield np.arange(start, min(start + size, count))


def _price_last(
    stage: Stage, free: Sequence[Free], held: Couplings, members: int
) -> tuple[list[Array], Array]:
    """What each response of the last mechanism adds, and what is there without: (members,)."""
    last = free[-1]
    start = [np.repeat(b.share_quantile()[:, np.newaxis], members, axis=1) for b in last.blocks]
    joints = _join(free, {**held, last.place: start})
    values, gradients = stage.ask(joints, [last.place[0]])
    costs = last.cost(stage, joints, gradients[last.place[0]])
    return costs, values - sum((s * c).sum(axis=0) for s, c in zip(start, costs, strict=True))


def _join(free: Sequence[Free], couplings: Couplings) -> dict[Place, Array]:
    return {one.place: one.join(couplings[one.place]) for one in free}


def _choose(free: Sequence[Free], couplings: Couplings, at: int) -> Chosen:
    """The couplings of one member."""
    return {
        one.place: [(b, c[:, at]) for b, c in zip(one.blocks, couplings[one.place], strict=True)]
        for one in free
    }


def search(stage: Stage, free: Sequence[Free]) -> Extremes:
    """The lowest and highest that is found by improving one mechanism at a time from many starts.

    The first half of the members goes down and the second goes up.
    """
    couplings = _start(free, max(1, min(STARTS, WORK // stage.cells)))
    members = next((c[0].shape[1] for c in couplings.values()), 1)
    signs = np.repeat([1.0, -1.0], members // 2)
    values, _ = stage.ask(_join(free, couplings), ())
    for _ in range(SWEEPS):
        before = values
        for one in free:
            joints = _join(free, couplings)
            _, gradients = stage.ask(joints, [one.place[0]])
            costs = one.cost(stage, joints, gradients[one.place[0]])
            best = [b.cheapest(signs * c) for b, c in zip(one.blocks, costs, strict=True)]
            couplings[one.place] = best
        values, _ = stage.ask(_join(free, couplings), ())
        if (signs * (before - values)).max() < STILL:
            break
    low, high = int(values.argmin()), int(values.argmax())
    return (
        (float(values[low]), _choose(free, couplings, low)),
        (float(values[high]), _choose(free, couplings, high)),
    )


def _start(free: Sequence[Free], corners: int) -> dict[Place, list[Array]]:
    """The starts of a search, once for each direction: (responses, members) for each block."""
    blocks = [(one.place, block) for one in free for block in one.blocks]
    starts = list(list_starts([block for _, block in blocks], corners))
    found: dict[Place, list[Array]] = {one.place: [] for one in free}
    for (place, _), columns in zip(blocks, zip(*starts, strict=True), strict=True):
        found[place].append(np.tile(np.stack(columns, axis=1), 2))
    return found
