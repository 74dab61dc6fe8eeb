"""The nouns of a variable: its question, its states, and how it depends on other variables."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from rivals.fields import (
    Amount,
    CauseLink,
    Cost,
    Distribution,
    Firmness,
    Name,
    Noun,
    Probability,
    Spread,
    States,
    check_distinct,
)


class Row(Noun):
    """A row of a table: `then` holds where `when` fits; no `when` is the rest."""

    when: dict[Name, States] = {}
    """States of parents, one or a list of them each; without it, the row is the rest."""
    then: Distribution
    """P(each state) where the row fits."""


class NoisyOr(Noun):
    """Independent causes of a two-state effect (Diez's links, with a leak)."""

    leak: Probability = 0.0
    """P(on) when no cause is there."""
    causes: dict[Name, CauseLink] = Field(min_length=1)
    """By parent: the chance that it alone, without the leak, brings the effect about."""


class NoisyMax(Noun):
    """Independent causes of an ordered effect, which takes the highest of their contributions."""

    leak: Distribution = {}
    """P(each state) when no cause is there; without it, all on the lowest."""
    causes: dict[Name, dict[Name, Distribution]] = Field(min_length=1)
    """By parent and by each of its states but the first: P(each state) from it alone."""


class Ranked(Noun):
    """A truncated normal around a weighted mean of ordered parents (Fenton and others 2007)."""

    weights: dict[Name, Annotated[Amount, Field(ge=-1e9, le=1e9)]] = Field(min_length=1)
    """By parent: how much its rank counts; below 0, it counts the other way round."""
    sd: Spread
    """The standard deviation around the weighted mean, on a scale from 0 to 1."""

    @model_validator(mode="after")
    def _weigh_something(self) -> Self:
        if not any(self.weights.values()):
            raise ValueError("one weight at least is not 0, got all 0")
        return self


class Observable(Noun):
    """How a variable could be found out, and at what cost."""

    how: str = ""
    """How it could be found out."""
    cost: Cost = 1.0
    """What that would cost, in any unit, the same for all."""


GATES = ("prior", "table", "noisy_or", "noisy_max", "ranked")


class Variable(Noun):
    """A plain, dated question with ordered states and exactly one gate."""

    ask: str = ""
    """The question that it answers, plain and dated."""
    states: Annotated[tuple[Name, ...], Field(min_length=1), AfterValidator(check_distinct)] = (
        "no",
        "yes",
    )
    """Its states from low to high; `[no, yes]` unless named."""
    prior: Distribution | None = None
    """P(each state) of a variable without parents; one state may be left out for the rest."""
    table: Annotated[tuple[Row, ...], Field(min_length=1)] | None = None
    """Rows in order; the first whose `when` fits the states of the parents gives it."""
    noisy_or: NoisyOr | None = None
    """Independent causes, any of which is enough; for two states, the second is on."""
    noisy_max: NoisyMax | None = None
    """Independent causes of an ordered effect, which takes the highest of them."""
    ranked: Ranked | None = None
    """A weighted mean of ordered parents with a spread around it."""
    firmness: Firmness = 20.0
    """How firm its numbers are: low, medium, high, or the size of a sample."""
    why: str = ""
    """Where its numbers come from."""
    topic: Name | None = None
    """Sources are judged topic by topic; variables without one share a common topic."""
    chatter: Distribution = {}
    """What those who do not know would say: P(each state); the rest is shared equally."""
    observable: Observable | None = None
    """That it can be found out, how, and at what cost."""

    @model_validator(mode="after")
    def _have_one_gate(self) -> Self:
        named = [gate for gate in GATES if getattr(self, gate) is not None]
        if len(named) != 1:
            got = " and ".join(named) or "none"
            raise ValueError(f"exactly one of {', '.join(GATES)} is needed, got {got}")
        return self

    @property
    def parents(self) -> tuple[str, ...]:
        """The variables that the gate names, in order of first appearance."""
        if self.table is not None:
            return tuple(dict.fromkeys(name for row in self.table for name in row.when))
        if self.ranked is not None:
            return tuple(self.ranked.weights)
        noisy = self.noisy_or or self.noisy_max
        return tuple(noisy.causes) if noisy else ()
