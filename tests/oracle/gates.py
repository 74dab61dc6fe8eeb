"""The five ways of stating a variable's table, each by its defining formula, row by row.

A *part* is what draws one quantile in section 6: the whole table of a root, `table` or
`ranked` variable, and each link and the leak of a noisy one, whose maximum is the effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from scipy.stats import norm

from oracle.texts import distribution, number, several

Row = list[Fraction]


@dataclass(frozen=True)
class Part:
    """One mechanism: for each combination of its parents' state numbers, a distribution."""

    parents: tuple[str, ...]
    rows: dict[tuple[int, ...], Row]


@dataclass(frozen=True)
class Gate:
    """A variable's states, its parents, its mechanisms and its table (parents' axes first)."""

    states: list[str]
    parents: tuple[str, ...]
    parts: tuple[Part, ...]
    table: np.ndarray


def states_of(variable: dict[str, Any]) -> list[str]:
    """The states, low to high."""
    return variable.get("states", ["no", "yes"])


def build(scenario: dict[str, Any], scale: str) -> dict[str, Gate]:
    """Every variable's gate."""
    states = {name: states_of(v) for name, v in scenario["variables"].items()}
    makers = {
        "prior": _prior,
        "table": _table,
        "noisy_or": _noisy_or,
        "noisy_max": _noisy_max,
        "ranked": _ranked,
    }
    gates = {}
    for name, variable in scenario["variables"].items():
        [key] = [key for key in makers if key in variable]
        parts = makers[key](variable[key], name, states, scale)
        parents = tuple(dict.fromkeys(p for part in parts for p in part.parents))
        gates[name] = Gate(states[name], parents, parts, _tabulate(name, parents, parts, states))
    return gates


def combinations(parents: tuple[str, ...], states: dict[str, list[str]]) -> Any:
    """All combinations of the parents' state numbers."""
    return product(*(range(len(states[parent])) for parent in parents))


def _prior(stated: Any, name: str, states: Any, scale: str) -> tuple[Part, ...]:
    return (Part((), {(): distribution(stated, states[name], scale)}),)


def _table(stated: Any, name: str, states: Any, scale: str) -> tuple[Part, ...]:
    parents = tuple(dict.fromkeys(p for row in stated for p in row.get("when", {})))
    rows = {}
    for combination in combinations(parents, states):
        world = {p: states[p][k] for p, k in zip(parents, combination, strict=True)}
        fitting = next(
            row
            for row in stated
            if all(world[p] in several(wanted) for p, wanted in row.get("when", {}).items())
        )
        rows[combination] = distribution(fitting["then"], states[name], scale)
    return (Part(parents, rows),)


def _noisy_or(stated: Any, name: str, states: Any, scale: str) -> tuple[Part, ...]:
    def chance(p: Fraction) -> Row:
        return [1 - p, p]

    parts = [Part((), {(): chance(number(stated.get("leak", "0"), scale))})]
    for parent, link in stated["causes"].items():
        per_state = link if isinstance(link, dict) else {states[parent][1]: link}
        assert states[parent][0] not in per_state
        rows = {
            (k,): chance(number(per_state.get(state, "0"), scale))
            for k, state in enumerate(states[parent])
        }
        parts.append(Part((parent,), rows))
    return tuple(parts)


def _noisy_max(stated: Any, name: str, states: Any, scale: str) -> tuple[Part, ...]:
    lowest = [Fraction(1)] + [Fraction(0)] * (len(states[name]) - 1)
    leak = distribution(stated["leak"], states[name], scale) if "leak" in stated else lowest
    parts = [Part((), {(): leak})]
    for parent, link in stated["causes"].items():
        assert set(link) == set(states[parent][1:])
        rows = {(0,): lowest}
        for k, state in enumerate(states[parent][1:], start=1):
            rows[(k,)] = distribution(link[state], states[name], scale)
        parts.append(Part((parent,), rows))
    return tuple(parts)


def _ranked(stated: Any, name: str, states: Any, scale: str) -> tuple[Part, ...]:
    weights = {parent: number(w) for parent, w in stated["weights"].items()}
    parents, n, sd = tuple(weights), len(states[name]), float(number(stated["sd"]))
    rows = {}
    for combination in combinations(parents, states):
        mu = Fraction(0)
        for parent, k in zip(parents, combination, strict=True):
            stands = (k + Fraction(1, 2)) / len(states[parent])
            mu += abs(weights[parent]) * (1 - stands if weights[parent] < 0 else stands)
        mean = float(mu / sum(abs(w) for w in weights.values()))
        masses = [_mass((k / n - mean) / sd, ((k + 1) / n - mean) / sd) for k in range(n)]
        whole = _mass((0 - mean) / sd, (1 - mean) / sd)
        rows[combination] = [Fraction(mass / whole) for mass in masses]
    return (Part(parents, rows),)


def _mass(low: float, high: float) -> float:
    """What the standard normal puts on an interval; taken from the tail where that is sharper."""
    if low > 0:
        return float(norm.sf(low) - norm.sf(high))
    return float(norm.cdf(high) - norm.cdf(low))


def _tabulate(name: str, parents: tuple[str, ...], parts: Any, states: Any) -> np.ndarray:
    """One part is the table; of several, P(Y <= y | x) is the product of the parts' P(Y <= y)."""
    table = np.zeros([len(states[p]) for p in parents] + [len(states[name])])
    for combination in combinations(parents, states):
        world = dict(zip(parents, combination, strict=True))
        rows = [part.rows[tuple(world[p] for p in part.parents)] for part in parts]
        if len(rows) == 1:
            table[combination] = [float(p) for p in rows[0]]
            continue
        below = Fraction(0)
        for y in range(len(states[name])):
            at_most = Fraction(1)
            for row in rows:
                at_most *= sum(row[: y + 1], Fraction(0))
            table[(*combination, y)] = float(at_most - below)
            below = at_most
    return table
