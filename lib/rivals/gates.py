"""Judgements -> conditional probability tables, for many draws of the judgements at once.

Every gate is a maximum of independent components: a prior, table or ranked gate is one component
over all its parents; a noisy gate has one for each link and one for the leak. A component's
cumulative distribution is what the twin network couples.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from rivals.engine import Array
from rivals.judgements import Values
from rivals.rules import fit_rows
from rivals.variables import NoisyOr, Ranked, Variable

Variables = Mapping[str, Variable]


@dataclass(frozen=True)
class Component:
    """P(contribution <= y | its parents): (cards of parents..., states, draws).

    rows: which mechanism responds to each combination of parents, (cards of parents...): a stated
    row of a table, the distribution around a mean of a ranked gate, a state's chance of a link.
    """

    parents: tuple[str, ...]
    cumulative: Array
    rows: NDArray[np.int64]


def build_table(
    name: str, variables: Variables, values: Values, rows: Mapping[str, Sequence[int]] | None = None
) -> Array:
    """P(variable | parents): (cards of parents..., states, draws).

    rows: as `number_rows` gives them, so as not to look them up again.
    """
    variable = variables[name]
    if variable.noisy_or or variable.noisy_max:
        scope = (*variable.parents, name)
        cumulative = _multiply(build_components(name, variables, values), scope, variables)
        return _difference(cumulative, -2)
    return _whole_table(name, variables, values, rows)


def number_rows(variables: Variables) -> dict[str, list[int]]:
    """Which row of its table serves each combination of a variable's parents, by variable."""
    return {name: _row_numbers(v, variables) for name, v in variables.items() if v.table}


def build_components(name: str, variables: Variables, values: Values) -> list[Component]:
    """The independent parts whose maximum the variable is."""
    variable, path = variables[name], f"variables.{name}"
    if variable.noisy_or:
        return list(_or_parts(variable.noisy_or, variables, values, f"{path}.noisy_or"))
    if variable.noisy_max:
        return list(_max_parts(variable, variables, values, f"{path}.noisy_max"))
    whole = _cumulate(_whole_table(name, variables, values))
    return [Component(variable.parents, whole, _part_rows(variable, variables))]


def _part_rows(variable: Variable, variables: Variables) -> NDArray[np.int64]:
    """Which row serves each combination of parents: (cards of parents...)."""
    cards = [len(variables[p].states) for p in variable.parents]
    if variable.ranked:
        means = np.round(_ranked_means(variable.ranked, cards), 12)
        return np.unique(means, return_inverse=True)[1].reshape(cards)
    return np.array(_row_numbers(variable, variables) if variable.table else 0).reshape(cards)


def _whole_table(
    name: str, variables: Variables, values: Values, rows: Mapping[str, Sequence[int]] | None = None
) -> Array:
    variable, path = variables[name], f"variables.{name}"
    if variable.prior is not None:
        return values[f"{path}.prior"]
    cards = [len(variables[p].states) for p in variable.parents]
    if variable.ranked:
        return _ranked_table(variable.ranked, cards, len(variable.states))
    stated = np.stack([values[f"{path}.table[{i}].then"] for i in range(len(variable.table or ()))])
    numbers = _row_numbers(variable, variables) if rows is None else rows[name]
    return np.asarray(stated[np.asarray(numbers)].reshape(*cards, *stated.shape[1:]))


def _row_numbers(variable: Variable, variables: Variables) -> list[int]:
    """Which row serves each combination of parent states, the last parent running fastest."""
    parents = {name: variables[name].states for name in variable.parents}
    found: list[int] = fit_rows(variable.table or (), parents).ravel().tolist()
    return found


def _cumulate(table: Array) -> Array:
    """P(Y <= y) along the states, its last entry exactly 1."""
    cumulative = np.cumsum(table, axis=-2)
    cumulative -= np.maximum(cumulative.real - 1.0, 0.0)
    cumulative[..., -1, :] = 1.0
    return cumulative


def _or_parts(gate: NoisyOr, variables: Variables, values: Values, path: str) -> list[Component]:
    parts = [_make_link((), [_certain_or(values[f"{path}.leak"])])]
    for parent, link in gate.causes.items():
        states = variables[parent].states
        never = np.zeros_like(values[f"{path}.leak"])
        if isinstance(link, float):
            chances = [never, values[f"{path}.causes.{parent}"]]
        else:
            paths = [f"{path}.causes.{parent}.{state}" for state in states]
            chances = [values.get(at, never) for at in paths]
        parts.append(_make_link((parent,), [_certain_or(p) for p in chances]))
    return parts


def _make_link(parents: tuple[str, ...], rows: Sequence[Array]) -> Component:
    """A link, with a row for each state of its parent, or a leak, with one row."""
    if not parents:
        return Component((), rows[0], np.array(0))
    return Component(parents, np.array(rows), np.arange(len(rows)))


def _certain_or(chance: Array) -> Array:
    """The cumulative distribution of an on/off contribution: (2, draws)."""
    return np.array([1.0 - chance, np.ones_like(chance)])


def _max_parts(
    variable: Variable, variables: Variables, values: Values, path: str
) -> list[Component]:
    gate = variable.noisy_max
    assert gate is not None
    parts = []
    if gate.leak:
        parts.append(_make_link((), [_cumulate(values[f"{path}.leak"])]))
    lowest = np.eye(len(variable.states))[:, :1]
    for parent in gate.causes:
        paths = [f"{path}.causes.{parent}.{state}" for state in variables[parent].states]
        tables = np.broadcast_arrays(*(values.get(at, lowest) for at in paths))
        parts.append(_make_link((parent,), list(_cumulate(np.stack(tables)))))
    return parts


def _ranked_table(gate: Ranked, cards: Sequence[int], states: int) -> Array:
    """Fenton, Neil and Caballero 2007: a normal truncated to [0, 1], cut into equal parts."""
    mean = _ranked_means(gate, cards)
    edges = (np.linspace(0.0, 1.0, states + 1) - mean[..., np.newaxis]) / gate.sd
    mass = _normal_mass(edges[..., :-1], edges[..., 1:])
    return np.asarray(mass / mass.sum(axis=-1, keepdims=True))[..., np.newaxis]


def _ranked_means(gate: Ranked, cards: Sequence[int]) -> Array:
    """The weighted mean of where the parents stand: (cards of parents...)."""
    weights = list(gate.weights.values())
    mean = np.zeros(tuple(cards))
    for axis, (weight, card) in enumerate(zip(weights, cards, strict=True)):
        stands = (np.arange(card) + 0.5) / card
        stands = stands if weight >= 0 else 1.0 - stands
        mean += (abs(weight) * stands).reshape([-1 if i == axis else 1 for i in range(len(cards))])
    return mean / sum(map(abs, weights))


def _normal_mass(low: Array, high: Array) -> Array:
    """P(low < Z < high), from the tail in which it keeps its digits."""
    upper = low > 0
    return np.asarray(ndtr(np.where(upper, -low, high)) - ndtr(np.where(upper, -high, low)))


def _difference(cumulative: Array, axis: int) -> Array:
    """The steps of a cumulative table along an axis; the first is its first entry."""
    steps = np.moveaxis(cumulative, axis, 0).copy()
    steps[1:] -= np.moveaxis(cumulative, axis, 0)[:-1]
    return np.moveaxis(steps, 0, axis)


def _spread_over(part: Component, scope: tuple[str, ...], variables: Variables) -> Array:
    """A component's table with an axis for each parent in the scope, 1 where it has none."""
    shape = [len(variables[p].states) if p in part.parents else 1 for p in scope[:-1]]
    return part.cumulative.reshape(*shape, *part.cumulative.shape[-2:])


def _multiply(parts: Sequence[Component], scope: tuple[str, ...], variables: Variables) -> Array:
    result = _spread_over(parts[0], scope, variables)
    for part in parts[1:]:
        result = result * _spread_over(part, scope, variables)
    return result


def couple(
    name: str, twins: Mapping[str, str | None], variables: Variables, values: Values
) -> Array:
    """P(variable, its twin | parents, their twins), every component sharing its quantile.

    `twins` are the parents that the twin world may have otherwise: in the given state, or for
    None in any. The table: (cards of parents, cards of the parents that are free there..., states,
    states, draws). P(Y <= y, Y* <= y*) is the product over components of
    min(P(<= y | x), P(<= y* | x*)), differenced both ways.
    """
    parents = variables[name].parents
    faced = (
        face(part, part.cumulative, parents, twins, variables)
        for part in build_components(name, variables, values)
    )
    return join_parts([_share_quantile(*both) for both in faced])


def _share_quantile(first: Array, second: Array) -> Array:
    """min(F(y | x), F(y* | x*)): (parents..., free twins..., states, states, draws)."""
    return np.minimum(first[..., :, np.newaxis, :], second[..., np.newaxis, :, :])


def join_parts(joints: Sequence[Array]) -> Array:
    """P(y, y*) of a variable and its twin from P(<= y, <= y*) of each part: (..., y, y*, draws).

    The parts are independent of each other, and the variable is their maximum in either world.
    """
    joint: Array | float = 1.0
    for one in joints:
        joint = joint * one
    table = _difference(_difference(np.asarray(joint), -2), -3)
    return np.maximum(table, 0.0)


def face(
    part: Component,
    table: NDArray[Any],
    parents: tuple[str, ...],
    twins: Mapping[str, str | None],
    variables: Variables,
) -> tuple[NDArray[Any], NDArray[Any]]:
    """A table over a part's parents as the actual world reads it, and as the twin world does.

    table: (cards of the part's parents..., anything...). Each of the two is to be broadcast:
    (cards of parents, cards of the parents that are free in the twin world..., anything...).
    """
    free = [p for p in parents if p in twins and twins[p] is None]
    tail = table.shape[len(part.parents) :]

    def cards(names: Iterable[str]) -> list[int]:
        return [len(variables[p].states) if p in part.parents else 1 for p in names]

    first = table.reshape(*cards(parents), *[1] * len(free), *tail)
    where = tuple(_fixed(p, twins, variables) for p in part.parents)
    turn = [i for i, p in enumerate(part.parents) if p not in free]
    turn += [i for i, p in enumerate(part.parents) if p in free]
    turned = table[where].transpose(*turn, *range(len(turn), table.ndim))
    own = [1 if p in twins else card for p, card in zip(parents, cards(parents), strict=True)]
    return first, turned.reshape(*own, *cards(free), *tail)


def _fixed(parent: str, twins: Mapping[str, str | None], variables: Variables) -> slice:
    """The states of a parent in the twin world: the one that it is set to, or all."""
    state = twins.get(parent)
    if state is None:
        return slice(None)
    at = variables[parent].states.index(state)
    return slice(at, at + 1)
