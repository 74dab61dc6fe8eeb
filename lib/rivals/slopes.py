"""How fast an answer moves when a judgement does, for all judgements from one pass back.

The engine gives the derivative of an answer by every cell of every factor (Darwiche 2003); how the
cells move with a judgement comes from building them once more with a judgement moved by an
imaginary step (Squire and Trapp 1998), which is exact to the last digits as no difference is
taken. When one number of a distribution moves, the others keep their ratios.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import cast

import numpy as np

from rivals.batch import Batch
from rivals.engine import Answer, Array
from rivals.factors import Factor, scale_of, tape_of
from rivals.judgements import Judgement, list_judgements, place
from rivals.scenario import Claim, Scenario

STEP = 1e-30


def slopes(stated: Batch, claim: Claim) -> dict[str, float]:
    """The derivative of P(claim | evidence) by every judgement, by its name.

    0 for what cannot move the answer; one-sided for a number that stands at 0 or 1.
    """
    network, names = stated.network, (claim.variable,)
    factors = stated.factors(names)
    total, by_all = _derive(factors)
    held, by_held = _derive([*factors, stated.indicate(claim.variable, claim.states)])
    share = np.exp(held.log_total - total.log_total)
    ratio = np.exp(held.log_scale - total.log_total)
    weights = [ratio * h - share * a for h, a in zip(by_held, by_all, strict=False)]
    tables = {id(factor): name for name, factor in stated.tables.items()}
    by_table = {tables[id(f)]: w for f, w in zip(factors, weights, strict=True) if id(f) in tables}
    found: dict[str, float] = {}
    for name, moves in _moves(network.scenario):
        moved = Batch(network, stated.masks, {**stated.values, **_perturb(moves)})
        if name is None:
            pairs = zip(weights[len(by_table) :], moved.evidence, strict=True)
        elif name in by_table and name not in network.what_if.do:
            pairs = zip([by_table[name]], [moved.table(name)], strict=True)
        else:
            pairs = zip((), (), strict=True)
        slope = np.zeros(len(moves))
        for weight, factor in pairs:
            slope = slope + _chain(weight, factor)
        found |= {move.path: float(one) for move, one in zip(moves, slope, strict=True)}
    return found


def _derive(factors: Sequence[Factor]) -> tuple[Answer, list[Array]]:
    """The sum of the product, scaled, and its derivative by every cell, scaled likewise."""
    tables = [factor.table for factor in factors]
    answer, gradients = tape_of(factors).run_with_gradients(tables, np.ones((1, 1)))
    return Answer(answer.table, answer.log_scale + scale_of(factors)), gradients


def _chain(weight: Array, factor: Factor) -> Array:
    """How fast the answer moves through one factor: (moves,)."""
    change = np.imag(factor.table) / STEP
    moved = np.where(change != 0, weight, 0.0) * change
    return np.asarray(moved.sum(axis=tuple(range(moved.ndim - 1))))


def _moves(scenario: Scenario) -> Iterator[tuple[str | None, list[Judgement]]]:
    """The judgements of each variable; None for those of sources and settings, all together."""

    def owner(judgement: Judgement) -> str | None:
        section, name, *_ = judgement.path.split(".")
        return name if section == "variables" else None

    for name, group in groupby(list_judgements(scenario).values(), owner):
        yield name, list(group)


def _perturb(moves: Sequence[Judgement]) -> dict[str, Array]:
    """The statements with one judgement a draw moved by an imaginary step."""
    found: dict[str, Array] = {}
    for draw, judgement in enumerate(moves):
        statement = judgement.statement
        if statement.path not in found:
            stated = np.array(statement.stated, complex)[:, np.newaxis]
            found[statement.path] = cast(Array, np.repeat(stated, len(moves), axis=1))
        ends = place(statement, {judgement.place: np.array([0.0, 1.0])})  # a straight line
        found[statement.path].imag[:, draw] = STEP * (ends[:, 1] - ends[:, 0])
    chances = {move.statement.path for move in moves if move.statement.is_chance}
    return {path: value[0] if path in chances else value for path, value in found.items()}
