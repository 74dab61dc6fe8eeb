"""Every complaint that a user can meet.

RivalsError                 one or more problems, each on one line
├── ReadingError            a file of the scenario is wrong
├── WritingError            a file of the scenario cannot be written, or somebody else is at it
├── QuestionError           an argument is wrong: a date, a claim, an unknown report
├── ImpossibleEvidence      the reports cannot all be true under the model
├── TooLarge                an exact answer would need more memory than is allowed
└── ExportError             a format would mangle the model, or a file cannot be written

A bug is none of these: it crashes with its own traceback.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where: a file and a line when it stands in one."""

    text: str
    path: str = ""
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}: " if self.line else f"{self.path}: " * bool(self.path)
        return place + printable(" ".join(self.text.split()))


class RivalsError(Exception):
    """The base of all complaints; `problems` holds them, `str()` gives a line for each."""

    def __init__(self, problems: Iterable[Problem] | str) -> None:
        listed = [Problem(problems)] if isinstance(problems, str) else list(problems)
        self.problems = tuple(listed)
        super().__init__("\n".join(map(str, listed)))


class ReadingError(RivalsError):
    """A scenario's file breaks the format."""


class WritingError(RivalsError):
    """A file of the scenario cannot be written; it is as it was before."""


class QuestionError(RivalsError):
    """A question was put with words that the scenario does not know."""


class ImpossibleEvidence(RivalsError):
    """The evidence has probability 0; `report` names the first entry at which it became so."""

    def __init__(self, problems: Iterable[Problem] | str, report: str = "") -> None:
        super().__init__(problems)
        self.report = report


class TooLarge(RivalsError):
    """Exact inference would need more cells than the bound allows."""


class ExportError(RivalsError):
    """A file cannot be written as asked without changing what the model says."""


def quote(value: object, limit: int = 60) -> str:
    """The value as the user wrote it, shortened and safe to print on one line."""
    text = value if isinstance(value, str) else repr(value)
    text = printable(text)
    return f"'{text[:limit]}…'" if len(text) > limit else f"'{text}'"


def printable(text: str) -> str:
    """The text with control and direction characters written out, safe for a terminal."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def suggest(got: str, known: Iterable[str]) -> str:
    """What to add to a complaint about an unknown name: the nearest known one, or all.

    >>> suggest("arsen", ["arson", "wiring"])
    "; did you mean 'arson'?"
    """
    names = list(known)
    near = get_close_matches(got, names, n=1, cutoff=0.6)
    if near:
        return f"; did you mean {quote(near[0])}?"
    return f"; known: {', '.join(names[:12])}{', …' if len(names) > 12 else ''}" if names else ""
