"""Boxes in layers: which row each stands in, in which order, and how far to the right.

Layers, orders and places after Sugiyama, Tagawa and Toda (1981). The links of one cause share a
trunk, so that wherever a line forks it belongs to a single cause.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

SWEEPS, ROUNDS = 24, 60
GAP = 0.14  # inches between two boxes
CORRIDOR, TIGHT = 0.16, 0.09  # inches: what a trunk takes, and at least

Array = npt.NDArray[np.float64]
Link = tuple[str, str]
Parents = Mapping[str, Sequence[str]]


class Trunk(NamedTuple):
    """Where the links of a cause pass a row on their way down."""

    cause: str
    row: int


Place = str | Trunk
Step = tuple[Place, Place]


@dataclass(frozen=True)
class Layers:
    """Rows of variables and trunks, causes above effects; what each link passes on its way."""

    rows: tuple[tuple[Place, ...], ...]
    routes: Mapping[Link, tuple[Place, ...]]

    def list_steps(self) -> list[list[Step]]:
        """From each row to the next, the parts of all routes, each once."""
        level = {place: i for i, row in enumerate(self.rows) for place in row}
        steps: list[dict[Step, None]] = [{} for _ in self.rows]
        for route in self.routes.values():
            for step in pairwise(route):
                steps[level[step[0]]][step] = None
        return [list(found) for found in steps]


def stack(parents: Parents, most: int) -> Layers:
    """Rows of at most so many variables by causal depth, ordered so that few links cross.

    A layer too wide for one row is wrapped, what has no effects first.
    """
    depths = measure_depths(parents)
    causes = {cause for own in parents.values() for cause in own}
    rows: list[list[Place]] = []
    for depth in sorted(set(depths.values())):
        layer = sorted((n for n in parents if depths[n] == depth), key=lambda n: n in causes)
        size = math.ceil(len(layer) / math.ceil(len(layer) / most))
        rows += [list(layer[i : i + size]) for i in range(0, len(layer), size)]
    level = {place: i for i, row in enumerate(rows) for place in row}
    routes: dict[Link, tuple[Place, ...]] = {
        (cause, name): (
            cause,
            *(Trunk(cause, i) for i in range(level[cause] + 1, level[name])),
            name,
        )
        for name, own in parents.items()
        for cause in own
    }
    for trunk in dict.fromkeys(p for route in routes.values() for p in route):
        if isinstance(trunk, Trunk):
            rows[trunk.row].append(trunk)
    return _order(Layers(tuple(map(tuple, rows)), routes))


def measure_depths(parents: Parents) -> dict[str, int]:
    """The longest path from a root to each variable; a root stands just above its first effect."""
    depths: dict[str, int] = {}
    while len(depths) < len(parents):
        for name, own in parents.items():
            if name not in depths and all(cause in depths for cause in own):
                depths[name] = 1 + max((depths[cause] for cause in own), default=-1)
    for root in (name for name, own in parents.items() if not own):
        below = (depths[name] for name, own in parents.items() if root in own)
        depths[root] = min(below, default=1) - 1
    return depths


def _order(layers: Layers) -> Layers:
    """The order of each row with the fewest crossings that sweeps by the middles meet."""
    steps, rows = layers.list_steps(), [list(row) for row in layers.rows]
    best, fewest = layers.rows, count_crossings(rows, steps)
    for sweep in range(SWEEPS):
        for i in range(1, len(rows)) if sweep % 2 == 0 else range(len(rows) - 2, -1, -1):
            upward = i - 1 if sweep % 2 == 0 else i + 1
            _sort_by_middles(rows[i], rows[upward], steps[min(i, upward)])
        _swap(rows, steps)
        crossings = count_crossings(rows, steps)
        if crossings < fewest:
            best, fewest = tuple(map(tuple, rows)), crossings
    return replace(layers, rows=best)


def _sort_by_middles(row: list[Place], beside: list[Place], steps: list[Step]) -> None:
    """Put each place of a row at the middle of those that it meets; the others stay."""
    at = {place: (i + 0.5) / len(beside) for i, place in enumerate(beside)}
    met: dict[Place, list[float]] = {place: [] for place in row}
    for upper, lower in steps:
        place, other = (upper, lower) if upper in met else (lower, upper)
        met[place].append(at[other])
    now = {place: (i + 0.5) / len(row) for i, place in enumerate(row)}
    row.sort(key=lambda p: sum(met[p]) / len(met[p]) if met[p] else now[p])


def _swap(rows: list[list[Place]], steps: list[list[Step]]) -> None:
    """Exchange neighbours in a row as long as fewer links cross."""
    for i, row in enumerate(rows):
        around, meant = rows[max(0, i - 1) : i + 2], steps[max(0, i - 1) : i + 1]
        fewest = count_crossings(around, meant)
        for j in range(len(row) - 1):
            row[j], row[j + 1] = row[j + 1], row[j]
            crossings = count_crossings(around, meant)
            if crossings < fewest:
                fewest = crossings
            else:
                row[j], row[j + 1] = row[j + 1], row[j]


def count_crossings(rows: Sequence[Sequence[Place]], steps: Sequence[Sequence[Step]]) -> int:
    """How often steps between rows next to each other cross."""
    total = 0
    for (upper, lower), between in zip(pairwise(rows), steps, strict=False):
        above, below = ({p: i for i, p in enumerate(row)} for row in (upper, lower))
        ends = np.array([(above[a], below[b]) for a, b in between]).reshape(-1, 2)
        gaps = ends[:, np.newaxis] - ends
        total += int((gaps[..., 0] * gaps[..., 1] < 0).sum()) // 2
    return total


def arrange(layers: Layers, box: float, width: float) -> dict[Place, float]:
    """The middle of each place: near those that it meets, boxes apart, trunks straight."""
    steps, middles = layers.list_steps(), dict[Place, float]()
    apart = [_space(row, box, width) for row in layers.rows]
    for row, offsets in zip(layers.rows, apart, strict=True):
        slack = (width - box - offsets[-1]) / 2
        middles |= {p: box / 2 + slack + x for p, x in zip(row, offsets, strict=True)}
    met: dict[Place, list[tuple[Place, float]]] = {place: [] for place in middles}
    for upper, lower in (step for between in steps for step in between):
        pull = 1.0 + 3.0 * (isinstance(upper, Trunk) + isinstance(lower, Trunk))
        met[upper].append((lower, pull))
        met[lower].append((upper, pull))
    for _ in range(ROUNDS):
        for row, offsets in zip(layers.rows, apart, strict=True):
            pulls = np.array([sum(pull for _, pull in met[p]) or 0.1 for p in row])
            wanted = [
                sum(pull * middles[q] for q, pull in met[p]) / pulls[i] if met[p] else middles[p]
                for i, p in enumerate(row)
            ]
            edge = [box / 2 if isinstance(p, str) else CORRIDOR / 2 for p in (row[0], row[-1])]
            placed = _move_apart(np.array(wanted), pulls, offsets, (edge[0], width - edge[1]))
            middles |= dict(zip(row, placed.tolist(), strict=True))
    return middles


def _space(row: Sequence[Place], box: float, width: float) -> Array:
    """How far right of the first place the others stand at least."""
    boxes = sum(isinstance(place, str) for place in row)
    left = width - boxes * (box + GAP)
    corridor = min(CORRIDOR, max(0.03, left / max(1, len(row) - boxes)))
    sizes = [box + GAP if isinstance(place, str) else corridor for place in row]
    return np.array([0.0, *np.cumsum([(a + b) / 2 for a, b in pairwise(sizes)])])


def _move_apart(wanted: Array, pulls: Array, offsets: Array, ends: tuple[float, float]) -> Array:
    """Places nearest to those wanted, least squares, in order and so far apart: pool violators."""
    pools: list[tuple[float, float, int]] = []
    for value, pull in zip(wanted - offsets, pulls, strict=True):
        pool = (float(value), float(pull), 1)
        while pools and pools[-1][0] > pool[0]:
            other = pools.pop()
            weight = other[1] + pool[1]
            mean = (other[0] * other[1] + pool[0] * pool[1]) / weight
            pool = (mean, weight, other[2] + pool[2])
        pools.append(pool)
    level = np.repeat([mean for mean, _, _ in pools], [size for _, _, size in pools])
    return np.asarray(np.clip(level, ends[0], ends[1] - offsets[-1]) + offsets)
