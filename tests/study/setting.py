"""A world with its reports, before anybody weighs them; everything follows from seed and number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from study.faults import Told
from study.making import make_model
from study.model import Array, Model, Numbers
from study.speaking import Statement, Turn, Voices, plan_turns
from study.spreading import Copy, plan_copies
from study.truth import World, draw_explained

RATES = (0, 1, 3, 10, 30)
"""Mean numbers of copies of a first-hand report; a world's goes by its number."""

RANGED, RANGED_RIGHT = 21, 6
"""In one of so many worlds ranges are found, and in one of so many with the right model at least.

Neither is a multiple of five, so that every echo rate has as many.
"""


@dataclass(frozen=True)
class Setting:
    """A seed, and the number of a world."""

    seed: int
    world: int

    @property
    def rate(self) -> int:
        """The mean number of copies of a first-hand report."""
        return RATES[self.world % len(RATES)]

    @property
    def ranged(self) -> bool:
        """Whether ranges are found under every kind of error in this world."""
        return self.world % RANGED == 0

    @property
    def ranged_right(self) -> bool:
        """Whether ranges are found with the right model in this world."""
        return self.ranged or self.world % RANGED_RIGHT == 0

    def generator(self, stream: int) -> np.random.Generator:
        """PCG64 seeded by seed, world and stream, so that one part leaves the others alone."""
        return np.random.Generator(np.random.PCG64([self.seed, self.world, stream]))


@dataclass(frozen=True)
class Made:
    """A model, who will speak and be copied, the true numbers and what came about by them."""

    setting: Setting
    model: Model
    turns: tuple[Turn, ...]
    copies: tuple[tuple[Copy, ...], ...]
    numbers: Numbers
    world: World

    @classmethod
    def draw(cls, setting: Setting) -> Made:
        """The world of a setting."""
        rng = setting.generator(0)
        model = make_model(rng)
        turns = plan_turns(rng, model)
        copies = plan_copies(setting.generator(1), model, turns, setting.rate)
        return cls(setting, model, turns, copies, *draw_explained(setting.generator(2), model))

    def voices(self, stream: int) -> Voices:
        """Who speaks, with chances of their own."""
        return Voices(self.setting.generator(stream), self.model, self.numbers, self.world)

    @cached_property
    def told(self) -> tuple[Told, ...]:
        """What is said when all is as the model has it."""
        said: Sequence[Statement] = self.voices(3).speak(self.turns)
        return tuple(map(Told, said, self.copies))

    @cached_property
    def truth(self) -> Array:
        """Which hypotheses hold: 1.0 or 0.0."""
        return np.array([float(self.world[name]) for name in self.model.hypotheses])
