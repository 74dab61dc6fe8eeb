"""In which order to sum variables out: it decides whether an answer takes a millisecond or a day.

Greedy min-fill and min-weight (Kjaerulff 1990; Koller and Friedman 2009, section 9.4.3), started
again with random tie-breaks as long as a budget of work lasts. The budget counts scores computed,
not seconds, so that the same network always gets the same order.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rivals.errors import TooLarge

CELL_LIMIT = 100_000_000
"""The largest table, in cells without the batch, that inference may build."""

TOTAL_LIMIT = 500_000_000
"""How many cells all tables together may have, without the batch: 4 GB."""

WORK = 30_000
"""How many scores all starts of a search together may compute."""

CELLS_A_SCORE = 20
"""How many cells a run fills in the time of one score: a small network is not worth a search."""

PATIENCE = 6
"""After how many starts in a row that bring nothing a search ends."""

Node = Hashable
Score = Callable[[int], float]


@dataclass(frozen=True)
class Order:
    """Variables in the order of elimination, and what following it costs.

    cells: of all products; largest: the variables of the largest one; width: the most variables
    that stand in one product, less one.
    """

    nodes: tuple[Node, ...]
    cells: int
    largest: tuple[Node, ...]
    largest_cells: int
    width: int = 0


def find_order(
    cards: Mapping[Node, int],
    scopes: Sequence[tuple[Node, ...]],
    keep: Sequence[Node] = (),
    *,
    joined: bool = True,
) -> Order:
    """The cheapest order found for summing out all but `keep`, which end in one table if joined.

    Raises TooLarge, naming the variables, when its largest table exceeds CELL_LIMIT cells, or all
    of them TOTAL_LIMIT.
    """
    best = search_order(cards, scopes, keep, joined=joined)
    if not fits(best.cells, best.largest_cells):
        raise TooLarge(tell_size(best.cells, best.largest, best.largest_cells))
    return best


def fits(cells: int, largest_cells: int) -> bool:
    """Whether tables of so many cells, and the largest of so many, are within the bounds."""
    return largest_cells <= CELL_LIMIT and cells <= TOTAL_LIMIT


def tell_size(cells: int, largest: Sequence[Node], largest_cells: int) -> str:
    """What is too large, and which variables make it so."""
    names = f"over {', '.join(str(node) for node in largest[:12])} ({len(largest)} variables)"
    if largest_cells > CELL_LIMIT:
        what, bound = f"a table of {show_size(largest_cells)} cells {names}", CELL_LIMIT
    else:
        what = f"tables of {show_size(cells)} cells together, the largest {names}"
        bound = TOTAL_LIMIT
    return f"an exact answer would need {what}; the bound is {bound:,}"


def show_size(cells: int) -> str:
    """A number of cells as it is told; one that is beyond all bounds by its magnitude.

    >>> show_size(12_000), show_size(3**10_000)
    ('12,000', 'some 10^4771')
    """
    return f"{cells:,}" if cells < 10**18 else f"some 10^{int(math.log10(cells))}"


def search_order(
    cards: Mapping[Node, int],
    scopes: Sequence[tuple[Node, ...]],
    keep: Sequence[Node] = (),
    *,
    joined: bool = True,
) -> Order:
    """As `find_order`, whatever the size."""
    graph = _Graph.build(cards, [*scopes, tuple(keep)] if joined else scopes, keep)
    best = min(_orders(graph), key=lambda order: (order.cells, order.largest_cells))
    left = tuple(dict.fromkeys(keep)) if joined else ()
    end = math.prod(cards[node] for node in left) if left else 0
    if end > best.largest_cells:
        best = replace(best, largest=left, largest_cells=end)
    return replace(best, cells=best.cells + end, width=max(best.width, len(left) - 1))


def _orders(graph: _Graph) -> Iterator[Order]:
    """Orders to choose from: a search lasts as long as it can save more than it costs."""
    generator = np.random.Generator(np.random.PCG64(0))
    spent, fewest, vain = 0, math.inf, 0
    for attempt in range(64):
        walk = _Walk(graph, generator if attempt > 1 else None)
        order = walk.eliminate(walk.fill if attempt % 2 == 0 else walk.weight)
        yield order
        vain = vain + 1 if order.cells >= fewest else 0
        fewest = min(fewest, order.cells)
        spent += walk.scored
        if vain == PATIENCE:
            return
        if (walk.easy and attempt == 0) or spent + walk.scored > min(WORK, fewest / CELLS_A_SCORE):
            return


@dataclass
class _Graph:
    """Who shares a factor with whom, as bit masks over positions."""

    nodes: tuple[Node, ...]
    logs: list[float]
    cards: list[int]
    neighbours: list[int]
    free: int

    @classmethod
    def build(
        cls, cards: Mapping[Node, int], scopes: Sequence[tuple[Node, ...]], keep: Sequence[Node]
    ) -> _Graph:
        nodes = tuple(cards)
        index = {node: i for i, node in enumerate(nodes)}
        neighbours = [0] * len(nodes)
        for scope in scopes:
            mask = sum(1 << index[node] for node in dict.fromkeys(scope))
            for node in scope:
                neighbours[index[node]] |= mask & ~(1 << index[node])
        free = sum(1 << i for i, node in enumerate(nodes) if node not in set(keep))
        sizes = [cards[node] for node in nodes]
        return cls(nodes, [math.log(max(size, 1)) for size in sizes], sizes, neighbours, free)


class _Walk:
    """One greedy elimination of a graph."""

    def __init__(self, graph: _Graph, generator: np.random.Generator | None) -> None:
        self.graph, self.neighbours, self.free = graph, list(graph.neighbours), graph.free
        size = len(graph.nodes)
        self.noise = (
            generator.random(size).tolist() if generator else [i / size for i in range(size)]
        )
        self.scored, self.easy = 0, True

    def fill(self, i: int) -> float:
        """How many pairs of neighbours are not yet joined."""
        neighbours = self.neighbours
        around = rest = neighbours[i]
        missing = 0
        while rest:  # `_bits` written out: most of a search is spent here
            low = rest & -rest
            rest ^= low
            missing += (around & ~neighbours[low.bit_length() - 1]).bit_count() - 1
        return missing / 2

    def weight(self, i: int) -> float:
        """The logarithm of the table that summing this one out leaves."""
        return sum(self.graph.logs[j] for j in _bits(self.neighbours[i]))

    def eliminate(self, score: Score) -> Order:
        scores = {i: self._score(score, i) for i in _bits(self.free)}
        nodes, cells, largest, largest_cells, most = [], 0, 0, 0, 1
        while scores:
            i = min(scores, key=scores.__getitem__)
            self.easy = scores.pop(i)[0] == 0 and self.easy
            clique = self.neighbours[i] | 1 << i
            size = math.prod(self.graph.cards[j] for j in _bits(clique))
            cells += size
            most = max(most, clique.bit_count())
            if size > largest_cells:
                largest, largest_cells = clique, size
            for j in self._remove(i):
                if j in scores:
                    scores[j] = self._score(score, j)
            nodes.append(self.graph.nodes[i])
        names = tuple(self.graph.nodes[j] for j in _bits(largest))
        return Order(tuple(nodes), cells, names, largest_cells, most - 1)

    def _score(self, score: Score, i: int) -> tuple[float, float]:
        self.scored += 1
        return score(i), self.noise[i]

    def _remove(self, i: int) -> Iterator[int]:
        """Join the neighbours of a node, drop it; whose scores that touches."""
        around = self.neighbours[i]
        touched = around
        for j in _bits(around):
            self.neighbours[j] = (self.neighbours[j] | around) & ~(1 << j | 1 << i)
            touched |= self.neighbours[j]
        return _bits(touched & self.free)


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
