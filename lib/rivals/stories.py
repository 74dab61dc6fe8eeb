"""What a source's statements on one variable weigh, folded over the story that it tells.

Design, section 4. A source that is reliable tells the truth with the accuracy of the settings, one
that is not tells what suits it or what everybody says; each counted claim states the story with the
fidelity of its directness. Summing the story out leaves a factor over (reliable?, variable).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rivals.engine import Array
from rivals.judgements import Values, chatter_of
from rivals.scenario import Source
from rivals.variables import Variable

Mask = NDArray[np.bool_]
"""Which items of evidence hold in which evidence set: (items, sets)."""

BLOCK = 32
"""How many claims are multiplied at most before the product is divided by its largest entry."""

DIRECTNESS = ("direct", "relayed", "inferred")


class Reliability(NamedTuple):
    """Whether a source is reliable on a topic: state 0 no, state 1 yes."""

    source: str
    topic: str

    def __str__(self) -> str:
        return f"reliability of {self.source}" + (f" on {self.topic}" if self.topic else "")


@dataclass(frozen=True)
class Statement:
    """One counted claim: which item of evidence makes it, and what it says."""

    item: int
    states: tuple[str, ...]
    directness: str


@dataclass(frozen=True)
class Chorus:
    """The stories about variables of as many states, with their claims one below the other.

    about: (source, variable) of each story. items: the item of evidence of each claim. said:
    which states it names, (claims, states). directness: its place in DIRECTNESS. firsts: the claim
    that begins each block; stories: the story of each block.
    """

    about: tuple[tuple[str, str], ...]
    items: NDArray[np.int64]
    said: NDArray[np.bool_]
    directness: NDArray[np.int64]
    firsts: NDArray[np.int64]
    stories: NDArray[np.int64]


def gather_stories(
    statements: Mapping[tuple[str, str], Sequence[Statement]], variables: Mapping[str, Variable]
) -> list[Chorus]:
    """All stories, those about variables of as many states together."""
    sizes = sorted({len(variables[variable].states) for _, variable in statements})
    return [_gather(size, statements, variables) for size in sizes]


def _gather(
    size: int,
    statements: Mapping[tuple[str, str], Sequence[Statement]],
    variables: Mapping[str, Variable],
) -> Chorus:
    about = tuple(key for key in statements if len(variables[key[1]].states) == size)
    claims, said, firsts, stories = list[Statement](), list[list[bool]](), list[int](), list[int]()
    for i, key in enumerate(about):
        firsts.extend(range(len(claims), len(claims) + len(statements[key]), BLOCK))
        stories.extend([i] * (len(firsts) - len(stories)))
        claims.extend(statements[key])
        states = variables[key[1]].states
        said.extend([state in claim.states for state in states] for claim in statements[key])
    return Chorus(
        about,
        np.array([claim.item for claim in claims]),
        np.array(said),
        np.array([DIRECTNESS.index(claim.directness) for claim in claims]),
        np.array(firsts),
        np.array(stories),
    )


@dataclass(frozen=True)
class Telling:
    """What depends on the draws alone: P(statement | story), P(story | not reliable), accuracy.

    said: (claims, states, draws). made_up: (stories, states, draws). accuracy: (draws,).
    """

    said: Array
    made_up: Array
    accuracy: Array


def tell(
    chorus: Chorus,
    sources: Mapping[str, Source],
    variables: Mapping[str, Variable],
    values: Values,
) -> Telling:
    """The numbers of a chorus for some draws of the judgements."""
    fidelity = np.array([values[f"settings.fidelity.{name}"] for name in DIRECTNESS])
    said = _state(chorus.said, fidelity[chorus.directness])
    made_up = [_make_up(sources[s], v, variables[v], values) for s, v in chorus.about]
    piled = np.array(np.broadcast_arrays(*made_up) if len(made_up) > 1 else made_up)
    return Telling(said, piled, values["settings.accuracy"])


def fold_stories(chorus: Chorus, telling: Telling, masks: Mask) -> tuple[Array, Array]:
    """P(statements | reliable?, variable) of each story: (stories, 2, states, sets, draws).

    The tables are divided by the exponential of the scale, of shape (stories, sets, draws).
    """
    holds = masks[chorus.items][:, np.newaxis, :, np.newaxis]
    said = telling.said[:, :, np.newaxis, :]
    said = said if holds.all() else np.where(holds, said, 1.0)
    heard, scale = _join(np.multiply.reduceat(said, chorus.firsts), chorus.stories)
    draws = max(heard.shape[-1], telling.made_up.shape[-1], len(telling.accuracy))
    kind = np.result_type(heard, telling.made_up, telling.accuracy)
    tables = np.empty((len(heard), 2, *heard.shape[1:-1], draws), kind)
    tables[:, 0] = np.einsum("syd,syed->sed", telling.made_up, heard)[:, np.newaxis]
    tables[:, 1] = _tell_truth(heard, telling.accuracy)
    return tables, scale


def _join(blocks: Array, stories: NDArray[np.int64]) -> tuple[Array, Array]:
    """The product of each story's blocks, and its log scale: (stories, sets, draws)."""
    if len(blocks) == stories[-1] + 1:
        return blocks, np.zeros((len(blocks), 1, 1))
    found = [multiply(blocks[stories == story]) for story in range(stories[-1] + 1)]
    return np.stack([table for table, _ in found]), np.stack([scale for _, scale in found])


def multiply(tables: Array) -> tuple[Array, Array]:
    """The product of tables (states, sets, draws), and its log scale (sets, draws).

    Taken in logarithms, so that many that speak for one state and many against it leave no mark.
    """
    if len(tables) == 1:
        return tables[0], np.zeros(tables.shape[2:])
    with np.errstate(divide="ignore"):
        logs = np.log(tables).sum(axis=0)
    top = logs.real.max(axis=0)
    scale = np.where(np.isfinite(top), top, 0.0)
    return np.exp(logs - scale), scale


def _state(said: NDArray[np.bool_], fidelity: Array) -> Array:
    """P(each statement | each story): f + (1-f)(|S|-1)/(k-1) in S, (1-f)|S|/(k-1) outside it.

    said: (claims, states). fidelity: (claims, draws). Returns (claims, states, draws).
    """
    if said.shape[1] == 1:
        return np.ones((*said.shape, 1))
    others, named = said.shape[1] - 1, said.sum(axis=1, keepdims=True)
    inside = fidelity + (1 - fidelity) * (named - 1) / others
    outside = (1 - fidelity) * named / others
    chances = np.where(said[..., np.newaxis], inside[:, np.newaxis], outside[:, np.newaxis])
    return np.asarray(chances)


def state_a_story(said: Sequence[str], states: Sequence[str], fidelity: Array) -> Array:
    """P(a statement | each story): (states, draws)."""
    named = np.array([[state in said for state in states]])
    return np.asarray(_state(named, fidelity[np.newaxis])[0])


def _tell_truth(heard: Array, accuracy: Array) -> Array:
    """A reliable source: its story is the truth, or another state by a slip."""
    states = heard.shape[1]
    if states == 1:
        return heard
    slip = (1 - accuracy) / (states - 1)
    return np.asarray(slip * heard.sum(axis=1, keepdims=True) + (accuracy - slip) * heard)


def _make_up(source: Source, name: str, variable: Variable, values: Values) -> Array:
    """P(story | not reliable), whatever the truth: (states, draws)."""
    chatter = chatter_of(variable)[:, np.newaxis]
    wished = source.interest.get(name)
    if wished is None:
        return chatter
    spin = values["settings.spin"]
    wish = np.array([state == wished for state in variable.states], float)[:, np.newaxis]
    return np.asarray(spin * wish + (1 - spin) * chatter)


def story_given_truth(states: Sequence[str], accuracy: float) -> Array:
    """P(story | truth) of a reliable source: (truth, story)."""
    if len(states) == 1:
        return np.ones((1, 1))
    slip = (1 - accuracy) / (len(states) - 1)
    return np.full((len(states), len(states)), slip) + (accuracy - slip) * np.eye(len(states))


def made_up_story(source: Source, name: str, variable: Variable, values: Values) -> Array:
    """P(story | not reliable) for a single draw: (states,)."""
    made = _make_up(source, name, variable, values)
    return np.asarray(made[:, 0])


def prior_reliability(key: str, source: Source, values: Values) -> Array:
    """P(reliable) of a source: (draws,)."""
    if source.reliability is not None:
        return values[f"sources.{key}.reliability"]
    own = values.get(f"sources.{key}.grade")  # grade F has a draw of its own
    return own if own is not None else values[f"settings.grades.{source.grade}"]
