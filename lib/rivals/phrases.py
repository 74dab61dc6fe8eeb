"""How numbers, words and dates are said, sentences joined, and foreign text made harmless."""

from __future__ import annotations

import math
import unicodedata
from calendar import month_name
from collections.abc import Sequence

from rivals.words import word_for

# Left-to-right marks and isolates are harmless; these reorder what stands around them.
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\ufeff")


def say_percent(p: float) -> str:
    """A whole percentage; 0% and 100% only for what is certain.

    >>> [say_percent(p) for p in (0, 0.004, 0.125, 0.9999, 1)]
    ['0%', 'under 1%', '13%', 'over 99%', '100%']
    """
    whole = math.floor(100 * p + 0.5)
    if whole == 0 and p > 0:
        return "under 1%"
    if whole == 100 and p < 1:
        return "over 99%"
    return f"{whole}%"


def say_range(low: float, high: float) -> str:
    """A range of whole percentages, or nothing when there is none.

    >>> say_range(0.2, 0.931), say_range(float("nan"), float("nan"))
    ('20% to 93%', '')
    """
    if math.isnan(low):
        return ""
    ends = say_percent(low), say_percent(high)
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def say_words(low: float, high: float, scale: str) -> str:
    """The words for both ends of a range, or the one word that covers it.

    >>> say_words(0.2, 0.93, "icd203")
    'unlikely to very likely'
    """
    ends = word_for(low, scale), word_for(high, scale)
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun.

    >>> count(1, "echo", "echoes"), count(3, "report")
    ('1 echo', '3 reports')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def list_all(parts: Sequence[str]) -> str:
    """Parts of a sentence in a row.

    >>> list_all(["one", "two", "three"])
    'one, two and three'
    """
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def quoted(text: str) -> str:
    """A label as it stands inside a sentence."""
    return f"“{text}”"


def say_date(text: str) -> str:
    """A day or a month as it is said; a time as it was written.

    >>> say_date("2026-01-03"), say_date("2025-12")
    ('3 January 2026', 'December 2025')
    """
    year, _, rest = text.partition("-")
    month, _, day = rest.partition("-")
    if not (year + month + day).isdecimal() or len(month) != 2:
        return text
    named = f"{month_name[int(month)]} {year}"
    return f"{int(day)} {named}" if day else named


def neutralise(text: str) -> str:
    r"""Text whose control and direction-changing characters are shown, not obeyed.

    >>> neutralise("a\u202eb")
    'a⟨U+202E⟩b'
    """
    return "".join(_show(character) for character in text)


def _show(character: str) -> str:
    hidden = character in _OVERRIDES or unicodedata.category(character) in ("Cc", "Cs")
    return f"⟨U+{ord(character):04X}⟩" if hidden and character not in "\n\t" else character
