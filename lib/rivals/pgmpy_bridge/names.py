"""Names for the nodes that a scenario does not name: reliabilities, stories, reports."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import count


class Namer:
    """Gives out names of letters, digits and `_`, each once, whatever the case of its letters."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {name.casefold() for name in taken}

    def name(self, *words: str) -> str:
        """The words joined by `_`, with a number behind them where that is already a name.

        >>> namer = Namer(["story_radio_on_fire"])
        >>> namer.name("story", "Radio", "on", "fire"), namer.name("reliable", "Müller & Co.")
        ('story_Radio_on_fire_2', 'reliable_Muller___Co_')
        """
        plain = "_".join(spell(word) for word in words)
        tries = (plain if i == 1 else f"{plain}_{i}" for i in count(1))
        free = next(name for name in tries if name.casefold() not in self._taken)
        self._taken.add(free.casefold())
        return free


def spell(text: str) -> str:
    """The text in ASCII letters, digits and `_`; a character without a base letter by its number.

    >>> spell("Último día"), spell("имя")
    ('Ultimo_dia', 'u438u43cu44f')
    """
    return "".join(_spell(unicodedata.normalize("NFKD", text)))


def _spell(decomposed: str) -> Iterator[str]:
    for c in decomposed:
        if c.isascii():
            yield c if c.isalnum() else "_"
        elif not unicodedata.combining(c):
            yield f"u{ord(c):x}"
