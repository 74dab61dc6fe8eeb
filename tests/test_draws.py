"""Draws of the judgements: spread as wide as stated, in order, and each on its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rivals.draws import draw_values, effective, sample_size, weigh, weighted_range
from rivals.engine import Array
from rivals.scenario import Scenario

MANY = 20_000
SPREAD = ["none", "hall", "site"]


def scenario(**sections: Any) -> Scenario:
    data = {"title": "T", "question": "Q?", "hypotheses": {}, "variables": {}, **sections}
    return Scenario.model_validate(data)


def draw(variable: dict[str, Any], draws: int = MANY, seed: int = 0) -> dict[str, Array]:
    """Draws of the statements of one variable y with parents a and b."""
    flag = {"prior": {"yes": 0.5}}
    return draw_values(scenario(variables={"a": flag, "b": flag, "y": variable}), draws, seed)


def beta_spread(p: Any, n: float) -> Any:
    """The standard deviation of Beta(n p, n (1 - p)), a margin of Dirichlet(n p)."""
    return np.sqrt(np.asarray(p) * (1 - np.asarray(p)) / (n + 1))


def assert_spread(drawn: Array, p: Any, n: float) -> None:
    """Mean and standard deviation along the draws, within what chance allows."""
    spread = beta_spread(p, n)
    assert np.all(np.abs(drawn.mean(axis=-1) - p) < 4 * spread / np.sqrt(MANY))
    assert drawn.std(axis=-1) == pytest.approx(spread, rel=0.04)


@pytest.mark.parametrize(("firmness", "n"), [("low", 5), ("medium", 20), ("high", 100), (50, 50)])
def test_a_distribution_is_drawn_as_widely_as_its_firmness_says(firmness: Any, n: float) -> None:
    p = (0.5, 0.3, 0.2)
    stated = {"prior": dict(zip(SPREAD, p, strict=True)), "states": SPREAD, "firmness": firmness}

    drawn = draw(stated)["variables.y.prior"]

    assert_spread(drawn, p, n)
    assert drawn.sum(axis=0) == pytest.approx(np.ones(MANY), abs=1e-12)


def test_firmness_is_medium_unless_it_is_stated() -> None:
    assert_spread(draw({"prior": {"yes": 0.3}})["variables.y.prior"], (0.7, 0.3), 20)


def test_a_small_probability_is_drawn_more_firmly_so_that_it_stays_small() -> None:
    drawn = draw({"prior": {"yes": 0.004}, "firmness": "low"})["variables.y.prior"]

    assert_spread(drawn, (0.996, 0.004), 250)


def test_the_smallest_probability_above_0_decides() -> None:
    assert sample_size((0.0, 0.02, 0.98), 5) == pytest.approx(50)
    assert sample_size((0.5, 0.5), 5) == 5


def test_two_states_of_three_are_drawn_where_the_third_is_0() -> None:
    stated = {"states": SPREAD, "prior": {"none": 0, "hall": 0.4, "site": 0.6}}

    drawn = draw(stated)["variables.y.prior"]

    assert (drawn[0] == 0).all()
    assert_spread(drawn[1:], (0.4, 0.6), 20)


def test_0_and_1_are_fixed() -> None:
    noisy = {"noisy_or": {"leak": 0, "causes": {"a": 1, "b": 0.5}}}
    settings = {"accuracy": 1, "spin": 0, "grades": {"A": 1}}

    values = draw_values(
        scenario(
            variables={"a": {"prior": {"yes": 1}}, "b": {"prior": {"yes": 0}}, "y": noisy},
            sources={"s": {"reliability": 1}},
            settings=settings,
        ),
        100,
        seed=4,
    )

    fixed = {
        "variables.y.noisy_or.leak": 0,
        "variables.y.noisy_or.causes.a": 1,
        "sources.s.reliability": 1,
        "settings.accuracy": 1,
        "settings.spin": 0,
        "settings.grades.A": 1,
    }
    for path, p in fixed.items():
        assert np.unique(values[path]).tolist() == [p]
    assert np.unique(values["variables.a.prior"], axis=1).tolist() == [[0], [1]]
    assert np.unique(values["variables.b.prior"], axis=1).tolist() == [[1], [0]]


def test_each_link_and_each_row_is_drawn_on_its_own() -> None:
    noisy = draw({"noisy_or": {"leak": 0.3, "causes": {"a": 0.3, "b": 0.3}}})
    rows = [{"when": {"a": "yes"}, "then": {"yes": 0.3}}, {"then": {"yes": 0.3}}]
    table = draw({"table": rows})
    drawn = [
        *(noisy[f"variables.y.noisy_or.{at}"] for at in ("leak", "causes.a", "causes.b")),
        *(table[f"variables.y.table[{i}].then"][1] for i in range(2)),
    ]

    correlation = np.corrcoef(drawn) - np.eye(5)

    assert np.abs(correlation).max() < 4 / np.sqrt(MANY)
    for one in drawn:
        assert_spread(one, 0.3, 20)


def test_a_reliability_is_drawn_with_the_firmness_of_its_source() -> None:
    source = {"reliability": 0.6, "firmness": "high"}

    values = draw_values(scenario(sources={"s": source}), MANY, seed=0)

    assert_spread(values["sources.s.reliability"], 0.6, 100)


# --- settings ---


@pytest.mark.parametrize(
    ("path", "p", "n"),
    [
        ("grades.A", 0.95, 20),
        ("grades.E", 0.30, 20),
        ("accuracy", 0.95, 20),
        ("spin", 0.5, 20),
        ("fidelity.direct", 0.99, 100),
    ],
)
def test_a_convention_is_drawn_as_from_20_cases(path: str, p: float, n: float) -> None:
    values = draw_values(scenario(), MANY, seed=0)

    assert_spread(values[f"settings.{path}"], p, n)


def test_grades_keep_their_order_in_every_draw() -> None:
    rng = np.random.default_rng(0)
    for seed in range(20):
        stated = np.sort(rng.random(5))[::-1]
        grades = dict(zip("ABCDE", stated.tolist(), strict=True))

        values = draw_values(scenario(settings={"grades": grades}), 500, seed)

        drawn = np.array([values[f"settings.grades.{grade}"] for grade in "ABCDE"])
        assert (np.diff(drawn, axis=0) <= 0).all()


def test_accuracy_and_fidelities_keep_their_order_in_every_draw() -> None:
    values = draw_values(scenario(), 2000, seed=1)

    names = ("fidelity.direct", "accuracy", "fidelity.relayed", "fidelity.inferred")
    drawn = np.array([values[f"settings.{name}"] for name in names])

    assert (np.diff(drawn, axis=0) <= 0).all()
    assert (drawn[1] == drawn[2]).all()  # both are stated as 0.95


def test_grades_and_accuracy_are_driven_by_uniforms_of_their_own() -> None:
    values = draw_values(scenario(), MANY, seed=0)
    drawn = [values[f"settings.{name}"] for name in ("grades.B", "accuracy", "spin")]

    assert np.abs(np.corrcoef(drawn) - np.eye(3)).max() < 4 / np.sqrt(MANY)


def test_each_source_that_cannot_be_judged_has_an_even_draw_of_its_own() -> None:
    sources = {"s": {"grade": "F"}, "t": {"grade": "F"}, "u": {"grade": "B"}}

    values = draw_values(scenario(sources=sources), MANY, seed=0)

    assert_spread(values["sources.s.grade"], 0.5, 2)
    assert_spread(values["sources.t.grade"], 0.5, 2)
    drawn = np.corrcoef(values["sources.s.grade"], values["sources.t.grade"])
    assert abs(drawn[0, 1]) < 4 / np.sqrt(MANY)
    assert "sources.u.grade" not in values


# --- seeds ---


BUSY = {
    "variables": {"a": {"prior": {"yes": 0.3}}, "b": {"prior": {"yes": 0.3}}},
    "sources": {"s": {"reliability": 0.4}, "t": {"grade": "F"}},
}


def test_the_same_seed_gives_the_same_draws_and_another_others() -> None:
    first, again, other = (draw_values(scenario(**BUSY), 50, seed) for seed in (7, 7, 8))

    assert first.keys() == again.keys()
    assert all((first[path] == again[path]).all() for path in first)
    assert not any((first[path] == other[path]).all() for path in first)


def test_a_new_judgement_leaves_the_other_draws_alone() -> None:
    more = {
        "variables": {"new": {"prior": {"yes": 0.1}}, **BUSY["variables"]},
        "sources": {"new": {"reliability": 0.2}, **BUSY["sources"]},
        "settings": {"spin": 0.3},
    }
    before, after = draw_values(scenario(**BUSY), 50, 7), draw_values(scenario(**more), 50, 7)

    untouched = [path for path in before if path != "settings.spin"]

    assert all((before[path] == after[path]).all() for path in untouched)
    assert set(after) - set(before) == {"variables.new.prior", "sources.new.reliability"}


def test_equal_judgements_in_two_places_are_drawn_apart() -> None:
    values = draw_values(scenario(**BUSY), 50, 0)

    assert (values["variables.a.prior"] != values["variables.b.prior"]).all()


# --- weights and ranges ---


def naive_quantile(samples: list[float], weights: list[float], share: float) -> float:
    """Walk up the sorted samples; between the middles of two steps, the line between them."""
    total, below = sum(weights), 0.0
    last: tuple[float, float] | None = None
    for value, weight in sorted(zip(samples, weights, strict=True)):
        middle = (below + weight / 2) / total
        if share <= middle:
            if last is None:
                return value
            at, low = last
            return low + (value - low) * (share - at) / (middle - at)
        last, below = (middle, value), below + weight
    assert last is not None
    return last[1]


@pytest.mark.parametrize("size", [1, 2, 5, 60])
def test_a_weighted_range_is_what_a_walk_up_the_samples_finds(size: int) -> None:
    rng = np.random.default_rng(size)
    samples, weights = rng.random((2, 3, size)), rng.random(size)
    weights /= weights.sum()

    found = weighted_range(samples, weights)

    assert found.shape == (2, 2, 3)
    for end, share in enumerate((0.05, 0.95)):
        for at in np.ndindex(2, 3):
            expected = naive_quantile(samples[at].tolist(), weights.tolist(), share)
            assert found[end][at] == pytest.approx(expected, rel=0, abs=1e-12)


def test_a_range_with_equal_weights_is_a_plain_quantile() -> None:
    samples = np.random.default_rng(0).normal(size=501)
    ends = (0.1, 0.5, 0.9)

    found = weighted_range(samples, np.full(501, 1 / 501), ends)

    assert found == pytest.approx(np.quantile(samples, ends, method="hazen"), abs=1e-12)


def test_weights_are_in_proportion_and_sum_to_1_however_unlikely_the_evidence_is() -> None:
    weights = weigh(np.log([1.0, 3.0]) - 5000)

    assert weights == pytest.approx([0.25, 0.75], abs=1e-12)


def test_the_effective_number_is_that_of_draws_that_weigh_alike() -> None:
    assert effective(np.full(10, 0.1)) == pytest.approx(10)
    assert effective(np.array([1.0, 0, 0])) == pytest.approx(1)
    assert effective(np.array([0.5, 0.5, 0, 0])) == pytest.approx(2)


def test_draws_of_one_seed_are_the_same_however_many_were_asked_for() -> None:
    many, few = (draw_values(two_flags(), draws, seed=3) for draws in (50, 20))

    few["variables.a.prior"]

    assert many.pick(np.arange(20)) == few
    for path in few:
        assert np.array_equal(many.pick(np.arange(20))[path], few[path])


def test_draws_of_another_seed_number_or_scenario_are_others() -> None:
    drawn = draw_values(two_flags(), 20, seed=3)

    assert drawn != draw_values(two_flags(), 20, seed=4)
    assert drawn != draw_values(two_flags(), 21, seed=3)
    assert drawn != drawn.pick(np.arange(20)[::-1])
    assert drawn != draw_values(two_flags(yes=0.6), 20, seed=3)
    assert drawn != dict(drawn)


def two_flags(yes: float = 0.5) -> Scenario:
    return scenario(variables={"a": {"prior": {"yes": yes}}, "b": {"prior": {"yes": 0.5}}})
