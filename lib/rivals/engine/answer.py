"""What a run of a tape leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rivals.engine.logs import Array


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


def join_answers(answers: Sequence[Answer]) -> Answer:
    """The answers for consecutive draws as one."""
    tables = np.concatenate([answer.table for answer in answers], axis=-1)
    scales = [np.broadcast_to(a.log_scale, a.table.shape[-2:]) for a in answers]
    return Answer(tables, np.concatenate(scales, axis=-1))


def take_exponents(logs: Array) -> Answer:
    """The answer of which these are the logarithms."""
    top = logs.max(axis=tuple(range(logs.ndim - 2)))
    scale = np.where(np.isfinite(top), top, 0.0)
    return Answer(np.exp(logs - scale), scale)


def seed_of(answer: Answer, seed: Array | None) -> Array:
    """The derivative by the answer's table: as given, or of the logarithm of its total."""
    if seed is None:
        total = answer.table.sum(axis=tuple(range(answer.table.ndim - 2)), keepdims=True)
        seed = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
    return np.broadcast_to(seed, answer.table.shape)
