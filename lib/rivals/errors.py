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

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice

SEARCHED = 10_000
"""Among how many known names the nearest one is sought."""

LONGEST = 1_000
"""How many characters of a problem are told at most."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where: a file and a line when it stands in one."""

    text: str
    path: str = ""
    line: int = 0

    def __str__(self) -> str:
        path = printable(self.path)
        place = f"{path}:{self.line}: " if self.line else f"{path}: " * bool(path)
        text = printable(" ".join(self.text.split()))
        return place + (text if len(text) <= LONGEST else f"{text[:LONGEST]}…")


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
    return f"'{shorten(value if isinstance(value, str) else repr(value), limit)}'"


def shorten(text: str, limit: int = 60) -> str:
    """The text cut to a length and safe to print on one line."""
    shown = printable(text[: limit + 1])
    return f"{shown[:limit]}…" if len(shown) > limit else shown


def list_names(names: Collection[str], most: int = 12) -> str:
    """The first of the names, each cut; that there are more is shown.

    >>> list_names(["none", "hall", "site"], 2)
    'none, hall, …'
    """
    shown = ", ".join(shorten(name) for name in islice(names, most))
    return f"{shown}, …" if len(names) > most else shown


def printable(text: str) -> str:
    """The text with control and direction characters written out, safe for a terminal."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def suggest(got: str, known: Iterable[str]) -> str:
    """What to add to a complaint about an unknown name: the nearest known one, or all.

    >>> suggest("arsen", ["arson", "wiring"])
    "; did you mean 'arson'?"
    """
    names = list(known)
    listed = f"; known: {list_names(names)}" if names else ""
    return suggest_near(got, names) or listed


def suggest_near(got: str, known: Iterable[str], alike: int = 60) -> str:
    """The same where the known ones are listed already: the nearest, or nothing.

    alike: how like it the nearest is at least, of 100.
    """
    near = _nearest(got, list(known), alike)
    return f"; did you mean {quote(near)}?" if near is not None else ""


def _nearest(got: str, names: list[str], alike: int) -> str | None:
    """The known name most like it, if any is; none is sought among too many."""
    if len(names) > SEARCHED:
        return None
    from rapidfuzz import fuzz, process  # here, since most commands complain of nothing

    found = process.extractOne(got, names, scorer=fuzz.ratio, score_cutoff=alike)
    return str(found[0]) if found else None
