"""A compiled elimination: a tape of steps that tables run through, forwards and backwards.

Forwards, each step multiplies the factors that hold a variable and sums it out; backwards, the
derivative by every cell of every factor comes from one pass (Darwiche 2003). A message is divided
by its largest cell, so that a thousand reports do not underflow; logarithms of what was divided
out are added to the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rivals.engine.order import Node, Order

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Step:
    """Multiply slots, each viewed with the given shape of its scope; sum the first axis or none."""

    slots: tuple[int, ...]
    shapes: tuple[tuple[int, ...], ...]
    missing: tuple[tuple[int, ...], ...]
    sums: bool
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Answer:
    """What a forward pass leaves: the table over the kept variables, and its log scale.

    table: (cards of keep..., evidence sets, draws), largest cell 1 unless all are 0.
    log_scale: (evidence sets, draws), to be added to the logarithm of the table.
    """

    table: Array
    log_scale: Array

    @property
    def log_total(self) -> Array:
        """The logarithm of the sum over the kept variables; -inf for impossible evidence."""
        total = self.table.sum(axis=tuple(range(self.table.ndim - 2)))
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(total) + self.log_scale)

    @property
    def distribution(self) -> Array:
        """The table normalised over the kept variables; NaN where the evidence is impossible."""
        total = self.table.sum(axis=tuple(range(self.table.ndim - 2)), keepdims=True)
        with np.errstate(invalid="ignore"):
            return np.asarray(self.table / total)


@dataclass(frozen=True)
class Tape:
    """A compiled network of factors; `run` it on tables of the same scopes."""

    scopes: tuple[tuple[Node, ...], ...]
    keep: tuple[Node, ...]
    order: Order
    steps: tuple[Step, ...]
    turns: tuple[tuple[int, ...], ...]

    def run(self, tables: Sequence[Array]) -> Answer:
        """The joint table over the kept variables.

        tables: one per scope, (cards of the scope..., evidence sets | 1, draws | 1).
        """
        slots, tops = self._forward(tables)
        return Answer(slots[-1], _log_of(tops))

    def _forward(self, tables: Sequence[Array]) -> tuple[list[Array], list[Array]]:
        slots = [table.transpose(turn) for table, turn in zip(tables, self.turns, strict=True)]
        tops: list[Array] = []
        for step in self.steps:
            product = _multiply(step, slots)
            message = product.sum(axis=0) if step.sums else product
            top = message.max(axis=tuple(range(message.ndim - 2)))
            top = np.where(top > 0, top, 1.0)
            slots.append(message / top)
            tops.append(top)
        return slots, tops

    def run_with_gradients(
        self, tables: Sequence[Array], seed: Array | None = None
    ) -> tuple[Answer, list[Array]]:
        """The answer, and the derivative of a number by every cell of every table.

        Without a seed the number is the logarithm of the answer's total. With one, shaped like
        the answer's table, it is the sum of seed times table, the scale held fixed. Where the
        total is 0 the derivatives are 0.
        """
        slots, tops = self._forward(tables)
        answer = Answer(slots[-1], _log_of(tops))
        if seed is None:
            total = answer.table.sum(axis=tuple(range(answer.table.ndim - 2)), keepdims=True)
            seed = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
        return answer, self._backward(slots, tops, np.broadcast_to(seed, slots[-1].shape))

    def _backward(self, slots: list[Array], tops: list[Array], seed: Array) -> list[Array]:
        adjoints: list[Array | None] = [None] * len(slots)
        adjoints[-1] = seed
        for back, step in enumerate(reversed(self.steps)):
            out = len(slots) - 1 - back
            adjoint = adjoints[out]
            assert adjoint is not None  # every message is used by exactly one later step
            flowing = adjoint / tops[-1 - back]
            flowing = flowing[np.newaxis] if step.sums else flowing
            for slot, found in zip(step.slots, _spread(step, slots, flowing), strict=True):
                adjoints[slot] = found
            adjoints[out] = None
        turned = zip(adjoints, self.turns, slots, strict=False)
        return [
            (np.zeros_like(slot) if found is None else found).transpose(np.argsort(turn))
            for found, turn, slot in turned
        ]


def _multiply(step: Step, slots: list[Array]) -> Array:
    if not step.slots:
        return np.ones((*step.shape, 1, 1))
    product = _view(slots[step.slots[0]], step.shapes[0])
    for slot, shape in zip(step.slots[1:], step.shapes[1:], strict=True):
        product = product * _view(slots[slot], shape)
    return product


def _view(table: Array, shape: tuple[int, ...]) -> Array:
    return table.reshape(shape + table.shape[-2:])


def _log_of(tops: list[Array]) -> Array:
    scale = np.zeros((1, 1))
    for top in tops:
        scale = scale + np.log(top)
    return scale


def _spread(step: Step, slots: list[Array], flowing: Array) -> list[Array]:
    """The adjoint of each factor of a product: the flow times all others, by prefix and suffix."""
    views = [_view(slots[s], shape) for s, shape in zip(step.slots, step.shapes, strict=True)]
    before = [flowing]
    for view in views[:-1]:
        before.append(before[-1] * view)
    found: list[Array] = []
    after: Array | None = None
    for i in range(len(views) - 1, -1, -1):
        full = before[i] if after is None else before[i] * after
        full = np.broadcast_to(full, step.shape + full.shape[-2:])
        found.append(full.sum(axis=step.missing[i]) if step.missing[i] else full)
        after = views[i] if after is None else after * views[i]
    return found[::-1]


@dataclass(frozen=True)
class Reduction:
    """A compiled elimination that stops early: factors over the variables that are left."""

    tape: Tape
    left: tuple[tuple[int, tuple[Node, ...]], ...]

    def run(self, tables: Sequence[Array]) -> tuple[list[tuple[tuple[Node, ...], Array]], Array]:
        """What is left, as (scope, table), and the log scale that was divided out."""
        slots, tops = self.tape._forward(tables)
        return [(scope, slots[slot]) for slot, scope in self.left], _log_of(tops)
