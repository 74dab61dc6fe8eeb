"""Which of the items that differ between two cases account for what moved: their Shapley values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from rivals.analysis.causes import because, why
from rivals.analysis.impact import weigh_odds
from rivals.analysis.shapley import Game, Shares, Tell, share_out
from rivals.batch import Batch, ask_in_chunks
from rivals.engine import Array
from rivals.entries import Report
from rivals.evidence import COUNTED, Evidence, Standing
from rivals.moments import When
from rivals.network import Network, WhatIf
from rivals.scenario import Scenario
from rivals.silence import Silence
from rivals.stories import Mask
from rivals.variables import GATES
from rivals.words import Directness

COARSE = 2.5
"""Percentage points of `because` are shared out so many at a time: errors stay below a quarter."""


class Key(NamedTuple):
    """What an item that may differ is: a report, given, do or silence by its name; the model."""

    kind: str
    name: str = ""

    def __str__(self) -> str:
        prefix = f"{self.kind}:" if self.kind in ("given", "do", "silence") else ""
        return prefix + (self.name or self.kind)


MODEL = Key("model")

SOME_DAY = When("1970-01-01")
"""When what is said in a coalition was said: nothing there asks."""


@dataclass(frozen=True)
class Word:
    """What an item of evidence says, as far as it counts: all that could move a belief."""

    claims: Mapping[str, frozenset[str]] = field(default_factory=dict)
    observes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    likelihood: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    source: str | None = None
    directness: Directness = "relayed"

    @classmethod
    def of(cls, standing: Standing) -> Word:
        """What of a report counts."""
        report, counts = standing.report, standing.counts
        claims = {v: frozenset(s) for v, s in report.claims.items() if v in counts}
        observes = {v: frozenset([s]) for v, s in report.observes.items() if v in counts}
        likelihood = {v: s for v, s in report.likelihood.items() if v in counts}
        if not claims:  # then nobody's word is weighed
            return cls(claims, observes, likelihood)
        return cls(claims, observes, likelihood, report.source, report.directness)

    @property
    def variables(self) -> frozenset[str]:
        """What it speaks of."""
        return frozenset({*self.claims, *self.observes, *self.likelihood})

    def is_known_to(self, scenario: Scenario) -> bool:
        """Whether the scenario has every variable, state and source that this speaks of."""
        if self.source is not None and self.source not in scenario.sources:
            return False
        named = [*self.claims.items(), *self.observes.items()]
        named += [(v, frozenset(weights)) for v, weights in self.likelihood.items()]
        if not all(_knows(scenario, variable, states) for variable, states in named):
            return False
        whole = scenario.variables  # a state that a likelihood does not weigh is not impossible
        return all(len(weights) == len(whole[v].states) for v, weights in self.likelihood.items())

    def stand(self, name: str) -> Standing:
        """A counted report that says just this."""
        weights = {v: dict.fromkeys(sorted(states), 1.0) for v, states in self.observes.items()}
        weights |= {v: dict(stated) for v, stated in self.likelihood.items()}
        report = Report.model_construct(
            id=name,
            published=SOME_DAY,
            source=self.source,
            directness=self.directness,
            claims={v: tuple(sorted(states)) for v, states in self.claims.items()},
            likelihood=weights,
        )
        logged = SOME_DAY.end(ZoneInfo("UTC"))
        return Standing(report, logged, COUNTED, (name,), report.bears_on)


def _knows(scenario: Scenario, variable: str, states: AbstractSet[str]) -> bool:
    return variable in scenario.variables and states <= {*scenario.variables[variable].states}


@dataclass(frozen=True)
class Missed:
    """An expected report that has not come: of what, and what its absence weighs where it holds."""

    variable: str
    states: frozenset[str]
    chance: float
    share: float

    @classmethod
    def of(cls, silence: Silence, scenario: Scenario) -> Missed:
        """A silence on the chance as stated."""
        chance = scenario.expected[silence.name].chance
        return cls(silence.variable, frozenset(silence.states), chance, silence.share)

    def is_known_to(self, scenario: Scenario) -> bool:
        """Whether the scenario has the variable and the states."""
        return _knows(scenario, self.variable, self.states)

    def fall(self, name: str) -> Silence:
        """A silence that says just this, its chance under a path of its own."""
        end = SOME_DAY.end(ZoneInfo("UTC"))
        states = tuple(sorted(self.states))
        return Silence(name, self.variable, states, name, end, end, self.share)


Basis = Mapping[Key, object]
"""All that a case rests on, by item: words of reports and of what is given, what was missed, states
under do, the model."""


def rest_on(network: Network, scenario: Scenario) -> Basis:
    """What a case rests on: what of its reports counts, its what-ifs and its model, a scenario."""
    found: dict[Key, object] = {
        Key("report", s.report.id): Word.of(s) for s in network.evidence.counted
    }
    for variable, states in network.what_if.given.items():
        found[Key("given", variable)] = Word(observes={variable: frozenset(states)})
    found |= {Key("do", variable): state for variable, state in network.what_if.do.items()}
    for silence in network.evidence.silences:
        if silence.share > 0:
            found[Key("silence", silence.name)] = Missed.of(silence, network.scenario)
    return found | {MODEL: _numbers_and_structure(scenario)}


def _meet(one: Scenario, other: Scenario) -> Scenario:
    """A scenario with the other's sources too: who is new there comes with its reports."""
    return one.model_copy(update={"sources": {**other.sources, **one.sources}})


def _numbers_and_structure(scenario: Scenario) -> object:
    """What of a scenario moves stated beliefs; not its prose, nor how firm its judgements are."""
    gated, judged = {"states", "topic", "chatter", *GATES}, {"grade", "reliability", "interest"}
    return (
        {name: noun.model_dump(include=gated) for name, noun in scenario.variables.items()},
        {name: noun.model_dump(include=judged) for name, noun in scenario.sources.items()},
        scenario.settings.model_dump(exclude={"scale", "timezone"}),
        {name: (noun.claim, scenario.off(name)) for name, noun in scenario.hypotheses.items()},
        None if scenario.effect is None else scenario.effects[scenario.effect].claim,
    )


@dataclass(frozen=True)
class Change:
    """Two cases on the judgements as stated, and the hypotheses of both that are followed."""

    before: Batch
    after: Batch
    hypotheses: tuple[str, ...]

    @property
    def explained(self) -> bool:
        """Whether both cases have effects, so that `because` is followed too."""
        networks = (self.before.network, self.after.network)
        return all(network.scenario.effect is not None for network in networks)

    @cached_property
    def scenarios(self) -> tuple[Scenario, Scenario]:
        """The scenario of each case, with the sources of both."""
        old, new = self.before.network.scenario, self.after.network.scenario
        return _meet(old, new), _meet(new, old)

    @cached_property
    def premises(self) -> tuple[Basis, Basis]:
        """What each case rests on."""
        old, new = self.scenarios
        return rest_on(self.before.network, old), rest_on(self.after.network, new)

    @cached_property
    def players(self) -> tuple[Key, ...]:
        """The items that weigh otherwise in one case than in the other.

        By name, so that the way back samples the same orders as the way there. Without silences
        that a report in both cases ends in any coalition.
        """
        old, new = self.premises
        differing = [key for key in {**old, **new} if old.get(key) != new.get(key)]
        common = [one for key, one in old.items() if new.get(key) == one]
        said = (one.variables for one in common if isinstance(one, Word))
        ended = frozenset[str]().union(*said) if MODEL not in differing else frozenset[str]()

        def matters(key: Key) -> bool:
            form = new.get(key, old.get(key))
            return not (isinstance(form, Missed) and form.variable in ended)

        return tuple(sorted(filter(matters, differing)))


def share_change(change: Change, seed: int = 0, tell: Tell | None = None) -> Shares:
    """What each player accounts for of what moved: (players, games).

    The games are the decibels of the odds of each hypothesis and, where both cases have effects,
    100 times its `because` of the first. In a coalition its items are as they are after, all other
    ones as they were before; what a model does not know is not heard by it, nor is what is said of
    a variable under `do`, given or reported. All shares of a game are NaN where a coalition is
    impossible or its odds are infinite; sampled, where such a coalition was met.
    """
    found = share_out(play(change), len(change.players), seed, tell)
    spoilt = np.isnan(found.share).any(axis=0)
    units = np.repeat([1, COARSE], len(change.hypotheses))[: found.share.shape[1]]
    share, error = (np.where(spoilt, np.nan, units * one) for one in (found.share, found.error))
    return Shares(share, error, found.pairs)


def play(change: Change) -> Game:
    """The games of `share_change`, those of `because` in units of COARSE points.

    What is impossible, or infinite, is worth NaN. A network is made for each combination
    of model and `do` that is asked for.
    """
    turning = [at for at, key in enumerate(change.players) if key.kind in ("model", "do")]
    games = len(change.hypotheses) * (1 + change.explained)
    worlds: dict[tuple[bool, ...], _World] = {}

    def game(sets: Mask) -> Array:
        worth = np.empty((sets.shape[1], games))
        turned = [tuple(column) for column in sets[turning].T.tolist()]
        for one in dict.fromkeys(turned):
            if one not in worlds:
                switched = (at for at, on in zip(turning, one, strict=True) if on)
                worlds[one] = _make_world(change, {change.players[at] for at in switched})
            own = np.array([other == one for other in turned])
            worth[own] = worlds[one].ask(change, sets[:, own])
        return np.where(np.isfinite(worth), worth, np.nan)

    return game


def explain_first(batch: Batch, hypotheses: Sequence[str]) -> tuple[Array, ...]:
    """`because` of the first effect for each hypothesis: (sets, draws); none without effects."""
    scenario = batch.network.scenario
    if scenario.effect is None:
        return ()
    effect = scenario.effects[scenario.effect].claim
    return because(batch, [why(scenario, effect, [name]) for name in hypotheses])


@dataclass(frozen=True)
class _World:
    """A model under a `do`, and what is said in it by items that are there in some coalitions.

    items: per item of evidence, silences first, the player that it waits for, if any, and whether
    it is there when that player has switched or as long as it has not.
    """

    blank: Batch
    items: tuple[tuple[int | None, bool], ...]

    def ask(self, change: Change, sets: Mask) -> Array:
        """What coalitions are worth: (sets, games)."""
        masks = np.ones((len(self.items), sets.shape[1]), bool)
        for row, (player, switched) in zip(masks, self.items, strict=True):
            if player is not None:
                row[:] = sets[player] == switched
        places = list(self.blank.network.scenario.hypotheses)
        chosen = [places.index(name) for name in change.hypotheses]

        def ask(batch: Batch) -> tuple[Array, ...]:
            causes = explain_first(batch, change.hypotheses) if change.explained else ()
            return (*weigh_odds(batch)[chosen], *(100 * chance / COARSE for chance in causes))

        found = ask_in_chunks(ask, self.blank.over(masks)) if chosen else ()
        return np.array([one[:, 0] for one in found]).reshape(len(found), sets.shape[1]).T


def _make_world(change: Change, switched: AbstractSet[Key]) -> _World:
    """The world in which these of the players, the model or some `do`, have switched."""
    side, other = change.before, change.after
    if MODEL in switched:
        side, other = other, side
    scenario, (old, new) = change.scenarios[MODEL in switched], change.premises
    states = {key: (new if key in switched else old).get(key) for key in {**old, **new}}
    do = {
        key.name: state
        for key, state in states.items()
        if key.kind == "do" and isinstance(state, str) and _knows(scenario, key.name, {state})
    }
    words, silences, chances = list[Standing](), list[Silence](), dict[str, Array]()
    missed, said = list[tuple[int | None, bool]](), list[tuple[int | None, bool]]()
    for key, form, waits in _list_forms(change):
        if not form.is_known_to(scenario):
            continue
        if isinstance(form, Word):
            words.append(form.stand(str(key)))
            said.append(waits)
        elif form.variable not in do:
            silences.append(form.fall(f"{key} {waits[1]}"))
            chances[silences[-1].path] = np.array([form.chance])
            missed.append(waits)
    network = Network(scenario, Evidence(tuple(words), tuple(silences)), WhatIf({}, do))
    batch = Batch(network, network.masks(()), {**other.values, **side.values, **chances})
    return _World(batch, (*missed, *said))


def _list_forms(change: Change) -> Iterator[tuple[Key, Word | Missed, tuple[int | None, bool]]]:
    """All that there is in some coalition, with its item; player and switched as in _World."""
    old, new = change.premises
    for key in {**old, **new}:
        player = change.players.index(key) if key in change.players else None
        forms = ((old.get(key), False), (new.get(key), True))
        for form, switched in forms if player is not None else forms[1:]:
            if isinstance(form, Word | Missed):
                yield key, form, (player, switched)
