"""The judgement: what is most likely, how likely, within which range, and how sure one can be.

Likelihood (of the answer) and confidence (in the basis for it) are never put into one sentence.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import pandas as pd

from rivals.case import Case
from rivals.phrases import count, list_all, quoted, say_percent, say_words
from rivals.scenario import label_of
from rivals.words import word_for

DISCLAIMER = "This is a model-assisted judgement, not an official finding."
COMBINE = "Explanations can combine; the figures need not add to 100%."
LEVELS = ("low", "moderate", "high")
CONFIDENCE_RULE = (
    "Confidence speaks of the basis, not of the answer. It is the lowest that four rules allow. "
    "The range: wider than 40 points low, wider than 20 moderate, none computed moderate. "
    "Independent origins that count: fewer than 4 low, fewer than 10 moderate. "
    "One source's share of the counted reports: above two thirds low, above one third moderate. "
    "Conflict among the reports: above 3 nats low, above 1 moderate."
)


@dataclass(frozen=True)
class Confidence:
    """How good the basis is: low, moderate or high, and what holds it down."""

    level: str
    reasons: tuple[str, ...]

    @property
    def why(self) -> str:
        """The reasons as a sentence."""
        text = list_all(self.reasons)
        return f"{text[:1].upper()}{text[1:]}." if text else "Nothing of note holds it down."

    def __str__(self) -> str:
        listed = list_all(self.reasons)
        return f"Confidence is {self.level}: {listed}." if listed else "Confidence is high."


def rate_confidence(reports: pd.DataFrame, conflict: float, low: float, high: float) -> Confidence:
    """The confidence in an answer with the given range, and what holds it down: CONFIDENCE_RULE."""
    counted = reports[reports["status"] == "counted"]
    origins = {name for names in counted["origin"] for name in names}
    voices = Counter(counted["source"])
    most = max(voices.values(), default=0)
    width, unknown = 100 * high - 100 * low, math.isnan(low)
    span = "no range was computed" if unknown else f"the range is {round(width)} points wide"
    rules = [
        (1 if unknown else _cap(width, 20, 40), span),
        (
            _cap(-len(origins), -10, -4),
            f"it rests on {count(len(origins), 'independent origin')}",
        ),
        (
            _cap(most / max(len(counted), 1), 1 / 3, 2 / 3),
            f"{most} of {count(len(counted), 'counted report')} are one source's word",
        ),
        (_cap(conflict, 1, 3), f"the reports conflict ({conflict:.1f} nats)"),
    ]
    level = min(cap for cap, _ in rules)
    holding = tuple(text for cap, text in rules if cap == level < 2)
    return Confidence(LEVELS[level], holding)


def _cap(value: float, moderate: float, low: float) -> int:
    """The highest level that a value above one of two limits allows."""
    if value > low:
        return 0
    return 1 if value > moderate else 2


@dataclass(frozen=True)
class Headline:
    """The judgement in sentences; `answer` is the label of the likeliest explanation."""

    answer: str
    likelihood: str
    spread: str
    presence: str
    rivals: str
    confidence: Confidence

    def sentences(self) -> tuple[str, ...]:
        """All of it in the order of reading."""
        parts = (self.likelihood, self.spread, self.presence, self.rivals, str(self.confidence))
        return (*(part for part in parts if part), COMBINE, DISCLAIMER)

    def __str__(self) -> str:
        return " ".join(self.sentences())


def tabulate_standing(case: Case, draws: int, seed: int) -> pd.DataFrame:
    """A row per hypothesis, leader first: label, headline, low, high, posterior.

    The headline number is `because` for the first effect, or the posterior without effects;
    ties within 1e-12 stand in the order of the file. `attrs`: effect (its label or None), `chance`
    of the effect, and draws.
    """
    effect = case.effect
    if effect is None:
        table = case.beliefs(draws, seed)
        table["headline"] = table["posterior"]
        label, chance = None, 1.0
    else:
        causes = case.causes(draws, seed)
        table = causes[causes.index.get_level_values("effect") == effect].droplevel("effect")
        table["headline"] = table["because"]
        label = label_of(effect, case.scenario.effects[effect])
        chance = causes.attrs["effects"][effect]
    order = (-table["headline"]).round(12).argsort(kind="stable")
    standing = table.iloc[order][["label", "headline", "low", "high", "posterior"]]
    standing.attrs.update(effect=label, chance=chance, draws=table.attrs.get("draws"))
    return standing


def headline(case: Case, standing: pd.DataFrame) -> Headline:
    """The judgement that a table of `tabulate_standing` holds, in words and whole percentages."""
    scale = case.scenario.settings.scale
    first = standing.iloc[0]
    effect, p = standing.attrs["effect"], float(first["headline"])
    what = f"That it was why {quoted(effect)}" if effect else "That it holds"
    return Headline(
        answer=str(first["label"]),
        likelihood=f"{what} is {word_for(p, scale)}: {say_percent(p)}.",
        spread=_say_spread(float(first["low"]), float(first["high"]), scale),
        presence=_say_presence(float(first["posterior"]), scale) if effect else "",
        rivals=_say_rivals(standing, scale),
        confidence=rate_confidence(
            case.reports(), case.conflict(), float(first["low"]), float(first["high"])
        ),
    )


def _say_spread(low: float, high: float, scale: str) -> str:
    if math.isnan(low):
        return ""
    return (
        f"Within the stated uncertainty it lies between {say_percent(low)} and "
        f"{say_percent(high)} ({say_words(low, high, scale)})."
    )


def _say_presence(p: float, scale: str) -> str:
    return f"That it was present at all is {word_for(p, scale)}: {say_percent(p)}."


def _say_rivals(standing: pd.DataFrame, scale: str) -> str:
    first, second = standing.iloc[0], standing.iloc[1]
    p = float(second["headline"])
    text = f"Next comes {quoted(second['label'])}, {word_for(p, scale)} ({say_percent(p)})"
    if second["high"] > first["low"]:
        text += "; the two ranges overlap, so their order is not settled"
    return text + "."
