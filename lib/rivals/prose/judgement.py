"""The judgement: what is most likely, how likely, within which range, and how sure one can be.

Likelihood (of the answer) and confidence (in the basis for it) are never put into one sentence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from rivals.case import Case
from rivals.phrases import list_all, quoted, say_percent, say_words
from rivals.prose.confidence import Confidence, Trials, rate_confidence
from rivals.prose.measures import NOBODY
from rivals.scenario import label_of
from rivals.words import word_for

DISCLAIMER = "This is a model-assisted judgement, not an official finding."
COMBINE = "Explanations can combine; the figures need not add to 100%."
SETTLED = 0.9
"""In what share of the cases tried a lead must hold for the order to count as settled."""
TOGETHER = 0.1
"""By how much causes must be why more often together than each alone for that to be said."""

NOUNS = {
    "almost no chance": "almost no chance",
    "remote chance": "a remote chance",
    "roughly even chance": "a roughly even chance",
    "realistic possibility": "a realistic possibility",
}
"""The terms of the scales that are things, not qualities, as they follow "there is"."""


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
    answers = case.causes if case.effect else case.beliefs
    return rank_standing(case, answers(draws, seed))


def rank_standing(case: Case, answers: pd.DataFrame) -> pd.DataFrame:
    """The same from the case's table of causes, or of beliefs where it has no effects."""
    effect = case.effect
    if effect is None:
        table = answers.assign(headline=answers["posterior"])
        label, chance = None, 1.0
    else:
        table = answers[answers.index.get_level_values("effect") == effect].droplevel("effect")
        table = table.assign(headline=table["because"])
        label = label_of(effect, case.scenario.effects[effect])
        chance = answers.attrs["effects"][effect]
    order = (-table["headline"]).round(12).argsort(kind="stable")
    standing = table.iloc[order][["label", "headline", "low", "high", "posterior"]]
    standing.attrs.update(effect=label, chance=chance, draws=table.attrs.get("draws"))
    return standing


def headline(case: Case, standing: pd.DataFrame, tried: Trials | None = None) -> Headline:
    """The judgement that a table of `tabulate_standing` holds, in words and whole percentages.

    What the same case was put through bears on how settled the order is, and on confidence.
    """
    scale = case.scenario.settings.scale
    first = standing.iloc[0]
    effect, p = standing.attrs["effect"], float(first["headline"])
    if not p > 0:
        return _say_nothing_leads(case, standing, tried)
    low, high, label = float(first["low"]), float(first["high"]), quoted(first["label"])
    what = f"{label} was why {quoted(effect)}" if effect else f"{label} holds"
    return Headline(
        answer=str(first["label"]),
        likelihood=say_likelihood(what, p, scale),
        spread=_say_spread(low, high, scale),
        presence=say_likelihood("it was present at all", float(first["posterior"]), scale)
        if effect
        else "",
        rivals=_say_rivals(standing, tried, scale),
        confidence=rate_confidence(case.reports(), case.conflict(), low, high, tried),
    )


def _say_nothing_leads(case: Case, standing: pd.DataFrame, tried: Trials | None) -> Headline:
    first = standing.iloc[0]
    ends = float(first["low"]), float(first["high"])
    rated = rate_confidence(case.reports(), case.conflict(), *ends, tried)
    said = NOBODY
    return Headline("None of them", said, "", "", "", rated)


def say_likelihood(what: str, p: float, scale: str) -> str:
    """How likely it is that something is so, in the word of a scale and as a whole percentage.

    >>> say_likelihood("it was arson", 0.58, "icd203")
    'That it was arson is likely: 58%.'
    >>> say_likelihood("it was arson", 0.45, "phia")
    'There is a realistic possibility that it was arson: 45%.'
    """
    word = word_for(p, scale)
    if word in NOUNS:
        return f"There is {NOUNS[word]} that {what}: {say_percent(p)}."
    return f"That {what} is {word}: {say_percent(p)}."


def say_together(sets: pd.DataFrame, standing: pd.DataFrame, scale: str) -> str:
    """Causes that were why together far more often than each; "" where there are none.

    The table is that of `case.cause_sets` for the effect of the standing.
    """
    alone = standing["headline"]
    more = [row["because"] - alone[list(row["hypotheses"])].max() for _, row in sets.iterrows()]
    if not more or max(more) < TOGETHER:
        return ""
    best = sets.iloc[more.index(max(more))]
    names = [quoted(label) for label in standing["label"].reindex(best["hypotheses"])]
    chance = f"{say_percent(best['because'])}, {word_for(float(best['because']), scale)}"
    spared = "either was often enough without the other"
    if len(names) > 2:
        spared = "some of them were often enough without the rest"
    return f"Taken together, {list_all(names)} were why: {chance}; {spared}."


def _say_spread(low: float, high: float, scale: str) -> str:
    if math.isnan(low):
        return ""
    ends, words = (say_percent(low), say_percent(high)), say_words(low, high, scale)
    if ends[0] == ends[1]:
        return f"Within the stated uncertainty it stays at {ends[0]} ({words})."
    return f"Within the stated uncertainty it ranges from {ends[0]} to {ends[1]} ({words})."


def _say_rivals(standing: pd.DataFrame, tried: Trials | None, scale: str) -> str:
    first, second = standing.iloc[0], standing.iloc[1]
    p = float(second["headline"])
    if not p > 0:
        return f"Every other explanation stands at {say_percent(p)}."
    word = word_for(p, scale)
    told = f"with {NOUNS[word]}" if word.endswith("chance") else NOUNS.get(word, word)
    text = f"Next comes {quoted(second['label'])}, {told} ({say_percent(p)})"
    if second["high"] > first["low"]:
        text += f"; {_say_overlap(str(first.name), tried)}"
    return text + "."


def _say_overlap(leader: str, tried: Trials | None) -> str:
    """Ranges may overlap and the order still hold in nearly every draw: both ends move together."""
    leads = float(tried.robustness["leads"][leader]) if tried else math.nan
    if leads >= SETTLED:
        holds = f"the lead holds in {say_percent(leads)}"
        return f"the two ranges overlap, yet {holds} of the cases tried"
    return "the two ranges overlap, so their order is not settled"
