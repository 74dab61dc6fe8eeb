"""Draws of the judgements from the uncertainty that their firmness states.

Design, section 3: Dirichlet(n' p) with n' = max(n, 1 / smallest positive p), so that a small
probability stays small; 0 and 1 are fixed. Every statement has a generator of its own, seeded by
its path, so that adding a judgement leaves the other draws alone. A statement is drawn when it is
first asked for, and the first draws stay the same however many follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from rivals.engine import Array
from rivals.judgements import Statement, Values, statements
from rivals.scenario import Scenario
from rivals.words import SETTINGS_FIRMNESS

CERTAINTY = "settings.accuracy"
"""The path whose uniform drives accuracy and the fidelities together."""

SHARED = {"grades": "settings.grades", "accuracy": CERTAINTY, "fidelity": CERTAINTY}
"""The path whose generator drives a kind of setting."""


def draw_values(scenario: Scenario, draws: int, seed: int) -> Draws:
    """Every statement drawn: (states, draws) for a distribution, (draws,) for one chance."""
    return Draws(_Urn(scenario, seed, draws), np.arange(draws))


@dataclass(frozen=True)
class _Urn:
    """All draws that a seed gives, as far as they have been asked for; at once so many or more.

    How far and how many at once changes none of them, so urns are equal without it.
    """

    scenario: Scenario
    seed: int
    at_once: int = field(compare=False)
    _drawn: dict[str, Array] = field(default_factory=dict, compare=False)
    _generators: dict[str, np.random.Generator] = field(default_factory=dict, compare=False)

    @cached_property
    def statements(self) -> dict[str, Statement | None]:
        """What can be drawn, by path; a source of grade F is drawn evenly and states nothing."""
        found: dict[str, Statement | None] = {s.path: s for s in statements(self.scenario)}
        graded = (n for n, source in self.scenario.sources.items() if source.grade == "F")
        return found | {f"sources.{name}.grade": None for name in graded}

    def first(self, path: str, draws: int) -> Array:
        """The first draws of a statement, or more."""
        statement = self.statements[path]
        if path not in self._drawn:
            self._generators[path] = generator_for(_stream_of(path), self.seed)
            self._drawn[path] = _draw(statement, 0, self._generators[path])
        found = self._drawn[path]
        if found.shape[-1] < draws:
            lacking = max(draws, self.at_once) - found.shape[-1]
            more = _draw(statement, lacking, self._generators[path])
            found = self._drawn[path] = np.concatenate([found, more], axis=-1)
        return found


@dataclass(frozen=True, eq=False)
class Draws(Mapping[str, Array]):
    """Statements by path, drawn; `numbers` says which draws of the urn these are."""

    urn: _Urn
    numbers: NDArray[np.int64]

    def __getitem__(self, path: str) -> Array:
        """The draws of one statement: (states, draws) or (draws,)."""
        if path not in self.urn.statements:
            raise KeyError(path)
        found = self.urn.first(path, int(self.numbers.max(initial=-1)) + 1)
        return np.take(found, self.numbers, axis=-1)

    def __iter__(self) -> Iterator[str]:
        """The paths of all statements."""
        return iter(self.urn.statements)

    def __len__(self) -> int:
        """How many statements there are."""
        return len(self.urn.statements)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Draws):
            return NotImplemented
        return self.urn == other.urn and np.array_equal(self.numbers, other.numbers)

    __hash__ = None  # type: ignore[assignment]  # as of any mapping

    def pick(self, chosen: NDArray[np.int64]) -> Draws:
        """Some of the draws, by position."""
        return Draws(self.urn, self.numbers[chosen])

    def join(self, other: Draws) -> Draws:
        """These draws, then the others of the same urn."""
        return Draws(self.urn, np.concatenate([self.numbers, other.numbers]))

    def grow(self, draws: int) -> Draws:
        """As many draws that begin where these end."""
        start = int(self.numbers.max(initial=-1)) + 1
        return Draws(replace(self.urn, at_once=start + draws), np.arange(start, start + draws))


def count_draws(values: Values) -> int:
    """How many draws the values hold."""
    if isinstance(values, Draws):
        return len(values.numbers)
    return max((value.shape[-1] for value in values.values()), default=1)


def cut_draws(values: Values, start: int, stop: int) -> Values:
    """The draws from one position up to another."""
    if isinstance(values, Draws):
        return values.pick(np.arange(start, min(stop, len(values.numbers))))
    return {p: v[..., start:stop] if v.shape[-1] > 1 else v for p, v in values.items()}


def _stream_of(path: str) -> str:
    section, _, rest = path.partition(".")
    return SHARED.get(rest.split(".")[0], path) if section == "settings" else path


def generator_for(path: str, seed: int) -> np.random.Generator:
    """PCG64 seeded by [seed, blake2b-64 of the path]."""
    digest = int.from_bytes(blake2b(path.encode(), digest_size=8).digest(), "big")
    return np.random.Generator(np.random.PCG64([seed, digest]))


def sample_size(stated: Sequence[float], firmness: float) -> float:
    """N' of a stated distribution: its firmness, or more where a probability is small."""
    return max(firmness, 1 / min(p for p in stated if p > 0))


def _draw(statement: Statement | None, draws: int, generator: np.random.Generator) -> Array:
    """The next draws of a statement: (states, draws) or (draws,)."""
    if statement is None:
        return np.asarray(generator.random(draws))
    if statement.path.startswith("settings."):
        return _draw_setting(statement, generator.random(draws))
    if statement.is_chance:
        p = statement.stated[0]
        return np.asarray(_draw_rows((1 - p, p), statement, draws, generator)[1])
    return _draw_rows(statement.stated, statement, draws, generator)


def _draw_rows(
    stated: Sequence[float], statement: Statement, draws: int, generator: np.random.Generator
) -> Array:
    """(states, draws), each column summing to 1; what was stated as 0 or 1 stays."""
    p = np.array(stated)
    if statement.firmness is None or p.max() >= 1.0:
        return np.repeat(p[:, np.newaxis], draws, axis=1)
    size = sample_size(stated, statement.firmness)
    gammas = np.ascontiguousarray(generator.standard_gamma(size * p, (draws, len(p))).T)
    total = gammas.sum(axis=0)
    return np.asarray(np.where(total > 0, gammas / np.where(total > 0, total, 1), p[:, np.newaxis]))


def _draw_setting(statement: Statement, uniform: Array) -> Array:
    """A convention at the Beta quantile of the uniform that it shares with its kind."""
    p = statement.stated[0]
    if p in (0.0, 1.0):
        return np.full(uniform.shape, p)
    size = sample_size((p, 1 - p), SETTINGS_FIRMNESS)
    return np.asarray(betaincinv(size * p, size * (1 - p), uniform))


def weigh(log_evidence: Array) -> Array:
    """The weights of draws, P(evidence | draw) scaled to sum to 1: (draws,)."""
    weights = np.exp(log_evidence - log_evidence.max())
    return np.asarray(weights / weights.sum())


def effective(weights: Array) -> float:
    """Kish's effective number of draws: (sum w)^2 / sum w^2."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def thin(weights: Array, size: int) -> tuple[NDArray[np.int64], Array]:
    """About `size` draws that stand for all, and the probability with which each was taken.

    Those whose weight is above a threshold are kept, of the others every so many by weight: the
    threshold resampling of Fearnhead and Clifford 2003, with a systematic choice that starts in
    the middle of the first step. Weights divided by the probabilities stand for all the weights.
    """
    taken = _inclusion(weights / weights.sum(), size)
    steps = np.floor(np.cumsum(taken) + 0.5)
    chosen = np.flatnonzero((np.diff(steps, prepend=0.0) > 0) | (taken >= 1.0))
    return chosen, taken[chosen]


def _inclusion(share: Array, size: int) -> Array:
    """min(share / c, 1), with c such that they sum to the size or all positive ones are 1."""
    if np.count_nonzero(share) <= size:
        return np.asarray((share > 0).astype(float))
    ranked = np.sort(share)[::-1]
    left = np.cumsum(ranked[::-1])[::-1]
    kept = int(np.argmax(ranked[:size] * (size - np.arange(size)) <= left[:size]))
    threshold = left[kept] / (size - kept)
    return np.asarray(np.minimum(share / threshold, 1.0))


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
