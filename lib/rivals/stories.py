"""What a source's statements on one variable weigh, folded over the story that it tells.

Design, section 4. A source that is reliable tells the truth with the accuracy of the settings, one
that is not tells what suits it or what everybody says; each counted claim states the story with the
fidelity of its directness. Summing the story out leaves a factor over (reliable?, variable).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rivals.engine import Array
from rivals.judgements import Values, chatter_of
from rivals.scenario import Source, Variable

Mask = NDArray[np.bool_]
"""Which items of evidence hold in which evidence set: (items, sets)."""

RESCALE_EVERY = 8


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


def fold_story(
    source: Source,
    about: tuple[str, Variable],
    claims: Sequence[Statement],
    masks: Mask,
    values: Values,
) -> tuple[Array, Array]:
    """P(statements | reliable?, variable): (2, states, sets, draws), and its log scale.

    The table is divided by the exponential of the scale, of shape (sets, draws).
    """
    name, variable = about
    heard, scale = _hear(claims, variable.states, masks, values)
    reliable = _tell_truth(heard, values["settings.accuracy"])
    said = np.einsum("yd,yed->ed", _make_up(source, name, variable, values), heard)
    unreliable = np.broadcast_to(said, reliable.shape)
    return np.stack([unreliable, reliable]), scale


def _hear(
    claims: Sequence[Statement], states: tuple[str, ...], masks: Mask, values: Values
) -> tuple[Array, Array]:
    """P(statements | story): (states, sets, draws), and its log scale."""
    heard: Array = np.ones((len(states), masks.shape[1], 1))
    scale: Array = np.zeros((masks.shape[1], 1))
    for i, claim in enumerate(claims, start=1):
        said = state_a_story(claim.states, states, values[f"settings.fidelity.{claim.directness}"])
        heard = heard * np.where(masks[claim.item][:, np.newaxis], said[:, np.newaxis, :], 1.0)
        if i % RESCALE_EVERY == 0:
            heard, scale = _rescale(heard, scale)
    return heard, scale


def _rescale(heard: Array, scale: Array) -> tuple[Array, Array]:
    top = heard.max(axis=0)
    top = np.where(top > 0, top, 1.0)
    return heard / top, scale + np.log(top)


def state_a_story(said: Sequence[str], states: Sequence[str], fidelity: Array) -> Array:
    """P(the statement | each story): f + (1-f)(|S|-1)/(k-1) in S, (1-f)|S|/(k-1) outside it."""
    others = max(len(states) - 1, 1)
    inside = (
        fidelity + (1 - fidelity) * (len(said) - 1) / others if len(states) > 1 else fidelity**0
    )
    outside = (1 - fidelity) * len(said) / others
    return np.stack([inside if state in said else outside for state in states])


def _tell_truth(heard: Array, accuracy: Array) -> Array:
    """A reliable source: its story is the truth, or another state by a slip."""
    states = len(heard)
    if states == 1:
        return heard
    slip = (1 - accuracy) / (states - 1)
    return np.asarray(slip * heard.sum(axis=0) + (accuracy - slip) * heard)


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
