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
    network = batch.network
    ranks, several = _rank(batch.evidence)
    ranked = _without_ranks(batch, ranks)
    rest = (set(network.items) - {network.items[item]} for item in several)
    without = batch.over(network.masks(*rest))
    found = []
    for make in makes:
        sums = _leave_ranked(make, batch, ranked, ranks)
        if several:
            sums[[1 + item for item in several]] = log_sum(make(without))
        found.append(sums)
    return found


def _leave_ranked(make: Make, batch: Batch, ranked: Batch, ranks: dict[int, int]) -> Array:
    """The sums of one question, right for all items but those that speak in several factors."""
    whole, parts = (settle(make(b), heeding=False) for b in (batch, ranked))
    tape = tape_of(whole)
    answer, gradients = tape.run_with_gradients([f.table for f in whole], np.ones((1, 1)))
    scale, count = scale_of(whole), len(batch.network.items)
    total = np.broadcast_to(answer.log_total + scale, (1, count_draws(batch.values)))
    found = np.repeat(total, 1 + count, axis=0)
    for factor, gradient, part in zip(whole, gradients, parts, strict=True):
        for item in set(factor.items) & set(ranks):
            left = _exchange(gradient, part, ranks[item])
            found[1 + item] = (left + answer.log_scale + scale - factor.scale)[0]
    return found


def _rank(factors: Sequence[Factor]) -> tuple[dict[int, int], list[int]]:
    """The place of each item in the one factor where it speaks; the items that speak in several."""
    uses = Counter(item for factor in factors for item in set(factor.items))
    ranks: dict[int, int] = {}
    for factor in factors:
        alone = [item for item in dict.fromkeys(factor.items) if uses[item] == 1]
        ranks |= {item: rank for rank, item in enumerate(alone)}
    return ranks, [item for item, times in uses.items() if times > 1]


def _without_ranks(batch: Batch, ranks: dict[int, int]) -> Batch:
    """Evidence sets of which each leaves out one item of every factor, so that few serve all."""
    masks = np.ones((len(batch.network.items), 1 + max(ranks.values(), default=0)), bool)
    masks[list(ranks), list(ranks.values())] = False
    return batch.over(masks)


def _exchange(gradient: Array, part: Factor, rank: int) -> Array:
    """The logarithm of the sum with another factor in place of the one derived by: (1, draws)."""
    table = part.table[..., [rank], :] if part.table.shape[-2] > 1 else part.table
    total = (gradient * table).sum(axis=tuple(range(len(part.scope))))
    with np.errstate(divide="ignore"):
        scale = part.scale[[rank]] if len(part.scale) > 1 else part.scale
        return np.asarray(np.log(np.maximum(total, 0.0)) + scale)
