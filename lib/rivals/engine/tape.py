"""A compiled elimination: a tape of steps that tables run through, forwards and backwards.

Forwards, each step multiplies factors and sums out the variable that no later one holds; backwards,
the derivative by every cell of every factor comes from one pass (Darwiche 2003). Every few factors
a message is divided by its largest cell, so that a thousand reports do not underflow; logarithms
of what was divided out are added to the answer. Where that was not often enough, because a factor
is very small itself, the run is repeated with every message divided.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rivals.engine.order import Node, Order

Array = NDArray[np.float64]

FAINT = 1e-100
"""A message whose largest cell is below this may have lost cells that matter."""

BLOCK_CELLS, FEWEST, MOST_CELLS = 2**19, 64, 2**25
"""How many cells of the largest product, times the batch, are worked on at once: 4 MB of them, what
fits in a cache; but 64 members of the batch at least; but 256 MB at most, or else one draw."""

_GONE = np.empty(0)


@dataclass(frozen=True)
class Step:
    """Multiply up to three slots and sum out one variable or none, in the words of einsum.

    `backward` gives the derivative by each slot from that by the result and the other slots;
    a slot that stands alone is spread over the states of the variable summed out.
    """

    slots: tuple[int, ...]
    forward: str
    backward: tuple[str, ...]
    spread: tuple[int, ...]
    rescale: bool


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
class _Passed:
    """A forward pass: every slot, and by what each step divided its result; or given up, faint."""

    slots: list[Array]
    tops: list[Array | None]
    faint: bool = False

    @property
    def log_scale(self) -> Array:
        scale = np.zeros((1, 1))
        for top in self.tops:
            scale = scale if top is None else scale + np.log(top)
        return scale


@dataclass(frozen=True)
class Tape:
    """A compiled network of factors; `run` it on tables of the same scopes."""

    scopes: tuple[tuple[Node, ...], ...]
    keep: tuple[Node, ...]
    order: Order
    ones: tuple[tuple[int, ...], ...]
    steps: tuple[Step, ...]

    def run(self, tables: Sequence[Array]) -> Answer:
        """The joint table over the kept variables.

        tables: one per scope, (cards of the scope..., evidence sets | 1, draws | 1).
        """
        answers = [self._answer(self.forward(part)) for part in self._blocks(tables)]
        return answers[0] if len(answers) == 1 else _join(answers)

    def _answer(self, passed: _Passed) -> Answer:
        return Answer(passed.slots[-1], passed.log_scale)

    def _blocks(self, tables: Sequence[Array]) -> Iterator[Sequence[Array]]:
        """The tables for so many draws at a time that the largest product fits in the cache."""
        sets, draws = (max((t.shape[axis] for t in tables), default=1) for axis in (-2, -1))
        largest = max(self.order.largest_cells, 1) * sets
        block = max(1, min(max(FEWEST // sets, BLOCK_CELLS // largest), MOST_CELLS // largest))
        if draws <= block:
            yield tables
            return
        edges = np.linspace(0, draws, -(-draws // block) + 1).astype(int)
        for start, stop in pairwise(edges):
            yield [t[..., start:stop] if t.shape[-1] > 1 else t for t in tables]

    def forward(self, tables: Sequence[Array], *, whole: bool = False) -> _Passed:
        """The slots that no step uses, or all; rescaled at each step if now and then is too rare.

        Messages that are done with are let go: their memory serves the next ones, which is
        several times as fast as new memory.
        """
        passed = self._forward(tables, whole=whole, careful=False)
        return self._forward(tables, whole=whole, careful=True) if passed.faint else passed

    def _forward(self, tables: Sequence[Array], *, whole: bool, careful: bool) -> _Passed:
        slots = [*tables, *(np.ones((*shape, 1, 1)) for shape in self.ones)]
        tops: list[Array | None] = []
        for step in self.steps:
            message = np.einsum(step.forward, *(slots[slot] for slot in step.slots))
            top = None
            if step.rescale or careful:
                top = message.max(axis=tuple(range(message.ndim - 2)))
                if careful:
                    top = np.where(top > 0, top, 1.0)
                elif not (top.min() > FAINT and top.max() < 1 / FAINT):
                    return _Passed([], [], faint=True)
                message = message / top
            if not whole:
                for slot in step.slots:
                    slots[slot] = _GONE
            slots.append(message)
            tops.append(top)
        return _Passed(slots, tops)

    def run_with_gradients(
        self, tables: Sequence[Array], seed: Array | None = None
    ) -> tuple[Answer, list[Array]]:
        """The answer, and the derivative of a number by every cell of every table.

        Without a seed the number is the logarithm of the answer's total. With one, shaped like
        the answer's table, it is the sum of seed times table, the scale held fixed. Where the
        total is 0 the derivatives are 0.
        """
        found = [self._derive(part, seed) for part in self._blocks(tables)]
        if len(found) == 1:
            return found[0]
        columns = zip(*(gradients for _, gradients in found), strict=True)
        answer = _join([answer for answer, _ in found])
        return answer, [np.concatenate(column, axis=-1) for column in columns]

    def _derive(self, tables: Sequence[Array], seed: Array | None) -> tuple[Answer, list[Array]]:
        passed = self.forward(tables, whole=True)
        answer = self._answer(passed)
        if seed is None:
            total = answer.table.sum(axis=tuple(range(answer.table.ndim - 2)), keepdims=True)
            seed = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
        return answer, self._backward(passed, np.broadcast_to(seed, answer.table.shape))

    def _backward(self, passed: _Passed, seed: Array) -> list[Array]:
        slots, inputs = passed.slots, len(self.scopes) + len(self.ones)
        adjoints: list[Array | None] = [None] * len(slots)
        adjoints[-1] = seed
        for i in range(len(self.steps) - 1, -1, -1):
            step, flowing, top = self.steps[i], adjoints[inputs + i], passed.tops[i]
            assert flowing is not None  # every message is used by exactly one later step
            flowing = flowing if top is None else flowing / top
            adjoints[inputs + i] = None
            for at, (slot, how) in enumerate(zip(step.slots, step.backward, strict=True)):
                others = [slots[other] for k, other in enumerate(step.slots) if k != at]
                others = others or [np.ones(step.spread)]
                adjoints[slot] = np.einsum(how, flowing, *others)
        return [
            np.zeros_like(slot) if found is None else found
            for found, slot in zip(adjoints[: len(self.scopes)], slots, strict=False)
        ]


def _join(answers: Sequence[Answer]) -> Answer:
    """The answers for consecutive draws as one."""
    tables = np.concatenate([answer.table for answer in answers], axis=-1)
    scales = [np.broadcast_to(a.log_scale, a.table.shape[-2:]) for a in answers]
    return Answer(tables, np.concatenate(scales, axis=-1))


@dataclass(frozen=True)
class Reduction:
    """A compiled elimination that stops early: factors over the variables that are left."""

    tape: Tape
    left: tuple[tuple[int, tuple[Node, ...]], ...]

    def run(self, tables: Sequence[Array]) -> tuple[list[tuple[tuple[Node, ...], Array]], Array]:
        """What is left, as (scope, table), and the log scale that was divided out."""
        passed = self.tape.forward(tables)
        return [(scope, passed.slots[slot]) for slot, scope in self.left], passed.log_scale
