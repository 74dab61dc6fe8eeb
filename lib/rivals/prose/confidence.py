"""How good the basis of an answer is: low, moderate or high, by a rule that anybody can check."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import pandas as pd

from rivals.phrases import count, list_all, say_percent

LEVELS = ("low", "moderate", "high")
CONFIDENCE_RULE = (
    "Confidence speaks of the basis, not of the answer. It is the lowest that these rules allow. "
    "The range: wider than 40 points low, wider than 20 moderate, none computed moderate. "
    "Robustness, the share of the cases tried (draws of the judgements, each counted report left "
    "out in turn) in which the answer leads: below two thirds low, below 90% moderate, not tried "
    "moderate. Without the one report that costs it most: leading in fewer than half of the draws "
    "low, in fewer than two thirds moderate. Where no explanation leads: low. "
    "Independent origins that count: fewer than 4 low, fewer than 10 moderate. "
    "One source's share of the counted reports, or of what they weigh (Shapley values, in decibels "
    "of the odds that the answer was present, whatever their sign, where these are finite): above "
    "two thirds low, above one third moderate. "
    "Conflict among the reports: above 3 nats low, above 1 moderate."
)

Rule = tuple[int, str]
"""The highest level, by its place in LEVELS, that a rule allows, and what it is about."""


@dataclass(frozen=True)
class Trials:
    """What an answer was put through: `case.robustness()`, and `case.impact()` where it was asked.

    Both are of the case that is answered, the first with the draws that its range rests on.
    """

    robustness: pd.DataFrame
    impact: pd.DataFrame | None = None


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


def rate_confidence(
    reports: pd.DataFrame,
    conflict: float,
    low: float,
    high: float,
    tried: Trials | None = None,
) -> Confidence:
    """The confidence in an answer with the given range, and what holds it down: CONFIDENCE_RULE.

    reports: `case.reports()`; conflict in nats; low and high of the answer, NaN for none.
    """
    counted = reports[reports["status"] == "counted"]
    rules = [
        _rate_range(low, high),
        *_rate_robustness(tried),
        _rate_origins(counted),
        _rate_one_source(counted, tried),
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


def _rate_range(low: float, high: float) -> Rule:
    if math.isnan(low):
        return 1, "no range was computed"
    width = 100 * high - 100 * low
    return _cap(width, 20, 40), f"the range is {count(round(width), 'point')} wide"


def _rate_robustness(tried: Trials | None) -> list[Rule]:
    """By the share in which the answer leads, and by the report that costs it most."""
    if tried is None:
        return [(1, "whether the lead holds was not tried")]
    table = tried.robustness
    if table.attrs["leader"] is None:
        return [(0, "no explanation leads")]
    row = table.loc[table.attrs["leader"]]
    leads, worst = float(row["leads"]), float(row["worst"])
    rules = [
        (_cap(-leads, -0.9, -2 / 3), f"it leads in only {say_percent(leads)} of the cases tried")
    ]
    if row["report"]:
        draws = "the draws" if table.attrs["draws"] else "cases"
        told = f"without one report it leads in only {say_percent(worst)} of {draws}"
        rules.append((_cap(-worst, -2 / 3, -1 / 2), told))
    return rules


def _rate_origins(counted: pd.DataFrame) -> Rule:
    origins = {name for names in counted["origin"] for name in names}
    told = "it rests on no report that counts"
    if len(counted):
        told = f"it rests on only {count(len(origins), 'independent origin')}"
    return _cap(-len(origins), -10, -4), told


def _rate_one_source(counted: pd.DataFrame, tried: Trials | None) -> Rule:
    """By the source that most reports give the word of, or by the one that weighs most.

    What nobody says is no source's word.
    """
    most = max(Counter(name for name in counted["source"] if name).values(), default=0)
    told = "the one counted report is one source's word"
    if len(counted) > 1:
        are = "is" if most == 1 else "are"
        told = f"{most} of {len(counted)} counted reports {are} one source's word"
    weight = _share_weight(tried)
    carried = f"one source carries {say_percent(weight)} of what the counted reports weigh"
    rules = ((most / max(len(counted), 1), told), (weight, carried))
    return min(
        ((_cap(share, 1 / 3, 2 / 3), text) for share, text in rules), key=lambda rule: rule[0]
    )


def _share_weight(tried: Trials | None) -> float:
    """The largest share of one source in all decibels; 0 where these are infinite, or none."""
    if tried is None or tried.impact is None or tried.robustness.attrs["leader"] is None:
        return 0.0
    table = tried.impact[tried.impact["report", "counted"].astype(bool)]
    weights = table["shapley", tried.robustness.attrs["leader"]].astype(float).abs()
    spoken = table["report", "source"] != ""
    by_source = weights[spoken].groupby(table["report", "source"][spoken]).sum()
    total = float(weights.sum(skipna=False)) if len(weights) else 0.0
    return float(by_source.max()) / total if total > 0 and len(by_source) else 0.0
