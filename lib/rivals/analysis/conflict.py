"""Whether the evidence hangs together: log(prod P(e_i) / P(e)), in nats, overall and item by item.

The measure of Jensen, Chamberlain, Nordahl and Jensen 1991: above 0 the items agree less than
independent ones would. Likelihoods count by their ratios alone, so their scale does not matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rivals.batch import Batch, ask_in_chunks
from rivals.engine import Array
from rivals.leaving import exchange, find_places, leave_each_out
from rivals.stories import Mask

MOST = 150
"""Of more items than this, pairs are only asked of those that conflict most with the rest."""

DUST = 1e-12
"""Conflicts no larger than this are rounding, and 0: of thousands of items it comes to 1e-13."""


def measure_conflict(stated: Batch) -> float:
    """Of all items with one another, in nats; 0 without any."""
    stated = settle_silences(stated)
    return _overall(_alone(stated), stated)


def settle_silences(stated: Batch) -> Batch:
    """The same evidence without the silences that have ended: what they said is no part of it.

    So they stay ended whichever items are set apart: both sides of a conflict are the same items.
    """
    network, masks = stated.network, stated.masks.copy()
    masks[network.first_silence : network.first_report] = stated.silent > 0
    return stated.over(masks)


def measure_conflicts(stated: Batch) -> pd.DataFrame:
    """A row per item of evidence, given and silent ones included: source, nats; the most first.

    nats = log(P(e_i) P(rest) / P(e)): how far the item disagrees with all the others together.
    attrs: overall, as `measure_conflict` has it; pairs, a table with first, second and nats =
    log(P(e_i) P(e_j) / P(e_i, e_j)), the pair that disagrees most first; limited, among how many
    items the pairs are, those of most conflict, None for all. Ties by the order of the log.

    The evidence must be possible, as a case makes sure; then its parts are, and nothing is NaN.
    """
    stated = settle_silences(stated)
    alone = _alone(stated)
    whole, *rests = leave_each_out([lambda batch: batch.factors(())], stated)[0][:, 0]
    assert np.isfinite(whole)  # of impossible evidence nothing could be said
    nats = _snap(alone + np.array(rests) - whole)
    holds = np.flatnonzero(stated.masks[:, 0])
    order = holds[_descend(nats[holds])]
    items = pd.Index(stated.network.items, dtype=object, name="item")
    table = pd.DataFrame({"source": _sources(stated), "nats": nats}, index=items).iloc[order]
    table.attrs["overall"] = _overall(alone, stated)
    table.attrs["pairs"] = _pair(stated, alone, np.sort(order[:MOST]))
    table.attrs["limited"] = MOST if len(order) > MOST else None
    return table


def _overall(alone: Array, stated: Batch) -> float:
    return float(alone.sum() - stated.log_evidence[0, 0]) if len(alone) else 0.0


def _alone(stated: Batch) -> Array:
    """Log P(item) of each without the others, 0 of one that does not hold: (items,)."""
    items = np.arange(len(stated.network.items))
    nothing = np.zeros((len(items), 1), bool)
    found = _complete(
        _add_each(stated, nothing, items)[:, 0], stated, np.eye(len(items), dtype=bool)
    )
    return np.where(stated.masks[:, 0], found, 0.0)


def _pair(stated: Batch, alone: Array, items: NDArray[np.int64]) -> pd.DataFrame:
    """A row per pair of some items, these in the order of the log."""
    one, other = np.triu_indices(len(items), 1)
    first, second = items[one], items[other]
    masks = np.eye(len(alone), dtype=bool)
    added = _add_each(stated, masks[:, items], items)
    found = np.where(np.isfinite(added), added, added.T)[one, other]
    together = _complete(found, stated, masks[:, first] | masks[:, second])
    nats = _snap(alone[first] + alone[second] - together)
    order = _descend(nats)
    names = np.array(stated.network.items, dtype=object)
    pairs = {"first": names[first[order]], "second": names[second[order]], "nats": nats[order]}
    return pd.DataFrame(pairs)


def _add_each(stated: Batch, bases: Mask, items: NDArray[np.int64]) -> Array:
    """Log P(base and one more item), from one pass back a base: (items, bases).

    NaN for items that speak in several factors; by derivatives above 1e308 it is not finite.
    """
    added = np.full((len(items), bases.shape[1]), np.nan)
    places = _find_places(stated, items)
    if places and added.size:

        def ask(chunk: Batch) -> tuple[Array, ...]:
            more = _with_places(chunk, places)
            return (exchange(lambda batch: batch.factors(()), chunk, more, places)[1],)

        [found] = ask_in_chunks(ask, stated.over(bases))
        added[np.searchsorted(items, list(places))] = found[..., 0]
    return added


def _find_places(stated: Batch, items: NDArray[np.int64]) -> dict[int, int]:
    """The place of each of the items in the one factor where it speaks."""
    wanted = set(items.tolist())
    said = (tuple(i for i in factor.items if i in wanted) for factor in stated.evidence)
    places, _ = find_places(
        [replace(f, items=own) for f, own in zip(stated.evidence, said, strict=True)]
    )
    return places


def _with_places(batch: Batch, places: Mapping[int, int]) -> Batch:
    """The evidence sets once for each place, with one more item in every factor: few serve all."""
    sets = batch.masks.shape[1]
    masks = np.tile(batch.masks, (1, 1 + max(places.values())))
    for item, place in places.items():
        masks[item, place * sets : (place + 1) * sets] = True
    return batch.over(masks)


def _complete(found: Array, stated: Batch, masks: Mask) -> Array:
    """The rest of log P(evidence) of each evidence set, where it is not finite: (sets,)."""
    lacking = np.flatnonzero(~np.isfinite(found))
    if len(lacking):
        [asked] = ask_in_chunks(lambda batch: (batch.log_evidence,), stated.over(masks[:, lacking]))
        found[lacking] = asked[:, 0]
    return found


def _snap(nats: Array) -> Array:
    """Conflicts without the dust of sums."""
    return np.asarray(np.where(np.abs(nats) < DUST, 0.0, nats))


def _descend(nats: Array) -> NDArray[np.int64]:
    """The places from the most conflict to the least, what differs by dust alone in order."""
    return np.argsort(-np.round(nats, 12), kind="stable")


def _sources(stated: Batch) -> NDArray[np.object_]:
    """Who said each item; nobody, what is given or silent."""
    unsaid = [""] * stated.network.first_report
    said = [standing.report.source or "" for standing in stated.network.evidence.counted]
    return np.array([*unsaid, *said], dtype=object)
