"""The same tape in logarithms, for numbers that lie too far apart for floating point.

Where hundreds of reports speak for one state and then hundreds against it, a message would hold
cells in a ratio beyond 1e308, and what is lost of the small one cannot be won back. Sums are taken
relative to their largest term, so nothing is lost; it costs some twenty times as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from rivals.engine.tape import Step

Array = NDArray[np.float64]


def to_logs(table: Array) -> Array:
    """Logarithms, -inf for 0."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(table))


def pass_forward(steps: Sequence[Step], tables: Sequence[Array]) -> list[Array]:
    """The logarithm of every slot, the given tables first."""
    slots = [to_logs(table) for table in tables]
    for step in steps:
        slots.append(contract(step.forward, [slots[slot] for slot in step.slots]))
    return slots


def pass_backward(
    steps: Sequence[Step], slots: Sequence[Array], inputs: int, seed: Array
) -> list[Array | None]:
    """The logarithm of the derivative by every cell of the inputs, of one by the last slot."""
    adjoints: list[Array | None] = [None] * len(slots)
    adjoints[-1] = seed
    for i in range(len(steps) - 1, -1, -1):
        step, flowing = steps[i], adjoints[inputs + i]
        assert flowing is not None  # every message is used by exactly one later step
        for at, (slot, how) in enumerate(zip(step.slots, step.backward, strict=True)):
            others = [slots[other] for k, other in enumerate(step.slots) if k != at]
            adjoints[slot] = contract(how, [flowing, *(others or [np.zeros(step.spread)])])
    return adjoints[:inputs]


def contract(words: str, logs: Sequence[Array]) -> Array:
    """As einsum does with numbers, with their logarithms; the batch is the last two axes of all."""
    spoken, out = words.split("->")
    ins = spoken.split(",")
    union = list(dict.fromkeys("".join([out[:-2], *(word[:-2] for word in ins)])))
    total: Array = np.zeros((1,) * (len(union) + 2))
    for word, log in zip(ins, logs, strict=True):
        total = total + _align(word, log, union)
    gone = tuple(range(len(out) - 2, len(union)))
    if not gone:
        return total
    top = total.max(axis=gone, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    return np.asarray(to_logs(np.exp(total - top).sum(axis=gone)) + np.squeeze(top, axis=gone))


def _align(word: str, log: Array, union: Sequence[str]) -> Array:
    """A table with an axis for each letter of the union, and the batch."""
    own = word[:-2]
    order = sorted(range(len(own)), key=lambda i: union.index(own[i]))
    turned = log.transpose(*order, -2, -1)
    sizes = dict(zip(own, log.shape, strict=False))
    return turned.reshape(*(sizes.get(letter, 1) for letter in union), *log.shape[-2:])
