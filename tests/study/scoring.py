"""How good probabilities are, the truth being known: scores, their parts, calibration, leaders.

Forecasts come as log-odds, (worlds, MOST), NaN where a world has one hypothesis less, so that not
even a thousand pages counted as independent make a score infinite. A world's hypotheses are not
independent, so standard errors go by world.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import pi, sqrt

import numpy as np

from study.model import Array

BINS, FEWEST = 10, 100
"""How many bins of as many forecasts each, and how many forecasts a bin has at least."""

CERTAIN = 1e-9
"""As near to 0 or 1 as the forecast of a whole bin may come, so that its parts stay finite."""


def chances(odds: Array) -> Array:
    """Log-odds as probabilities."""
    return 1 / (1 + np.exp(-np.clip(odds, -700, 700)))


def log_scores(odds: Array, truth: Array) -> Array:
    """The log score in bits, -log2 of what was given to what is so (Good 1952); lower is better."""
    known = ~np.isnan(truth + odds)
    against = np.where(truth > 0, -odds, odds)
    bits = np.logaddexp(0, against, where=known, out=np.full(against.shape, np.nan))
    return bits / np.log(2)


def brier_scores(odds: Array, truth: Array) -> Array:
    """The square of the distance from what is so (Brier 1950); lower is better."""
    return (chances(odds) - truth) ** 2


def average(scores: Array) -> tuple[float, float]:
    """The mean of scores (worlds, MOST), and its standard error, by world; NaN for no score."""
    sums, counts = np.nansum(scores, axis=1), (~np.isnan(scores)).sum(axis=1)
    if not counts.any():
        return float("nan"), float("nan")
    mean = sums.sum() / counts.sum()
    return float(mean), float(np.sqrt(((sums - mean * counts) ** 2).sum()) / counts.sum())


def top_one(odds: Array, truth: Array) -> Array:
    """Whether the likeliest hypothesis holds, (worlds, 1); of several, the share that hold."""
    best = np.nanmax(odds, axis=1, keepdims=True)
    leads = odds >= best - 1e-12
    return (np.where(leads, truth, 0.0).sum(axis=1) / leads.sum(axis=1))[:, np.newaxis]


@dataclass(frozen=True)
class Bin:
    """Forecasts of about the same chance: how many, their mean, and in what share it was so."""

    forecasts: int
    low: float
    high: float
    chance: float
    happened: float


def sort_into_bins(odds: Array, truth: Array) -> list[Bin]:
    """Ten bins of as many forecasts each, fewer where they would hold less than a hundred."""
    known = ~np.isnan(truth + odds)
    order = np.argsort(odds[known], kind="stable")
    p, so = chances(odds[known][order]), truth[known][order]
    bins = max(1, min(BINS, len(p) // FEWEST))
    return [
        Bin(
            len(part), float(part.min()), float(part.max()), float(part.mean()), float(right.mean())
        )
        for part, right in zip(np.array_split(p, bins), np.array_split(so, bins), strict=True)
    ]


def calibration_error(bins: list[Bin]) -> tuple[float, float]:
    """The mean distance of chance and share over all forecasts, and what luck alone makes of it.

    The second is the mean of the first for forecasts that are perfectly calibrated: the mean of
    |x| of a normal x is sqrt(2 / pi) of its standard deviation.
    """
    total = sum(b.forecasts for b in bins)
    error = sum(b.forecasts * abs(b.chance - b.happened) for b in bins) / total
    noise = sum(b.forecasts * sqrt(b.chance * (1 - b.chance) / b.forecasts) for b in bins) / total
    return error, noise * sqrt(2 / pi)


@dataclass(frozen=True)
class Parts:
    """A mean score is reliability - resolution + uncertainty + within, exactly.

    Reliability: what miscalibration costs. Resolution: what telling cases apart brings.
    Uncertainty: the score of always giving the base rate. Within: what is lost or won inside bins.
    """

    reliability: float
    resolution: float
    uncertainty: float
    within: float


def split_brier(bins: list[Bin], score: float) -> Parts:
    """The parts of a mean Brier score (Murphy 1973; within bins, Stephenson and others 2008)."""
    total = sum(b.forecasts for b in bins)
    base = sum(b.forecasts * b.happened for b in bins) / total
    reliability = sum(b.forecasts * (b.chance - b.happened) ** 2 for b in bins) / total
    resolution = sum(b.forecasts * (b.happened - base) ** 2 for b in bins) / total
    return _close(reliability, resolution, base * (1 - base), score)


def split_log(bins: list[Bin], score: float) -> Parts:
    """The parts of a mean log score in bits (Weijs, van Nooijen and van de Giesen 2010)."""
    total = sum(b.forecasts for b in bins)
    base = sum(b.forecasts * b.happened for b in bins) / total
    reliability = sum(b.forecasts * _diverge(b.happened, b.chance) for b in bins) / total
    resolution = sum(b.forecasts * _diverge(b.happened, base) for b in bins) / total
    return _close(reliability, resolution, sum(_bits(base)), score)


def _close(reliability: float, resolution: float, uncertainty: float, score: float) -> Parts:
    within = score - (reliability - resolution + uncertainty)
    return Parts(reliability, resolution, uncertainty, within)


def _diverge(p: float, q: float) -> float:
    """The Kullback-Leibler divergence of q from p in bits."""
    q = min(max(q, CERTAIN), 1 - CERTAIN)
    pairs = ((p, q), (1 - p, 1 - q))
    return float(sum(a * np.log2(a / b) for a, b in pairs if a > 0))


def _bits(p: float) -> Iterator[float]:
    return (float(-x * np.log2(x)) for x in (p, 1 - p) if x > 0)
