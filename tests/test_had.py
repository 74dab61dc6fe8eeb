"""`had`: what would have been, against a listing of every mechanism (oracle/mechanisms.py)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rivals
from conftest import BUDGET
from generate import seeded
from oracle.brute import Impossible
from oracle.mechanisms import Twins
from rivals.errors import QuestionError
from test_agreement import CLOSE, asked

SEEDS = 400 if BUDGET == "full" else 80
MECHANISMS = 100_000

CHAIN = """\
title: A chain
question: Why is the lawn wet?
effects: {wet: lawn=yes}
hypotheses: {rain: rain=yes, hose: hose=yes}
outcomes: {slip: slip=yes}
variables:
  rain: {ask: R?, prior: {yes: 0.3}}
  hose: {ask: H?, prior: {yes: 0.2}}
  lawn: {ask: L?, noisy_or: {causes: {rain: 0.8, hose: 0.5}}}
  slip: {ask: S?, noisy_or: {causes: {lawn: 0.4}}}
sources: {}
"""


def list_all(made: Any) -> tuple[Twins, np.ndarray] | None:
    """Every mechanism and how probable it is with the evidence, where these can be listed."""
    twins = Twins(made.texts, made.as_of, made.do, made.without)
    if twins.size > MECHANISMS:
        return None
    twins.enumerate()
    weights = twins.weights * twins.evidence(made.given)
    return (twins, weights / weights.sum()) if weights.sum() > 0 else None


def choose(seed: int, case: rivals.Case) -> dict[str, str]:
    """One to three variables, each in one of its states."""
    pick, variables = np.random.default_rng(seed), case.scenario.variables
    names = pick.permutation(list(variables))[: pick.choice([1, 1, 2, 3])]
    return {str(name): str(pick.choice(variables[name].states)) for name in names}


@pytest.mark.parametrize("block", range(0, SEEDS, 20))
def test_what_would_have_been_agrees_with_a_listing_of_every_mechanism(
    block: int, tmp_path: Path, record_property: Any
) -> None:
    worst, tried = 0.0, 0
    for seed in range(block, block + 20):
        made = seeded(seed, explained=True, cells=20_000)
        try:
            listed = list_all(made)
        except Impossible:
            continue
        case = asked(made, tmp_path / str(seed)) if listed else None
        if listed is None or case is None:
            continue
        twins, weights = listed
        setting = choose(seed, case)
        world = twins.under(setting)

        found = case.had(**setting)

        for (variable, state), row in found.attrs["variables"].iterrows():
            wanted = weights[twins.holds(variable, [state], world)].sum()
            worst = max(worst, abs(row["had"] - wanted))
            now = weights[twins.holds(variable, [state], twins.actual)].sum()
            worst = max(worst, abs(row["posterior"] - now))
        tried += 1
    assert worst < CLOSE
    assert tried >= 10
    record_property("largest error of what would have been", (worst, f"{tried} scenarios"))


@pytest.fixture
def lawn(tmp_path: Path) -> rivals.Case:
    (tmp_path / "scenario.yaml").write_text(CHAIN)
    return rivals.read(tmp_path)


def test_of_a_wet_lawn_without_rain_only_the_hose_is_left(lawn: rivals.Case) -> None:
    known = lawn.given(lawn="yes")

    had = known.had(rain="no")["had"]

    wet = 1 - (1 - 0.3 * 0.8) * (1 - 0.2 * 0.5)
    assert had["effect", "wet"] == pytest.approx(0.2 * 0.5 / wet, abs=1e-12)
    assert had["outcome", "slip"] == pytest.approx(0.4 * 0.2 * 0.5 / wet, abs=1e-12)
    assert had["hypothesis", "hose"] == pytest.approx(0.2 * (1 - 0.76 * 0.5) / wet, abs=1e-12)


def test_had_is_not_do(lawn: rivals.Case) -> None:
    known = lawn.given(lawn="yes")

    had, done = known.had(rain="no"), known.do(rain="no").beliefs(draws=0)

    now = known.beliefs(draws=0)["posterior"]["hose"]
    assert had["had"]["hypothesis", "hose"] == pytest.approx(now, abs=1e-12)
    assert done["posterior"]["hose"] == pytest.approx(1.0)


def test_without_evidence_had_is_do(lawn: rivals.Case) -> None:
    had = lawn.had(hose="yes").attrs["variables"]["had"]

    done = lawn.do(hose="yes").variables()["posterior"]
    assert had.to_dict() == pytest.approx(done.to_dict(), abs=1e-12)


def test_causes_are_no_different_had_their_effect_been_otherwise(lawn: rivals.Case) -> None:
    table = lawn.given(lawn="yes").had(lawn="no")

    part = table.loc["hypothesis"]
    assert part["had"].to_list() == part["posterior"].to_list()
    assert table.loc[("effect", "wet"), "had"] == 0.0


def test_what_was_so_anyway_leaves_all_as_it_is(lawn: rivals.Case) -> None:
    known = lawn.given(rain="yes", lawn="yes", hose="no")

    table = known.had(rain="yes")

    assert table["had"].to_dict() == pytest.approx(table["posterior"].to_dict(), abs=1e-12)


def test_nothing_set_is_the_world_as_it_is(lawn: rivals.Case) -> None:
    table = lawn.given(lawn="yes").had()

    assert table["had"].to_list() == table["posterior"].to_list()
    assert table.attrs["setting"] == {}


def test_an_unknown_variable_or_state_is_told(lawn: rivals.Case) -> None:
    with pytest.raises(QuestionError, match="did you mean 'rain'"):
        lawn.had(rian="no")
    with pytest.raises(QuestionError, match="a state of rain is one of"):
        lawn.had(rain="maybe")
