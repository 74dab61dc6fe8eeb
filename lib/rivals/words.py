"""The conventions that turn words into numbers and back: probability words, grades, firmness.

None of these is a finding. They are how analysts agreed to talk, and each value is a judgement
that the analyses sweep like any other.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from rivals.errors import quote, suggest_near

Directness = Literal["direct", "relayed", "inferred"]
"""How near a source is to what it reports."""

Handling = Literal["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]
"""A label of the Traffic Light Protocol 2.0: who may see something."""

Grade = Literal["A", "B", "C", "D", "E", "F"]
"""An analyst's letter for a source's reliability; F cannot be judged."""


@dataclass(frozen=True)
class Band:
    """A term of a scale with the range of probabilities that it stands for."""

    word: str
    low: float
    high: float

    @property
    def middle(self) -> float:
        """The probability that the word is read as."""
        return round((self.low + self.high) / 2, 12)


_ICD203 = (
    Band("almost no chance", 0.01, 0.05),
    Band("very unlikely", 0.05, 0.20),
    Band("unlikely", 0.20, 0.45),
    Band("roughly even chance", 0.45, 0.55),
    Band("likely", 0.55, 0.80),
    Band("very likely", 0.80, 0.95),
    Band("almost certain", 0.95, 0.99),
)
_PHIA = (
    Band("remote chance", 0.0, 0.05),
    Band("highly unlikely", 0.10, 0.20),
    Band("unlikely", 0.25, 0.35),
    Band("realistic possibility", 0.40, 0.50),
    Band("likely", 0.55, 0.75),
    Band("highly likely", 0.80, 0.90),
    Band("almost certain", 0.95, 1.0),
)
_SECOND_ROW = (
    "remote",
    "highly improbable",
    "improbable",
    "roughly even odds",
    "probable",
    "highly probable",
    "nearly certain",
)

ROUNDING = 1e-12
"""How far below the end of a band arithmetic may leave a probability that stands on it."""

WORD_ALIKE = 80
"""How like a word of a scale a text is, of 100, that may be a slip of the pen for it."""

SCALES: dict[str, tuple[Band, ...]] = {"icd203": _ICD203, "phia": _PHIA}
"""The scales by name: the US Intelligence Community Directive 203 and the UK's PHIA yardstick."""

FIRMNESS = {"low": 5.0, "medium": 20.0, "high": 100.0}
"""Firmness words as equivalent sample sizes."""

SMALLEST = 1e-300
"""The smallest number in size that may be stated, but for 0: below that floats lose digits."""

SETTINGS_FIRMNESS = 20.0
"""The equivalent sample size of every convention under `settings`."""

FIDELITY: dict[Directness, float] = {"direct": 0.99, "relayed": 0.95, "inferred": 0.80}
"""How faithfully a statement gives its source's story, by directness."""

GRADES: dict[Grade, float] = {"A": 0.95, "B": 0.85, "C": 0.70, "D": 0.50, "E": 0.30, "F": 0.50}
"""P(reliable) by the letter that an analyst gives a source; F cannot be judged."""


def read_words(scale: str) -> dict[str, float]:
    """Every term that the scale understands, with the probability that it is read as."""
    bands = SCALES[scale]
    terms = {band.word: band.middle for band in bands}
    if scale == "icd203":
        terms |= {word: band.middle for word, band in zip(_SECOND_ROW, bands, strict=True)}
    return terms


def word_for(p: float, scale: str = "icd203") -> str:
    """The term for a probability: lower end included, upper not, the nearer band in a gap.

    >>> word_for(0.8), word_for(0.001), word_for(0.225, "phia")
    ('very likely', 'almost no chance', 'unlikely')
    """
    bands = SCALES[scale]
    for band, after in pairwise(bands):
        boundary = band.high if after.low <= band.high else (band.high + after.low) / 2
        if p < boundary - ROUNDING:
            return band.word
    return bands[-1].word


_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def parse_number(text: str) -> float:
    """A plain decimal number; raises ValueError for anything else, `nan` and `inf` included.

    What a float could only hold as infinite, or as 0 though it is not, is refused too: a chance
    that was stated as tiny does not become an impossibility.
    """
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped):
        raise ValueError(f"a number was expected, got {quote(text)}")
    significand = stripped.lower().partition("e")[0]
    return _hold(float(stripped), text, zero=not set(significand) & set("123456789"))


def _hold(value: float, text: str, *, zero: bool) -> float:
    if not math.isfinite(value):
        raise ValueError(f"a finite number was expected, got {quote(text)}")
    if not zero and abs(value) < SMALLEST:
        raise ValueError(f"a number is 0 or {SMALLEST:g} at least in size, got {quote(text)}")
    return value


def parse_probability(text: str, scale: str = "icd203") -> float:
    """A number, a percentage, a fraction or a word of the scale, as a float in [0, 1].

    Raises ValueError with a sentence that says the rule and what was got.

    >>> parse_probability("30%"), parse_probability("1/4"), parse_probability("unlikely")
    (0.3, 0.25, 0.325)
    """
    value = parse_quantity(text, scale)
    if not 0 <= value <= 1:
        raise ValueError(f"a probability lies between 0 and 1, got {quote(text)}")
    return value


def parse_quantity(text: str, scale: str) -> float:
    """What a probability is written as, of any size: a likelihood has no scale of its own."""
    stripped = " ".join(text.lower().split())
    if stripped.endswith("%"):
        percent = parse_number(stripped[:-1])
        return _hold(percent / 100, text, zero=percent == 0)
    if "/" in stripped:
        top, _, bottom = (part.strip() for part in stripped.partition("/"))
        if not parse_number(bottom):
            raise ValueError(f"a fraction cannot be divided by 0, got {quote(text)}")
        share = parse_number(top) / parse_number(bottom)
        return _hold(share, text, zero=parse_number(top) == 0)
    terms = read_words(scale)
    if stripped in terms:
        return terms[stripped]
    if _NUMBER.fullmatch(stripped):
        return parse_number(stripped)
    bands = ", ".join(band.word for band in SCALES[scale])
    listed = f"; words of estimative probability ({scale}): {bands}"
    raise ValueError(
        f"a quantity is a number, a percentage, a fraction or a word of probability, "
        f"got {quote(text)}{suggest_near(stripped, terms, WORD_ALIKE) or listed}"
    )


def parse_firmness(text: str) -> float:
    """A firmness word or a number above 0, as an equivalent sample size.

    >>> parse_firmness("low"), parse_firmness("12")
    (5.0, 12.0)
    """
    stripped = text.strip().lower()
    if stripped in FIRMNESS:
        return FIRMNESS[stripped]
    try:
        value = parse_number(stripped)
    except ValueError:
        value = 0.0
    if value <= 0:
        raise ValueError(f"firmness is low, medium, high or a number above 0, got {quote(text)}")
    return value


HANDLING: tuple[Handling, ...] = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
"""The labels (FIRST, 2022), from what anybody may see upwards."""


def parse_handling(text: str) -> Handling:
    """A label of HANDLING, read in any case, with or without `TLP:`; raises ValueError.

    >>> parse_handling("tlp:amber+strict")
    'AMBER+STRICT'
    """
    label = text.strip().upper().removeprefix("TLP:").strip()
    for known in HANDLING:
        if label == known:
            return known
    raise ValueError(f"handling is a TLP label, one of {', '.join(HANDLING)}, got {quote(text)}")


def exceeds(label: Handling, level: Handling) -> bool:
    """Whether a report marked so may not be shown to those who may see the level.

    >>> exceeds("AMBER", "GREEN"), exceeds("AMBER", "AMBER")
    (True, False)
    """
    return HANDLING.index(label) > HANDLING.index(level)
