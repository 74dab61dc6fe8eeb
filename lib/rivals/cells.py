"""Fields of a report as one line of text, as in a cell of a table or an option of a command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from types import UnionType
from typing import Any, Union, get_args, get_origin

from rivals.entries import Report
from rivals.errors import quote

BETWEEN = ";"
"""What stands between several claims, or several origins."""


def read_field(name: str, text: str) -> Any:
    """What a text says of a report's field; raises ValueError for a text in another form.

    >>> read_field("claims", "wind=calm|breeze; paid=no")
    {'wind': ('calm', 'breeze'), 'paid': ('no',)}
    >>> read_field("origin", "visit; call"), read_field("outlet", "a; b")
    (('visit', 'call'), 'a; b')
    """
    if name not in SAYING and not holds_several(name):
        return text
    return read_parts(name, [part.strip() for part in text.split(BETWEEN) if part.strip()])


def read_parts(name: str, parts: Sequence[str]) -> Any:
    """What parts, each of its own, say of a field that holds several; raises ValueError."""
    return _SAYING[name](parts) if name in _SAYING else tuple(parts)


def holds_several(name: str) -> bool:
    """Whether a field of a report is a list.

    >>> [name for name in Report.model_fields if holds_several(name)]
    ['origin']
    """
    return any(get_origin(kind) is tuple for kind in _kinds(Report.model_fields[name].annotation))


def holds_text(name: str) -> bool:
    """Whether a field of a report is one text, of whatever kind: not a list, not a mapping."""
    kinds = list(_kinds(Report.model_fields[name].annotation))
    return not any(get_origin(kind) in (tuple, dict) for kind in kinds)


def _kinds(annotation: Any) -> Iterator[Any]:
    """The kinds of values that an annotation allows, one by one."""
    if get_origin(annotation) in (Union, UnionType):
        for one in get_args(annotation):
            yield from _kinds(one)
    elif hasattr(annotation, "__metadata__"):
        yield from _kinds(annotation.__origin__)
    else:
        yield annotation


def read_claims(parts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Every `V=S` or `V=S|S`, by variable."""
    return {v: tuple(one.strip() for one in s.split("|")) for v, s in split_pairs(parts).items()}


def split_pairs(parts: Iterable[str]) -> dict[str, str]:
    """Every `V=S`, by variable; raises ValueError for a variable named twice."""
    found: dict[str, str] = {}
    for part in parts:
        variable, state = split_pair(part)
        if variable in found:
            raise ValueError(f"a variable is named once (V=S|S for a set), got {quote(part)} too")
        found[variable] = state
    return found


def split_pair(text: str) -> tuple[str, str]:
    """`V=S` as a pair."""
    variable, equals, state = (part.strip() for part in text.partition("="))
    if not (equals and variable and state):
        raise ValueError(f"variable=state is expected, got {quote(text)}")
    return variable, state


def read_likelihoods(parts: Sequence[str]) -> dict[str, dict[str, str]]:
    """Every `V:S=L`, by variable and state."""
    found: dict[str, dict[str, str]] = {}
    for part in parts:
        variable, colon, rest = (piece.strip() for piece in part.partition(":"))
        if not colon:
            raise ValueError(f"a likelihood reads V:S=L, got {quote(part)}")
        state, weight = split_pair(rest)
        if state in found.setdefault(variable, {}):
            raise ValueError(f"a likelihood names a state once, got {quote(part)} too")
        found[variable][state] = weight
    return found


_SAYING: dict[str, Callable[[Sequence[str]], Any]] = {
    "claims": read_claims,
    "observes": split_pairs,
    "likelihood": read_likelihoods,
}
SAYING = tuple(_SAYING)
"""The fields in which a report says something of variables."""
