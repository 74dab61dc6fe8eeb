"""A compiled elimination: a tape of steps that tables run through, forwards and backwards.

Forwards, each step multiplies factors and sums out the variable that no later one holds; backwards,
the derivative by every cell of every factor comes from one pass (Darwiche 2003). Every few factors
a message is divided by its largest cell, so that a thousand reports do not underflow; logarithms
of what was divided out are added to the answer. Where much was divided out, the run is repeated
under watch of the smallest cells, and in logarithms if these do not fit beside the largest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np

from rivals.engine.answer import Answer, join_answers, seed_of, take_exponents
from rivals.engine.logs import Array, pass_backward, pass_forward, to_logs
from rivals.engine.order import Node, Order
from rivals.engine.watch import Watch

FAINT, DEEP = 1e-100, 575.0
"""A run is repeated under watch if it meets a message whose largest cell is below the first, or if
what it divides by comes to more than e to the second: a cell lost beside the largest, in a ratio
below 1e-308, cannot matter as long as all that follows weighs less than that."""

BLOCK_CELLS, FEWEST, MOST_CELLS = 2**22, 64, 2**25
"""How many cells of the largest product, times the batch, are worked on at once: 32 MB of them; but
64 members of the batch at least; but 256 MB at most, or else one draw."""

KEPT_CELLS = 1_000_000
"""A single run of up to so many cells is kept (8 MB), so that the next one need not start anew."""

np.empty(31 * 2**20, np.uint8)
# Not read: glibc takes from the largest block that was ever freed (up to 32 MB) how much freed
# memory to keep. Without it, each large message is new memory, which costs as much as its numbers.

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
class _Passed:
    """A forward pass: every slot, and by what each step divided its result."""

    slots: list[Array]
    tops: list[Array | None]

    @property
    def log_scale(self) -> Array:
        """The logarithm of all that was divided out: (evidence sets, draws)."""
        return sum((np.log(top) for top in self.tops if top is not None), np.zeros((1, 1)))

    @property
    def depth(self) -> float:
        """The most that was divided out or in, in all, of any member of the batch."""
        logs = (abs(np.log(top)) for top in self.tops if top is not None)
        return float(np.max(sum(logs, np.zeros((1, 1)))))


@dataclass(frozen=True)
class Tape:
    """A compiled network of factors; `run` it on tables of the same scopes."""

    scopes: tuple[tuple[Node, ...], ...]
    keep: tuple[Node, ...]
    order: Order
    ones: tuple[tuple[int, ...], ...]
    steps: tuple[Step, ...]
    _last: list[_Passed] = field(default_factory=list, compare=False, repr=False)

    def run(self, tables: Sequence[Array]) -> Answer:
        """The joint table over the kept variables.

        tables: one per scope, (cards of the scope..., evidence sets | 1, draws | 1).
        """
        answers = [self._ask(part) for part in self._blocks(tables)]
        return answers[0] if len(answers) == 1 else join_answers(answers)

    def run_again(self, tables: Sequence[Array]) -> Answer:
        """As `run` for a batch of one: only what depends on other arrays than the last time.

        An array that is handed over again must not have been changed in place.
        """
        passed = self._again(tables) or self.forward(tables, whole=True)
        self._last[:] = [passed] if passed and self.order.cells < KEPT_CELLS else []
        return self._ask(tables) if passed is None else self._answer(passed)

    def _ask(self, tables: Sequence[Array]) -> Answer:
        passed = self.forward(tables)
        if passed is None:
            return take_exponents(pass_forward(self.steps, self.inputs(tables))[-1])
        return self._answer(passed)

    def _answer(self, passed: _Passed) -> Answer:
        return Answer(passed.slots[-1], passed.log_scale)

    def inputs(self, tables: Sequence[Array]) -> list[Array]:
        """The tables, and ones for kept variables that stand in none of them."""
        return [*tables, *self._ones]

    @cached_property
    def _ones(self) -> list[Array]:
        return [np.ones((*shape, 1, 1)) for shape in self.ones]

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

    def _again(self, tables: Sequence[Array]) -> _Passed | None:
        """The last run with what depends on other tables done anew; none if there is no such."""
        if not self._last:
            return None
        last, slots = self._last[0], self.inputs(tables)
        tops: list[Array | None] = []
        same = [new is old for new, old in zip(slots, last.slots, strict=False)]
        for step, message, top in zip(self.steps, last.slots[len(slots) :], last.tops, strict=True):
            kept = all(same[slot] for slot in step.slots)
            found = (message, top) if kept else self._redo(step, slots)
            if found is None:
                return None
            same.append(kept)
            slots.append(found[0])
            tops.append(found[1])
        passed = _Passed(slots, tops)
        return None if passed.depth > DEEP else passed

    def _redo(self, step: Step, slots: list[Array]) -> tuple[Array, Array | None] | None:
        """One step, and by what its result was divided; none where it is too faint."""
        message = np.einsum(step.forward, *[slots[slot] for slot in step.slots])
        if not step.rescale:
            return message, None
        top = message.max(axis=tuple(range(message.ndim - 2)))
        if not (top.min() > FAINT and top.max() < 1 / FAINT):
            return None
        return message / top, top

    def forward(self, tables: Sequence[Array], *, whole: bool = False) -> _Passed | None:
        """The slots that no step uses, or all; none where floating point does not reach.

        Messages that are done with are let go: their memory serves the next ones, which is
        several times as fast as new memory.
        """
        passed = self._pass(tables, whole=whole)
        if passed is None or passed.depth > DEEP:
            return self._pass(tables, whole=whole, watch=Watch(tables))
        return passed

    def _pass(
        self, tables: Sequence[Array], *, whole: bool, watch: Watch | None = None
    ) -> _Passed | None:
        slots = self.inputs(tables)
        tops: list[Array | None] = []
        for step in self.steps:
            found = self._redo(step, slots) if watch is None else watch.follow(step, slots)
            if found is None:
                return None
            if not whole:
                for slot in step.slots:
                    slots[slot] = _GONE
            slots.append(found[0])
            tops.append(found[1])
        return _Passed(slots, tops)

    def run_with_gradients(
        self, tables: Sequence[Array], seed: Array | None = None
    ) -> tuple[Answer, list[Array]]:
        """The answer, and the derivative of a number by every cell of every table.

        Without a seed the number is the logarithm of the answer's total. With one, shaped like
        the answer's table, it is the sum of seed times table, the scale held fixed. Where the
        total is 0 the derivatives are 0. By a cell that is 0 one may be infinite: beyond 1e308.
        """
        found = [self._derive(part, seed) for part in self._blocks(tables)]
        if len(found) == 1:
            return found[0]
        columns = zip(*(gradients for _, gradients in found), strict=True)
        answer = join_answers([answer for answer, _ in found])
        return answer, [np.concatenate(column, axis=-1) for column in columns]

    def _derive(self, tables: Sequence[Array], seed: Array | None) -> tuple[Answer, list[Array]]:
        passed = self.forward(tables, whole=True)
        if passed is None:
            return self._derive_logs(tables, seed)
        answer = self._answer(passed)
        with np.errstate(over="ignore", invalid="ignore"):
            gradients = self._backward(passed, seed_of(answer, seed))
        if all(np.isfinite(gradient).all() for gradient in gradients):
            return answer, gradients
        return self._derive_logs(tables, seed)

    def _derive_logs(
        self, tables: Sequence[Array], seed: Array | None
    ) -> tuple[Answer, list[Array]]:
        slots = pass_forward(self.steps, self.inputs(tables))
        answer, count = take_exponents(slots[-1]), len(tables)
        batch = answer.log_scale.shape
        found: list[Array] = [np.zeros((*table.shape[:-2], *batch)) for table in tables]
        wanted = seed_of(answer, seed)
        for sign in (1.0, -1.0):  # a logarithm has room for one of them
            part = np.maximum(sign * wanted, 0.0)
            if part.any():
                logs = pass_backward(
                    self.steps, slots, count + len(self.ones), to_logs(part) - answer.log_scale
                )
                with np.errstate(over="ignore"):
                    found = [
                        own if log is None else own + sign * np.exp(log)
                        for own, log in zip(found, logs, strict=False)
                    ]
        return answer, found

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


@dataclass(frozen=True)
class Reduction:
    """A compiled elimination that stops early: factors over the variables that are left."""

    tape: Tape
    left: tuple[tuple[int, tuple[Node, ...]], ...]

    def run(self, tables: Sequence[Array]) -> tuple[list[tuple[tuple[Node, ...], Array]], Array]:
        """What is left, as (scope, table), and the log scale that was divided out."""
        passed = self.tape.forward(tables)
        if passed is not None:
            return [(scope, passed.slots[slot]) for slot, scope in self.left], passed.log_scale
        slots = pass_forward(self.tape.steps, self.tape.inputs(tables))
        found = [(scope, take_exponents(slots[slot])) for slot, scope in self.left]
        scale = sum((answer.log_scale for _, answer in found), np.zeros((1, 1)))
        return [(scope, answer.table) for scope, answer in found], scale
