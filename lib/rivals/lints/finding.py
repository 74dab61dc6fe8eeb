"""One thing that a lint found: which lint, where in the files, and in which words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rivals.codes import Code
from rivals.scenario import Place


@dataclass(frozen=True)
class Finding:
    """What was found at a path, and what to do about it; `place` where that is another file's."""

    code: Code
    path: str
    text: str
    place: Place | None = None

    def locate(self, places: Mapping[str, Place]) -> Place | None:
        """Where it stands; None for what is written nowhere."""
        return self.place or place_of(self.path, places)


def place_of(path: str, places: Mapping[str, Place]) -> Place | None:
    """Where a path stands, or what it stands in; None for what is written nowhere."""
    return next((places[one] for one in enclosing(path) if one in places), None)


def enclosing(path: str) -> Iterator[str]:
    """The path itself, then each that it lies in, the nearest first.

    >>> list(enclosing("variables.x.table[1]"))
    ['variables.x.table[1]', 'variables.x.table', 'variables.x', 'variables']
    """
    yield path
    for i in range(len(path) - 1, 0, -1):
        if path[i] in ".[":
            yield path[:i]
