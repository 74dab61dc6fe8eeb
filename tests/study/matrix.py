"""Analysis of competing hypotheses as practised: PARC's weighted inconsistency.

Each item is rated against each hypothesis, CC, C, N, I or II; an I is worth -1 and an II -2, times
the weights of the item's credibility and relevance, 0.707, 1 or 1.414; the hypothesis with the
least inconsistency ranks first (Heuer and Pherson; PARC ACH 2.0.5). An analyst would rate by eye;
here the ratings follow from the model, by what an item says is likelier or not under the hypothesis
than without it, which is more than an eye can do.

Scores become probabilities in the most favourable way: a logistic on the score, on how it compares
with the other hypotheses and on the prior, and the best of three ways to rate, all fitted on other
worlds of the same echo rate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import sqrt

import numpy as np

from study.coding import Page
from study.enumeration import Beliefs
from study.model import Array

LOW, MEDIUM, HIGH = sqrt(0.5), 1.0, sqrt(2)
CREDIBILITY = {"A": HIGH, "B": HIGH, "C": MEDIUM, "D": LOW, "E": LOW}
CUTS = ((1.5, 3.0), (2.0, 5.0), (3.0, 10.0))
"""Ways to rate: how many times less likely an item must be for an I, and for an II."""

RELEVANT = (2.0, 5.0)
"""How far from 1 an item's strongest ratio must be for a relevance of medium, and of high."""


def weigh_item(ratios: Array, grade: str) -> Array:
    """What an item adds to the scores, by each way to rate: (ways, hypotheses).

    ratios: P(item | h) / P(item | not h), (hypotheses,).

    >>> weigh_item(np.array([0.1, 0.4, 3.0]), "B")[1].round(3).tolist()
    [-4.0, -2.0, 0.0]
    """
    cuts = np.array(CUTS)[..., np.newaxis]
    inconsistent = (ratios * cuts <= 1).sum(axis=1)
    with np.errstate(divide="ignore"):
        strongest = max(ratios.max(), 1 / ratios.min())
    relevance = (LOW, MEDIUM, HIGH)[sum(strongest >= cut for cut in RELEVANT)]
    return 0.0 - inconsistent * CREDIBILITY[grade] * relevance


@dataclass(frozen=True)
class Matrix:
    """Items by hypotheses, rated by what the beliefs say."""

    beliefs: Beliefs
    _rated: dict[tuple[str, tuple[int, ...], str], Array] = field(default_factory=dict, repr=False)

    def add_up(self, pages: Iterable[Page]) -> Array:
        """The score of each hypothesis, by each way to rate: (ways, hypotheses)."""
        total = np.zeros((len(CUTS), len(self.beliefs.model.hypotheses)))
        for page in pages:
            total += self.rate(page)
        return total

    def rate(self, page: Page) -> Array:
        """What a page adds: (ways, hypotheses)."""
        grade = self.beliefs.source(page.source).grade
        key = page.variable, page.said, grade
        if key not in self._rated:
            chances = self.beliefs.given[page.variable][..., list(page.said)].sum(axis=-1)
            with np.errstate(divide="ignore"):
                self._rated[key] = weigh_item(chances[:, 1] / chances[:, 0], grade)
        return self._rated[key]


@dataclass(frozen=True)
class Fit:
    """A way to rate and the logistic that turns its scores into probabilities."""

    way: int
    weights: Array

    def odds(self, scores: Array, prior: Array) -> Array:
        """The log-odds of each hypothesis: (worlds, hypotheses); scores: (worlds, ways, ...)."""
        return describe(scores[:, self.way], prior) @ self.weights


def describe(scores: Array, prior: Array) -> Array:
    """What a logistic sees of each hypothesis: (worlds, hypotheses, features).

    A constant, its score, how far that is above the mean and the best of the others, and its prior
    log-odds. NaN where a world has one hypothesis less.
    """
    mean = np.nanmean(scores, axis=1, keepdims=True)
    others = np.stack(
        [np.nanmax(np.delete(scores, i, axis=1), axis=1) for i in range(scores.shape[1])], axis=1
    )
    return np.stack([np.ones_like(scores), scores, scores - mean, scores - others, prior], -1)


def fit_scores(scores: Array, prior: Array, truth: Array) -> Fit:
    """The best way and logistic: scores (worlds, ways, hypotheses); truth is 0, 1 or NaN."""
    known = ~np.isnan(truth)
    fits = []
    for way in range(scores.shape[1]):
        seen = describe(scores[:, way], prior)[known]
        weights = _regress(seen, truth[known])
        fits.append((float(_loss(seen @ weights, truth[known])), Fit(way, weights)))
    return min(fits, key=lambda pair: pair[0])[1]


def _loss(odds: Array, truth: Array) -> Array:
    return np.logaddexp(0, np.where(truth > 0, -odds, odds)).mean()


def _regress(seen: Array, truth: Array, rounds: int = 50) -> Array:
    """Logistic regression by Newton's method, with a prior so weak that it only keeps it finite."""
    weights = np.zeros(seen.shape[1])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-np.clip(seen @ weights, -30, 30)))
        slope = seen.T @ (truth - p) - 1e-3 * weights
        bend = (seen * (p * (1 - p))[:, np.newaxis]).T @ seen + 1e-3 * np.eye(len(weights))
        weights = weights + np.linalg.solve(bend, slope)
    return weights
