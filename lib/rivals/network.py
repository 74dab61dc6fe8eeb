"""A scenario, its evidence and what-ifs: what bears on what, before any number is put in.

An item of evidence is a counted report, a `given` of a what-if, or a silence: an expected report
that has not come. Where a report counts on its variable, a silence weighs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rivals.engine import Array, Node, search_order
from rivals.errors import TooLarge
from rivals.evidence import Evidence, Standing
from rivals.gates import number_rows
from rivals.scenario import Scenario
from rivals.silence import Silence
from rivals.stories import Chorus, Mask, Reliability, Statement, gather_stories

MASK_LIMIT = 1_000_000_000
"""How many items of evidence, times the sets of them that are asked of, are marked: 1 GB."""


@dataclass(frozen=True)
class WhatIf:
    """Observations and interventions that the analyst tries out."""

    given: Mapping[str, tuple[str, ...]]
    do: Mapping[str, str]


class Story(NamedTuple):
    """The scope of a story's factor, and the items of evidence that tell it."""

    scope: tuple[Node, ...]
    items: tuple[int, ...]
    places: NDArray[np.int64]


@dataclass(frozen=True)
class Network:
    """The factors of a scenario under what-ifs, with the evidence that bears on it."""

    scenario: Scenario
    evidence: Evidence
    what_if: WhatIf

    @cached_property
    def items(self) -> tuple[str, ...]:
        """The items of evidence: what is given, silences, then the counted reports in order."""
        given = (f"given:{variable}" for variable in self.what_if.given)
        silent = (f"silence:{silence.name}" for silence in self.silences)
        return (*given, *silent, *(s.report.id for s in self.evidence.counted))

    @cached_property
    def silences(self) -> tuple[Silence, ...]:
        """What could have come by now, on variables that are neither given nor under do."""
        supposed = {*self.what_if.given, *self.what_if.do}
        return tuple(
            s for s in self.evidence.silences if s.share > 0 and s.variable not in supposed
        )

    @property
    def first_report(self) -> int:
        """The place of the first report among the items: how many are no reports."""
        return len(self.what_if.given) + len(self.silences)

    @property
    def first_silence(self) -> int:
        """The place of the first silence among the items."""
        return len(self.what_if.given)

    @cached_property
    def breakers(self) -> list[NDArray[np.int64]]:
        """For each silence the reports that end it, by item: those that count on its variable."""
        heard = [(item, set(standing.counts)) for item, standing in self._counted()]
        return [
            np.array([item for item, on in heard if silence.variable in on], np.int64)
            for silence in self.silences
        ]

    @cached_property
    def shares(self) -> Array:
        """How much of the time of each silence is over: (silences, 1)."""
        return np.array([silence.share for silence in self.silences]).reshape(-1, 1)

    def masks(self, *sets: Iterable[str] | None) -> Mask:
        """Evidence sets by the items that hold in each, None for all: (items, sets).

        Raises TooLarge beyond MASK_LIMIT.
        """
        self._check_masks(len(sets))
        chosen = [set(self.items if one is None else one) for one in sets]
        return np.array([[item in one for one in chosen] for item in self.items], bool).reshape(
            len(self.items), len(chosen)
        )

    def prefixes(self) -> Mask:
        """What is no report alone, then with one more counted each: (items, counted + 1).

        Raises TooLarge, as `masks` does, when there are too many.
        """
        self._check_masks(len(self.items) + 1 - self.first_report)
        steps = np.arange(self.first_report, len(self.items) + 1)
        return np.asarray(np.arange(len(self.items))[:, np.newaxis] < steps)

    def prefix(self, counted: int) -> Mask:
        """What is given, and the first so many counted reports, nothing silent: (items, 1)."""
        found = np.arange(len(self.items)) < self.first_report + counted
        found[self.first_silence : self.first_report] = False
        return np.asarray(found)[:, None]

    def _check_masks(self, sets: int) -> None:
        if len(self.items) * sets > MASK_LIMIT:
            raise TooLarge(
                f"asking of {len(self.items):,} items of evidence {sets:,} times, each time of "
                f"others, would take {len(self.items) * sets:,} marks; the bound is "
                f"{MASK_LIMIT:,}: ask of an earlier moment, or leave reports out"
            )

    @cached_property
    def parents(self) -> dict[str, tuple[str, ...]]:
        """The parents of every variable; a variable under do has none."""
        variables = self.scenario.variables
        return {n: () if n in self.what_if.do else v.parents for n, v in variables.items()}

    @cached_property
    def rows(self) -> dict[str, list[int]]:
        """Which row of its table serves each combination of a variable's parents."""
        return number_rows(self.scenario.variables)

    def ancestors(self, names: Iterable[str]) -> frozenset[str]:
        """The named variables and everything that they descend from."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(self.parents[name])
        return frozenset(found)

    @cached_property
    def statements(self) -> dict[tuple[str, str], list[Statement]]:
        """Counted claims by (source, variable); none on a variable under do."""
        found: dict[tuple[str, str], list[Statement]] = {}
        for i, standing in self._counted():
            report = standing.report
            for variable, states in report.claims.items():
                if variable in standing.counts and variable not in self.what_if.do:
                    assert report.source is not None  # held by the noun
                    statement = Statement(i, states, report.directness)
                    found.setdefault((report.source, variable), []).append(statement)
        return found

    @cached_property
    def leaves(self) -> list[tuple[int, str, tuple[float, ...]]]:
        """Evidence on a variable itself, as (item, variable, weight of each state, largest 1)."""
        found = [
            (i, variable, self._weights(variable, dict.fromkeys(states, 1.0)))
            for i, (variable, states) in enumerate(self.what_if.given.items())
        ]
        for i, standing in self._counted():
            said = {name: {state: 1.0} for name, state in standing.report.observes.items()}
            for variable, weights in {**said, **standing.report.likelihood}.items():
                if variable in standing.counts and variable not in self.what_if.do:
                    found.append((i, variable, self._weights(variable, weights)))
        return found

    @cached_property
    def leaves_by_variable(self) -> dict[str, tuple[NDArray[np.int64], Array]]:
        """The leaves of each variable: their items, and the weights (leaves, states)."""
        found: dict[str, list[tuple[int, tuple[float, ...]]]] = {}
        for item, variable, weights in self.leaves:
            found.setdefault(variable, []).append((item, weights))
        return {
            variable: (np.array([i for i, _ in leaves]), np.array([w for _, w in leaves]))
            for variable, leaves in found.items()
        }

    @cached_property
    def stories(self) -> dict[tuple[str, str], Story]:
        """What each story's factor is over, by (source, variable)."""
        return {
            about: Story(
                (self.reliability(*about), about[1]),
                tuple(claim.item for claim in claims),
                np.array([claim.item for claim in claims]),
            )
            for about, claims in self.statements.items()
        }

    @cached_property
    def choruses(self) -> list[Chorus]:
        """All statements, laid out for folding."""
        return gather_stories(self.statements, self.scenario.variables)

    def _counted(self) -> Iterator[tuple[int, Standing]]:
        return enumerate(self.evidence.counted, start=self.first_report)

    def _weights(self, variable: str, weights: Mapping[str, float]) -> tuple[float, ...]:
        top = max(weights.values())
        return tuple(weights.get(s, 0.0) / top for s in self.scenario.variables[variable].states)

    @cached_property
    def reliabilities(self) -> tuple[Reliability, ...]:
        """The reliabilities on which some counted claim bears, in the order of the file."""
        used = {self.reliability(s, v) for s, v in self.statements}
        order = list(self.scenario.sources)
        return tuple(sorted(used, key=lambda r: (order.index(r.source), r.topic)))

    def reliability(self, source: str, variable: str) -> Reliability:
        """Which reliability of a source stands behind what it says of a variable."""
        return Reliability(source, self.scenario.variables[variable].topic or "")

    @cached_property
    def cells(self) -> int:
        """How large a run on all evidence is, for one draw and one evidence set; 1 at least.

        The statements count too: of very many reports, folding them is the larger part.
        """
        variables = self.ancestors(self.observed)
        sizes: dict[Node, int] = {n: len(v.states) for n, v in self.scenario.variables.items()}
        sizes |= dict.fromkeys(self.reliabilities, 2)
        scopes: list[tuple[Node, ...]] = [(*self.parents[name], name) for name in variables]
        scopes += [story.scope for story in self.stories.values()]
        used = {node: sizes[node] for scope in scopes for node in scope}
        said = sum(chorus.said.size for chorus in self.choruses)
        return max(1, search_order(used, scopes).cells + said)

    @cached_property
    def observed(self) -> frozenset[str]:
        """The variables on which evidence bears."""
        silent = {silence.variable for silence in self.silences}
        return frozenset({v for _, v in self.statements} | {v for _, v, _ in self.leaves} | silent)
