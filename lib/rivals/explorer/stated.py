"""What was stated, as plain data for the page: numbers, variables with their gates, conventions.

Whatever has a name is referred to by its place in a list; numbers stay as stated.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rivals.batch import Batch
from rivals.judgements import chatter_of, statements
from rivals.phrases import neutralise
from rivals.scenario import Scenario
from rivals.stories import DIRECTNESS
from rivals.variables import Variable

Data = dict[str, Any]
Part = tuple[tuple[str, ...], list[int]]
"""A part of a gate: its parents, and for each row the number on which it rests."""

LOWEST = -1
"""In place of a number: all on the lowest state."""


@dataclass(frozen=True)
class Places:
    """Where things stand in the lists of the page."""

    scenario: Scenario

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The place of each statement by its path."""
        return {s.path: i for i, s in enumerate(statements(self.scenario))}

    @cached_property
    def variables(self) -> dict[str, int]:
        """The place of each variable."""
        return {name: i for i, name in enumerate(self.scenario.variables)}

    def state(self, variable: str, state: str) -> int:
        """The place of a state."""
        return self.scenario.variables[variable].states.index(state)

    def choose(self, variable: str, states: Sequence[str]) -> list[int]:
        """1 for each state of a variable that is named, 0 for the others."""
        return [int(state in states) for state in self.scenario.variables[variable].states]


def write_stated(places: Places, batch: Batch, given: Collection[str]) -> Data:
    """Numbers, settings and variables; rows of ranked gates follow the numbers that were stated."""
    scenario, at = places.scenario, places.numbers
    numbers = [list(s.stated) for s in statements(scenario)]
    variables = [
        {
            "name": neutralise(name),
            "ask": neutralise(variable.ask),
            "states": [neutralise(state) for state in variable.states],
            "parents": [places.variables[parent] for parent in variable.parents],
            "noisy": int(bool(variable.noisy_or or variable.noisy_max)),
            "parts": [
                [[variable.parents.index(parent) for parent in parents], rows]
                for parents, rows in _part(places, name, batch, numbers)
            ],
            "chatter": chatter_of(variable).tolist(),
            "given": int(name in given),
        }
        for name, variable in scenario.variables.items()
    ]
    settings = {name: at[f"settings.{name}"] for name in ("accuracy", "spin")}
    fidelity = [at[f"settings.fidelity.{name}"] for name in DIRECTNESS]
    return {
        "numbers": numbers,
        "settings": {**settings, "fidelity": fidelity},
        "variables": variables,
    }


def _part(places: Places, name: str, batch: Batch, numbers: list[list[float]]) -> Iterator[Part]:
    """The independent parts whose maximum a variable is, as `gates.build_components` has them."""
    variable, path = places.scenario.variables[name], f"variables.{name}"
    if variable.noisy_or or variable.noisy_max:
        yield from _link(places, name, variable)
    elif variable.prior is not None:
        yield (), [places.numbers[f"{path}.prior"]]
    elif variable.ranked:
        table = batch.tables[name].table.reshape(-1, len(variable.states))
        yield variable.parents, list(range(len(numbers), len(numbers) + len(table)))
        numbers.extend(table.tolist())  # nobody's judgement: it follows from weights and sd
    else:
        rows = batch.network.rows[name]
        yield variable.parents, [places.numbers[f"{path}.table[{row}].then"] for row in rows]


def _link(places: Places, name: str, variable: Variable) -> Iterator[Part]:
    """The leak, and each cause alone."""
    at = places.numbers
    path = f"variables.{name}.{'noisy_or' if variable.noisy_or else 'noisy_max'}"
    if f"{path}.leak" in at:
        yield (), [at[f"{path}.leak"]]
    for parent in variable.parents:
        link = f"{path}.causes.{parent}"
        states = places.scenario.variables[parent].states
        by_state = [at.get(f"{link}.{state}", LOWEST) for state in states]
        yield (parent,), [LOWEST, at[link]] if link in at else by_state
