"""`causes` of section 6 by listing every mechanism.

Each part of each variable (see gates.Part) has one quantile u in [0, 1], cut at every break
point of its rows' cumulative distributions: within a cell of the cut, the part is a plain
function of its parents. All cells of all parts are listed; in each, the actual world and the
worlds under do follow by rule, and the reports weigh the cell by the actual world's variables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np

from oracle import texts
from oracle.brute import Impossible
from oracle.gates import Gate, Part
from oracle.world import World

TINY = 1e-12
Worlds = dict[str, np.ndarray]  # variable: its state number in each mechanism


@dataclass(frozen=True)
class Cut:
    """One part's quantile in cells: their widths, and the state by cell and parents' states."""

    widths: np.ndarray
    response: np.ndarray


@dataclass(frozen=True)
class Row:
    """One hypothesis as an explanation of one effect; None is: not defined."""

    posterior: float
    because: float
    but_for: float | None
    sufficient: float | None
    present: float  # P(claim, effect | e), what but_for is conditional on
    absent: float  # P(V=off, no effect), what sufficient is conditional on


@dataclass(frozen=True)
class Causes:
    """One effect: its posterior, its row per hypothesis, and the sets that explain it."""

    posterior: float
    hypotheses: dict[str, Row]
    subsets: dict[tuple[str, ...], float]  # every non-empty set of hypotheses
    sets: list[tuple[tuple[str, ...], float]]  # the listed ones


def cut(part: Part, states: Mapping[str, list[str]]) -> Cut:
    """The cells of a part's quantile; exact, since the break points are fractions."""
    ends = {
        row: [sum(masses[: k + 1], Fraction(0)) for k in range(len(masses) - 1)]
        for row, masses in part.rows.items()
    }
    inner = {end for row in ends.values() for end in row if 0 < end < 1}
    points = [Fraction(0), *sorted(inner), Fraction(1)]
    shape = [len(points) - 1] + [len(states[parent]) for parent in part.parents]
    response = np.zeros(shape, dtype=np.int8)
    for row, row_ends in ends.items():
        for cell, low in enumerate(points[:-1]):
            response[(cell, *row)] = sum(end <= low for end in row_ends)
    widths = [float(high - low) for low, high in pairwise(points)]
    return Cut(np.array(widths), response)


class Twins:
    """All mechanisms of a case, the actual world in each, and the worlds under do."""

    def __init__(
        self,
        where: Path | tuple[str, str],
        as_of: str | None = None,
        do: Mapping[str, str] | None = None,
        without: Iterable[str] = (),
    ) -> None:
        self.world = World(where, as_of, do, without)
        self.gates: dict[str, Gate] = self.world.gates
        states = {v: gate.states for v, gate in self.gates.items()}
        self.cuts = {v: [cut(part, states) for part in g.parts] for v, g in self.gates.items()}
        counts = [len(c.widths) for cuts in self.cuts.values() for c in cuts]
        self.size = int(np.prod([float(n) for n in counts]))

    def enumerate(self) -> None:
        """List the cells, their weights and the actual world in each."""
        counts = [len(c.widths) for cuts in self.cuts.values() for c in cuts]
        places = iter(np.unravel_index(np.arange(self.size), counts))
        self.cells = {v: [next(places) for _ in cuts] for v, cuts in self.cuts.items()}
        self.weights = np.ones(self.size)
        for variable, cuts in self.cuts.items():
            for each, cell in zip(cuts, self.cells[variable], strict=True):
                self.weights = self.weights * each.widths[cell]
        self.actual = self.under({})

    def under(self, do: Mapping[str, str]) -> Worlds:
        """Every variable's state in every mechanism, with some set from outside."""
        fixed, worlds = {**self.world.do, **do}, Worlds()
        while len(worlds) < len(self.gates):
            for variable, gate in self.gates.items():
                if variable in fixed:
                    state = gate.states.index(fixed[variable])
                    worlds[variable] = np.full(self.size, state, dtype=np.int8)
                elif all(parent in worlds for parent in gate.parents):
                    worlds[variable] = self._respond(variable, worlds)
        return worlds

    def _respond(self, variable: str, worlds: Worlds) -> np.ndarray:
        """The largest of what the variable's parts bring about."""
        found = np.zeros(self.size, dtype=np.int8)
        gate = self.gates[variable]
        for part, each, cell in zip(
            gate.parts, self.cuts[variable], self.cells[variable], strict=True
        ):
            at = (cell, *(worlds[parent] for parent in part.parents))
            found = np.maximum(found, each.response[at])
        return found

    def holds(self, variable: str, states: Iterable[str], worlds: Worlds) -> np.ndarray:
        """In which mechanisms a claim is true."""
        numbers = [self.gates[variable].states.index(state) for state in states]
        return np.isin(worlds[variable], numbers)

    def evidence(self, given: Mapping[str, str]) -> np.ndarray:
        """P(reports and given | the actual world) in each mechanism."""
        world = self.world
        variables = [("variable", v) for v in self.gates]
        tensor = np.ones([1] * len(world.axes))
        hidden = [f for f in world.foundations() if f[0][-1][0] != "variable"]
        tensor = world.times(tensor, hidden)
        for report in world.in_force():
            tensor = world.times(tensor, world.says(report))
        tensor = world.times(tensor, [world.seen(v, s) for v, s in given.items()])
        tensor = world.times(tensor, world.silent(given).values())
        likelihood = world.onto(tensor, variables)
        return likelihood[tuple(self.actual[v] for v in self.gates)]


def causes(
    where: Path | tuple[str, str],
    as_of: str | None = None,
    do: Mapping[str, str] | None = None,
    given: Mapping[str, str] | None = None,
    without: Iterable[str] = (),
) -> dict[str, Causes]:
    """Section 6's `causes` of every effect."""
    twins = Twins(where, as_of, do, without)
    twins.enumerate()
    weights = twins.weights * twins.evidence(given or {})
    if not weights.sum() > 0:
        raise Impossible(None)
    weights = weights / weights.sum()
    scenario = twins.world.scenario
    claims = {h: _claim(stated, twins) for h, stated in scenario["hypotheses"].items()}
    return {
        effect: _explain(twins, weights, texts.claim(stated)[:2], claims)
        for effect, stated in scenario["effects"].items()
    }


def _claim(stated: object, twins: Twins) -> tuple[str, list[str], str]:
    variable, states, off = texts.claim(stated)  # type: ignore[arg-type]
    others = [s for s in twins.gates[variable].states if s not in states]
    return variable, states, off or others[0]


def _explain(
    twins: Twins,
    weights: np.ndarray,
    effect: tuple[str, list[str]],
    claims: dict[str, tuple[str, list[str], str]],
) -> Causes:
    happened = twins.holds(*effect, twins.actual)
    rows, subsets = {}, {}
    for size in range(1, len(claims) + 1):
        for chosen in combinations(claims, size):
            present = np.ones(twins.size, dtype=bool)
            for h in chosen:
                present &= twins.holds(*claims[h][:2], twins.actual)
            off = {claims[h][0]: claims[h][2] for h in chosen}
            fails = ~twins.holds(*effect, twins.under(off))
            subsets[chosen] = float(weights[present & happened & fails].sum())
            if size == 1:
                both = float(weights[present & happened].sum())
                brought, absent = _sufficient(twins, effect, claims[chosen[0]])
                rows[chosen[0]] = Row(
                    posterior=float(weights[present].sum()),
                    because=subsets[chosen],
                    but_for=subsets[chosen] / both if both > 0 else None,
                    sufficient=brought / absent if absent > 0 else None,
                    present=both,
                    absent=absent,
                )
    return Causes(float(weights[happened].sum()), rows, subsets, listed(subsets))


def _sufficient(
    twins: Twins, effect: tuple[str, list[str]], claim: tuple[str, list[str], str]
) -> tuple[float, float]:
    """P(effect under do(V=s), V=off, no effect) and P(V=off, no effect), no reports."""
    variable, states, off = claim
    condition = twins.holds(variable, [off], twins.actual)
    condition &= ~twins.holds(*effect, twins.actual)
    brought = twins.holds(*effect, twins.under({variable: states[0]}))
    masses = twins.weights[condition & brought].sum(), twins.weights[condition].sum()
    return float(masses[0]), float(masses[1])


def listed(subsets: dict[tuple[str, ...], float]) -> list[tuple[tuple[str, ...], float]]:
    """The sets that explain more than each of their proper non-empty subsets."""
    return [
        (chosen, p)
        for chosen, p in subsets.items()
        if p > TINY
        and all(
            p > subsets[smaller] + TINY
            for size in range(1, len(chosen))
            for smaller in combinations(chosen, size)
        )
    ]
