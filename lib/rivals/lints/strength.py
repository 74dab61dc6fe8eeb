"""Judgements that can lend more than 20 dB to a claim; `rivals.codes` says how that is reckoned."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from rivals.codes import find_code
from rivals.engine import Array
from rivals.gates import build_table, number_rows
from rivals.lints.finding import Finding
from rivals.premises import Premises
from rivals.silence import chance_path
from rivals.stories import (
    made_up_story,
    prior_reliability,
    state_a_story,
    story_given_truth,
)
from rivals.variables import GATES

LIMIT = 20.0
"""Decibels: a factor of 100."""
TOO_STRONG = find_code("too-strong")
_ROUNDING = 1e-9


def find_strong(premises: Premises) -> Iterator[Finding]:
    """Priors, gates, sources and likelihoods beyond the limit, each where it is strongest."""
    for name in premises.scenario.variables:
        yield from _strong_prior(premises, name)
        yield from _strong_gate(premises, name)
    for name, noun in premises.scenario.expected.items():
        strength = decibels(1.0, 1.0 - noun.chance)
        if strength > LIMIT + _ROUNDING:
            text = f"in the end its silence speaks {_shown(strength)} against {noun.claim}"
            yield Finding(TOO_STRONG, chance_path(name), f"{text}; is nothing ever missed?")
    yield from _strong_sources(premises)
    yield from _strong_likelihoods(premises)


def decibels(high: float, low: float) -> float:
    """10 log10 of a ratio of numbers of 0 or more, infinite where the lower one is 0."""
    return 10 * math.log10(high / low) if low > 0 else math.inf


def _strong_prior(premises: Premises, name: str) -> Iterator[Finding]:
    for state, p in (premises.scenario.variables[name].prior or {}).items():
        strength = decibels(max(p, 1 - p), min(p, 1 - p))
        if strength > LIMIT + _ROUNDING:
            side = "for" if p > 0.5 else "against"
            text = (
                f"the prior {p:g} speaks {_shown(strength)} {side} {name}={state} before any "
                f"report; is it known to be that {'likely' if p > 0.5 else 'unlikely'}?"
            )
            yield Finding(TOO_STRONG, f"variables.{name}.prior.{state}", text)


class _Lent(NamedTuple):
    """What learning a state of a variable says for one state of a parent against another."""

    strength: float
    parent: int
    high: tuple[int, ...]
    low: tuple[int, ...]


def _strong_gate(premises: Premises, name: str) -> Iterator[Finding]:
    variables = premises.scenario.variables
    variable = variables[name]
    if not variable.parents:
        return
    table = build_table(name, variables, premises.values)[..., 0]
    most = max(
        (_most_lent(table, i) for i in range(table.ndim - 1)), key=lambda lent: lent.strength
    )
    if most.strength <= LIMIT + _ROUNDING:
        return
    parent = variable.parents[most.parent]
    states = variables[parent].states
    text = (
        f"learning {name}={variable.states[most.high[-1]]} would speak {_shown(most.strength)} for "
        f"{parent}={states[most.high[most.parent]]} against {states[most.low[most.parent]]} "
        f"({table[most.high]:.3g} to {table[most.low]:.3g}); is {table[most.low]:.3g} known to be "
        f"that small?"
    )
    yield Finding(TOO_STRONG, _path(premises, name, most.low), text)


def _most_lent(table: Array, axis: int) -> _Lent:
    """The largest ratio along a parent's axis, others the same; cells of 0 are left out."""
    seen = np.where(table > 0, table, np.nan)
    known = ~np.isnan(seen).all(axis=axis, keepdims=True)
    high = np.where(known, np.where(np.isnan(seen), -np.inf, seen), 1.0)
    low = np.where(known, np.where(np.isnan(seen), np.inf, seen), 1.0)
    top, bottom = high.argmax(axis=axis), low.argmin(axis=axis)
    ratio = high.max(axis=axis) / low.min(axis=axis)
    where = np.unravel_index(int(ratio.argmax()), ratio.shape)

    before, after = tuple(map(int, where[:axis])), tuple(map(int, where[axis:]))
    best, worst = (*before, int(top[where]), *after), (*before, int(bottom[where]), *after)
    return _Lent(decibels(float(ratio[where]), 1.0), axis, best, worst)


def _path(premises: Premises, name: str, cell: tuple[int, ...]) -> str:
    """The number behind a cell: a row of a table; of other gates, the gate."""
    variables = premises.scenario.variables
    variable = variables[name]
    gate = next(gate for gate in GATES if getattr(variable, gate) is not None)
    if variable.table is None:
        return f"variables.{name}.{gate}"
    cards = [len(variables[p].states) for p in variable.parents]
    row = number_rows(variables)[name][int(np.ravel_multi_index(cell[:-1], cards))]
    return f"variables.{name}.table[{row}].then.{variable.states[cell[-1]]}"


def _strong_sources(premises: Premises) -> Iterator[Finding]:
    strongest: dict[str, tuple[float, str]] = {}
    said = {
        (s.report.source or "", variable, states, s.report.directness)
        for s in premises.evidence.counted
        for variable, states in s.report.claims.items()
        if variable in s.counts
    }
    for source, variable, states, directness in sorted(said):
        chances = _heard(premises, source, variable, states, directness)
        strength = decibels(float(chances.max()), float(chances.min()))
        told = f"{variable}={'|'.join(states)}"
        strongest[source] = max(strongest.get(source, (0.0, "")), (strength, told))
    for source, (strength, told) in strongest.items():
        if strength > LIMIT + _ROUNDING:
            judged = "grade" if premises.scenario.sources[source].grade else "reliability"
            text = f"one claim of it, {told}, speaks {_shown(strength)}; can anybody be that sure?"
            yield Finding(TOO_STRONG, f"sources.{source}.{judged}", text)


def _heard(premises: Premises, key: str, name: str, said: Sequence[str], directness: str) -> Array:
    """P(one claim of a source | each state of the variable)."""
    scenario, values = premises.scenario, premises.values
    source, variable = scenario.sources[key], scenario.variables[name]
    reliable = float(prior_reliability(key, source, values)[0])
    truth = story_given_truth(variable.states, scenario.settings.accuracy)
    story = reliable * truth + (1 - reliable) * made_up_story(source, name, variable, values)
    fidelity = values[f"settings.fidelity.{directness}"]
    return np.asarray(story @ state_a_story(said, variable.states, fidelity)[:, 0])


def _strong_likelihoods(premises: Premises) -> Iterator[Finding]:
    for standing in premises.evidence.counted:
        for name, weights in standing.report.likelihood.items():
            strength = decibels(max(weights.values()), min(weights.values()))
            if name in standing.counts and strength > LIMIT + _ROUNDING:
                ranked = sorted(weights, key=weights.__getitem__)
                low, high = ranked[0], ranked[-1]
                text = (
                    f"its likelihood speaks {_shown(strength)} for {name}={high} against {low} "
                    f"({weights[high]:g} to {weights[low]:g}); is the like reported so rarely?"
                )
                yield Finding(TOO_STRONG, f"reports.{standing.report.id}", text)


def _shown(strength: float) -> str:
    return f"{strength:.1f} dB" if math.isfinite(strength) else "without limit"
