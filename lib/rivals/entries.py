"""The nouns of the log: a report, and the entries that take one back or put it right."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import model_validator

from rivals.fields import HandlingLabel, Link, Name, Noun, States, Weight
from rivals.moments import When
from rivals.words import Directness


class Report(Noun):
    """One logged item of news or intelligence."""

    id: Name
    """Its own name, used once in the log."""
    published: When
    """When it came out: a day, a month (its last day), or a time with its offset."""
    logged: When | None = None
    """When we had it; without it, when it was published."""
    source: Name | None = None
    """Whose word is weighed: a source of scenario.yaml."""
    outlet: str = ""
    """Who carried it; weighs nothing."""
    origin: States | None = None
    """What it goes back to, one or a list; without it, its own id. An origin counts once."""
    copy_of: Name | None = None
    """The report that it repeats; a copy weighs nothing, whatever it adds."""
    summary: str = ""
    """What it says, in your own words."""
    link: Link | None = None
    """Where it stands; http:// or https://."""
    claims: dict[Name, States] = {}
    """By variable: the state that the source says holds, or a list of states."""
    observes: dict[Name, Name] = {}
    """By variable: a state taken as fact."""
    likelihood: dict[Name, dict[Name, Weight]] = {}
    """By variable, for each state: your own P(this report | state), on any scale."""
    directness: Directness = "relayed"
    """How the source knows: direct, relayed (unless said otherwise), or inferred by it."""
    handling: HandlingLabel = "CLEAR"
    """Who may see it: a label of the Traffic Light Protocol 2.0, with or without `TLP:`."""
    status: Literal["draft", "final"] = "final"
    """A draft weighs nothing yet."""
    why: str = ""
    """How you read it, and why so."""
    as_received: str = ""
    """The grade that it came with, such as B2; weighs nothing."""
    coded_by: str = ""
    """Who coded it."""
    checked_by: str = ""
    """Who checked the coding."""
    note: str = ""
    """Anything else; weighs nothing."""

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
    """The id of the report that is taken back."""
    logged: When
    """When that was known."""
    why: str = ""
    """Why it is taken back."""


class Amendment(Noun):
    """A later entry that replaces whole fields of a report."""

    amends: Name
    """The id of the report that is put right."""
    logged: When
    """When that was done."""
    set: dict[str, Any]
    """Whole fields of the report as they ought to be; one set to nothing is gone."""
    why: str = ""
    """What was wrong."""


Entry = Report | Retraction | Amendment
