"""The nouns: what an analyst writes down, frozen and valid on their own.

A noun checks its own shape: keys, types, numbers in range. What nouns say of each other (a claim
names a known state, parents do not form a cycle) is held by `rules`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from rivals.errors import quote
from rivals.fields import (
    Amount,
    CauseLink,
    Distribution,
    Firmness,
    Key,
    Link,
    Name,
    Probability,
    States,
    Timezone,
    Weight,
    check_distinct,
)
from rivals.moments import When
from rivals.words import FIDELITY, GRADES, Directness, Grade


class Noun(BaseModel):
    """What all nouns share: frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Claim(Noun):
    """`variable=state` or `variable=state|state`."""

    variable: Name
    states: States

    @model_validator(mode="before")
    @classmethod
    def _parse(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        variable, equals, states = value.partition("=")
        if not equals:
            raise ValueError(
                f"a claim reads variable=state or variable=state|state, got {quote(value)}"
            )
        return {
            "variable": variable.strip(),
            "states": [state.strip() for state in states.split("|")],
        }

    def __str__(self) -> str:
        return f"{self.variable}={'|'.join(self.states)}"


class Labelled(Noun):
    """A claim worth following, with what it is called and why it is here."""

    claim: Claim
    label: str = ""
    why: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_claim(cls, value: object) -> object:
        return {"claim": value} if isinstance(value, str) else value


class Effect(Labelled):
    """What is to be explained."""


class Hypothesis(Labelled):
    """One rival explanation; `off` is the state of its variable in a world without it."""

    off: Name | None = None


class Outcome(Labelled):
    """What may follow, by when, and once it is known, in which state its variable came out."""

    by: When | None = None
    resolved: Name | None = None
    resolved_on: When | None = None
    link: Link | None = None

    @model_validator(mode="after")
    def _resolve_whole(self) -> Self:
        if (self.resolved is None) != (self.resolved_on is None):
            got = "resolved_on" if self.resolved is None else "resolved"
            raise ValueError(f"resolved and resolved_on come together, got {got} alone")
        if self.link is not None and self.resolved is None:
            raise ValueError("a link shows what an outcome resolved to, got one without resolved")
        return self

    @property
    def happened(self) -> bool | None:
        """Whether the claim turned out to hold; None while that is open."""
        return None if self.resolved is None else self.resolved in self.claim.states


class Implication(Noun):
    """Commentary on what the case means for somebody; never weighed."""

    for_whom: str = Field(alias="for")
    rests_on: Claim
    text: str


class Row(Noun):
    """A row of a table: `then` holds where `when` fits; no `when` is the rest."""

    when: dict[Name, States] = {}
    then: Distribution


class NoisyOr(Noun):
    """Independent causes of a two-state effect (Diez's links, with a leak)."""

    leak: Probability = 0.0
    causes: dict[Name, CauseLink] = Field(min_length=1)


class NoisyMax(Noun):
    """Independent causes of an ordered effect, which takes the highest of their contributions."""

    leak: Distribution = {}
    causes: dict[Name, dict[Name, Distribution]] = Field(min_length=1)


class Ranked(Noun):
    """A truncated normal around a weighted mean of ordered parents (Fenton and others 2007)."""

    weights: dict[Name, Annotated[Amount, Field(ge=-1e9, le=1e9)]] = Field(min_length=1)
    sd: Annotated[Amount, Field(gt=0, le=1_000_000)]

    @model_validator(mode="after")
    def _weigh_something(self) -> Self:
        if not any(self.weights.values()):
            raise ValueError("one weight at least is not 0, got all 0")
        return self


class Observable(Noun):
    """How a variable could be found out, and at what cost."""

    how: str = ""
    cost: Annotated[Amount, Field(gt=0)] = 1.0


GATES = ("prior", "table", "noisy_or", "noisy_max", "ranked")


class Variable(Noun):
    """A plain, dated question with ordered states and exactly one gate."""

    ask: str = ""
    states: Annotated[tuple[Name, ...], Field(min_length=1), AfterValidator(check_distinct)] = (
        "no",
        "yes",
    )
    prior: Distribution | None = None
    table: Annotated[tuple[Row, ...], Field(min_length=1)] | None = None
    noisy_or: NoisyOr | None = None
    noisy_max: NoisyMax | None = None
    ranked: Ranked | None = None
    firmness: Firmness = 20.0
    why: str = ""
    topic: Name | None = None
    chatter: Distribution = {}
    observable: Observable | None = None

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


class Source(Noun):
    """Somebody whose word is weighed."""

    name: str = ""
    grade: Grade | None = None
    reliability: Probability | None = None
    firmness: Firmness = 20.0
    interest: dict[Name, Name] = {}
    why: str = ""

    @model_validator(mode="after")
    def _be_judged_once(self) -> Self:
        if (self.grade is None) == (self.reliability is None):
            got = "neither" if self.grade is None else "both"
            raise ValueError(f"exactly one of grade and reliability is needed, got {got}")
        return self


def _over_defaults(defaults: Mapping[str, float]) -> BeforeValidator:
    return BeforeValidator(lambda v: {**defaults, **v} if isinstance(v, Mapping) else v)


class Settings(Noun):
    """The conventions of a scenario; each is a judgement."""

    scale: Literal["icd203", "phia"] = "icd203"
    timezone: Timezone = "UTC"
    accuracy: Probability = 0.95
    spin: Probability = 0.50
    fidelity: Annotated[dict[Directness, Probability], _over_defaults(FIDELITY)] = FIDELITY
    grades: Annotated[dict[Grade, Probability], _over_defaults(GRADES)] = GRADES


class Report(Noun):
    """One logged item of news or intelligence."""

    id: Name
    published: When
    logged: When | None = None
    source: Name | None = None
    outlet: str = ""
    origin: States | None = None
    copy_of: Name | None = None
    summary: str = ""
    link: Link | None = None
    claims: dict[Name, States] = {}
    observes: dict[Name, Name] = {}
    likelihood: dict[Name, dict[Name, Weight]] = {}
    directness: Directness = "relayed"
    status: Literal["draft", "final"] = "final"
    why: str = ""
    as_received: str = ""
    coded_by: str = ""
    checked_by: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _say_whose_word(self) -> Self:
        if self.claims and self.source is None:
            raise ValueError("a report with claims names its source, got none")
        return self

    @property
    def bears_on(self) -> tuple[str, ...]:
        """The variables that the report says something of."""
        return (*self.claims, *self.observes, *self.likelihood)


class Retraction(Noun):
    """A later entry that takes a report back."""

    retracts: Name
    logged: When
    why: str = ""


class Amendment(Noun):
    """A later entry that replaces whole fields of a report."""

    amends: Name
    logged: When
    set: dict[str, Any]
    why: str = ""


Entry = Report | Retraction | Amendment


@dataclass(frozen=True)
class Place:
    """Where something was written: file, line, and the text as it stands there."""

    file: str
    line: int
    text: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Scenario(Noun):
    """What scenario.yaml says."""

    title: str
    question: str
    background: str = ""
    effects: dict[Name, Effect] = {}
    hypotheses: dict[Name, Hypothesis]
    outcomes: dict[Name, Outcome] = {}
    implications: tuple[Implication, ...] = ()
    variables: dict[Key, Variable]
    sources: dict[Key, Source] = {}
    settings: Settings = Settings()

    @property
    def effect(self) -> str | None:
        """The name of the first effect, which the headline explains."""
        return next(iter(self.effects), None)

    def off(self, hypothesis: str) -> str:
        """The state that stands for the absence of a hypothesis."""
        noun = self.hypotheses[hypothesis]
        states = self.variables[noun.claim.variable].states
        return noun.off or next(s for s in states if s not in noun.claim.states)


@dataclass(frozen=True)
class Dossier:
    """A scenario with its log, and where each thing was written."""

    name: str
    scenario: Scenario
    log: tuple[Entry, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    folder: str = ""

    def reports(self) -> Iterator[Report]:
        """The reports of the log in the order of the file, unamended."""
        return (entry for entry in self.log if isinstance(entry, Report))


def label_of(name: str, noun: Labelled) -> str:
    """What to call a hypothesis, effect or outcome in a sentence.

    >>> label_of("wiring_fault", Hypothesis(claim="wiring_fault=yes"))
    'Wiring fault'
    """
    return noun.label or (name[:1].upper() + name[1:]).replace("_", " ")
