"""What is made wrong on purpose: the analyst's numbers, or what the model takes for granted.

Two faults are the analyst's: grades off by one, links off by 30%. Three are the world's, which is
then not as any model here has it: a hidden common origin, a deceptive source that is right on
trifles, and silence where only positives get reported. Each alters an ordinary world, so that what
it costs can be told by comparing the two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from study.model import Model, NoisyOr, Source, Table, tell
from study.speaking import INSIDER, Statement, Voices, name_states
from study.spreading import Copy
from study.truth import pick

OFF, LEAST = 0.30, 0.01
"""By what part a link is off, and how near to 0 or 1 it may come."""

SUBJECTS, LISTENERS, INFORMANT = 2, 0.75, "D"
"""Of how many variables a hidden informant tells, which share of their speakers, of what grade."""


@dataclass(frozen=True)
class Told:
    """A first-hand report and its copies."""

    statement: Statement
    copies: tuple[Copy, ...]


def shift_grades(rng: np.random.Generator, model: Model) -> Model:
    """Every source and outlet graded one letter too high or too low."""

    def shift(sources: dict[str, Source]) -> dict[str, Source]:
        steps = rng.choice((-1, 1), len(sources)).tolist()
        return {
            name: replace(source, grade=_neighbour(source.grade, step))
            for (name, source), step in zip(sources.items(), steps, strict=True)
        }

    return replace(model, sources=shift({**model.sources}), outlets=shift({**model.outlets}))


def _neighbour(grade: str, step: int) -> str:
    """The next letter up or down; at either end there is only one."""
    letters = "ABCDE"
    at = letters.index(grade) + step
    return letters[at] if 0 <= at < len(letters) else letters[letters.index(grade) - step]


def shift_links(rng: np.random.Generator, model: Model) -> Model:
    """Every link, leak and row of a table 30% too high or too low; priors stand."""

    def move(p: float) -> float:
        return float(np.clip(p * (1 + OFF * float(rng.choice((-1, 1)))), LEAST, 1 - LEAST))

    def shift(gate: Table | NoisyOr) -> Table | NoisyOr:
        if isinstance(gate, NoisyOr):
            return NoisyOr(move(gate.leak), {cause: move(p) for cause, p in gate.links.items()})
        if not gate.parents:
            return gate
        return replace(gate, rows=tuple(_move_row(row, move) for row in gate.rows))

    variables = {n: replace(v, gate=shift(v.gate)) for n, v in model.variables.items()}
    return replace(model, variables=variables)


def _move_row(row: tuple[float, ...], move: Callable[[float], float]) -> tuple[float, ...]:
    """A row in which something other than the first state is likelier or less likely."""
    there = move(1 - row[0])
    return (1 - there, *(p * there / (1 - row[0]) for p in row[1:]))


def share_an_origin(voices: Voices, told: Sequence[Told]) -> tuple[Told, ...]:
    """Three in four of those who speak of the two most told variables repeat one unnamed informant.

    Each in its own words, with the fidelity of its own directness, as if it knew by itself. The
    informant is reliable half of the time, on each variable anew.
    """
    spoken = Counter(one.statement.turn.variable for one in told)
    serious = [name for name in voices.model.variables if name not in voices.model.trifles]
    subjects = sorted(serious, key=lambda name: -spoken[name])[:SUBJECTS]
    heard = {name: _tip_off(voices, name) for name in subjects}
    listens: dict[tuple[str, str], bool] = {}
    found = []
    for as_is in told:
        one, turn = as_is, as_is.statement.turn
        about = turn.source, turn.variable
        if turn.variable in heard and turn.source != INSIDER:
            if about not in listens:
                listens[about] = bool(voices.rng.random() < LISTENERS)
            if listens[about]:
                one = replace(as_is, statement=voices.state(turn, heard[turn.variable]))
        found.append(one)
    return tuple(found)


def _tip_off(voices: Voices, name: str) -> int:
    """What the informant says of a variable."""
    reliable = voices.try_reliability(INFORMANT)
    chances = tell(Source(INFORMANT), name, voices.model, voices.numbers)
    return pick(voices.rng, chances[reliable, voices.world[name]])


def deceive(voices: Voices, told: Sequence[Told]) -> tuple[Told, ...]:
    """The insider tells the truth of trifles, and of what matters the state farthest from it."""
    return tuple(
        replace(one, statement=_mislead(voices, one.statement))
        if one.statement.turn.source == INSIDER
        else one
        for one in told
    )


def _mislead(voices: Voices, statement: Statement) -> Statement:
    turn = statement.turn
    states = len(voices.model.variables[turn.variable].states)
    state = voices.world[turn.variable]
    if turn.variable not in voices.model.trifles:
        state = max(range(states), key=lambda other: abs(other - state))
    return Statement(turn, name_states(state, turn.line, states))


def hush(told: Sequence[Told]) -> tuple[Told, ...]:
    """Only what says that something is there gets published, and so copied."""
    return tuple(one for one in told if 0 not in one.statement.said)
