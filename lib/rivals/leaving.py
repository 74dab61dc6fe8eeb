"""What remains of a sum when one item of evidence at a time is left out, mostly from one pass back.

The sum of a product of factors is linear in each of them. So where an item speaks in one factor
only, the derivative by that factor gives the sum with another factor in its place, and one pass
back serves all such items (Darwiche 2003). Items that speak in several are left out one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from rivals.batch import Batch
from rivals.draws import count_draws
from rivals.engine import Array
from rivals.factors import Factor, log_sum, scale_of, settle, tape_of

Make = Callable[[Batch], Sequence[Factor]]
"""The factors of a question, for whatever evidence a batch has."""


def leave_each_out(makes: Sequence[Make], batch: Batch) -> list[Array]:
    """The logarithm of each sum with all evidence, then without each item: (1 + items, draws)."""
    places, several = _find_places(batch.evidence)
    placed = _without_places(batch, places)
    without = _without(batch, several)
    found = []
    for make in makes:
        sums = _leave_placed(make, batch, placed, places)
        if several:
            sums[[1 + item for item in several]] = log_sum(make(without))
        beyond = np.flatnonzero(~(sums[1:] < np.inf).all(axis=1)).tolist()
        if beyond:  # derivatives above 1e308, by cells that are 0
            sums[[1 + item for item in beyond]] = log_sum(make(_without(batch, beyond)))
        found.append(sums)
    return found


def _without(batch: Batch, items: Sequence[int]) -> Batch:
    """An evidence set for each of the items, in which it alone does not hold."""
    masks = np.ones((len(batch.network.items), len(items)), bool)
    masks[list(items), range(len(items))] = False
    return batch.over(masks)


def _leave_placed(make: Make, batch: Batch, placed: Batch, places: dict[int, int]) -> Array:
    """The sums of one question, right for all items but those that speak in several factors."""
    whole, parts = (settle(make(b), heeding=False) for b in (batch, placed))
    tape = tape_of(whole)
    answer, gradients = tape.run_with_gradients([f.table for f in whole], np.ones((1, 1)))
    scale, count = scale_of(whole), len(batch.network.items)
    total = np.broadcast_to(answer.log_total + scale, (1, count_draws(batch.values)))
    found = np.repeat(total, 1 + count, axis=0)
    for factor, gradient, part in zip(whole, gradients, parts, strict=True):
        for item in set(factor.items) & set(places):
            left = _exchange(gradient, part, places[item])
            found[1 + item] = (left + answer.log_scale + scale - factor.scale)[0]
    return found


def _find_places(factors: Sequence[Factor]) -> tuple[dict[int, int], list[int]]:
    """The place of each item in the one factor where it speaks; the items that speak in several."""
    uses = Counter(item for factor in factors for item in set(factor.items))
    places: dict[int, int] = {}
    for factor in factors:
        alone = [item for item in dict.fromkeys(factor.items) if uses[item] == 1]
        places |= {item: place for place, item in enumerate(alone)}
    return places, [item for item, times in uses.items() if times > 1]


def _without_places(batch: Batch, places: dict[int, int]) -> Batch:
    """Evidence sets of which each leaves out one item of every factor, so that few serve all."""
    masks = np.ones((len(batch.network.items), 1 + max(places.values(), default=0)), bool)
    masks[list(places), list(places.values())] = False
    return batch.over(masks)


def _exchange(gradient: Array, part: Factor, place: int) -> Array:
    """The logarithm of the sum with another factor in place of the one derived by: (1, draws)."""
    table = part.table[..., [place], :] if part.table.shape[-2] > 1 else part.table
    total = (np.where(table > 0, gradient, 0.0) * table).sum(axis=tuple(range(len(part.scope))))
    with np.errstate(divide="ignore"):
        scale = part.scale[[place]] if len(part.scale) > 1 else part.scale
        return np.asarray(np.log(np.maximum(total, 0.0)) + scale)
