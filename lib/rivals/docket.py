"""What is wrong with a file, as it is found: so much and no more, each thing on its line.

A file that is broken all over would else take longer to complain of than anybody reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rivals.errors import Problem, shorten
from rivals.marked import PROBLEM_LIMIT, Loc, Marked
from rivals.rules import Complaint

SHOWN = 100
"""How many problems of one file are told; how many more there are is told too."""


class Docket(list[Complaint]):
    """Complaints about one file; once it is full, no more are taken in, nor asked for."""

    @property
    def full(self) -> bool:
        """Whether there are so many that looking for more is of no use."""
        return len(self) >= PROBLEM_LIMIT

    def append(self, complaint: Complaint) -> None:
        """Take in one more, or not."""
        if not self.full:
            super().append(complaint)

    def extend(self, complaints: Iterable[Complaint]) -> None:
        """Take in more, one at a time, as long as there is room."""
        for complaint in complaints:
            if self.full:
                return
            self.append(complaint)


def locate(marked: Marked, complaints: Docket, path: Path) -> list[Problem]:
    """The problems of a file in the order of its lines; of very many, the first and how many."""
    found = [*marked.problems, *((marked.line(at), _say(at, text)) for at, text in complaints)]
    ordered = sorted(dict.fromkeys(found))
    stopped = complaints.full or len(marked.problems) >= PROBLEM_LIMIT
    problems = [Problem(text, str(path), line) for line, text in ordered]
    return first_of(problems, path, stopped=stopped)


def first_of(problems: Sequence[Problem], path: Path, *, stopped: bool = False) -> list[Problem]:
    """The problems of a file; of very many the first, and how many more, at least if `stopped`."""
    told, more = list(problems[:SHOWN]), len(problems) - SHOWN
    if more > 0:
        told.append(Problem(f"and {'at least ' * stopped}{more:,} more problems", str(path)))
    return told


def _say(at: Loc, text: str) -> str:
    steps = at[1:] if at and isinstance(at[0], int) else at
    inside = path_of(tuple(step if isinstance(step, int) else shorten(step) for step in steps))
    return f"{inside}: {text}" if inside else text


def path_of(loc: Loc) -> str:
    """A path in a file as a judgement's name.

    >>> path_of(("variables", "spread", "table", 1, "then", "hall"))
    'variables.spread.table[1].then.hall'
    """
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f"{'.' if text else ''}{step}"
    return text
