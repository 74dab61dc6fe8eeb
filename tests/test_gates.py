"""Each gate by numbers worked out by hand, and what two worlds share of it."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from rivals.draws import draw_values
from rivals.engine import Array
from rivals.gates import build_components, build_table, couple
from rivals.judgements import as_stated
from rivals.scenario import Scenario

FLAG = {"prior": {"yes": 0.25}}
WIND = {"states": ["calm", "breeze", "storm"], "prior": {"calm": 0.5, "storm": 0.2}}
SPREAD = ["none", "hall", "site"]
GATES: dict[str, dict[str, Any]] = {
    "prior": {"prior": {"yes": 0.3}},
    "table": {
        "states": SPREAD,
        "table": [
            {"when": {"a": "no", "wind": "calm"}, "then": {"none": 1}},
            {"when": {"wind": ["breeze", "storm"], "a": "yes"}, "then": {"none": 0, "hall": 0.4}},
            {"then": {"none": 0.1, "hall": 0.7}},
        ],
    },
    "noisy_or": {
        "noisy_or": {"leak": 0.1, "causes": {"a": 0.5, "wind": {"breeze": 0.25, "storm": 0.6}}}
    },
    "noisy_max": {
        "states": SPREAD,
        "noisy_max": {
            "leak": {"none": 0.9, "hall": 0.1, "site": 0},
            "causes": {
                "a": {"yes": {"none": 0.2, "hall": 0.5}},
                "wind": {
                    "breeze": {"none": 0.5, "hall": 0.5, "site": 0},
                    "storm": {"none": 0, "hall": 0.25, "site": 0.75},
                },
            },
        },
    },
    "ranked": {"states": SPREAD, "ranked": {"weights": {"a": 1, "wind": -2}, "sd": 0.4}},
}


def scenario(**variables: Any) -> Scenario:
    data = {"title": "T", "question": "Q?", "hypotheses": {}, "variables": variables}
    return Scenario.model_validate(data)


def table(gate: dict[str, Any], **parents: Any) -> Array:
    """P(y | parents) as stated, without the axis of draws."""
    made = scenario(a=FLAG, b=FLAG, wind=WIND, **parents, y=gate)
    return build_table("y", made.variables, as_stated(made))[..., 0]


def close(rows: Any) -> Any:
    return pytest.approx(np.array(rows), rel=0, abs=1e-14)


def test_a_prior_has_no_parents_and_fills_in_the_rest() -> None:
    assert table(GATES["prior"]) == close([0.7, 0.3])
    assert table(WIND) == close([0.5, 0.3, 0.2])


def test_the_first_row_that_fits_gives_a_table_s_column() -> None:
    rest, sure, fast = [0.1, 0.7, 0.2], [1, 0, 0], [0, 0.4, 0.6]

    assert table(GATES["table"]) == close([[sure, rest, rest], [rest, fast, fast]])


def test_parents_of_a_table_stand_in_the_order_in_which_rows_name_them() -> None:
    rows = [
        {"when": {"wind": "storm"}, "then": {"yes": 0.9}},
        {"when": {"a": "yes"}, "then": {"yes": 0.4}},
        {"then": {"yes": 0.1}},
    ]

    found = table({"table": rows})[..., 1]

    assert found == close([[0.1, 0.4], [0.1, 0.4], [0.9, 0.9]])


def test_a_noisy_or_fails_only_if_every_cause_and_the_leak_do() -> None:
    on = table(GATES["noisy_or"])[..., 1]

    assert on == close(
        [
            [0.1, 1 - 0.9 * 0.75, 1 - 0.9 * 0.4],
            [1 - 0.9 * 0.5, 1 - 0.9 * 0.5 * 0.75, 1 - 0.9 * 0.5 * 0.4],
        ]
    )


def test_a_noisy_or_without_a_leak_is_off_where_no_cause_is_on() -> None:
    assert table({"noisy_or": {"causes": {"a": 0.9, "b": 1}}})[..., 1] == close([[0, 1], [0.9, 1]])


def test_a_state_that_a_link_leaves_out_brings_nothing_about() -> None:
    on = table({"noisy_or": {"causes": {"wind": {"storm": 0.6}}}})[..., 1]

    assert on == close([0, 0, 0.6])


def test_a_noisy_max_takes_the_highest_contribution() -> None:
    found = table(GATES["noisy_max"])

    assert found[0, 0] == close([0.9, 0.1, 0])
    assert found[1, 0] == close([0.9 * 0.2, 1 * 0.7 - 0.9 * 0.2, 0.3])
    assert found[1, 1] == close([0.9 * 0.2 * 0.5, 0.7 - 0.9 * 0.2 * 0.5, 0.3])
    assert found[1, 2] == close([0, 0.7 * 0.25, 1 - 0.7 * 0.25])


def test_a_noisy_max_without_a_leak_stays_lowest_where_no_cause_acts() -> None:
    gate = {"states": SPREAD, "noisy_max": {"causes": {"a": {"yes": {"none": 0.2, "hall": 0.5}}}}}

    assert table(gate) == close([[1, 0, 0], [0.2, 0.5, 0.3]])


def test_a_noisy_max_over_two_states_is_a_noisy_or() -> None:
    causes = {"a": {"yes": {"yes": 0.5}}, "b": {"yes": {"yes": 0.25}}}
    highest = table({"noisy_max": {"leak": {"yes": 0.1}, "causes": causes}})

    assert highest == close(table({"noisy_or": {"leak": 0.1, "causes": {"a": 0.5, "b": 0.25}}}))


def normal_mass(mean: float, sd: float, parts: int) -> list[float]:
    """What a normal truncated to [0, 1] puts on equal parts, by the error function."""
    ends = [math.erf((i / parts - mean) / sd / math.sqrt(2)) for i in range(parts + 1)]
    return [(high - low) / (ends[-1] - ends[0]) for low, high in pairwise(ends)]


def test_a_ranked_gate_cuts_a_normal_around_the_weighted_mean() -> None:
    found = table(GATES["ranked"])

    for i, own in enumerate((1 / 4, 3 / 4)):
        for j, against in enumerate((5 / 6, 3 / 6, 1 / 6)):  # turned round: its weight is below 0
            assert found[i, j] == close(normal_mass((own + 2 * against) / 3, 0.4, 3))


def test_a_wide_ranked_gate_is_even_and_a_narrow_one_is_certain() -> None:
    def gate(sd: float) -> Array:
        return table({"states": SPREAD, "ranked": {"weights": {"wind": 1}, "sd": sd}})

    assert gate(1e6) == pytest.approx(np.full((3, 3), 1 / 3), abs=1e-9)
    assert gate(1e-6) == close(np.eye(3))


@pytest.mark.parametrize("gate", GATES)
def test_every_column_is_a_distribution_in_every_draw(gate: str) -> None:
    made = scenario(a=FLAG, wind=WIND, y=GATES[gate])

    found = build_table("y", made.variables, draw_values(made, 50, seed=3))

    assert (found >= 0).all()
    assert np.abs(found.sum(axis=-2) - 1).max() < 1e-12


def test_a_noisy_gate_has_a_part_for_the_leak_and_for_each_cause() -> None:
    made = scenario(a=FLAG, wind=WIND, y=GATES["noisy_max"])

    parts = build_components("y", made.variables, as_stated(made))

    assert [part.parents for part in parts] == [(), ("a",), ("wind",)]


# --- two worlds ---


def drawn(gate: str) -> Scenario:
    return scenario(a=FLAG, wind=WIND, y=GATES[gate])


with_parents = pytest.mark.parametrize("gate", ["table", "noisy_or", "noisy_max", "ranked"])


@with_parents
@pytest.mark.parametrize(
    "twins",
    [
        {},
        {"a": "no"},
        {"wind": "breeze"},
        {"a": None},
        {"wind": None},
        {"a": None, "wind": None},
        {"a": None, "wind": "calm"},
        {"a": "yes", "wind": None},
    ],
)
def test_the_margins_of_two_coupled_worlds_are_the_table_on_both_sides(
    gate: str, twins: dict[str, str | None]
) -> None:
    made = drawn(gate)
    values = draw_values(made, 5, seed=1)
    plain = build_table("y", made.variables, values)
    axes = dict(zip(made.variables["y"].parents, "pq", strict=True))
    free = [name for name in axes if name in twins and twins[name] is None]

    joint = couple("y", twins, made.variables, values)

    here, there = joint.sum(axis=-2), joint.sum(axis=-3)
    for at in np.ndindex(*plain.shape[:-2]):
        own = dict(zip(axes, at, strict=True))
        for other in np.ndindex(*(len(made.variables[name].states) for name in free)):
            world = {**own, **dict(zip(free, other, strict=True))}
            world |= {
                name: made.variables[name].states.index(state)
                for name, state in twins.items()
                if state is not None
            }
            assert np.abs(here[(*at, *other)] - plain[at]).max() < 1e-14
            assert np.abs(there[(*at, *other)] - plain[tuple(world.values())]).max() < 1e-14


@with_parents
def test_a_world_coupled_with_itself_is_the_same_in_both(gate: str) -> None:
    made = drawn(gate)
    values = draw_values(made, 5, seed=2)

    joint = couple("y", {}, made.variables, values)

    plain = build_table("y", made.variables, values)
    same = np.moveaxis(np.diagonal(joint, axis1=-3, axis2=-2), -1, -2)
    assert np.abs(same - plain).max() < 1e-14
    assert np.abs(joint.sum(axis=(-3, -2)) - 1).max() < 1e-14


def test_without_its_cause_a_noisy_or_keeps_what_the_leak_and_the_rest_brought_about() -> None:
    made = scenario(a=FLAG, b=FLAG, y={"noisy_or": {"leak": 0.1, "causes": {"a": 0.5, "b": 0.25}}})

    joint = couple("y", {"a": "no"}, made.variables, as_stated(made))[..., 0]

    both = joint[1, 1]  # a and b were there; in the twin world a was not
    assert both[1, 1] == pytest.approx(1 - 0.9 * 0.75, abs=1e-14)
    assert both[1, 0] == pytest.approx(0.9 * 0.75 * 0.5, abs=1e-14)
    assert both[0, 1] == 0
    assert both[0, 0] == pytest.approx(0.9 * 0.75 * 0.5, abs=1e-14)


def test_rows_of_a_table_share_one_quantile() -> None:
    rows = [{"when": {"a": "yes"}, "then": {"yes": 0.7}}, {"then": {"yes": 0.2}}]
    made = scenario(a=FLAG, y={"table": rows})

    joint = couple("y", {"a": "no"}, made.variables, as_stated(made))[..., 0]

    assert joint[1] == close([[0.3, 0], [0.5, 0.2]])
