"""The smallest sets of reports, or of origins, without which another hypothesis leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rivals.analysis.beliefs import lead
from rivals.analysis.headline import headline, headline_by
from rivals.batch import Batch
from rivals.engine import Array
from rivals.evidence import own_origins
from rivals.leaving import Make, exchange, find_places, without_places

EXACT, GREEDY = 3, 10
"""Sets of so many are all tried; larger ones, up to the second, are put together greedily."""

MOST_SETS = 500_000
"""More sets of one size than this are not tried: 145 reports have as many of three."""


def discredit_reports(stated: Batch, leader: int) -> pd.DataFrame:
    """A row per smallest set of counted reports: reports, size, how, leader, chance, before."""
    start = stated.network.first_report
    reports = {item: (i,) for i, item in enumerate(stated.network.items) if i >= start}
    return _tabulate_sets(stated, reports, leader, "reports")


def discredit_origins(stated: Batch, leader: int) -> pd.DataFrame:
    """A row per smallest set of whole origins: origins, size, how, leader, chance, before."""
    return _tabulate_sets(stated, _origins(stated), leader, "origins")


def _origins(stated: Batch) -> dict[str, tuple[int, ...]]:
    """The counted reports that name each origin, by item of evidence."""
    found: dict[str, tuple[int, ...]] = {}
    start = stated.network.first_report
    for i, standing in enumerate(stated.network.evidence.counted, start):
        for origin in own_origins(standing.report):
            name = f"origin:{origin}"
            found[name] = (*found.get(name, ()), i)
    return found


class _Tried(NamedTuple):
    """Sets of units that were left out, (sets, size), and the numbers then, (hypotheses, sets)."""

    members: NDArray[np.int64]
    chances: Array

    def pick(self, chosen: NDArray[Any]) -> _Tried:
        """Some of the sets."""
        return _Tried(self.members[chosen], self.chances[:, chosen])

    def lead(self, leader: int) -> Array:
        """By how much the best of the others leads the leader: (sets,)."""
        return np.asarray(np.delete(self.chances, leader, 0).max(axis=0) - self.chances[leader])

    def changed(self, leader: int) -> _Tried:
        """The sets without which another leads, the clearest first."""
        possible = ~np.isnan(self.chances).any(axis=0)  # a silence may leave nothing possible
        found = self.pick(np.flatnonzero(possible & (lead(self.chances) != leader)))
        return found.pick(np.argsort(-found.lead(leader), kind="stable"))


@dataclass(frozen=True)
class _Units:
    """What can be left out, one by one or together: some items of evidence each."""

    stated: Batch
    items: tuple[tuple[int, ...], ...]

    def breakers(self, size: int) -> set[int]:
        """The reports that end a silence which may hold again without so many units.

        They speak in it, too, so that one pass back does not serve them.
        """
        most = size * max(map(len, self.items), default=0)
        found = (items for items in self.stated.network.breakers if len(items) <= most)
        return {int(item) for items in found for item in items}

    def leave_out(self, members: NDArray[np.int64]) -> Batch:
        """An evidence set for each set of units that is left out."""
        network = self.stated.network
        owns = np.zeros((len(network.items), len(self.items)), np.float32)
        for unit, items in enumerate(self.items):
            owns[list(items), unit] = 1
        taken = np.zeros((len(self.items), len(members)), np.float32)
        taken[members.T, np.arange(len(members))] = 1
        return self.stated.over(self.stated.masks[:, :1] & (owns @ taken == 0))

    def ask(self, members: Sequence[Sequence[int]], size: int) -> _Tried:
        """The numbers without each set, each asked by itself."""
        rows = np.array(members, np.int64).reshape(-1, size)
        if not len(rows):
            return _Tried(rows, np.zeros((len(self.stated.network.scenario.hypotheses), 0)))
        return _Tried(rows, headline(self.leave_out(rows))[..., 0])

    def ask_all(self, size: int) -> _Tried:
        """The numbers without every set of a size.

        One pass back from the sets that are one smaller serves all units that speak in a single
        factor; only sets of others are asked one by one. Of two halves of the former, two of three
        are in the same, so that pairs from both need no pass.
        """
        places, _ = find_places(self.stated.evidence)
        ending = self.breakers(size)
        places = {item: place for item, place in places.items() if item not in ending}
        alone = [u for u, own in enumerate(self.items) if len(own) == 1 and own[0] in places]
        rest = [u for u in range(len(self.items)) if u not in set(alone)]
        asked = self.ask(list(combinations(rest, size)), size)
        if not alone:
            return asked
        half = {u: 2 * i < len(alone) for i, u in enumerate(alone)}
        bases = [
            base
            for base in combinations(range(len(self.items)), size - 1)
            if size < 3 or len({half[u] for u in base if u in half}) < 2
        ]
        more = self._leave_one_more(
            np.array(bases, np.int64).reshape(len(bases), size - 1), alone, places
        )
        members = np.concatenate([asked.members, more.members])
        keys = members @ len(self.items) ** np.arange(size)
        _, first = np.unique(keys, return_index=True)
        chances = np.concatenate([asked.chances, more.chances], axis=1)
        return _Tried(members, chances).pick(first)

    def _leave_one_more(
        self, bases: NDArray[np.int64], alone: Sequence[int], places: dict[int, int]
    ) -> _Tried:
        """Each base and one more unit that speaks in a single factor."""
        own = {self.items[u][0]: places[self.items[u][0]] for u in alone}

        def without_each(makes: Sequence[Make], chunk: Batch) -> Iterable[Array]:
            placed = without_places(chunk, own)
            return (exchange(make, chunk, placed, own)[1] for make in makes)

        chances, _ = headline_by(without_each, self.leave_out(bases))
        place = {item: i for i, item in enumerate(own)}  # two origins may be of one report
        rows = [place[self.items[u][0]] for u in alone]
        tried = _Tried(_join(bases, alone), chances[..., 0][:, rows].reshape(len(chances), -1))
        return self._mend(tried.pick(np.flatnonzero(np.diff(tried.members).all(axis=1))))

    def _mend(self, tried: _Tried) -> _Tried:
        """Numbers that are not finite, by derivatives above 1e308, asked by themselves."""
        beyond = np.flatnonzero(~np.isfinite(tried.chances).all(axis=0))
        if len(beyond):
            again = self.ask(tried.members[beyond].tolist(), tried.members.shape[1])
            tried.chances[:, beyond] = again.chances
        return tried


def _join(bases: NDArray[np.int64], units: Sequence[int]) -> NDArray[np.int64]:
    """Each unit with each base, in order within: (units * bases, size)."""
    unit, base = np.divmod(np.arange(len(units) * len(bases)), max(len(bases), 1))
    own = np.array(units, np.int64)[unit]
    return np.sort(np.concatenate([bases[base], own[:, np.newaxis]], axis=1), axis=1)


def _tabulate_sets(
    stated: Batch, named: Mapping[str, tuple[int, ...]], leader: int, what: str
) -> pd.DataFrame:
    units = _Units(stated, tuple(named.values()))
    how, found = _search(units, leader)
    names, hypotheses = list(named), list(stated.network.scenario.hypotheses)
    ahead = lead(found.chances)
    table = {
        what: [tuple(names[u] for u in members) for members in found.members],
        "size": [len(members) for members in found.members],
        "how": how,
        "leader": [hypotheses[h] for h in ahead],
        "chance": found.chances[ahead, np.arange(len(ahead))],
        "before": found.chances[leader],
    }
    sets = pd.DataFrame(table)
    sets.attrs["tried"] = len(names)
    return sets


def _search(units: _Units, leader: int) -> tuple[str, _Tried]:
    """The smallest sets without which another leads, and how they were found."""
    tried = units.ask((), 1)
    for size in range(1, min(EXACT, len(units.items)) + 1):
        if comb(len(units.items), size) > MOST_SETS:
            break
        tried = units.ask_all(size)
        found = tried.changed(leader)
        if len(found.members):
            return "exact", found
    return "greedy", _grow(units, tried, leader)


def _grow(units: _Units, tried: _Tried, leader: int) -> _Tried:
    """The set that comes nearest, with more units one at a time until another leads."""
    everything = min(GREEDY, len(units.items))
    while len(tried.members) and tried.members.shape[1] < everything:
        start = tried.members[np.nan_to_num(tried.lead(leader), nan=-1.0).argmax()].tolist()
        more = [sorted((*start, u)) for u in range(len(units.items)) if u not in start]
        tried = units.ask(more, len(start) + 1)
        found = tried.changed(leader)
        while len(found.members):
            least = found.pick(np.arange(1))
            fewer = list(combinations(least.members[0].tolist(), least.members.shape[1] - 1))
            found = units.ask(fewer, len(fewer) - 1).changed(leader)
            if not len(found.members):
                return least
    return tried.pick(np.arange(0))
