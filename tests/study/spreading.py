"""Who repeats a first-hand report: a random number of outlets, a fifth unmarked, some drifting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from study.model import Model
from study.speaking import Statement, Turn, name_states

UNMARKED, DRIFT = 0.2, 0.05
"""The share of copies that do not say whose word they repeat, and of those that change it."""

DELAY = 3
"""Within how many days a copy follows."""


@dataclass(frozen=True)
class Copy:
    """One repetition of a first-hand report, as it will be made.

    drift: by how many states it is off; 0 for a faithful one. delay: days after the first.
    """

    outlet: str
    marked: bool
    drift: int
    delay: int

    def repeat(self, statement: Statement, model: Model) -> tuple[int, ...]:
        """The states that it names."""
        if not self.drift:
            return statement.said
        states = len(model.variables[statement.turn.variable].states)
        moved = (statement.said[0] + self.drift) % states
        return name_states(moved, statement.turn.line, states)


def plan_copies(
    rng: np.random.Generator, model: Model, turns: Sequence[Turn], rate: float
) -> tuple[tuple[Copy, ...], ...]:
    """The copies of each turn: geometric in number, of mean `rate`; an outlet may run one twice."""
    counts = rng.geometric(1 / (1 + rate), len(turns)) - 1
    return tuple(
        _plan(rng, model, len(model.variables[turn.variable].states), int(count))
        for turn, count in zip(turns, counts, strict=True)
    )


def _plan(rng: np.random.Generator, model: Model, states: int, count: int) -> tuple[Copy, ...]:
    if count == 0:
        return ()
    outlets = rng.integers(len(model.outlets), size=count).tolist()
    marked = (rng.random(count) >= UNMARKED).tolist()
    drift = np.where(rng.random(count) < DRIFT, rng.integers(1, states, count), 0).tolist()
    delay = rng.integers(DELAY + 1, size=count).tolist()
    names = list(model.outlets)
    return tuple(
        Copy(names[o], m, d, later)
        for o, m, d, later in zip(outlets, marked, drift, delay, strict=True)
    )
