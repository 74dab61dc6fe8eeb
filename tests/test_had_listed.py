"""What would have been: `imagine` against a listing of every mechanism, and by hand.

The seeds are of generate.seeded(explained=True), but for the few whose mechanisms are too many to
list; the settings are of one, two or three variables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rivals
from conftest import BUDGET
from generate import Made, seeded
from oracle import texts
from oracle.brute import Impossible
from oracle.mechanisms import Twins
from rivals.analysis.counterfactual import imagine
from test_agreement import CLOSE, Error, asked, is_impossible, largest

HERE = Path(__file__).parent
WAREHOUSE = HERE.parent / "scenarios" / "warehouse-fire"
SEEDS = 1000 if BUDGET == "full" else 60
BLOCK = 30
MECHANISMS = 100_000


def listed(made: Made) -> tuple[Twins, np.ndarray] | None:
    """All mechanisms and what each weighs given the evidence; None if too many or impossible."""
    twins = Twins(made.texts, made.as_of, made.do, made.without)
    if twins.size > MECHANISMS:
        return None
    twins.enumerate()
    try:
        weights = twins.weights * twins.evidence(made.given)
    except Impossible:
        return None
    return (twins, weights / weights.sum()) if weights.sum() > 0 else None


def choose_setting(made: Made, seed: int) -> dict[str, str]:
    """One to three variables, each in some state; those under do may be among them."""
    generator = np.random.default_rng(seed)
    variables = texts.load(made.texts)[0]["variables"]
    names = generator.permutation(list(variables))[: generator.integers(1, 4)]
    return {
        str(name): str(generator.choice(variables[name].get("states", ["no", "yes"])))
        for name in names
    }


def differences(
    table: Any, twins: Twins, weights: np.ndarray, setting: dict[str, str]
) -> Iterator[Error]:
    """How far each number is from the listing's, state by state and claim by claim."""
    had = twins.under(setting)
    variables, scenario = table.attrs["variables"], twins.world.scenario
    for name, gate in twins.gates.items():
        for state in gate.states:
            for column, world in (("posterior", twins.actual), ("had", had)):
                wanted = weights[twins.holds(name, [state], world)].sum()
                yield abs(variables.loc[(name, state), column] - wanted), f"{column} {name}={state}"
    for kind, key in (("effect", "effects"), ("hypothesis", "hypotheses"), ("outcome", "outcomes")):
        for name, stated in scenario.get(key, {}).items():
            variable, states, _ = texts.claim(stated)
            wanted = weights[twins.holds(variable, states, had)].sum()
            yield abs(table.loc[(kind, name), "had"] - wanted), f"{kind} {name}"


@pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))
def test_what_would_have_been_agrees_with_a_listing_of_every_mechanism(
    block: int, tmp_path: Path, record_property: Any
) -> None:
    worst: Error = (0.0, "nothing")
    compared = Counter[int]()
    for seed in range(block, block + BLOCK):
        made = seeded(seed, explained=True, cells=4000)
        found, setting = listed(made), choose_setting(made, seed)
        case = asked(made, tmp_path / str(seed)) if found else None
        if found is None or case is None:
            continue
        table = imagine(case.stated, setting)
        errors = differences(table, *found, setting)
        worst = max(worst, largest((e, f"seed {seed}: {w}") for e, w in errors))
        compared[len(setting)] += 1

    assert compared.total() >= 20
    assert min(compared[size] for size in (1, 2, 3)) >= 3
    record_property("largest error of what would have been", worst)


def test_the_seeds_set_variables_under_do_and_above_what_is_given() -> None:
    under, given = 0, 0
    for seed in range(120):
        made = seeded(seed, explained=True, cells=4000)
        setting = choose_setting(made, seed)
        under += bool(setting.keys() & made.do.keys())
        given += bool(made.given.keys() - setting.keys())

    assert under >= 5
    assert given >= 10


def test_a_fire_in_a_hall_with_dead_sprinklers_would_not_have_spread_had_they_worked() -> None:
    case = rivals.read(WAREHOUSE).as_of("2026-05-03").given(spread="hall")
    chances = {"arson": 0.03, "other": 0.97}
    fault = case.variables()["prior"]["wiring_fault", "yes"]  # a word's number: "unlikely"
    unlit = {a: 0.99 * (0.1 if a == "arson" else 1) * (1 - 0.1 * fault) for a in chances}
    dead = {"arson": 0.40, "other": 0.20}
    hall_dead = sum(chances[a] * (1 - unlit[a]) * dead[a] * 0.65 for a in chances)
    hall_live = sum(chances[a] * (1 - unlit[a]) * (1 - dead[a]) * 0.22 for a in chances)

    table = imagine(case.stated, {"sprinklers": "working"})

    # With dead ones the hall burns for quantiles of .10 to .75, with working ones only above .75:
    # what burnt for want of them would not have, and the rest would have burnt all the same.
    spread = table.attrs["variables"].loc["spread"]
    burnt_anyway = hall_live / (hall_live + hall_dead)
    assert spread["posterior"].tolist() == pytest.approx([0, 1, 0])
    assert spread["had"].tolist() == pytest.approx([1 - burnt_anyway, burnt_anyway, 0])
    assert table.loc[("effect", "fire"), "had"] == pytest.approx(burnt_anyway)
    assert table.loc[("hypothesis", "neglect"), "had"] == 0


def test_had_remembers_what_do_forgets() -> None:
    case = rivals.read(WAREHOUSE).as_of("2026-05-03").given(spread="hall")

    had = imagine(case.stated, {"sprinklers": "working"})
    done = rivals.read(WAREHOUSE).as_of("2026-05-03").do(sprinklers="working").beliefs(draws=0)

    believed = case.beliefs(draws=0)["posterior"]["arson"]
    assert had.loc[("hypothesis", "arson"), "had"] == pytest.approx(believed)
    assert done["posterior"]["arson"] == pytest.approx(0.03)
    assert had.loc[("hypothesis", "arson"), "had"] > 0.1


def test_what_does_not_lie_below_keeps_its_posterior_to_the_last_digit(folder: Path) -> None:
    case = rivals.read(folder)
    parents = case.network.parents
    for name, variable in case.scenario.variables.items():
        variables = imagine(case.stated, {name: variable.states[-1]}).attrs["variables"]
        above = {n for n in parents if name not in case.network.ancestors([n])}

        untouched = variables[variables.index.get_level_values("variable").isin(above)]
        assert (untouched["had"] == untouched["posterior"]).all()
        assert variables["had"][name].tolist() == [0.0] * (len(variable.states) - 1) + [1.0]
        sums = variables.groupby(level="variable")["had"].sum()
        assert np.abs(sums - 1).max() <= CLOSE


def test_had_it_been_as_it_was_nothing_would_differ(folder: Path) -> None:
    case = rivals.read(folder)
    effects = [outcome.claim.variable for outcome in case.scenario.effects.values()]
    effect = (effects or list(case.scenario.variables))[-1]
    cause = min(case.network.ancestors([effect]) - {effect}, default=effect)
    for state in case.scenario.variables[cause].states:
        known = case.given(**{cause: state})
        if is_impossible(known):
            continue

        variables = imagine(known.stated, {cause: state}).attrs["variables"]

        assert np.abs(variables["had"] - variables["posterior"]).max() <= CLOSE


def test_setting_nothing_changes_nothing() -> None:
    table = imagine(rivals.read(WAREHOUSE).stated, {})

    assert (table["had"] == table["posterior"]).all()
    assert table.attrs["setting"] == {}


def test_the_table_names_effects_hypotheses_and_outcomes_in_the_order_of_the_file() -> None:
    table = imagine(rivals.read(WAREHOUSE).stated, {"arson": "no"})

    assert list(table.index) == [
        ("effect", "fire"),
        ("hypothesis", "arson"),
        ("hypothesis", "wiring"),
        ("hypothesis", "neglect"),
        ("outcome", "insurer_pays"),
    ]
    assert table.index.names == ["kind", "name"]
    assert list(table.columns) == ["label", "posterior", "had"]
    assert table["label"].iloc[0] == "The warehouse burnt"
    assert table.attrs["setting"] == {"arson": "no"}
    assert list(table.attrs["variables"].columns) == ["posterior", "had"]
    assert table.attrs["variables"].index.names == ["variable", "state"]
