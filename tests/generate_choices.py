"""Where the choices of a made scenario come from: a seeded generator or Hypothesis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
from hypothesis import strategies as st

T = TypeVar("T")


class Choices(Protocol):
    """Where a builder's choices come from."""

    def integer(self, low: int, high: int) -> int:
        """A whole number, both ends included."""

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""

    def flag(self, share: float) -> bool:
        """True in about this share of cases."""

    def some(self, options: Sequence[T], low: int, high: int) -> list[T]:
        """Between low and high of the options, in any order."""


@dataclass(frozen=True)
class Seeded:
    """Choices from a numpy generator."""

    generator: np.random.Generator

    def integer(self, low: int, high: int) -> int:
        return int(self.generator.integers(low, high + 1))

    def pick(self, options: Sequence[T]) -> T:
        return options[self.integer(0, len(options) - 1)]

    def flag(self, share: float) -> bool:
        return bool(self.generator.random() < share)

    def some(self, options: Sequence[T], low: int, high: int) -> list[T]:
        count = self.integer(low, min(high, len(options)))
        return [options[i] for i in self.generator.permutation(len(options))[:count]]


@dataclass(frozen=True)
class Drawn:
    """Choices from Hypothesis; they shrink towards the first option and False."""

    draw: Any

    def integer(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def pick(self, options: Sequence[T]) -> T:
        return self.draw(st.sampled_from(options))

    def flag(self, share: float) -> bool:
        return self.draw(st.integers(0, 99)) >= 100 * (1 - share)

    def some(self, options: Sequence[T], low: int, high: int) -> list[T]:
        size = self.integer(low, min(high, len(options)))
        return self.draw(st.permutations(options))[:size]
