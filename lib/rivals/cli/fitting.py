"""How wide the columns of a table are in a terminal: only prose folds, at its spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len

_WHOLE = re.compile(r"\d{4}-\d\d(?:-\d\d)?[ T]\d\d:\d\d\S*|\S+")
"""What is never folded: a word, a number, an id, a path, a day with its time."""

PADDINGS = (1, 0)
"""Blanks on both sides of a cell: as many as there is room for."""

READABLE = 20
"""How wide prose is at least in a table that is too wide all the same."""


def fit_columns(columns: Sequence[Sequence[str]], room: int) -> tuple[list[int], int]:
    """The width of each column, given as its heading and cells, and the padding beside each.

    Where not even the longest words stand side by side, the table is wider than the room.
    """
    full = [max(map(cell_len, cells)) for cells in columns]
    least = [max(map(_longest_word, cells)) for cells in columns]
    bodies = [max(map(cell_len, cells[1:]), default=0) for cells in columns]
    edges = len(columns) + 1
    for padding in PADDINGS:
        left = room - edges - 2 * padding * len(columns)
        if sum(least) <= left:
            return _share(full, least, left), padding
    return [max(low, min(READABLE, width)) for low, width in zip(least, bodies, strict=True)], 0


def _longest_word(text: str) -> int:
    return max((cell_len(word) for word in _WHOLE.findall(text)), default=0)


def _share(full: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """What is too wide is cut to one width, the largest at which all have room."""
    for most in range(max(full), 0, -1):
        widths = [max(low, min(high, most)) for low, high in zip(least, full, strict=True)]
        if sum(widths) <= room:
            return widths
    return list(least)
