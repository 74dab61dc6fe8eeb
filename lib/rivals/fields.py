"""What the nouns are made of: names, links, probabilities, quantities, states, and their base.

Each checks what was written and says what it would have to be; words of a scale become numbers.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    WithJsonSchema,
)

from rivals.codes import find_code
from rivals.errors import quote
from rivals.words import (
    Handling,
    parse_firmness,
    parse_handling,
    parse_number,
    parse_probability,
    parse_quantity,
)

NAME_LIMIT = 120
"""How many characters a name may have."""

STATE_LIMIT = 1_000
"""How many states a variable may have."""


def check_name(name: str) -> str:
    """A name that can stand in a claim and in a table: printable, without `=`, `|` and `:`."""
    if not name.strip() or name != name.strip():
        raise ValueError(f"a name is not empty and has no space around it, got {quote(name)}")
    if len(name) > NAME_LIMIT:
        raise ValueError(f"a name has {NAME_LIMIT} characters at most, got {len(name)}")
    if any(c in "=|:" or _is_hidden(c) for c in name):
        raise ValueError(
            f"a name holds no '=', '|', ':' and no control character, got {quote(name)}"
        )
    return name


def _is_hidden(character: str) -> bool:
    """Whether it cannot be seen, or looks like a space and is none."""
    other = character.isspace() and character != " "
    return other or unicodedata.category(character)[0] == "C"


def check_key(name: str) -> str:
    """A name that can stand in the path to a number; raises ValueError for one that cannot."""
    if "." in name or "[" in name:
        raise ValueError(
            f"the name of a variable, source or expected report holds no '.' and no '[', so that "
            f"paths to its numbers stay clear, got {quote(name)}"
        )
    return name


def check_link(link: str) -> str:
    """The link, when it leads to the web; raises ValueError for any other."""
    if not link.lower().startswith(("http://", "https://")):
        raise ValueError(f"a link starts with http:// or https://, got {quote(link)}")
    if any(c.isspace() or unicodedata.category(c)[0] == "C" for c in link):
        raise ValueError(f"a link holds no space and no control character, got {quote(link)}")
    try:
        _ = urlsplit(link).port  # like the host, it is only read when it is asked for
    except ValueError:
        raise ValueError(f"a link's host and port are well formed, got {quote(link)}") from None
    return link


def _check_reason(why: str) -> str:
    if not why.strip():
        raise ValueError("a reason is not empty, got nothing")
    return why


def _check_lint(name: str) -> str:
    find_code(name)
    return name


def _check_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise ValueError(f"a time zone such as UTC or America/Caracas, got {quote(name)}") from None
    return name


def _read_probability(value: object, info: ValidationInfo) -> object:
    scale = (info.context or {}).get("scale", "icd203")
    return parse_probability(value, scale) if isinstance(value, str) else value


def _read_quantity(value: object, info: ValidationInfo) -> object:
    scale = (info.context or {}).get("scale", "icd203")
    return parse_quantity(value, scale) if isinstance(value, str) else value


def _read_number(value: object) -> object:
    return parse_number(value) if isinstance(value, str) else value


def _unsigned_zero(value: float) -> float:
    """-0 as 0: numpy takes it for a number below 0."""
    return value + 0.0


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def number_list(value: object) -> object:
    """A list as a mapping, each item named by its place in brackets; anything else as it is.

    >>> number_list(["a", "b"])
    {'[0]': 'a', '[1]': 'b'}
    """
    return {f"[{i}]": item for i, item in enumerate(value)} if isinstance(value, list) else value


def check_distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, when none stands twice; raises ValueError for one that does, and for too many."""
    if len(names) > STATE_LIMIT:
        raise ValueError(f"{STATE_LIMIT:,} states are named at most, got {len(names):,}")
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    if twice:
        raise ValueError(f"a state is named once, got {quote(twice[0])} twice")
    return names


def _kind(name: str) -> WithJsonSchema:
    """Which kind of value this is: `rivals.schema.kinds` says how it may be written."""
    return WithJsonSchema({"kind": name})


Name = Annotated[str, AfterValidator(check_name), _kind("Name")]
Key = Annotated[Name, AfterValidator(check_key), _kind("Key")]
Probability = Annotated[
    float,
    BeforeValidator(_read_probability),
    Field(ge=0, le=1),
    AfterValidator(_unsigned_zero),
    _kind("Probability"),
]
Amount = Annotated[
    float,
    BeforeValidator(_read_number),
    Field(allow_inf_nan=False),
    AfterValidator(_unsigned_zero),
    _kind("Amount"),
]
Cost = Annotated[Amount, Field(gt=0), _kind("Positive")]
Spread = Annotated[Amount, Field(gt=0, le=1_000_000), _kind("Positive")]
Weight = Annotated[
    float,
    BeforeValidator(_read_quantity),
    Field(ge=0, allow_inf_nan=False),
    AfterValidator(_unsigned_zero),
    _kind("Weight"),
]
Firmness = Annotated[
    float,
    BeforeValidator(lambda v: parse_firmness(v) if isinstance(v, str) else v),
    Field(gt=0),
    _kind("Firmness"),
]
States = Annotated[
    tuple[Name, ...],
    BeforeValidator(_listed),
    Field(min_length=1),
    AfterValidator(check_distinct),
    _kind("States"),
]
Paths = Annotated[tuple[str, ...], BeforeValidator(_listed), _kind("Paths")]
Reason = Annotated[str, AfterValidator(_check_reason), _kind("Reason")]
LintName = Annotated[str, AfterValidator(_check_lint), _kind("Lint")]
Distribution = dict[Name, Probability]
CauseLink = Annotated[
    Annotated[Probability, Tag("one chance")] | Annotated[Distribution, Tag("by state")],
    Discriminator(lambda v: "by state" if isinstance(v, Mapping) else "one chance"),
]
HandlingLabel = Annotated[
    Handling,
    BeforeValidator(lambda v: parse_handling(v) if isinstance(v, str) else v),
    _kind("Handling"),
]
Link = Annotated[str, AfterValidator(check_link), _kind("Link")]
Timezone = Annotated[str, AfterValidator(_check_timezone), _kind("Timezone")]


class Noun(BaseModel):
    """What all nouns share: frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")
