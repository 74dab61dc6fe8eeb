"""A run under watch: it stops before a cell is lost that lies too far below the largest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from rivals.engine.logs import Array

if TYPE_CHECKING:
    from rivals.engine.tape import Step

WIDE = -640.0
"""The logarithm of the smallest cell that a product may have under watch, beside its largest."""


class Watch:
    """The smallest positive cell of each slot beside its largest, as a logarithm, from below."""

    def __init__(self, tables: Sequence[Array]) -> None:
        self.lows = [_lowest(table) for table in tables]

    def follow(self, step: Step, slots: list[Array]) -> tuple[Array, Array] | None:
        """A step that is rescaled in any case; none if its product would lose a cell."""
        low = self._sum(step)
        if low < WIDE / 2:
            for slot in step.slots:
                self.lows[slot] = _lowest(slots[slot])
            low = self._sum(step)
        message = np.einsum(step.forward, *[slots[slot] for slot in step.slots])
        top = message.max(axis=tuple(range(message.ndim - 2)))
        if low <= WIDE or not np.isfinite(top).all():
            return None
        top = np.where(top > 0, top, 1.0)
        self.lows.append(low - float(np.log(top.max())))
        return message / top, top

    def _sum(self, step: Step) -> float:
        return sum(self.lows[slot] for slot in step.slots)


def _lowest(table: Array) -> float:
    low = np.where(table > 0, table, np.inf).min(initial=np.inf)
    return float(np.log(low)) if np.isfinite(low) else 0.0
