"""How low and how high `because` could be: no data settle how the rows of a table hang together.

A table says what follows in each of its rows, not what would have followed in another row where
this one was met. `causes` lets all rows of a table share one quantile. Here any joint distribution
of what the rows bring about is allowed that has the rows as stated for its margins: a distribution
of response functions (Balke and Pearl 1994, 1997; Tian and Pearl 2000).

Free are the rows of tables and the configurations of ranked gates, between a hypothesis's variable
and the effect. A stated row that serves several configurations is one mechanism. Noisy gates stay
as they are, since their form says how their causes work; so do independence between variables,
the stated numbers, and the evidence in the actual world.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rivals.analysis.causes import why
from rivals.batch import Batch
from rivals.engine import Array, Tape
from rivals.factors import Factor, scale_of, tape_of
from rivals.scenario import label_of
from rivals.twin import Contrast, couple_worlds, lay_out

MOST_RESPONSES = 4096
"""A table with more response functions than this stays as it is."""

SWEEPS, STILL = 50, 1e-12
"""How often all couplings are improved in turn at most; an improvement below this is none."""

SETTLED, EXACT, SEARCHED, PARTLY = "settled", "exact", "searched", "partly"


def bound_causes(stated: Batch) -> pd.DataFrame:
    """A row per (effect, hypothesis): label, lowest, because, highest, how.

    The ends of P(claim, effect, and it fails under do(off) | e) over all couplings. how: "settled",
    nothing is free; "exact", one table is, and a linear programme finds the ends; "searched",
    several are: one after the other is put at its best while the others stay, from several starts,
    so that each end is reached by a model that fits every number, and might yet be passed;
    "partly", the same, but some table has too many response functions and stays as it is.
    """
    scenario, rows = stated.network.scenario, {}
    pairs = [(effect, name) for effect in scenario.effects for name in scenario.hypotheses]
    found = {pair: why(scenario, scenario.effects[pair[0]].claim, [pair[1]]) for pair in pairs}
    wanted = {pair: contrast for pair, contrast in found.items() if contrast is not None}
    laid = dict(zip(wanted, lay_out(stated, list(wanted.values())), strict=True))
    for effect, name in pairs:
        label, contrast = label_of(name, scenario.hypotheses[name]), wanted.get((effect, name))
        ends = (0.0, 0.0, 0.0, SETTLED)
        if contrast is not None:
            ends = _bound(_Mechanisms(stated, contrast, laid[effect, name]))
        rows[effect, name] = [label, *ends]
    columns = ["label", "lowest", "because", "highest", "how"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    table.index = pd.MultiIndex.from_tuples(rows, names=["effect", "hypothesis"])
    return table


def _bound(mechanisms: _Mechanisms) -> tuple[float, float, float, str]:
    """Lowest, as stated, highest, and how the ends were found."""
    free = mechanisms.free
    now = mechanisms.ask(mechanisms.start)[0]
    if not free:
        return now, now, now, PARTLY if mechanisms.kept else SETTLED
    apart = {name: table.couple_apart() for name, table in free.items()}
    starts = [mechanisms.start, apart]
    ends = [
        max(sign * _improve(mechanisms, start, sign) for start in starts) * sign for sign in (-1, 1)
    ]
    how = PARTLY if mechanisms.kept else EXACT if len(free) == 1 else SEARCHED
    return min(ends[0], now), now, max(ends[1], now), how


def _improve(mechanisms: _Mechanisms, start: Couplings, sign: int) -> float:
    """The value at which no table alone can be coupled better: lower for -1, higher for 1."""
    couplings, best = dict(start), -np.inf
    for _ in range(SWEEPS):
        before = best
        for name, table in mechanisms.free.items():
            _, slopes = mechanisms.ask(couplings)
            couplings[name] = table.couple_best(sign * slopes[name])
        best = sign * mechanisms.ask(couplings)[0]
        if best - before <= STILL:
            break
    return sign * best


Couplings = dict[str, Array]
"""By variable, P(y, y* | row, row*): (rows, rows, states, states)."""


@dataclass(frozen=True)
class _Table:
    """A variable whose rows may hang together otherwise than by one quantile.

    rows: P(state | row), (rows, states). here, there: which row is met in each cell of the parents
    of both worlds.
    """

    rows: Array
    here: NDArray[np.int64]
    there: NDArray[np.int64]

    @property
    def is_free(self) -> bool:
        """Whether more than one coupling fits the rows: two of them at least leave room."""
        return bool(((self.rows > 0).sum(axis=1) > 1).sum() > 1)

    @property
    def responses_count(self) -> int:
        """How many response functions there are."""
        return prod((self.rows > 0).sum(axis=1).tolist())

    @cached_property
    def responses(self) -> NDArray[np.int64]:
        """What each response function makes of each row: (functions, rows)."""
        return np.array(list(product(*(np.flatnonzero(row > 0).tolist() for row in self.rows))))

    def couple_by_quantile(self) -> Array:
        """As stated: all rows share one quantile."""
        up = np.minimum(np.cumsum(self.rows, axis=1), 1.0)
        up[:, -1] = 1.0
        both = np.minimum(up[:, np.newaxis, :, np.newaxis], up[np.newaxis, :, np.newaxis, :])
        return np.asarray(np.diff(np.diff(both, axis=2, prepend=0), axis=3, prepend=0))

    def couple_apart(self) -> Array:
        """Every row by a chance of its own."""
        both: Array = np.einsum("iy,jz->ijyz", self.rows, self.rows)
        for i, row in enumerate(self.rows):
            both[i, i] = np.diag(row)
        return both

    def couple_best(self, slopes: Array) -> Array:
        """The coupling with the largest sum of slopes (rows, rows, states, states), by simplex."""
        from scipy.optimize import linprog  # slow to load, and only asked for here

        count = len(self.rows)
        f = self.responses
        gains = sum(slopes[i, j, f[:, i], f[:, j]] for i in range(count) for j in range(count))
        cells = [(i, y) for i, row in enumerate(self.rows) for y in np.flatnonzero(row > 0)]
        margins = np.array([f[:, i] == y for i, y in cells], float)
        wanted = [self.rows[cell] for cell in cells]
        top = float(np.abs(gains).max()) or 1.0
        found = linprog(-gains / top, A_eq=margins, b_eq=wanted, bounds=(0, None))
        weights = np.asarray(found.x)
        both = np.zeros_like(slopes)
        for i, j in product(range(count), repeat=2):
            np.add.at(both[i, j], (f[:, i], f[:, j]), weights)
        return both

    def spread_out(self, coupling: Array) -> Array:
        """The coupling as a factor's table: (parents of both worlds..., states, states, 1, 1)."""
        return coupling[self.here, self.there][..., np.newaxis, np.newaxis]

    def gather(self, gradient: Array) -> Array:
        """The slope by each cell of a coupling, from that by each cell of the factor."""
        found = np.zeros((len(self.rows),) * 2 + (self.rows.shape[1],) * 2)
        np.add.at(found, (self.here, self.there), gradient[..., 0, 0])
        return found


class _Mechanisms:
    """One contrast, as a function of how each free table is coupled."""

    def __init__(self, stated: Batch, contrast: Contrast, factors: Sequence[Factor]) -> None:
        self.stated = stated
        self.factors = list(factors)
        self.free: dict[str, _Table] = {}
        self.kept: list[str] = []
        self.places: dict[str, int] = {}
        places = {id(factor): i for i, factor in enumerate(factors)}
        own = contrast.copied(stated.network)
        for name in sorted(own):
            table = _read(stated, name, contrast, own)
            if table is None or not table.is_free:
                continue
            if table.responses_count > MOST_RESPONSES:
                self.kept.append(name)
                continue
            self.free[name] = table
            self.places[name] = places[id(couple_worlds(stated, name, contrast.setting, own))]
        self.start = {name: table.couple_by_quantile() for name, table in self.free.items()}

    @cached_property
    def _tape(self) -> Tape:
        return tape_of(self.factors)

    @cached_property
    def _scale(self) -> Array:
        return scale_of(self.factors) - self.stated.log_evidence

    def ask(self, couplings: Couplings) -> tuple[float, dict[str, Array]]:
        """P(contrast | evidence), and how fast it moves with each cell of each coupling."""
        tables = [factor.table for factor in self.factors]
        for name, table in self.free.items():
            tables[self.places[name]] = table.spread_out(couplings[name])
        answer, gradients = self._tape.run_with_gradients(tables, np.ones((1, 1)))
        scale = float(np.exp(answer.log_scale + self._scale)[0, 0])
        value = float(np.exp(answer.log_total + self._scale)[0, 0])
        slopes = {
            name: scale * table.gather(gradients[self.places[name]])
            for name, table in self.free.items()
        }
        return value, slopes


def _read(stated: Batch, name: str, contrast: Contrast, own: frozenset[str]) -> _Table | None:
    """The rows of a table or ranked gate, and where they meet; None for other gates."""
    variables = stated.network.scenario.variables
    variable = variables[name]
    if not (variable.table or variable.ranked):
        return None
    cards = [len(variables[parent].states) for parent in variable.parents]
    whole = stated.tables[name].table[..., 0, 0].reshape(-1, len(variable.states))
    numbers = np.asarray(stated.network.rows.get(name, np.arange(len(whole))))
    set_or_free = {p: contrast.setting.get(p) for p in variable.parents}
    free = [p for p in variable.parents if p in own and set_or_free[p] is None]
    cells = np.indices([*cards, *(len(variables[p].states) for p in free)])
    here = dict(zip(variable.parents, cells, strict=False))
    there = here | dict(zip(free, cells[len(cards) :], strict=True))
    for parent, state in set_or_free.items():
        if state is not None:
            there[parent] = np.full_like(here[parent], variables[parent].states.index(state))
    met = [
        numbers[np.ravel_multi_index([world[p] for p in variable.parents], cards)]
        for world in (here, there)
    ]
    used, flat = np.unique(np.stack(met), return_inverse=True)
    first = [int(np.flatnonzero(numbers == row)[0]) for row in used]
    here_rows, there_rows = flat.reshape(2, *met[0].shape)
    return _Table(whole[first], here_rows, there_rows)
