"""What is the case: true numbers around the stated ones, and what came about by them.

Design, section 3: a stated distribution p is uncertain as Dirichlet(n' p), n' = max(n, 1 / smallest
p); grades share one quantile, accuracy and fidelities another.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from scipy.special import betaincinv

from study.model import FIRMNESS, SETTINGS, SHARED, Array, Model, Numbers

World = Mapping[str, int]
"""The state of every variable, by its place among the states."""


def draw_numbers(rng: np.random.Generator, model: Model) -> dict[str, Array]:
    """True numbers, as far from the stated ones as firmness says."""
    rows = [p if isinstance(p, tuple) else (1 - p, p) for p in model.stated.values()]
    width = max(map(len, rows))
    stated = np.array([(*row, *(0.0,) * (width - len(row))) for row in rows])
    sizes = np.maximum(FIRMNESS, 1 / np.where(stated > 0, stated, 1).min(axis=1))
    gammas = rng.standard_gamma(sizes[:, np.newaxis] * stated)
    drawn = gammas / gammas.sum(axis=1, keepdims=True)
    found = {
        path: drawn[i, : len(p)] if isinstance(p, tuple) else drawn[i, 1]
        for i, (path, p) in enumerate(model.stated.items())
    }
    return found | draw_settings(rng)


def draw_settings(rng: np.random.Generator) -> dict[str, Array]:
    """True conventions: what shares a quantile is off together."""
    names, first, second, shared = _settings()
    quantiles = rng.random(int(shared.max()) + 1)
    return dict(zip(names, betaincinv(first, second, quantiles[shared]), strict=True))


@lru_cache
def _settings() -> tuple[tuple[str, ...], Array, Array, Array]:
    """Names, both counts of each one's Beta, and which quantile is its."""
    p = np.array(list(SETTINGS.values()))
    size = np.maximum(FIRMNESS, 1 / np.minimum(p, 1 - p))
    keys = [SHARED.get(name, name) for name in SETTINGS]
    order = list(dict.fromkeys(keys))
    return tuple(SETTINGS), size * p, size * (1 - p), np.array([order.index(k) for k in keys])


def draw_world(rng: np.random.Generator, model: Model, numbers: Numbers) -> dict[str, int]:
    """What came about by these numbers, causes first."""
    world: dict[str, int] = {}
    for name, variable in model.variables.items():
        parents = tuple(world[p] for p in variable.gate.parents)
        world[name] = pick(rng, model.conditional(name, numbers)[parents])
    return world


def draw_explained(
    rng: np.random.Generator, model: Model
) -> tuple[dict[str, Array], dict[str, int]]:
    """True numbers and what came about by them, of such as brought the effect about.

    Nobody asks why what did not happen did. Numbers and world are drawn anew together until it did,
    which is what it means to know the effect.
    """
    while True:
        numbers = draw_numbers(rng, model)
        world = draw_world(rng, model, numbers)
        if world[model.effect] == 1:
            return numbers, world


def pick(rng: np.random.Generator, chances: Array) -> int:
    """A state, as likely as its chance."""
    place = int(np.searchsorted(np.cumsum(chances), rng.random(), side="right"))
    return min(place, len(chances) - 1)
