"""The numbers that an analyst stated, each with its name, its firmness and how it is drawn.

A judgement is one number; a *statement* is what is drawn together: a distribution, or one chance.
The name of a judgement is its path in the file.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from rivals.engine import Array
from rivals.fields import Distribution
from rivals.rules import SUM_TOLERANCE
from rivals.scenario import Scenario
from rivals.silence import chance_path
from rivals.variables import Variable
from rivals.words import SETTINGS_FIRMNESS

Values = Mapping[str, Array]
"""Statements by path: (states, draws) for a distribution, (draws,) for one chance."""


@dataclass(frozen=True)
class Statement:
    """A distribution or a chance as stated; `numbers` names those that were written out."""

    path: str
    stated: tuple[float, ...]
    firmness: float | None
    why: str
    states: tuple[str, ...] = ()
    written: tuple[str, ...] = ()

    @property
    def is_chance(self) -> bool:
        """Whether this is a single probability rather than a distribution."""
        return not self.states

    def judgements(self) -> Iterator[tuple[str, float]]:
        """The name and value of each number in it that somebody wrote."""
        if self.is_chance:
            yield self.path, self.stated[0]
        for state in self.written:
            yield f"{self.path}.{state}", self.stated[self.states.index(state)]


def complete(distribution: Distribution, states: tuple[str, ...]) -> tuple[float, ...]:
    """All states in order, the one left out getting the rest, summing to 1 exactly.

    >>> complete({"yes": 0.25}, ("no", "yes"))
    (0.75, 0.25)
    """
    rest = 1.0 - math.fsum(distribution.values())
    rest = rest if rest > SUM_TOLERANCE else 0.0
    absent = [state for state in states if state not in distribution]
    filled = [distribution.get(s, rest / len(absent) if absent else 0.0) for s in states]
    total = math.fsum(filled)
    return tuple(p / total for p in filled)


def chatter_of(variable: Variable) -> Array:
    """What those who do not know would say; states left out share the rest. Shape (states,)."""
    return np.array(complete(variable.chatter, variable.states))


def statements(scenario: Scenario) -> list[Statement]:
    """Every statement of a scenario: of variables, sources, what is expected, and settings."""
    found: list[Statement] = []
    for name, variable in scenario.variables.items():
        found.extend(_of_variable(f"variables.{name}", variable))
    for name, source in scenario.sources.items():
        if source.reliability is not None:
            path = f"sources.{name}.reliability"
            found.append(Statement(path, (source.reliability,), source.firmness, source.why))
    for name, noun in scenario.expected.items():
        found.append(Statement(chance_path(name), (noun.chance,), noun.firmness, noun.why))
    return found + list(_of_settings(scenario))


def _of_variable(path: str, variable: Variable) -> Iterator[Statement]:
    def distribution(at: str, given: Distribution) -> Statement:
        filled = complete(given, variable.states)
        return Statement(
            f"{path}.{at}", filled, variable.firmness, variable.why, variable.states, tuple(given)
        )

    def chance(at: str, p: float) -> Statement:
        return Statement(f"{path}.{at}", (p,), variable.firmness, variable.why)

    if variable.prior is not None:
        yield distribution("prior", variable.prior)
    for i, row in enumerate(variable.table or ()):
        yield distribution(f"table[{i}].then", row.then)
    if variable.noisy_or:
        yield chance("noisy_or.leak", variable.noisy_or.leak)
        for parent, link in variable.noisy_or.causes.items():
            if isinstance(link, float):
                yield chance(f"noisy_or.causes.{parent}", link)
                continue
            for state, p in link.items():
                yield chance(f"noisy_or.causes.{parent}.{state}", p)
    if variable.noisy_max:
        if variable.noisy_max.leak:
            yield distribution("noisy_max.leak", variable.noisy_max.leak)
        for parent, links in variable.noisy_max.causes.items():
            for state, given in links.items():
                yield distribution(f"noisy_max.causes.{parent}.{state}", given)


def _of_settings(scenario: Scenario) -> Iterator[Statement]:
    settings, why = scenario.settings, "A convention, not a finding."

    def convention(name: str, p: float) -> Statement:
        return Statement(f"settings.{name}", (p,), SETTINGS_FIRMNESS, why)

    yield convention("accuracy", settings.accuracy)
    yield convention("spin", settings.spin)
    for directness, p in settings.fidelity.items():
        yield convention(f"fidelity.{directness}", p)
    for grade, p in settings.grades.items():
        yield convention(f"grades.{grade}", p)


def as_stated(scenario: Scenario) -> dict[str, Array]:
    """The values exactly as stated: one draw."""
    values: dict[str, Array] = {}
    for statement in statements(scenario):
        column = np.array(statement.stated)
        values[statement.path] = column if statement.is_chance else column[:, np.newaxis]
    return values


@dataclass(frozen=True)
class Judgement:
    """One number that somebody stated: its path, its statement, and its place among the numbers."""

    path: str
    statement: Statement
    place: int

    @property
    def value(self) -> float:
        """As stated."""
        return self.statement.stated[self.place]


def list_judgements(scenario: Scenario) -> dict[str, Judgement]:
    """Every judgement by its path, in the order of the file."""
    found = {}
    for statement in statements(scenario):
        for path, _ in statement.judgements():
            state = path.removeprefix(f"{statement.path}.")
            place = 0 if statement.is_chance else statement.states.index(state)
            found[path] = Judgement(path, statement, place)
    return found


def place(statement: Statement, moved: Mapping[int, Array]) -> Array:
    """A statement's numbers with some put elsewhere: (numbers, points).

    The others share what is left in the ratios in which they stood, or equally if they had nothing.
    """
    if statement.is_chance:
        return moved[0][np.newaxis]
    others = np.array(statement.stated)
    others[list(moved)] = 0.0
    free = np.array([i not in moved for i in range(len(others))])
    shares = others / others.sum() if others.sum() > 0 else free / max(free.sum(), 1)
    left = np.maximum(1.0 - sum(moved.values()), 0.0)
    numbers = shares[:, np.newaxis] * left
    for i, t in moved.items():
        numbers[i] = t if len(others) > 1 else 1.0  # a single state has nowhere to go
    return np.asarray(numbers)
