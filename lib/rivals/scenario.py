"""The nouns: what an analyst writes down, frozen and valid on their own.

A noun checks its own shape: keys, types, numbers in range. What nouns say of each other (a claim
names a known state, parents do not form a cycle) is held by `rules`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from rivals.entries import Entry, Report, Retraction
from rivals.errors import quote
from rivals.fields import (
    Firmness,
    Key,
    Link,
    LintName,
    Name,
    Noun,
    Paths,
    Probability,
    Reason,
    States,
    Timezone,
    number_list,
)
from rivals.marked import Marked
from rivals.moments import When
from rivals.variables import Variable
from rivals.words import FIDELITY, GRADES, Directness, Grade


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
    """What is claimed: `variable=state`, or `variable=state|state` for a set of states."""
    label: str = ""
    """What it is called in tables and sentences; without it, its name."""
    why: str = ""
    """Why it is here, or what it covers and what it does not."""

    @model_validator(mode="before")
    @classmethod
    def _from_claim(cls, value: object) -> object:
        return {"claim": value} if isinstance(value, str) else value


class Effect(Labelled):
    """What is to be explained."""


class Hypothesis(Labelled):
    """One rival explanation; `off` is the state of its variable in a world without it."""

    off: Name | None = None
    """The state that stands for its absence; without it, the first one outside the claim."""


class Outcome(Labelled):
    """What may follow, by when, and once it is known, in which state its variable came out."""

    by: When | None = None
    """The day by which it should be known."""
    resolved: Name | None = None
    """Once it is known: the state in which its variable came out."""
    resolved_on: When | None = None
    """The day on which it was known; what was believed later is no forecast."""
    link: Link | None = None
    """An address that shows how it came out."""

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


class Expected(Labelled):
    """A report that would come were the claim true: since when, by when, and with what chance."""

    since: When
    """The day from which it could have come."""
    by: When
    """The day by which it would have come, with the chance; in between, in proportion."""
    chance: Probability
    """How likely a report on the variable would have come by then, were the claim true."""
    firmness: Firmness = 20.0
    """How firm the chance is: low, medium, high, or a number of observations."""


class Implication(Noun):
    """Commentary on what the case means for somebody; never weighed."""

    for_whom: str = Field(alias="for")
    """Whom it concerns."""
    rests_on: Claim
    """The claim on which it rests: `variable=state`, or `variable=state|state`."""
    text: str
    """What it means for them."""


class Silence(Noun):
    """A lint that was looked at and stands, with the reason."""

    lint: LintName
    """The lint's code or name: R102, or too-strong."""
    at: Paths = ()
    """The path in the file at which it is silenced, or a list of them; without it, everywhere."""
    why: Reason
    """Why it stands."""


class Source(Noun):
    """Somebody whose word is weighed."""

    name: str = ""
    """What it is called."""
    grade: Grade | None = None
    """A letter for its reliability, worth what `settings.grades` says; F cannot be judged."""
    reliability: Probability | None = None
    """P(reliable), instead of a grade."""
    firmness: Firmness = 20.0
    """How firm that number is: low, medium, high, or the size of a sample."""
    interest: dict[Name, Name] = {}
    """By variable: the state that would suit it if it did not know or did not care."""
    why: str = ""
    """What the grade or the number rests on."""

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
    """What words such as `likely` are worth: US icd203 or the UK's phia."""
    timezone: Timezone = "UTC"
    """The time zone in which a day ends, such as UTC or America/Caracas."""
    accuracy: Probability = 0.95
    """P(a reliable source has it right)."""
    spin: Probability = 0.50
    """How far an unreliable source says what suits it rather than what everybody says."""
    fidelity: Annotated[dict[Directness, Probability], _over_defaults(FIDELITY)] = FIDELITY
    """How faithfully a report gives its source's story, by directness."""
    grades: Annotated[dict[Grade, Probability], _over_defaults(GRADES)] = GRADES
    """P(reliable) by grade."""


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
    """The headline of the briefing."""
    question: str
    """What is to be answered, plain and dated."""
    background: str = ""
    """What the reader has to know first, in Markdown."""
    effects: dict[Name, Effect] = {}
    """What is to be explained, by name; the first is the headline's."""
    hypotheses: dict[Name, Hypothesis]
    """The rival explanations by name, two or more; they need not exclude one another."""
    outcomes: dict[Name, Outcome] = {}
    """What may follow, by name."""
    implications: tuple[Implication, ...] = ()
    """Comments on what it means for whom; printed, never weighed."""
    expected: Annotated[dict[Name, Expected], BeforeValidator(number_list)] = {}
    """Reports that would come were their claims true: silence about them is evidence."""
    variables: dict[Key, Variable]
    """Plain, dated questions by name; each has exactly one of prior, table, noisy_or, ..."""
    sources: dict[Key, Source] = {}
    """Whose word is weighed, by name."""
    silenced: tuple[Silence, ...] = ()
    """Lints of `rivals check` that were looked at and stand, each with its reason."""
    settings: Settings = Settings()
    """The conventions; each is a judgement."""

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
class Files:
    """What the two files of a scenario say, as plain data with the line of everything."""

    scenario: Marked
    log: Marked


@dataclass(frozen=True)
class Dossier:
    """A scenario with its log, and where each thing was written.

    `files` are those that it was read from, none where it was not; of an analyst's dossier, those
    of the scenario itself, and `analyst` is the name.

    `withheld` are reports that must not be shown: they weigh nothing, nothing takes their place,
    and nothing that is asked of the dossier tells of them.
    """

    name: str
    scenario: Scenario
    log: tuple[Entry, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    folder: str = ""
    files: Files | None = field(default=None, compare=False, repr=False)
    analyst: str = ""
    withheld: frozenset[str] = frozenset()

    @property
    def shown(self) -> tuple[Entry, ...]:
        """The log without what is withheld, and without what is said of that."""
        return tuple(entry for entry in self.log if _about(entry) not in self.withheld)

    def reports(self) -> Iterator[Report]:
        """The reports of the log in the order of the file, unamended."""
        return (entry for entry in self.log if isinstance(entry, Report))


def _about(entry: Entry) -> str:
    """The report that an entry is, or is about."""
    if isinstance(entry, Report):
        return entry.id
    return entry.retracts if isinstance(entry, Retraction) else entry.amends


def label_of(name: str, noun: Labelled) -> str:
    """What to call a hypothesis, effect, outcome or expected report in a sentence.

    >>> label_of("wiring_fault", Hypothesis(claim="wiring_fault=yes"))
    'Wiring fault'
    """
    if name.startswith("["):  # one of a list, which has only a place
        return noun.label or str(noun.claim)
    return noun.label or (name[:1].upper() + name[1:]).replace("_", " ")
