"""What an analyst writes down of a made world: variables, sources, how reports would look.

No line is shared with the library: what is written here is handed over as its own nouns by
`coding`, and the arithmetic of design.md, sections 3 and 4, stands here a second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

Array = np.ndarray
Numbers = Mapping[str, Array]
"""The numbers by their path in scenario.yaml: (states,) for a distribution, () for one chance."""

GRADES = {"A": 0.95, "B": 0.85, "C": 0.70, "D": 0.50, "E": 0.30}
FIDELITY = {"direct": 0.99, "relayed": 0.95, "inferred": 0.80}
ACCURACY, SPIN, FIRMNESS = 0.95, 0.50, 20.0

SETTINGS = {
    "settings.accuracy": ACCURACY,
    "settings.spin": SPIN,
    **{f"settings.fidelity.{name}": p for name, p in FIDELITY.items()},
    **{f"settings.grades.{name}": p for name, p in GRADES.items()},
}
"""The conventions, as the design has them."""

SHARED = {
    name: "settings.grades" if "grades" in name else "settings.accuracy"
    for name in SETTINGS
    if name != "settings.spin"
}
"""Which conventions are off together, by one quantile."""


@dataclass(frozen=True)
class Table:
    """A distribution for each combination of parents, the last running fastest."""

    parents: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]

    def stated(self, at: str) -> Iterator[tuple[str, tuple[float, ...]]]:
        """Path and distribution of each row."""
        if not self.parents:
            yield f"{at}.prior", self.rows[0]
            return
        for i, row in enumerate(self.rows):
            yield f"{at}.table[{i}].then", row

    def chances(self, at: str, numbers: Numbers, cards: tuple[int, ...]) -> Array:
        """P(state | parents): (cards of parents..., states)."""
        rows = [numbers[path] for path, _ in self.stated(at)]
        return np.stack(rows).reshape(*cards, -1)


@dataclass(frozen=True)
class NoisyOr:
    """Independent causes of a yes, with a leak (Diez's links)."""

    leak: float
    links: Mapping[str, float]

    @property
    def parents(self) -> tuple[str, ...]:
        """The causes."""
        return tuple(self.links)

    def stated(self, at: str) -> Iterator[tuple[str, float]]:
        """Path and chance of the leak and of each link."""
        yield f"{at}.noisy_or.leak", self.leak
        for cause, p in self.links.items():
            yield f"{at}.noisy_or.causes.{cause}", p

    def chances(self, at: str, numbers: Numbers, cards: tuple[int, ...]) -> Array:
        """P(no, yes | causes): (2, ..., 2, 2)."""
        none = np.full(cards, 1 - numbers[f"{at}.noisy_or.leak"])
        for axis, cause in enumerate(self.links):
            p = numbers[f"{at}.noisy_or.causes.{cause}"]
            shape = [2 if i == axis else 1 for i in range(len(cards))]
            none = none * np.array([1.0, 1 - p]).reshape(shape)
        return np.stack([none, 1 - none], axis=-1)


@dataclass(frozen=True)
class Variable:
    """States from low to high, how it comes about, its topic, and what is said without knowing."""

    states: tuple[str, ...]
    gate: Table | NoisyOr
    topic: str
    chatter: tuple[float, ...]


@dataclass(frozen=True)
class Source:
    """A grade, and the states that it would like to be believed."""

    grade: str
    interest: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Model:
    """All that the analyst writes down before any report; variables stand after their parents.

    effect: known to have come about. trifles: bear on nothing. outlets: carry what others say.
    """

    variables: Mapping[str, Variable]
    hypotheses: tuple[str, ...]
    effect: str
    trifles: tuple[str, ...]
    sources: Mapping[str, Source]
    outlets: Mapping[str, Source]

    @cached_property
    def stated(self) -> dict[str, tuple[float, ...] | float]:
        """Every number of the variables by its path: a distribution or one chance."""
        found: dict[str, tuple[float, ...] | float] = {}
        for name, variable in self.variables.items():
            found |= dict(variable.gate.stated(f"variables.{name}"))
        return found

    @cached_property
    def cards(self) -> tuple[int, ...]:
        """How many states each variable has."""
        return tuple(len(v.states) for v in self.variables.values())

    def as_stated(self) -> dict[str, Array]:
        """The numbers exactly as they are written."""
        return {path: np.array(p) for path, p in (self.stated | SETTINGS).items()}

    def conditional(self, name: str, numbers: Numbers) -> Array:
        """P(variable | parents): (cards of parents..., states)."""
        gate = self.variables[name].gate
        cards = tuple(len(self.variables[p].states) for p in gate.parents)
        return gate.chances(f"variables.{name}", numbers, cards)

    def joint(self, numbers: Numbers) -> Array:
        """P(everything), by multiplying it all out: (cards of all variables...)."""
        names = list(self.variables)
        product = np.ones(self.cards)
        for name, variable in self.variables.items():
            scope = [names.index(n) for n in (*variable.gate.parents, name)]
            order = np.argsort(scope)
            shape = [k if i in scope else 1 for i, k in enumerate(self.cards)]
            product = product * self.conditional(name, numbers).transpose(order).reshape(shape)
        return product


def tell(source: Source, about: str, model: Model, numbers: Numbers) -> Array:
    """P(story | whether the source is reliable, the truth): (2, states, states)."""
    variable = model.variables[about]
    k = len(variable.states)
    spin, wished = float(numbers["settings.spin"]), source.interest.get(about)
    made_up = np.array(variable.chatter)
    if wished is not None:
        made_up = spin * np.eye(k)[wished] + (1 - spin) * made_up
    slip = (1 - float(numbers["settings.accuracy"])) / (k - 1)
    honest = np.full((k, k), slip) + (float(numbers["settings.accuracy"]) - slip) * np.eye(k)
    return np.stack([np.broadcast_to(made_up, (k, k)), honest])


def hear(said: tuple[int, ...], states: int, fidelity: float) -> Array:
    """P(a statement that names these states | each story): (states,)."""
    inside = fidelity + (1 - fidelity) * (len(said) - 1) / (states - 1)
    outside = (1 - fidelity) * len(said) / (states - 1)
    return np.array([inside if state in said else outside for state in range(states)])
