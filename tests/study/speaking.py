"""Who speaks of what, settled before anything happens, and what is then said of it.

Design, section 4: a source is reliable or not on a topic, has one story on a variable, and each of
its statements gives that story with the fidelity of its directness.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from study.model import Model, Numbers, tell
from study.truth import World, pick

DIRECTNESS = ("direct", "relayed", "inferred")
DAYS = 30
INSIDER = "insider"
"""A source of grade B that is asked of two trifles and of three things that matter."""


@dataclass(frozen=True)
class Turn:
    """A first-hand report that will be made: by whom, of what, how near, how finely, and when.

    line: it says only on which side of this state the truth lies; 0 when it names the state.
    """

    source: str
    variable: str
    directness: str
    line: int
    day: int


@dataclass(frozen=True)
class Statement:
    """A first-hand report as it was made: the states that it names, by their places."""

    turn: Turn
    said: tuple[int, ...]


def plan_turns(rng: np.random.Generator, model: Model) -> tuple[Turn, ...]:
    """Who will speak of what; each source mostly of its own topic, some repeating themselves."""
    return (*_plan_sources(rng, model), *_plan_insider(rng, model))


def _plan_sources(rng: np.random.Generator, model: Model) -> Iterator[Turn]:
    subjects = [name for name in model.variables if name != model.effect]
    topics = sorted({model.variables[name].topic for name in subjects})
    for source in model.sources:
        if source == INSIDER:
            continue
        beat = str(rng.choice(topics))
        own = [name for name in subjects if model.variables[name].topic == beat]
        count = 1 + int(rng.poisson(0.4))
        for _ in range(count):
            name = str(rng.choice(own if rng.random() < 0.8 else subjects))
            yield _plan_turn(rng, model, source, name)
            if rng.random() < 0.1:
                yield _plan_turn(rng, model, source, name)


def _plan_insider(rng: np.random.Generator, model: Model) -> Iterator[Turn]:
    """On one topic's trifle first, then on what matters and the other trifle."""
    causes = model.variables[model.effect].gate.parents
    rest = [n for n in model.variables if n not in (*causes, *model.trifles, model.effect)]
    matters = [*causes, *rest][:3]
    for name in (*model.trifles, *matters):
        yield _plan_turn(rng, model, INSIDER, name)


def _plan_turn(rng: np.random.Generator, model: Model, source: str, name: str) -> Turn:
    states = len(model.variables[name].states)
    coarse = states > 2 and rng.random() < 0.3
    line = int(rng.integers(1, states)) if coarse else 0
    directness = str(rng.choice(DIRECTNESS, p=[0.4, 0.4, 0.2]))
    return Turn(source, name, directness, line, int(rng.integers(DAYS)))


@dataclass(frozen=True)
class Voices:
    """What sources would say in a world: reliabilities and stories, drawn as they are needed."""

    rng: np.random.Generator
    model: Model
    numbers: Numbers
    world: World

    def speak(self, turns: Sequence[Turn]) -> tuple[Statement, ...]:
        """What is said, turn by turn."""
        reliable: dict[tuple[str, str], int] = {}
        stories: dict[tuple[str, str], int] = {}
        found = []
        for turn in turns:
            about = turn.source, turn.variable
            if about not in stories:
                key = turn.source, self.model.variables[turn.variable].topic
                if key not in reliable:
                    reliable[key] = self.try_reliability(self.model.sources[turn.source].grade)
                stories[about] = self.make_story(about, reliable[key])
            found.append(self.state(turn, stories[about]))
        return tuple(found)

    def try_reliability(self, grade: str) -> int:
        """1 for a reliable source of a grade, 0 for one that is not."""
        return int(self.rng.random() < self.numbers[f"settings.grades.{grade}"])

    def make_story(self, about: tuple[str, str], reliable: int) -> int:
        """What a source holds of a variable, reliable or not."""
        source, name = about
        chances = tell(self.model.sources[source], name, self.model, self.numbers)
        return pick(self.rng, chances[reliable, self.world[name]])

    def state(self, turn: Turn, story: int) -> Statement:
        """The story as it is told: with a slip now and then, and sometimes only roughly."""
        states = len(self.model.variables[turn.variable].states)
        if self.rng.random() >= self.numbers[f"settings.fidelity.{turn.directness}"]:
            story = int((story + self.rng.integers(1, states)) % states)
        return Statement(turn, name_states(story, turn.line, states))


def name_states(state: int, line: int, states: int) -> tuple[int, ...]:
    """The state alone, or all on its side of the line.

    >>> name_states(0, 0, 3), name_states(0, 2, 3), name_states(2, 1, 3)
    ((0,), (0, 1), (1, 2))
    """
    if line == 0:
        return (state,)
    return tuple(range(line)) if state < line else tuple(range(line, states))
