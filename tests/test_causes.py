"""`causes` and `cause_sets` against a listing of every mechanism (oracle/mechanisms.py).

The seeds are 0 to 99 of generate.seeded(explained=True), with the full budget to 1,999, but for
the few whose mechanisms are too many to list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from math import isnan
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import rivals
from conftest import BUDGET
from generate import Made, scenarios, seeded
from oracle import texts
from oracle.brute import Impossible, weigh
from oracle.mechanisms import Causes, Row, Twins, causes
from test_agreement import CLOSE, Error, asked, largest

SEEDS = 2000 if BUDGET == "full" else 50
BLOCK = 25
MECHANISMS = 200_000
CELLS = 20_000
GATES = ("prior", "table", "noisy_or", "noisy_max", "ranked")


def listed(made: Made) -> dict[str, Causes] | None:
    """The oracle's answer, where there are few enough mechanisms and the evidence is possible."""
    if Twins(made.texts, made.as_of, made.do, made.without).size > MECHANISMS:
        return None
    try:
        return causes(made.texts, **made.what_if)
    except Impossible:
        return None


def certainty(column: str, row: Row) -> float:
    """1, or less where a number is conditional on something so rare that its digits run out.

    The cells of a quantile are known to 1e-16, so a condition of 1e-10 to six digits.
    """
    conditions = {"but_for": row.present, "sufficient": row.absent}
    return min(1.0, conditions.get(column, 1.0) * 1e5)


def differences(case: Any, expected: dict[str, Causes]) -> Iterator[Error]:
    """How far each number of the library is from the oracle's."""
    table = case.causes(draws=0)
    assert set(table.index) == {(e, h) for e, c in expected.items() for h in c.hypotheses}
    for effect, answer in expected.items():
        for h, row in answer.hypotheses.items():
            for column in ("posterior", "because", "but_for", "sufficient"):
                got, wanted = table.loc[(effect, h), column], getattr(row, column)
                where = f"{column} of {h} for {effect}"
                assert isnan(got) == (wanted is None), where
                if wanted is not None:
                    yield abs(got - wanted) * certainty(column, row), where


def check_sets(case: Any, expected: dict[str, Causes]) -> Iterator[Error]:
    """The listed sets, in order, and their numbers."""
    table = case.cause_sets()
    for effect, answer in expected.items():
        rows = table[table["effect"] == effect]
        assert [tuple(names) for names in rows["hypotheses"]] == [w for w, _ in answer.sets]
        for (names, wanted), got in zip(answer.sets, rows["because"], strict=True):
            yield abs(got - wanted), f"because of {names} for {effect}"


@pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))
def test_causes_agree_with_a_listing_of_every_mechanism(
    block: int, tmp_path: Path, record_property: Any
) -> None:
    worst: Error = (0.0, "nothing")
    for seed in range(block, block + BLOCK):
        made = seeded(seed, explained=True, cells=CELLS)
        expected = listed(made)
        if expected is None:
            continue
        case = asked(made, tmp_path / str(seed))
        if case is None:
            continue
        errors = chain(differences(case, expected), check_sets(case, expected))
        worst = max(worst, largest((e, f"seed {seed}: {w}") for e, w in errors))

    record_property("largest error against a listing of mechanisms", worst)


@given(made=scenarios(explained=True, cells=4000))
def test_causes_that_nobody_thought_of_agree_with_a_listing_of_every_mechanism(
    made: Made, tmp_path_factory: pytest.TempPathFactory
) -> None:
    expected = listed(made)
    if expected is None:
        return
    case = asked(made, tmp_path_factory.mktemp("made"))
    if case is None:
        return

    largest(differences(case, expected))
    largest(check_sets(case, expected))


def test_the_seeds_cover_every_gate_and_sets_of_several() -> None:
    gates, sizes, compared = Counter[str](), Counter[int](), 0
    for seed in range(50):
        made = seeded(seed, explained=True, cells=CELLS)
        expected = listed(made)
        if expected is None:
            continue
        compared += 1
        variables = texts.load(made.texts)[0]["variables"].values()
        gates.update(gate for v in variables for gate in GATES if gate in v)
        sizes.update(len(names) for answer in expected.values() for names, _ in answer.sets)

    assert compared >= 45
    assert all(gates[gate] >= 20 for gate in GATES)
    assert sizes[1] >= 25
    assert sizes[2] >= 2


def test_because_is_never_more_than_presence(folder: Path) -> None:
    case = rivals.read(folder)
    if case.effect is None:
        pytest.skip("nothing is to be explained here")

    table = case.causes(draws=0)

    assert (table["because"] <= table["posterior"] + CLOSE).all()


def test_a_cause_that_overlaps_with_another_can_be_needless_and_jointly_needed(
    tmp_path: Path,
) -> None:
    scenario = """
title: Two switches
question: Why is the light on?
effects: {light: light=on}
hypotheses: {left: left=on, right: right=on}
variables:
  left: {ask: Was it pressed, states: [off, on], prior: {on: 1}}
  right: {ask: Was it pressed, states: [off, on], prior: {on: 1}}
  light: {ask: Is it on, states: [off, on], noisy_or: {causes: {left: 1, right: 1}}}
sources: {anyone: {name: Anyone, grade: A}}
"""
    case = rivals.read(Made(scenario, "[]").write(tmp_path / "switches"))

    table, sets = case.causes(draws=0), case.cause_sets()

    assert list(table["because"]) == [0, 0]
    assert list(sets["hypotheses"]) == [("left", "right")]
    assert list(sets["because"]) == pytest.approx([1])


@given(made=scenarios(explained=True, cells=4000))
def test_both_oracles_find_the_same_present(made: Made) -> None:
    expected = listed(made)
    if expected is None:
        return

    beliefs = weigh(made.texts, **made.what_if).posteriors
    hypotheses = texts.load(made.texts)[0]["hypotheses"]
    for answer in expected.values():
        for h, row in answer.hypotheses.items():
            variable, states, _ = texts.claim(hypotheses[h])
            present = sum(beliefs[variable][state] for state in states)
            assert row.posterior == pytest.approx(present, rel=0, abs=CLOSE)
