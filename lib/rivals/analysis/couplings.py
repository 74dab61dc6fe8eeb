"""How the rows of one mechanism may be coupled: all joint distributions with the rows as margins.

A response says what the mechanism brings about in each of its rows; a coupling is a distribution
over responses (Balke and Pearl 1994). A twin network sees no more of it than the pairs of rows that
meet there. Pairs that close no circle may be coupled each as one likes: such couplings are always
the margins of a joint one. So only rows in a circle need to be looked at together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

from rivals.engine import Array

Pair = tuple[int, int]
"""Two rows of a mechanism that meet, the lower number first."""

RESPONSES, SAMPLED = 2000, 600
"""How many responses of rows in a circle are looked at together; of more, so many of them."""

BASES = 20_000
"""How many candidates for a corner of the set of couplings are gone through at most."""

CLEAR = 1e-11
"""Numbers that lie no further below 0 are 0."""


@dataclass(frozen=True, eq=False)
class Block:
    """Rows that are coupled together, whatever the others do.

    rows: their numbers. pairs: which of them meet, by number. margins: their distributions, (rows,
    states). responses: a state for each row, (responses, rows), none of a chance of 0. A coupling
    is a chance for each response: (responses,), or (responses, members) of several at once.
    """

    rows: tuple[int, ...]
    pairs: tuple[Pair, ...]
    margins: Array
    responses: NDArray[np.int64]

    def pair(self, coupling: Array, pair: Pair) -> Array:
        """The joint distribution of two of the rows: (states, states, members)."""
        first, second = (self.responses[:, self.rows.index(row)] for row in pair)
        states = self.margins.shape[1]
        joint = np.zeros((states, states, *coupling.shape[1:]))
        np.add.at(joint, (first, second), coupling)
        return joint

    def cost(self, prices: Array, pair: Pair) -> Array:
        """What each response costs, (responses, members), by prices (states, states, members)."""
        first, second = (self.responses[:, self.rows.index(row)] for row in pair)
        return np.asarray(prices[first, second])

    def share_quantile(self, turned: Sequence[int] = ()) -> Array:
        """All rows respond to one quantile u, or to 1 - u those that are turned: (responses,)."""
        highs = np.minimum(np.cumsum(self.margins, axis=1), 1.0)
        highs[:, -1] = 1.0
        lows = np.hstack([np.zeros((len(highs), 1)), highs[:, :-1]])
        for i, row in enumerate(self.rows):
            if row in turned:
                lows[i], highs[i] = 1.0 - highs[i], 1.0 - lows[i]
        each = range(len(self.rows))
        top, bottom = highs[each, self.responses].min(1), lows[each, self.responses].max(1)
        return np.asarray(np.maximum(top - bottom, 0.0))

    @cached_property
    def limits(self) -> tuple[Array, Array]:
        """The equations that make chances of responses a coupling: a matrix and its right side."""
        matrix, sides = [np.ones(len(self.responses))], [1.0]
        for i, margin in enumerate(self.margins):
            for state in np.flatnonzero(margin)[:-1]:  # the last follows from the others
                matrix.append((self.responses[:, i] == state).astype(float))
                sides.append(float(margin[state]))
        return np.array(matrix), np.array(sides)

    @cached_property
    def corners(self) -> Array | None:
        """All corners of the set of couplings, (corners, responses); None if they are too many."""
        matrix, sides = self.limits
        rank, size = matrix.shape
        if comb(size, rank) > BASES:
            return None
        bases = np.array(list(combinations(range(size), rank)))
        square = matrix.T[bases].transpose(0, 2, 1)
        sound = np.abs(np.linalg.det(square)) > 0.5  # a whole number: the entries are 0 and 1
        right = np.broadcast_to(sides[:, np.newaxis], (sound.sum(), rank, 1))
        found = np.linalg.solve(square[sound], right)[..., 0]
        fits = (found >= -CLEAR).all(axis=1)
        corners = np.zeros((fits.sum(), size))
        np.put_along_axis(corners, bases[sound][fits], np.maximum(found[fits], 0.0), axis=1)
        return corners[np.unique(corners.round(12), axis=0, return_index=True)[1]]

    def cheapest(self, costs: Array) -> Array:
        """A coupling of the lowest cost for each column of costs: (responses, members)."""
        if self.corners is not None:
            best = (self.corners @ costs).argmin(axis=0)
            return np.asarray(self.corners[best].T)
        return np.stack([self._solve(column) for column in costs.T], axis=1)

    def _solve(self, costs: Array) -> Array:
        """The same by a linear programme, for one column."""
        from scipy.optimize import linprog

        matrix, sides = self.limits
        top = float(np.abs(costs).max()) or 1.0
        found = linprog(
            costs / top,
            A_eq=matrix,
            b_eq=sides,
            method="highs-ds",
            options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
        )
        assert found.status == 0, found.message  # independent rows are always a coupling
        return np.asarray(np.maximum(np.asarray(found.x), 0.0))


def find_blocks(rows: Array, pairs: Iterable[Pair]) -> tuple[list[Block], bool]:
    """The blocks of a mechanism's rows, (rows, states), and whether they say all that must hold.

    They do not where rows in a circle have too many responses: their pairs are then blocks of
    their own, which allows couplings of the pairs that no coupling of all of them has.
    """
    groups = list(_part(pairs))
    fit = [len(group) == 1 or _count(rows, group) <= RESPONSES for group in groups]
    found = [
        _make_block(rows, some)
        for group, fits in zip(groups, fit, strict=True)
        for some in ([group] if fits else [[pair] for pair in group])
    ]
    return found, all(fit)


def find_blocks_within(rows: Array, pairs: Iterable[Pair]) -> list[Block]:
    """The same, but rows in a circle with too many responses have only some of them.

    All that they allow are couplings of all the rows; there may be others.
    """
    return [
        _make_block(rows, group, some=len(group) > 1 and _count(rows, group) > RESPONSES)
        for group in _part(pairs)
    ]


def _rows_of(pairs: Iterable[Pair]) -> list[int]:
    return sorted({row for pair in pairs for row in pair})


def _count(rows: Array, pairs: Sequence[Pair]) -> int:
    """How many responses the rows of some pairs have."""
    return prod(int(np.count_nonzero(rows[row])) for row in _rows_of(pairs))


def _make_block(rows: Array, pairs: Sequence[Pair], *, some: bool = False) -> Block:
    own = _rows_of(pairs)
    if some:
        responses = _sample_responses(rows[own])
    else:
        responses = np.array(list(product(*(np.flatnonzero(rows[row]) for row in own))))
    return Block(tuple(own), tuple(pairs), rows[own], responses)


def _sample_responses(margins: Array) -> NDArray[np.int64]:
    """Responses to one quantile u by the rows, with 1 - u for some: (responses, rows)."""
    generator, count = np.random.default_rng(0), len(margins)
    turns = [np.arange(count) >= i for i in range(count, 0, -1)]
    turns += [*np.eye(count, dtype=bool), *(generator.random((SAMPLED, count)) < 0.5)]
    ends = np.minimum(margins.cumsum(axis=1)[:, :-1], 1.0)
    found: dict[tuple[int, ...], None] = {}
    for turned in turns:
        if len(found) >= SAMPLED:
            break
        points = np.unique(np.where(turned[:, np.newaxis], 1.0 - ends, ends))
        points = np.array([0.0, *points, 1.0])
        middles = (points[1:] + points[:-1])[points[1:] > points[:-1]] / 2
        own = np.where(turned[:, np.newaxis], 1.0 - middles, middles)
        states = (own[:, np.newaxis] > ends[..., np.newaxis]).sum(axis=1)
        found |= dict.fromkeys(map(tuple, states.T.tolist()))
    return np.array(list(found))


def _part(pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
    """The pairs in groups: alone those that lead nowhere, together those that hang together."""
    left = sorted(pairs)
    while True:
        ends = [row for pair in left for row in pair]
        lone = next((pair for pair in left if min(map(ends.count, pair)) == 1), None)
        if lone is None:
            break
        left.remove(lone)
        yield [lone]
    while left:
        rows, group = set(left[0]), list[Pair]()
        while fresh := [pair for pair in left if rows & set(pair)]:
            rows.update(*fresh)
            group.extend(fresh)
            left = [pair for pair in left if pair not in fresh]
        yield sorted(group)


def list_starts(blocks: Sequence[Block], count: int) -> Iterator[list[Array]]:
    """Couplings of all blocks to search from: a shared quantile, a turned one, corners."""
    yield [block.share_quantile() for block in blocks]
    yield [block.share_quantile(block.rows[1:]) for block in blocks]
    generator = np.random.default_rng(0)
    for _ in range(count):
        yield [
            block.cheapest(generator.standard_normal((len(block.responses), 1)))[:, 0]
            for block in blocks
        ]
