"""Draws of the judgements from the uncertainty that their firmness states.

Design, section 3: Dirichlet(n' p) with n' = max(n, 1 / smallest positive p), so that a small
probability stays small; 0 and 1 are fixed. Every statement has a generator of its own, seeded by
its path, so that adding a judgement leaves the other draws alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from scipy.special import betaincinv

from rivals.engine import Array
from rivals.judgements import Statement, statements
from rivals.scenario import Scenario
from rivals.words import SETTINGS_FIRMNESS

CERTAINTY = "settings.accuracy"
"""The path whose uniform drives accuracy and the fidelities together."""


def draw_values(scenario: Scenario, draws: int, seed: int) -> dict[str, Array]:
    """Every statement drawn: (states, draws) for a distribution, (draws,) for one chance."""
    values = {}
    for statement in statements(scenario):
        generator = generator_for(statement.path, seed)
        if statement.path.startswith("settings."):
            values[statement.path] = _draw_setting(statement, draws, seed)
        elif statement.is_chance:
            p = statement.stated[0]
            values[statement.path] = _draw_rows((1 - p, p), statement, draws, generator)[1]
        else:
            values[statement.path] = _draw_rows(statement.stated, statement, draws, generator)
    for name, source in scenario.sources.items():
        if source.grade == "F":
            path = f"sources.{name}.grade"
            values[path] = generator_for(path, seed).random(draws)
    return values


def generator_for(path: str, seed: int) -> np.random.Generator:
    """PCG64 seeded by [seed, blake2b-64 of the path]."""
    digest = int.from_bytes(blake2b(path.encode(), digest_size=8).digest(), "big")
    return np.random.Generator(np.random.PCG64([seed, digest]))


def sample_size(stated: Sequence[float], firmness: float) -> float:
    """N' of a stated distribution: its firmness, or more where a probability is small."""
    return max(firmness, 1 / min(p for p in stated if p > 0))


def _draw_rows(
    stated: Sequence[float], statement: Statement, draws: int, generator: np.random.Generator
) -> Array:
    """(states, draws), each column summing to 1; what was stated as 0 or 1 stays."""
    p = np.array(stated)
    if statement.firmness is None or p.max() >= 1.0:
        return np.repeat(p[:, np.newaxis], draws, axis=1)
    size = sample_size(stated, statement.firmness)
    gammas = generator.standard_gamma(size * p[:, np.newaxis], (len(p), draws))
    total = gammas.sum(axis=0)
    return np.asarray(np.where(total > 0, gammas / np.where(total > 0, total, 1), p[:, np.newaxis]))


def _draw_setting(statement: Statement, draws: int, seed: int) -> Array:
    """A convention at the Beta quantile of the uniform that it shares with its kind."""
    kind = statement.path.split(".")[1]
    shared = {"grades": "settings.grades", "accuracy": CERTAINTY, "fidelity": CERTAINTY}
    uniform = generator_for(shared.get(kind, statement.path), seed).random(draws)
    p = statement.stated[0]
    if p in (0.0, 1.0):
        return np.full(draws, p)
    size = sample_size((p, 1 - p), SETTINGS_FIRMNESS)
    return np.asarray(betaincinv(size * p, size * (1 - p), uniform))


def weigh(log_evidence: Array) -> Array:
    """The weights of draws, P(evidence | draw) scaled to sum to 1: (draws,)."""
    weights = np.exp(log_evidence - log_evidence.max())
    return np.asarray(weights / weights.sum())


def effective(weights: Array) -> float:
    """Kish's effective number of draws: (sum w)^2 / sum w^2."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def weighted_range(
    samples: Array, weights: Array, ends: tuple[float, float] = (0.05, 0.95)
) -> Array:
    """The quantiles of weighted samples along their last axis: (2, ...).

    The weighted empirical distribution, read between the middles of its steps.
    """
    samples, weights = samples[..., weights > 0], weights[weights > 0]
    order = np.argsort(samples, axis=-1, kind="stable")
    ranked = np.take_along_axis(samples, order, axis=-1)
    mass = np.broadcast_to(weights, samples.shape)
    mass = np.take_along_axis(mass, order, axis=-1)
    middles = np.cumsum(mass, axis=-1) - mass / 2
    flat = zip(
        middles.reshape(-1, samples.shape[-1]), ranked.reshape(-1, samples.shape[-1]), strict=True
    )
    found = np.array([np.interp(ends, at, values) for at, values in flat])
    return found.T.reshape(len(ends), *samples.shape[:-1])
