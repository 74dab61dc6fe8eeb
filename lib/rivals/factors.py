"""Factors with the logarithm of their scale: cut down to what is not certain, and run on a tape."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from rivals.engine import Array, Node, Plan, Tape, compile_tape, plan


@dataclass(frozen=True)
class Factor:
    """A scope and its table, (cards..., sets | 1, draws | 1), and the log of its scale.

    settled: the only state that a factor over one variable leaves possible, in the whole batch.
    items: the items of evidence that speak in it.
    """

    scope: tuple[Node, ...]
    table: Array
    scale: Array = field(default_factory=lambda: np.zeros((1, 1)))
    settled: int | None = None
    items: tuple[int, ...] = ()


def log_sum(factors: Sequence[Factor]) -> Array:
    """The logarithm of the sum of the product of factors: (sets, draws)."""
    factors = settle(factors)
    answer = tape_of(factors).run([f.table for f in factors])
    return answer.log_total + scale_of(factors)


def settle(
    factors: Sequence[Factor], keep: Container[Node] = (), *, heeding: bool = True
) -> Sequence[Factor]:
    """The factors cut down to what is certain in the whole batch, but for what is kept.

    Without `heeding` the evidence settles nothing, so that it may be taken back.
    """
    certain = (f for f in factors if f.settled is not None and (heeding or not f.items))
    settled = {factor.scope[0]: factor.settled for factor in certain}
    known = {n: at for n, at in settled.items() if at is not None and n not in keep}
    return [_cut(factor, known) for factor in factors] if known else factors


def _cut(factor: Factor, known: Mapping[Node, int]) -> Factor:
    if not any(node in known for node in factor.scope):
        return factor
    at = tuple(known.get(node, slice(None)) for node in factor.scope)
    left = tuple(node for node in factor.scope if node not in known)
    return Factor(left, factor.table[at], factor.scale, items=factor.items)


def only_state(weights: Array) -> int | None:
    """The one state that weights (states,) leave possible; None for several or none."""
    possible = np.flatnonzero(weights)
    return int(possible[0]) if len(possible) == 1 else None


def plan_of(factors: Sequence[Factor], keep: Sequence[Node] = ()) -> Plan:
    """How large the answer is that `tape_of` would compile."""
    return plan(sizes_of(factors), [f.scope for f in factors], keep)


def tape_of(factors: Sequence[Factor], keep: Sequence[Node] = ()) -> Tape:
    """The tape on which the factors run."""
    return compile_tape(sizes_of(factors), [f.scope for f in factors], keep)


def sizes_of(factors: Iterable[Factor]) -> dict[Node, int]:
    """How many states each variable has."""
    return {n: k for f in factors for n, k in zip(f.scope, f.table.shape, strict=False)}


def scale_of(factors: Iterable[Factor]) -> Array:
    """The logarithm by which the product of the factors is scaled: (sets, draws)."""
    return sum((f.scale for f in factors), np.zeros((1, 1)))
