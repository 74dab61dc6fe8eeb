"""`bound_causes` against closed forms, and against couplings listed function by function.

The listing (`Listing`) is of every mechanism as in oracle/mechanisms.py, but for those between
cause and effect: in their place stands every function from their rows to their states. What is
asked is then a tensor with an axis for each of them, linear in each distribution over functions.
Random couplings and linear programmes over all functions stand against the library's few pairs.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

import rivals
from conftest import BUDGET
from generate import Made, seeded
from oracle import texts
from oracle.gates import Part
from oracle.mechanisms import Cut, Twins
from rivals.analysis import couplings, extremes
from rivals.analysis.bounds import Bound, bound_all, bound_causes
from rivals.analysis.causes import why
from rivals.gates import build_components
from test_agreement import CLOSE, Error, asked, is_impossible, largest

SEEDS = 600 if BUDGET == "full" else 48
BLOCK = 24
FUNCTIONS, MECHANISMS = 300, 100_000


@dataclass(frozen=True)
class Axis:
    """A mechanism whose coupling is free: its rows, and every function from rows to states.

    margins: the distribution of each row. functions: (functions, rows). row: which serves each
    combination of the parents.
    """

    variable: str
    number: int  # among the variable's parts
    parts: int  # how many it has
    margins: list[list[float]]
    functions: np.ndarray
    row: np.ndarray

    def limits(self) -> tuple[np.ndarray, np.ndarray]:
        """The margins as equations for a distribution over the functions."""
        pairs = [(i, y, p) for i, margin in enumerate(self.margins) for y, p in enumerate(margin)]
        matrix = [(self.functions[:, i] == y).astype(float) for i, y, _ in pairs]
        return np.array(matrix), np.array([p for _, _, p in pairs])

    def draw(self, generator: np.random.Generator) -> np.ndarray:
        """An extreme coupling: functions in random order, each given what its rows have left."""
        left = np.array(self.margins)
        coupling = np.zeros(len(self.functions))
        rows = np.arange(len(left))
        for at in generator.permutation(len(self.functions)):
            coupling[at] = left[rows, self.functions[at]].min()
            left[rows, self.functions[at]] -= coupling[at]
        return coupling

    def best(self, costs: np.ndarray) -> np.ndarray:
        """A coupling of the lowest cost."""
        matrix, sides = self.limits()
        scale = np.abs(costs).max() or 1.0
        tight = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
        found = linprog(costs / scale, A_eq=matrix, b_eq=sides, options=tight)
        assert found.status == 0
        return np.maximum(found.x, 0.0)


@dataclass(frozen=True)
class Listing:
    """P(contrast | evidence, a function of each axis): (functions of each axis...)."""

    axes: list[Axis]
    tensor: np.ndarray

    def value(self, chosen: Sequence[np.ndarray]) -> float:
        """What is asked, with a coupling for each axis."""
        result = self.tensor
        for coupling in reversed(chosen):
            result = result @ coupling
        return float(result)

    def costs(self, chosen: Sequence[np.ndarray], at: int) -> np.ndarray:
        """What each function of one axis adds, the others held."""
        result = np.moveaxis(self.tensor, at, 0)
        for i in reversed([i for i in range(len(chosen)) if i != at]):
            result = result @ chosen[i]
        return result

    def extreme(self, sign: float, generator: np.random.Generator, starts: int) -> float:
        """The lowest (or with -1 highest) that is met going from corner to corner."""
        found = []
        for _ in range(1 if len(self.axes) == 1 else starts):
            chosen = [axis.draw(generator) for axis in self.axes]
            last = np.inf
            while (value := sign * self.value(chosen)) < last - 1e-12:
                last = value
                for i, axis in enumerate(self.axes):
                    chosen[i] = axis.best(sign * self.costs(chosen, i))
            found.append(min(last, value))
        return sign * min(found)


def rows_of(stated: Mapping[str, Any], part: Part, twins: Twins) -> dict[tuple[int, ...], object]:
    """What makes two combinations of a part's parents one row: what is stated of both at once."""
    if "table" in stated:
        states = {p: twins.gates[p].states for p in part.parents}
        rows = {}
        for combination in part.rows:
            world = {p: states[p][k] for p, k in zip(part.parents, combination, strict=True)}
            fits = [
                all(world[p] in texts.several(s) for p, s in row.get("when", {}).items())
                for row in stated["table"]
            ]
            rows[combination] = fits.index(True)
        return rows
    if "ranked" in stated:
        return {combination: tuple(row) for combination, row in part.rows.items()}
    return {combination: combination for combination in part.rows}


def open_up(twins: Twins, variable: str, number: int) -> Axis | None:
    """The axis of a part; None where one row at most leaves anything to chance."""
    part = twins.gates[variable].parts[number]
    stated = twins.world.scenario["variables"][variable]
    of = rows_of(stated, part, twins)
    names = list(dict.fromkeys(of.values()))
    first = [next(c for c in of if of[c] == name) for name in names]
    margins = [[float(p) for p in part.rows[c]] for c in first]
    supports = [[y for y, p in enumerate(margin) if p > 0] for margin in margins]
    if sum(len(support) > 1 for support in supports) < 2:
        return None
    if np.prod([float(len(s)) for s in supports]) > FUNCTIONS:
        raise OverflowError
    functions = np.array(list(product(*supports)), dtype=np.int8)
    row = np.zeros([len(twins.gates[p].states) for p in part.parents], dtype=int)
    for combination, name in of.items():
        row[combination] = names.index(name)
    return Axis(variable, number, len(twins.gates[variable].parts), margins, functions, row)


def below(twins: Twins, cause: str, do: Mapping[str, str]) -> set[str]:
    """The variables that descend from the cause."""
    found = {cause}
    for _ in twins.gates:
        found |= {v for v, g in twins.gates.items() if v not in do and found & set(g.parents)}
    return found - {cause}


def list_functions(plain: Twins, made: Made, effect: str, hypothesis: str) -> Listing | None:
    """The listing of one contrast, from the mechanisms of its case; None where it is too long."""
    twins = copy(plain)
    twins.cuts = {variable: list(cuts) for variable, cuts in plain.cuts.items()}
    scenario = twins.world.scenario
    cause, states, off = texts.claim(scenario["hypotheses"][hypothesis])
    off = off or next(s for s in twins.gates[cause].states if s not in states)
    axes = []
    for variable in sorted(below(twins, cause, made.do)):
        for number in range(len(twins.gates[variable].parts)):
            try:
                axis = open_up(twins, variable, number)
            except OverflowError:
                return None
            if axis is not None:
                axes.append(axis)
                response = axis.functions[:, axis.row]
                twins.cuts[variable][number] = Cut(np.ones(len(axis.functions)), response)
    twins.size = int(np.prod([float(len(c.widths)) for cuts in twins.cuts.values() for c in cuts]))
    if twins.size > MECHANISMS:
        return None
    twins.enumerate()
    weights = twins.weights * twins.evidence(made.given)
    claim = texts.claim(scenario["effects"][effect])[:2]
    held = twins.holds(cause, states, twins.actual) & twins.holds(*claim, twins.actual)
    held &= ~twins.holds(*claim, twins.under({cause: off}))
    shape = [len(axis.functions) for axis in axes]
    places = [twins.cells[axis.variable][axis.number] for axis in axes]
    at = np.ravel_multi_index(places, shape) if axes else np.zeros(twins.size, dtype=int)
    size = int(np.prod(shape))
    asked_of, whole = (
        Listing(axes, np.bincount(at, mass, size).reshape(shape))
        for mass in (weights * held, weights)
    )
    evidence = whole.value([share_quantile(axis) for axis in axes])
    return Listing(axes, asked_of.tensor / evidence)


def glue(axis: Axis, case: Any, chosen: Mapping[Any, Any]) -> np.ndarray:
    """The library's coupling of an axis as one over all functions of its rows.

    Its blocks hang together in trees, so that all rows respond as their blocks say, and blocks that
    share a row independently given that row. An axis that it leaves alone shares a quantile.
    """
    found = build_components(axis.variable, case.scenario.variables, case.stated.values)
    number = axis.number - (axis.parts - len(found))  # the library leaves out a leak that is absent
    coupling = np.ones(len(axis.functions))
    of = found[number].rows
    blocks = chosen.get((axis.variable, number), [])
    uses = Counter[int]()
    for block, chances in blocks:
        names = np.unique(of)[list(block.rows)]
        own = [axis.row[tuple(np.argwhere(of == name)[0])] for name in names]
        known = {tuple(f): p for f, p in zip(block.responses.tolist(), chances, strict=True)}
        coupling *= [known.get(tuple(f), 0.0) for f in axis.functions[:, own].tolist()]
        uses.update(own)
    for i, margin in enumerate(axis.margins):
        each = np.array(margin)[axis.functions[:, i]]
        coupling *= each ** (1 - uses[i])
    return coupling if blocks else share_quantile(axis)


def share_quantile(axis: Axis) -> np.ndarray:
    """All rows respond to one quantile."""
    ends = np.cumsum(axis.margins, axis=1)
    rows = np.arange(len(ends))
    highs = ends[rows, axis.functions]
    lows = highs - np.array(axis.margins)[rows, axis.functions]
    return np.maximum(highs.min(axis=1) - lows.max(axis=1), 0.0)


def cases(seeds: range, folder: Path) -> Iterator[tuple[int, Made, Any]]:
    """The made scenarios of some seeds whose evidence is possible."""
    for seed in seeds:
        made = seeded(seed, explained=True, cells=2000)
        case = asked(made, folder / str(seed))
        if case is not None and not is_impossible(case):
            yield seed, made, case


def bounded(case: Any) -> Iterator[tuple[str, str, Bound]]:
    """The bounds of each effect and hypothesis."""
    scenario = case.scenario
    pairs = [(e, h) for e in scenario.effects for h in scenario.hypotheses]
    contrasts = [why(scenario, scenario.effects[e].claim, [h]) for e, h in pairs]
    for (effect, h), found in zip(pairs, bound_all(case.stated, contrasts), strict=True):
        yield effect, h, found


def listed(seeds: range, folder: Path) -> Iterator[tuple[str, Bound, Listing, Any]]:
    """The bounds of the made scenarios beside their listings, where these are not too long."""
    for seed, made, case in cases(seeds, folder):
        plain = Twins(made.texts, made.as_of, made.do, made.without)
        for effect, h, bound in bounded(case):
            listing = list_functions(plain, made, effect, h)
            if listing is not None:
                yield f"seed {seed}: {h} for {effect}", bound, listing, case


def errors_of(bound: Bound, listing: Listing, case: Any) -> Iterator[Error]:
    """How far one bound is from what the listing says."""
    generator = np.random.default_rng(0)
    yield abs(listing.value([share_quantile(a) for a in listing.axes]) - bound.because), "because"
    for _ in range(3):
        value = listing.value([axis.draw(generator) for axis in listing.axes])
        yield max(bound.lowest - value, value - bound.highest, 0.0), "a coupling outside"
    for chosen, found in ((bound.low, bound.lowest), (bound.high, bound.highest)):
        value = listing.value([glue(axis, case, chosen) for axis in listing.axes])
        yield abs(value - found), "what the couplings given reach"


@pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))
def test_no_coupling_goes_beyond_the_bounds_and_the_couplings_given_reach_them(
    block: int, tmp_path: Path, record_property: Any
) -> None:
    worst: Error = (0.0, "nothing")
    how = Counter[str]()
    for where, bound, listing, case in listed(range(block, block + BLOCK), tmp_path):
        errors = errors_of(bound, listing, case)
        worst = max(worst, largest((e, f"{where}: {what}") for e, what in errors))
        how[bound.how] += 1

    assert how["exact"] >= 12
    assert how["settled"] >= 20
    record_property("largest error of bounds against listed couplings", worst)


def test_the_bounds_are_those_of_linear_programmes_over_all_functions_of_all_rows(
    tmp_path: Path, record_property: Any
) -> None:
    worst: Error = (0.0, "nothing")
    axes = Counter[int]()
    for where, bound, listing, _ in listed(range(SEEDS // 3), tmp_path):
        if bound.how != "exact":
            continue
        axes[min(len(listing.axes), 2)] += 1
        generator = np.random.default_rng(0)
        for sign, found in ((1.0, bound.lowest), (-1.0, bound.highest)):
            error = abs(listing.extreme(sign, generator, 4) - found)
            worst = max(worst, largest([(error, where)]))

    assert axes[1] >= 5
    assert axes[2] >= 5
    record_property("largest error of bounds against linear programmes", worst)


def one_table(cause: float, with_it: float, without: float, case: str = "[]") -> Made:
    """A cause, and an effect that hangs on it alone by a table."""
    scenario = f"""
title: A cause
question: Was it the cause?
effects: {{effect: effect=yes}}
hypotheses: {{cause: cause=yes, other: other=yes}}
variables:
  cause: {{ask: Was it there, prior: {{yes: {cause}}}}}
  other: {{ask: Was it there, prior: {{yes: 0.5}}}}
  effect:
    ask: Did it happen
    table:
      - {{when: {{cause: yes}}, then: {{yes: {with_it}}}}}
      - {{then: {{yes: {without}}}}}
sources: {{anyone: {{name: Anyone, grade: A}}}}
"""
    return Made(scenario, case)


def read(made: Made, folder: Path) -> Any:
    """The case of a made scenario."""
    return rivals.read(made.write(folder))


@pytest.mark.parametrize("with_it", [0.0, 0.2, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("without", [0.0, 0.3, 0.5, 1.0])
def test_one_table_has_the_bounds_of_tian_and_pearl(
    with_it: float, without: float, tmp_path: Path
) -> None:
    case = read(one_table(0.3, with_it, without), tmp_path)

    row = bound_causes(case.stated).loc[("effect", "cause")]

    # Tian and Pearl 2000, for a cause without confounding: the probability of necessity and
    # sufficiency lies between these, whatever else.
    assert row["lowest"] == pytest.approx(0.3 * max(0.0, with_it - without))
    assert row["highest"] == pytest.approx(0.3 * min(with_it, 1 - without))
    assert row["because"] == pytest.approx(0.3 * max(0.0, with_it - without))
    assert row["how"] == ("settled" if {with_it, without} & {0.0, 1.0} else "exact")


def test_what_is_observed_bounds_the_probability_of_necessity(tmp_path: Path) -> None:
    case = read(one_table(0.3, 0.8, 0.4), tmp_path).given(effect="yes", cause="yes")

    row = bound_causes(case.stated).loc[("effect", "cause")]

    assert row["lowest"] == pytest.approx((0.8 - 0.4) / 0.8)
    assert row["highest"] == pytest.approx((1 - 0.4) / 0.8)


def test_a_variable_that_is_no_cause_is_settled_at_nothing(tmp_path: Path) -> None:
    row = bound_causes(read(one_table(0.3, 0.8, 0.4), tmp_path).stated).loc[("effect", "other")]

    assert row[["lowest", "because", "highest", "how"]].tolist() == [0, 0, 0, "settled"]


CHAIN = """
title: A chain
question: Was it the cause?
effects: {effect: effect=yes, either: effect=no|yes}
hypotheses: {cause: cause=yes, nothing: cause=no}
variables:
  cause: {ask: Was it there, prior: {yes: 0.4}}
  link:
    ask: Was it there
    table: [{when: {cause: yes}, then: {yes: 0.7}}, {then: {yes: 0.2}}]
  effect:
    ask: Did it happen
    table: [{when: {link: yes}, then: {yes: 0.9}}, {then: {yes: 0.3}}]
sources: {anyone: {name: Anyone, grade: A}}
"""


def test_a_chain_of_two_tables_is_bounded_by_hand(tmp_path: Path) -> None:
    case = read(Made(CHAIN, "[]"), tmp_path)

    table = bound_causes(case.stated)

    # The link goes with the cause alone with p of .5 to .7 and against it with p - .5; the effect
    # goes with the link with q of .6 to .7 and against it with q - .6; it fails without the cause
    # where both go with, or both against.
    values = [0.4 * (p * q + (p - 0.5) * (q - 0.6)) for p in (0.5, 0.7) for q in (0.6, 0.7)]
    row = table.loc[("effect", "cause")]
    assert row["lowest"] == pytest.approx(min(values))
    assert row["highest"] == pytest.approx(max(values))
    assert row["how"] == "exact"
    assert table.loc["either", "how"].tolist() == ["settled", "settled"]
    assert table.loc["either", "highest"].tolist() == [0, 0]


def test_a_row_that_serves_several_combinations_responds_alike(tmp_path: Path) -> None:
    scenario = CHAIN.replace("{when: {cause: yes}, then", "{when: {cause: [no, yes]}, then")
    scenario = scenario.replace(", {then: {yes: 0.2}}]", "]")
    row = bound_causes(read(Made(scenario, "[]"), tmp_path).stated).loc[("effect", "cause")]

    assert row[["lowest", "because", "highest", "how"]].tolist() == [0, 0, 0, "settled"]


def test_two_rows_of_the_same_numbers_are_two_mechanisms(tmp_path: Path) -> None:
    row = bound_causes(read(one_table(0.3, 0.4, 0.4), tmp_path).stated).loc[("effect", "cause")]

    assert row["because"] == pytest.approx(0, abs=CLOSE)
    assert row["highest"] == pytest.approx(0.3 * 0.4)


def test_a_parent_without_weight_is_no_cause_under_any_coupling(tmp_path: Path) -> None:
    gate = "ranked: {weights: {link: 1, cause: 0}, sd: 0.3}"
    head, _, _ = CHAIN.partition("    table: [{when: {link")
    head = head.replace(
        "table: [{when: {cause: yes}, then: {yes: 0.7}}, {then: {yes: 0.2}}]", "prior: {yes: 0.5}"
    )
    tail = "sources: {anyone: {name: Anyone, grade: A}}"
    case = read(Made(f"{head}    {gate}\n{tail}\n", "[]"), tmp_path)

    row = bound_causes(case.stated).loc[("effect", "cause")]

    assert row[["lowest", "highest", "how"]].tolist() == [0, 0, "settled"]


def test_links_that_are_on_in_one_state_only_leave_nothing_free(tmp_path: Path) -> None:
    scenario = CHAIN.replace(
        "table: [{when: {cause: yes}, then: {yes: 0.7}}, {then: {yes: 0.2}}]",
        "noisy_or: {leak: 0.2, causes: {cause: 0.7}}",
    ).replace(
        "table: [{when: {link: yes}, then: {yes: 0.9}}, {then: {yes: 0.3}}]",
        "noisy_or: {leak: 0.1, causes: {link: 0.6, cause: 0.3}}",
    )
    table = bound_causes(read(Made(scenario, "[]"), tmp_path).stated)

    assert set(table["how"]) == {"settled"}
    assert table.loc[("effect", "cause"), "because"] > 0.1


def test_because_lies_within_its_bounds_in_every_scenario(folder: Path) -> None:
    case = rivals.read(folder)
    if case.effect is None:
        pytest.skip("nothing is to be explained here")

    table = bound_causes(case.stated)

    why = case.causes(draws=0)
    assert list(table.index) == list(why.index)
    assert (table["because"] - why["because"]).abs().max() <= CLOSE
    assert (table["lowest"] >= -CLOSE).all()
    assert (table["lowest"] <= table["because"] + CLOSE).all()
    assert (table["because"] <= table["highest"] + CLOSE).all()
    assert (table["highest"] <= why["posterior"] + CLOSE).all()
    assert set(table["how"]) <= {"exact", "settled"}


def test_the_same_question_has_the_same_answer_and_tells_how_far_it_is(folder: Path) -> None:
    told: list[tuple[int, int]] = []

    first = bound_causes(rivals.read(folder).stated, lambda done, total: told.append((done, total)))
    second = bound_causes(rivals.read(folder).stated)

    assert first.equals(second)
    assert told == [(i + 1, len(first)) for i in range(len(first))]


def found_by(seeds: range, folder: Path) -> dict[tuple[int, str, str], Bound]:
    """All bounds of the made scenarios."""
    return {
        (seed, effect, h): bound
        for seed, _, case in cases(seeds, folder)
        for effect, h, bound in bounded(case)
    }


def test_a_search_finds_what_going_through_all_corners_proves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Any
) -> None:
    proven = found_by(range(SEEDS // 4), tmp_path / "proven")
    monkeypatch.setattr(extremes, "LISTED", 0)
    monkeypatch.setattr(extremes, "PROGRAMMES", 0)

    searched = found_by(range(SEEDS // 4), tmp_path / "searched")

    gaps = {
        key: max(abs(one.lowest - bound.lowest), abs(one.highest - bound.highest))
        for key, bound in proven.items()
        if (one := searched[key]).how == "searched" and bound.how == "exact"
    }
    assert len(gaps) >= 10
    worst = max(gaps, key=lambda key: gaps[key])
    assert gaps[worst] <= CLOSE
    record_property("largest error of searched bounds", (gaps[worst], str(worst)))


def test_linear_programmes_find_what_corners_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_corners = found_by(range(12), tmp_path / "corners")
    monkeypatch.setattr(couplings, "BASES", 0)

    by_programmes = found_by(range(12), tmp_path / "programmes")

    both = [(bound, by_programmes[key]) for key, bound in by_corners.items()]
    compared = [(one, other) for one, other in both if one.how == other.how == "exact"]
    assert len(compared) >= 10
    for one, other in compared:
        assert other.lowest == pytest.approx(one.lowest, rel=0, abs=CLOSE)
        assert other.highest == pytest.approx(one.highest, rel=0, abs=CLOSE)


def test_rows_in_a_circle_that_are_too_many_are_bounded_from_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = found_by(range(SEEDS // 3), tmp_path / "whole")
    monkeypatch.setattr(couplings, "RESPONSES", 4)
    monkeypatch.setattr(couplings, "SAMPLED", 5)

    outer = found_by(range(SEEDS // 3), tmp_path / "outer")

    hows = Counter(bound.how for bound in outer.values())
    assert hows["outer"] >= 3
    for key, bound in outer.items():
        wide, tight = (whole[key], bound) if bound.how == "searched" else (bound, whole[key])
        assert wide.lowest <= tight.lowest + CLOSE
        assert wide.highest >= tight.highest - CLOSE
        if bound.how == whole[key].how == "exact":
            assert tight.lowest == pytest.approx(wide.lowest, rel=0, abs=CLOSE)
            assert tight.highest == pytest.approx(wide.highest, rel=0, abs=CLOSE)


def test_a_sample_of_responses_ends_and_holds_couplings_of_all_rows() -> None:
    rows = np.tile([[0.5, 0.5], [1e-9, 1 - 1e-9]], (6, 1))
    pairs = [(i, j) for i in range(12) for j in range(i + 1, 12)]

    [block] = couplings.find_blocks_within(rows, pairs)

    assert 2 <= len(block.responses) < couplings.RESPONSES
    costs = np.arange(len(block.responses))[:, np.newaxis] * [1.0, -1.0]
    found = [block.share_quantile(), *block.cheapest(costs).T]
    for coupling in found:
        for i, row in enumerate(rows):
            share = [coupling[block.responses[:, i] == state].sum() for state in (0, 1)]
            assert share == pytest.approx(row, rel=0, abs=CLOSE)


def test_importing_the_library_does_not_import_the_solver() -> None:
    code = "import rivals, rivals.analysis.bounds, sys; print('scipy.optimize' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
