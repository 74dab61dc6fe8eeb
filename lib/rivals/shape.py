"""Plain data -> nouns, one at a time, with every breach of shape told in the analyst's terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rivals.entries import Amendment, Report, Retraction
from rivals.errors import list_names, quote, suggest
from rivals.fields import Noun
from rivals.marked import Loc
from rivals.rules import Complaint
from rivals.scenario import (
    Claim,
    Expected,
    Hypothesis,
    Implication,
    Outcome,
    Scenario,
    Settings,
    Source,
)
from rivals.variables import NoisyMax, NoisyOr, Observable, Ranked, Row, Variable

AnyNoun = TypeVar("AnyNoun", bound=BaseModel)
_NOUNS: tuple[type[Noun], ...] = (
    Amendment, Claim, Expected, Hypothesis, Implication, NoisyMax, NoisyOr, Observable, Outcome,
    Ranked, Report, Retraction, Row, Scenario, Settings, Source, Variable,
)  # fmt: skip
_EXPECTED = {
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "string_type": "text",
    "tuple_type": "a list",
    "list_type": "a list",
    "float_type": "a number",
    "too_short": "one entry at least",
}
_SUCH_AS: dict[str | int, str] = {
    **dict.fromkeys(("prior", "then", "chatter"), "{yes: 5%}"),
    **dict.fromkeys(("when", "claims", "observes", "interest"), "{variable: state}"),
}
"""What a mapping may look like, by its key."""


def shape(
    noun: type[AnyNoun], data: object, at: Loc, scale: str, complaints: list[Complaint]
) -> AnyNoun | None:
    """The noun, or None after adding to `complaints` what is wrong with the data."""
    try:
        return noun.model_validate(data, context={"scale": scale})
    except ValidationError as error:
        complaints.extend(explain(error, noun, at))
        return None


def explain(error: ValidationError, noun: type[BaseModel], at: Loc) -> Iterator[Complaint]:
    """Each error of a validation as (path in the file, sentence)."""
    for detail in error.errors(include_url=False):
        loc = tuple(step for step in detail["loc"] if step != "[key]")
        yield (*at, *loc), _sentence(detail, loc, noun)


def _sentence(detail: ErrorDetails, loc: Loc, noun: type[BaseModel]) -> str:
    kind, got = detail["type"], detail["input"]
    context = detail.get("ctx", {})
    if kind == "extra_forbidden":
        return f"unknown key {quote(str(loc[-1]))}{suggest(str(loc[-1]), _keys(loc, noun))}"
    if kind == "missing":
        return f"{quote(str(loc[-1]))} is missing; it is required here"
    if kind in ("value_error", "assertion_error"):
        return str(context.get("error", detail["msg"]))
    if kind == "literal_error":
        return f"one of {context['expected']} was expected, got {_shown(got)}"
    if kind in _EXPECTED:
        example = f", such as {_SUCH_AS[loc[-1]]}" if loc and loc[-1] in _SUCH_AS else ""
        return f"{_EXPECTED[kind]} was expected{example}, got {_shown(got)}"
    return f"{detail['msg'].replace('Input should be', 'the value should be')}, got {_shown(got)}"


def _keys(loc: Loc, noun: type[BaseModel]) -> list[str]:
    nouns = (noun,) if len(loc) == 1 else _NOUNS
    names = [f.alias or name for n in nouns for name, f in n.model_fields.items()]
    return list(dict.fromkeys(names))


def _shown(got: object) -> str:
    if isinstance(got, Mapping):
        return f"a mapping with {list_names(got, 4) or 'nothing in it'}"
    if isinstance(got, list | tuple):
        return f"a list of {len(got)}"
    return quote(got) if got != "" else "nothing"


def expect_mapping(data: object, at: Loc, complaints: list[Complaint]) -> Mapping[str, Any]:
    """The mapping itself; anything else is a complaint and counts as empty."""
    if isinstance(data, Mapping):
        return data
    complaints.append((at, f"a mapping (key: value) was expected, got {_shown(data)}"))
    return {}


def expect_list(data: object, at: Loc, complaints: list[Complaint]) -> list[Any]:
    """The list itself; anything else is a complaint and counts as empty."""
    if isinstance(data, list):
        return data
    complaints.append((at, f"a list was expected, got {_shown(data)}"))
    return []
