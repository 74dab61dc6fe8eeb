"""What follows from a made model by multiplying everything out: the other methods' arithmetic.

Tests hold the library's answers against it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from study.coding import Page
from study.model import Array, Model, Source, hear, tell

Key = tuple[str, int | None, str, tuple[int, ...], str]
"""What a page weighs goes by: the grade and interest of its source, and what it says how."""


@lru_cache(maxsize=64)
def _places(cards: tuple[int, ...]) -> Array:
    """Which state each variable has in each cell of the joint table: (cells, all states)."""
    grid = np.indices(cards).reshape(len(cards), -1)
    return np.concatenate(
        [(grid[i][:, np.newaxis] == np.arange(k)).astype(float) for i, k in enumerate(cards)], 1
    )


@dataclass(frozen=True)
class Beliefs:
    """A model's numbers as stated, once the effect is known and before any report."""

    model: Model
    _heard: dict[Key, Array] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def numbers(self) -> dict[str, Array]:
        """As they are written."""
        return self.model.as_stated()

    @cached_property
    def joint(self) -> Array:
        """P(everything | the effect): (cells,)."""
        joint = self.model.joint(self.numbers)
        axis = list(self.model.variables).index(self.model.effect)
        np.moveaxis(joint, axis, 0)[0] = 0.0
        return joint.ravel() / joint.sum()

    @cached_property
    def _starts(self) -> dict[str, int]:
        """Where a variable's states begin."""
        starts = accumulate(self.model.cards, initial=0)
        return dict(zip(self.model.variables, starts, strict=False))

    @cached_property
    def _held(self) -> list[int]:
        return [self._starts[h] + 1 for h in self.model.hypotheses]

    @cached_property
    def _pairs(self) -> Array:
        """P(a hypothesis fails or holds, a state of a variable): (hypotheses, 2, all states)."""
        places = _places(self.model.cards)
        rows = places[:, np.array([[i - 1, i] for i in self._held])]
        # not by matrix product: its threads would be in each other's way
        return np.einsum("cht,cs->hts", rows * self.joint[:, np.newaxis, np.newaxis], places)

    @cached_property
    def _chances(self) -> Array:
        """P(each hypothesis fails, holds): (hypotheses, 2)."""
        return np.array(
            [
                pair[:, i - 1 : i + 1].sum(axis=1)
                for pair, i in zip(self._pairs, self._held, strict=True)
            ]
        )

    @property
    def prior(self) -> Array:
        """The log-odds of each hypothesis."""
        return np.log(self._chances[:, 1] / self._chances[:, 0])

    @cached_property
    def given(self) -> dict[str, Array]:
        """P(state of a variable | hypothesis fails or holds): (hypotheses, 2, states)."""
        chances = self._pairs / self._chances[..., np.newaxis]
        ends = accumulate(self.model.cards)
        return {
            name: chances[..., start:end]
            for (name, start), end in zip(self._starts.items(), ends, strict=False)
        }

    def source(self, name: str) -> Source:
        """A source, or an outlet that is taken for one."""
        return self.model.sources.get(name) or self.model.outlets[name]

    def ratio(self, name: str, about: str, said: tuple[int, ...], directness: str) -> Array:
        """The logarithm of P(a page | h) / P(the page | not h), by itself: (hypotheses,)."""
        source = self.source(name)
        key = source.grade, source.interest.get(about), about, said, directness
        if key not in self._heard:
            reliable, stories, heard = self._voice(Page("", name, "", about, said, directness, 0))
            likelihood = (1 - reliable) * stories[0] @ heard + reliable * stories[1] @ heard
            chances = self.given[about] @ likelihood
            self._heard[key] = np.log(chances[:, 1] / chances[:, 0])
        return self._heard[key]

    def _voice(self, page: Page) -> tuple[float, Array, Array]:
        """P(reliable), P(story | reliable?, truth) and P(statement | story)."""
        source = self.source(page.source)
        states = len(self.model.variables[page.variable].states)
        fidelity = float(self.numbers[f"settings.fidelity.{page.directness}"])
        stories = tell(source, page.variable, self.model, self.numbers)
        reliable = float(self.numbers[f"settings.grades.{source.grade}"])
        return reliable, stories, hear(page.said, states, fidelity)

    def weigh(self, pages: Iterable[Page], missed: float = 0.0) -> Array:
        """P(each hypothesis | the pages), each story told once: design, section 4.

        missed: how much silence on a variable speaks against its being there; not of the effect.
        """
        pages = tuple(pages)
        cells = self.joint.copy()
        for name in self.model.variables.keys() - {self.model.effect, *(p.variable for p in pages)}:
            cells *= np.where(self._states_of(name) > 0, 1 - missed, 1.0)
        told: dict[tuple[str, str], dict[str, list[Page]]] = {}
        for page in pages:
            topic = self.model.variables[page.variable].topic
            told.setdefault((page.source, topic), {}).setdefault(page.variable, []).append(page)
        for by_variable in told.values():
            cells *= self._hear(by_variable)
        held = _places(self.model.cards)[:, self._held]
        return np.einsum("ch,c->h", held, cells) / cells.sum()

    def _hear(self, by_variable: dict[str, list[Page]]) -> Array:
        """P(all that a source says on a topic | everything): (cells,)."""
        heard = np.ones((2, len(self.joint)))
        reliable = 0.0
        for name, pages in by_variable.items():
            reliable, stories, _ = self._voice(pages[0])
            said = np.prod([self._voice(page)[2] for page in pages], axis=0)
            heard *= (stories @ said)[:, self._states_of(name)]
        return (1 - reliable) * heard[0] + reliable * heard[1]

    def _states_of(self, name: str) -> NDArray[np.int64]:
        """The state of a variable in each cell: (cells,)."""
        start, states = self._starts[name], len(self.model.variables[name].states)
        return _places(self.model.cards)[:, start : start + states].argmax(axis=1)
