"""What remains of a sum when one item of evidence at a time is left out, mostly from one pass back.

The sum of a product of factors is linear in each of them. So where an item speaks in one factor
only, the derivative by that factor gives the sum with another factor in its place, and one pass
back serves all such items (Darwiche 2003). Items that speak in several are left out one by one;
so is a report without which a silence would hold again, since it speaks in that silence too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from rivals.batch import Batch
from rivals.engine import Array
from rivals.factors import Factor, log_sum, scale_of, settle, tape_of

Make = Callable[[Batch], Sequence[Factor]]
"""The factors of a question, for whatever evidence a batch has."""


def leave_each_out(makes: Sequence[Make], batch: Batch) -> list[Array]:
    """The logarithm of each sum with all evidence, then without each item: (1 + items, draws)."""
    places, several = find_places(batch.evidence)
    placed = without_places(batch, places)
    without = _without(batch, several)
    found = []
    for make in makes:
        total, left = exchange(make, batch, placed, places)
        sums = np.repeat(total, 1 + len(batch.network.items), axis=0)
        sums[[1 + item for item in places]] = left[:, 0]
        if several:
            sums[[1 + item for item in several]] = log_sum(make(without))
        beyond = np.flatnonzero(~(sums[1:] < np.inf).all(axis=1)).tolist()
        if beyond:  # derivatives above 1e308, by cells that are 0
            sums[[1 + item for item in beyond]] = log_sum(make(_without(batch, beyond)))
        found.append(sums)
    return found


def _without(batch: Batch, items: Sequence[int]) -> Batch:
    """An evidence set for each of the items, in which it alone does not hold."""
    masks = np.repeat(batch.masks[:, :1], len(items), axis=1)
    masks[list(items), range(len(items))] = False
    return batch.over(masks)


def find_places(factors: Sequence[Factor]) -> tuple[dict[int, int], list[int]]:
    """The place of each item in the one factor where it speaks; the items that speak in several."""
    uses = Counter(item for factor in factors for item in set(factor.items))
    places: dict[int, int] = {}
    for factor in factors:
        alone = [item for item in dict.fromkeys(factor.items) if uses[item] == 1]
        places |= {item: place for place, item in enumerate(alone)}
    return places, [item for item, times in uses.items() if times > 1]


def without_places(batch: Batch, places: Mapping[int, int]) -> Batch:
    """The evidence sets once for each place, without one item of every factor: few serve all."""
    sets = batch.masks.shape[1]
    masks = np.tile(batch.masks, (1, 1 + max(places.values(), default=0)))
    for item, place in places.items():
        masks[item, place * sets : (place + 1) * sets] = False
    shares = batch.shares
    if shares is not None and shares.shape[1] > 1:
        shares = np.tile(shares, (1, masks.shape[1] // sets))
    return batch.over(masks, shares)


def exchange(
    make: Make, batch: Batch, placed: Batch, places: Mapping[int, int]
) -> tuple[Array, Array]:
    """The logarithm of a sum, (sets, draws), and without each item: (items, sets, draws).

    `placed` is the batch without the places. By derivatives above 1e308 it is not finite.
    """
    whole, parts = (settle(make(b), heeding=False) for b in (batch, placed))
    answer, gradients = tape_of(whole).run_with_gradients([f.table for f in whole], np.ones((1, 1)))
    scale, sets = scale_of(whole), batch.masks.shape[1]
    shape, found = (sets, batch.draws), {}
    for factor, gradient, part in zip(whole, gradients, parts, strict=True):
        for item in set(factor.items) & set(places):
            at = slice(places[item] * sets, (places[item] + 1) * sets)
            log = _replace(gradient, part, at) + answer.log_scale + scale - factor.scale
            found[item] = np.broadcast_to(log, shape)
    left = np.array([found[item] for item in places]).reshape(len(places), *shape)
    return np.broadcast_to(answer.log_total + scale, shape), left


def _replace(gradient: Array, part: Factor, at: slice) -> Array:
    """The logarithm of the sum with another factor in place of the one derived by."""
    table = part.table[..., at, :] if part.table.shape[-2] > 1 else part.table
    total = (np.where(table > 0, gradient, 0.0) * table).sum(axis=tuple(range(len(part.scope))))
    with np.errstate(divide="ignore"):
        scale = part.scale[at] if len(part.scale) > 1 else part.scale
        return np.asarray(np.log(np.maximum(total, 0.0)) + scale)
