"""What each player of a game adds, on average over all orders of coming (Shapley 1953).

A game says what every coalition is worth; several games over the same players are solved at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rivals.engine import Array
from rivals.stories import Mask

Game = Callable[[Mask], Array]
"""What coalitions (players, sets) are worth: (sets, games)."""

Tell = Callable[[int, int], None]
"""Hears of progress: how many pairs of orders were tried, and how many it may take in all."""

EXACT = 12
"""Up to how many players every coalition is asked for."""

PRECISE = 0.1
"""The standard error below which every sampled share comes."""

LEAST = 64
"""How many pairs of orders are tried at least, and in one round at most."""

ROUND_CELLS = 2**24
"""How many players times coalitions one round has at most (16 MB)."""


class Shares(NamedTuple):
    """The share of each player in what all together add, and its standard error.

    Both (players, games); the error is 0 where nothing was sampled, and both are NaN in a game
    that is worth infinitely much. pairs: how many pairs of orders were sampled, 0 for exact.
    """

    share: Array
    error: Array
    pairs: int = 0


def share_out(game: Game, players: int, seed: int = 0, tell: Tell | None = None) -> Shares:
    """The Shapley value of every player, exact for few and sampled for many.

    In a game whose value is infinite with nobody or with everybody, shares are NaN.
    """
    ends = game(np.array([[False, True]] * players, bool).reshape(players, 2))
    finite = np.asarray(np.isfinite(ends).all(axis=0))
    share = np.full((players, len(finite)), np.nan)
    error, pairs = share.copy(), 0
    if players and finite.any():
        if players <= EXACT:
            found = share_exactly(lambda sets: game(sets)[:, finite], players)
        else:
            found = share_by_sampling(lambda sets: game(sets)[:, finite], players, seed, tell)
        share[:, finite], error[:, finite], pairs = found
    return Shares(share, error, pairs)


def share_exactly(game: Game, players: int) -> Shares:
    """By all coalitions: what a player adds to each, by the share of orders that it comes after."""
    numbers = np.arange(2**players)
    inside = (numbers >> np.arange(players)[:, np.newaxis]) & 1 == 1
    worth, sizes = game(inside), inside.sum(axis=0)
    weights = np.array([1 / (players * comb(players - 1, size)) for size in range(players)])
    shares = []
    for player in range(players):
        before = numbers[~inside[player]]
        added = worth[before + 2**player] - worth[before]
        shares.append(weights[sizes[before]] @ added)
    found = np.stack(shares)
    return Shares(found, np.zeros_like(found))


def share_by_sampling(game: Game, players: int, seed: int, tell: Tell | None = None) -> Shares:
    """By random orders, each with its reverse, until every standard error is below PRECISE.

    What a player adds early and late then meet in one pair, which varies less than two orders
    would. Along an order what everybody adds sums to the whole, and so do the shares.
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    size = max(1, min(LEAST, ROUND_CELLS // (2 * players * players)))
    ends = game(np.array([[False, True]] * players, bool))
    tally = _Tally.of(_try_pairs(game, ends, _shuffle(players, size, generator)))
    while True:
        error = tally.error
        if tell is not None:
            tell(tally.count, _foresee(tally.count, error))
        if tally.count >= LEAST and not (error >= PRECISE).any():
            return Shares(tally.mean, error, tally.count)
        tally = tally.join(_Tally.of(_try_pairs(game, ends, _shuffle(players, size, generator))))


def _shuffle(players: int, pairs: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """The place of every player in a random order, for each pair: (pairs, players)."""
    places = np.broadcast_to(np.arange(players), (pairs, players))
    return np.asarray(generator.permuted(places, axis=1))


def _try_pairs(game: Game, ends: Array, places: NDArray[np.int64]) -> Array:
    """What players add, the mean of an order and its reverse: (pairs, players, games).

    ends: what nobody and everybody is worth, (2, games); both end every order.
    """
    pairs, players = places.shape
    both = np.concatenate([places, players - 1 - places])
    came = both[..., np.newaxis] < np.arange(1, players)
    sets = came.transpose(1, 0, 2).reshape(players, -1)
    between = game(sets).reshape(2 * pairs, players - 1, -1)
    first, last = (np.broadcast_to(end, (2 * pairs, 1, len(end))) for end in ends)
    added = np.diff(np.concatenate([first, between, last], axis=1), axis=1)
    mine = np.take_along_axis(added, both[..., np.newaxis], axis=1)
    return np.asarray((mine[:pairs] + mine[pairs:]) / 2)


def _foresee(pairs: int, error: Array) -> int:
    """How many pairs it may take in all: the error falls with the root of their number."""
    worst = float(np.nan_to_num(error).max(initial=0.0))
    return max(pairs, LEAST, ceil(pairs * (worst / PRECISE) ** 2))


@dataclass(frozen=True)
class _Tally:
    """The number, the mean and the sum of squared deviations of what was seen."""

    count: int
    mean: Array
    squares: Array

    @classmethod
    def of(cls, samples: Array) -> _Tally:
        mean = samples.mean(axis=0)
        return cls(len(samples), mean, ((samples - mean) ** 2).sum(axis=0))

    def join(self, other: _Tally) -> _Tally:
        """All samples of both (Chan, Golub and LeVeque 1983)."""
        count = self.count + other.count
        apart = other.mean - self.mean
        squares = self.squares + other.squares + apart**2 * (self.count * other.count / count)
        return _Tally(count, self.mean + apart * (other.count / count), squares)

    @property
    def error(self) -> Array:
        """The standard error of the mean; infinite for a single sample."""
        if self.count < 2:
            return np.full_like(self.mean, np.inf)
        return np.asarray(np.sqrt(self.squares / (self.count - 1) / self.count))
