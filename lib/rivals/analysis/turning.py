"""What would change our mind: reports to discredit, sources to trust less, one more report.

The leader is the hypothesis with the highest `because` for the first effect, without effects the
highest posterior; here this is called its number. Ties go by the order of the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rivals.analysis.beliefs import TIE, hypothesis_variables, lead
from rivals.analysis.causes import because, why
from rivals.analysis.inquiry import claim_more, foretell, rely
from rivals.analysis.robustness import headline_factors
from rivals.analysis.spread import chance_of, choose
from rivals.batch import Batch, ask_in_chunks
from rivals.engine import Array
from rivals.evidence import own_origins
from rivals.factors import scale_of, settle, tape_of
from rivals.leaving import Make, exchange, find_places, without_places
from rivals.scenario import Claim
from rivals.twin import Contrast, negate

EXACT, GREEDY = 3, 10
"""Sets of so many are all tried; larger ones, up to the second, are put together greedily."""

MOST_SETS = 500_000
"""More sets of one size than this are not tried: 145 reports have as many of three."""


@dataclass(frozen=True)
class TurningPoints:
    """What would change the leader.

    sets: a row per smallest set of counted reports whose leaving out does, the clearest change
    first: reports; size; how ("exact": no smaller one does; "greedy": perhaps a smaller one does);
    leader (who leads then); chance (its number then); before (that of the present leader then).
    origins: the same for whole origins, as origin:NAME; size counts origins.
    sources: by (source, topic): name, value (the prior reliability), falls_to (the nearest lower
    one at which another draws level), leader (the other); NaN and "" where none does.
    needed: by rival, the highest first: chance (its number), rise and fall, the dB of one more
    report on the rival's claim alone, or against the leader's alone, that would make them level.
    supply: by (hypothesis, source): dB that one more direct claim of the source would carry, for
    the rival's claim or, of the leader, against it; enough: whether that is the rise, or the least
    fall.
    """

    leader: str
    sets: pd.DataFrame
    origins: pd.DataFrame
    sources: pd.DataFrame
    needed: pd.DataFrame
    supply: pd.DataFrame


def turning_points(stated: Batch) -> TurningPoints:
    """The smallest changes that would make another hypothesis lead."""
    network = stated.network
    chances = _headline(stated)[:, 0]
    leader = int(lead(chances))
    start = len(network.what_if.given)
    reports = {item: (i,) for i, item in enumerate(network.items) if i >= start}
    needed = _need(stated, chances, leader)
    name = list(network.scenario.hypotheses)[leader]
    return TurningPoints(
        name,
        _tabulate_sets(stated, reports, leader, "reports"),
        _tabulate_sets(stated, _origins(stated), leader, "origins"),
        _tabulate_sources(stated, leader),
        needed,
        _supply(stated, needed, name),
    )


def _contrasts(stated: Batch) -> list[Contrast | None]:
    scenario = stated.network.scenario
    assert scenario.effect is not None  # asked only then
    effect = scenario.effects[scenario.effect].claim
    return [why(scenario, effect, [h]) for h in scenario.hypotheses]


def _headline(batch: Batch) -> Array:
    """The number of each hypothesis under each evidence set: (hypotheses, sets)."""
    network, scenario = batch.network, batch.network.scenario
    if scenario.effect is not None:
        contrasts = _contrasts(batch)
        found = ask_in_chunks(lambda b: because(b, contrasts), batch)
        return np.stack([one[:, 0] for one in found])
    names = hypothesis_variables(scenario)
    [joint] = ask_in_chunks(lambda b: (b.joint(names),), batch)
    nouns = scenario.hypotheses.values()
    return np.stack([chance_of(n.claim, names, network, joint)[:, 0] for n in nouns])


# --- sets of reports, sets of origins ---


def _origins(stated: Batch) -> dict[str, tuple[int, ...]]:
    """The counted reports that name each origin, by item of evidence."""
    found: dict[str, tuple[int, ...]] = {}
    start = len(stated.network.what_if.given)
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
        found = self.pick(np.flatnonzero(lead(self.chances) != leader))
        return found.pick(np.argsort(-found.lead(leader), kind="stable"))


@dataclass(frozen=True)
class _Units:
    """What can be left out, one by one or together: some items of evidence each."""

    stated: Batch
    items: tuple[tuple[int, ...], ...]

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
        return _Tried(rows, _headline(self.leave_out(rows)))

    def ask_all(self, size: int) -> _Tried:
        """The numbers without every set of a size.

        One pass back from the sets that are one smaller serves all units that speak in a single
        factor; only sets of others are asked one by one. Of two halves of the former, two of three
        are in the same, so that pairs from both need no pass.
        """
        places, _ = find_places(self.stated.evidence)
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
        makes = _all_makes(self.stated)

        def ask(chunk: Batch) -> tuple[Array, ...]:
            without = without_places(chunk, own)
            return tuple(exchange(make, chunk, without, own)[1] for make in makes if make)

        evidence, *sums = ask_in_chunks(ask, self.leave_out(bases))
        left = iter(sums)
        never = np.full_like(evidence, -np.inf)
        logs = np.stack([next(left) if make else never for make in makes[1:]])
        place = {item: i for i, item in enumerate(own)}  # two origins may be of one report
        rows = [place[self.items[u][0]] for u in alone]
        with np.errstate(invalid="ignore", over="ignore"):
            chances = np.exp(logs - evidence)
        chances = chances[..., 0][:, rows].reshape(len(logs), -1)
        pairs = np.stack(np.meshgrid(alone, np.arange(len(bases)), indexing="ij"), -1).reshape(
            -1, 2
        )
        members = np.sort(np.concatenate([bases[pairs[:, 1]], pairs[:, :1]], axis=1), axis=1)
        proper = np.flatnonzero((np.diff(members, axis=1) > 0).all(axis=1))
        found = _Tried(members, chances).pick(proper)
        beyond = np.flatnonzero(~np.isfinite(found.chances).all(axis=0))
        if len(beyond):  # derivatives above 1e308
            again = self.ask(found.members[beyond].tolist(), found.members.shape[1])
            found.chances[:, beyond] = again.chances
        return found


def _all_makes(stated: Batch) -> list[Make | None]:
    """What sums to P(evidence), then to the number of each hypothesis times it."""
    scenario = stated.network.scenario
    return [lambda b: b.factors(()), *(headline_factors(h, scenario) for h in scenario.hypotheses)]


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
    return pd.DataFrame(table)


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
        start = tried.members[tried.lead(leader).argmax()].tolist()
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


# --- reliabilities ---


def _tabulate_sources(stated: Batch, leader: int) -> pd.DataFrame:
    network, names = stated.network, list(stated.network.scenario.hypotheses)
    sources, priors = network.scenario.sources, stated.evidence
    shares = np.stack([_rely(make, stated) for make in _all_makes(stated)])
    rows = []
    for i, node in enumerate(network.reliabilities):
        value = float(priors[i].table[1, 0, 0])
        falls_to, other = _fall(shares[:, i], value, leader)
        name = sources[node.source].name or node.source
        rows.append([name, value, falls_to, names[other] if other >= 0 else ""])
    nodes = [tuple(node) for node in network.reliabilities]
    index = pd.MultiIndex.from_tuples(nodes, names=["source", "topic"]) if nodes else None
    table = pd.DataFrame(rows, index=index, columns=["name", "value", "falls_to", "leader"])
    return table.sort_values("falls_to", ascending=False, kind="stable")


def _rely(make: Make | None, stated: Batch) -> Array:
    """A sum, by P(evidence), with each reliability known to be 0 and 1: (reliabilities, 2)."""
    count = len(stated.network.reliabilities)
    if make is None or not count:
        return np.zeros((count, 2))
    factors = make(stated)
    places = {id(factor): i for i, factor in enumerate(factors)}
    factors = settle(factors)
    answer, gradients = tape_of(factors).run_with_gradients(
        [f.table for f in factors], np.ones((1, 1))
    )
    scale = np.exp(answer.log_scale + scale_of(factors) - stated.log_evidence)
    priors = stated.evidence[:count]
    return np.stack([(gradients[places[id(prior)]] * scale)[:, 0, 0] for prior in priors])


def _fall(shares: Array, value: float, leader: int) -> tuple[float, int]:
    """The nearest lower reliability at which another draws level, and who; NaN and -1 if none.

    shares: P(evidence) and then the numbers times it, with reliability 0 and 1. Both are linear in
    the reliability, so the difference of two numbers is linear over linear.
    """
    found = (np.nan, -1)
    at_zero, sums = shares[0, 0], shares[1:]
    if not (value > 0 and at_zero > 0):
        return found
    for other in range(len(sums)):
        ahead = sums[leader] - sums[other]
        level = TIE if other < leader else -TIE
        if other != leader and ahead[0] / at_zero <= level and ahead[1] != ahead[0]:
            root = float(np.clip(ahead[0] / (ahead[0] - ahead[1]), 0.0, value))
            found = (root, other) if not root <= found[0] else found
    return found


# --- one more report ---


def _need(stated: Batch, chances: Array, leader: int) -> pd.DataFrame:
    """A row per rival: how many dB one more report needs."""
    nouns = stated.network.scenario.hypotheses
    names, rows = list(nouns), {}
    order = [h for h in np.argsort(-chances, kind="stable").tolist() if h != leader]
    for other in order:
        ahead = float(chances[leader] - chances[other])
        for_it = _without(stated, leader, nouns[names[other]].claim)
        against = _without(stated, other, nouns[names[leader]].claim)
        rise, fall = _say_dB(for_it, for_it - ahead), _say_dB(against + ahead, against)
        rows[names[other]] = [float(chances[other]), rise, fall]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["chance", "rise", "fall"])
    table.index.name = "hypothesis"
    return table


def _say_dB(above: float, below: float) -> float:  # noqa: N802 - the unit's own spelling
    """A ratio in decibels; NaN where no report is enough."""
    return float(10 * np.log10(above / below)) if min(above, below) > TIE else np.nan


def _without(stated: Batch, hypothesis: int, claim: Claim) -> float:
    """The part of a hypothesis's number in which a claim is false."""
    scenario = stated.network.scenario
    denied = negate(claim, scenario.variables[claim.variable].states)
    if denied is None:
        return 0.0
    if scenario.effect is None:
        own = list(scenario.hypotheses.values())[hypothesis].claim
        held = [stated.indicate(c.variable, c.states) for c in (own, denied)]
        return float(stated.chance(held)[0, 0])
    contrast = _contrasts(stated)[hypothesis]
    narrower = contrast and Contrast((*contrast.actual, denied), contrast.setting, contrast.twin)
    return float(because(stated, [narrower])[0][0, 0])


def _supply(stated: Batch, needed: pd.DataFrame, leader: str) -> pd.DataFrame:
    """A row per (hypothesis, source): what one more direct claim of the source would carry."""
    scenario, rows = stated.network.scenario, {}
    wanted = {str(rival): float(rise) for rival, rise in needed["rise"].items()}
    for name, least in {**wanted, leader: float(needed["fall"].min())}.items():
        own = scenario.hypotheses[name].claim
        denied = negate(own, scenario.variables[own.variable].states)
        claim = denied if name == leader else own
        for source, carried in _carry(stated, claim).items() if claim else ():
            rows[name, source] = [carried, bool(carried >= least)]
    index = pd.MultiIndex.from_tuples(rows, names=["hypothesis", "source"]) if rows else None
    return pd.DataFrame(list(rows.values()), index=index, columns=["dB", "enough"])


def _carry(stated: Batch, claim: Claim) -> dict[str, float]:
    """The dB by which one more direct claim of each source would move the odds of the claim."""
    network, variable = stated.network, claim.variable
    if variable in network.what_if.do:
        return dict.fromkeys(network.scenario.sources, np.nan)
    foretold = foretell(stated, variable)
    relied = rely(stated, variable, foretold)
    states, named = foretold.chances.sum(axis=0), choose(claim, network)
    found = {}
    for source, [chance] in claim_more(stated, variable, [claim.states]).items():
        said = (relied[source].sum(axis=1) * chance).sum(axis=0)
        parts = [part[chosen].sum() for part in (said, states) for chosen in (named, ~named)]
        possible = min(parts) > 0
        ratio = parts[0] / parts[1] * parts[3] / parts[2] if possible else np.nan
        found[source] = float(10 * np.log10(ratio))
    return found
