"""Fewer draws that stand for all, and draws that stay the same however many follow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from rivals.analysis.spread import Spread
from rivals.draws import Draws, count_draws, cut_draws, draw_values, effective, thin, weigh
from rivals.engine import Array
from rivals.judgements import as_stated
from rivals.scenario import Scenario

WEIGHTS = st.one_of(
    st.just(0.0),
    st.floats(1e-6, 1.0),
    st.floats(-12.0, 0.0).map(lambda power: 10.0**power),
)


@st.composite
def weighted(draw: Any) -> tuple[Array, int]:
    """Weights, some of them 0 and some far heavier than others, and how many draws to keep."""
    weights = draw(hnp.arrays(float, st.integers(1, 300), elements=WEIGHTS))
    assume(weights.sum() > 0)
    return weights, draw(st.integers(1, 320))


def heavy(weights: Array, size: int) -> NDArray[np.bool_]:
    """Those that are sure to be kept: as heavy as an even share of what the heavier ones leave."""
    share = weights / weights.sum()
    order = np.argsort(-share, kind="stable")
    found = np.zeros(len(share), bool)
    left, room = share.sum(), size
    for i in order:
        if room <= 0 or share[i] <= 0 or share[i] * room < left * (1 - 1e-9):
            break
        found[i] = True
        left, room = share[[j for j in order if not found[j]]].sum(), room - 1
    return found


@given(asked=weighted())
def test_about_as_many_are_kept_as_are_asked_for(asked: tuple[Array, int]) -> None:
    weights, size = asked

    chosen, taken = thin(weights, size)

    positive = int(np.count_nonzero(weights))
    assert abs(len(chosen) - min(size, positive)) <= 1
    assert (np.diff(chosen) > 0).all()
    assert (weights[chosen] > 0).all()
    assert ((taken > 0) & (taken <= 1)).all()


@given(asked=weighted())
def test_where_there_is_room_for_all_all_that_weigh_are_kept_as_they_are(
    asked: tuple[Array, int],
) -> None:
    weights, _ = asked

    chosen, taken = thin(weights, len(weights))

    assert chosen.tolist() == np.flatnonzero(weights).tolist()
    assert (taken == 1).all()


@given(asked=weighted())
def test_heavy_draws_are_kept_exactly(asked: tuple[Array, int]) -> None:
    weights, size = asked

    chosen, taken = thin(weights, size)

    sure = np.flatnonzero(heavy(weights, size))
    assert set(sure) <= set(chosen)
    at = np.searchsorted(chosen, sure)
    assert taken[at] == pytest.approx(np.ones(len(sure)), abs=1e-9)


@given(asked=weighted())
def test_light_draws_that_are_kept_weigh_alike_and_no_more_than_the_heavy_ones(
    asked: tuple[Array, int],
) -> None:
    weights, size = asked

    chosen, taken = thin(weights, size)

    scaled = weights[chosen] / weights.sum() / taken
    light = taken < 1
    assert np.ptp(scaled[light]) <= 1e-9 if light.any() else True
    if light.any() and not light.all():
        assert scaled[light].max() <= scaled[~light].min() * (1 + 1e-9)


@given(asked=weighted())
def test_what_is_kept_stands_for_all_the_weight(asked: tuple[Array, int]) -> None:
    """To one step: each light draw that is kept stands for one step of the light ones' weight."""
    weights, size = asked

    chosen, taken = thin(weights, size)

    stands = (weights[chosen] / taken).sum() / weights.sum()
    light = taken < 1
    step = (weights[chosen] / taken)[light].max() / weights.sum() if light.any() else 0.0
    assert abs(stands - 1) <= step + 1e-9


@given(asked=weighted())
def test_the_weight_up_to_any_draw_is_kept_to_one_step(asked: tuple[Array, int]) -> None:
    """The systematic choice: no stretch of the draws is left without one that stands for it."""
    weights, size = asked
    share = weights / weights.sum()

    chosen, taken = thin(weights, size)

    stands = np.zeros(len(share))
    stands[chosen] = share[chosen] / taken
    step = stands[chosen][taken < 1].max(initial=0.0)
    assert np.abs(np.cumsum(stands) - np.cumsum(share)).max() <= step + 1e-9


@given(asked=weighted())
def test_those_kept_are_worth_as_many_as_they_can_be(asked: tuple[Array, int]) -> None:
    """Their effective number is that of all, or as near to the size as the heavy ones let it be."""
    weights, size = asked

    chosen, taken = thin(weights, size)

    kept = weights[chosen] / taken
    whole, left = effective(weights / weights.sum()), effective(kept / kept.sum())
    assert left <= len(chosen) + 1e-9
    assert left >= 0.5 * min(whole, size) - 1


@given(asked=weighted(), power=st.integers(-200, 200))
def test_only_ratios_of_weights_matter(asked: tuple[Array, int], power: int) -> None:
    weights, size = asked

    first, second = thin(weights, size), thin(weights * 2.0**power, size)

    assert first[0].tolist() == second[0].tolist()
    assert first[1].tolist() == second[1].tolist()


@pytest.mark.parametrize("sigma", [0.3, 1.0, 2.5])
@pytest.mark.parametrize("seed", range(3))
def test_sums_over_the_kept_are_near_those_over_all(sigma: float, seed: int) -> None:
    """Horvitz and Thompson 1952: each kept value divided by its chance of being kept."""
    rng = np.random.default_rng(seed)
    weights = weigh(sigma * rng.normal(size=8000))
    values = rng.random((5, 8000))
    whole = values @ weights

    chosen, taken = thin(weights, 1000)

    found = values[:, chosen] @ (weights[chosen] / taken)
    assert np.abs(found - whole).max() < 4 * 0.29 / np.sqrt(1000)  # as for 1000 even draws
    assert effective(weights[chosen] / taken / (weights[chosen] / taken).sum()) >= 0.9 * min(
        1000, effective(weights)
    )


def test_even_weights_keep_every_so_many() -> None:
    chosen, taken = thin(np.ones(16), 4)

    assert chosen.tolist() == [1, 5, 9, 13]
    assert taken.tolist() == pytest.approx([0.25] * 4)


def test_one_draw_that_has_all_the_weight_is_kept_alone() -> None:
    chosen, taken = thin(np.array([0.0, 0.0, 3.0, 0.0]), 2)

    assert chosen.tolist() == [2]
    assert taken.tolist() == [1]


FADING = [
    pytest.param(np.r_[1.0, np.full(2000, 1e-20)], id="all alike"),
    pytest.param(np.r_[1.0, 1e-17 * np.arange(1, 2001)], id="rising"),
    pytest.param(np.r_[np.full(5, 1.0), 1e-18 * np.arange(1, 2001)], id="five heavy"),
    pytest.param(10.0 ** -np.arange(0, 300, 0.15), id="ever lighter"),
]


@pytest.mark.parametrize("weights", FADING)
def test_draws_lighter_than_rounding_beside_the_heavy_are_still_thinned(weights: Array) -> None:
    chosen, taken = thin(weights, 1000)

    assert abs(len(chosen) - 1000) <= 1
    light = taken < 1
    rest = weights[weights < 1e-3].sum()
    assert (weights[chosen] / taken)[weights[chosen] < 1e-3].sum() == pytest.approx(rest, rel=0.01)
    assert light.any()


def test_thinned_draws_of_a_spread_are_its_own_draws_with_their_factors() -> None:
    values = draw_values(SCENARIO, 60, 0)
    weights = np.arange(60) / np.arange(60).sum()
    spread = Spread(values, weights, np.zeros((2, 60)))

    kept, factors = spread.thin(20)

    chosen, taken = thin(weights, 20)
    assert kept.numbers.tolist() == chosen.tolist()
    assert factors.tolist() == (1 / taken).tolist()
    assert (kept["variables.a.prior"] == values["variables.a.prior"][:, chosen]).all()
    other, _ = spread.thin(20, np.ones(60) / 60)
    assert other.numbers.tolist() == thin(np.ones(60), 20)[0].tolist()


# --- draws that are made when they are asked for ---

NOISY = {"noisy_or": {"leak": 0.1, "causes": {"a": 0.6}}}
ROWS = [{"when": {"a": "yes"}, "then": {"low": 0.2, "mid": 0.3}}, {"then": {"low": 0.0, "mid": 1}}]
SCENARIO = Scenario.model_validate(
    {
        "title": "T",
        "question": "Q?",
        "hypotheses": {},
        "variables": {
            "a": {"prior": {"yes": 0.3}, "firmness": "low"},
            "b": NOISY,
            "c": {"states": ["low", "mid", "top"], "table": ROWS},
            "fixed": {"prior": {"yes": 1}},
        },
        "sources": {"s": {"reliability": 0.4}, "t": {"grade": "F"}, "u": {"grade": "B"}},
    }
)
PATHS = list(draw_values(SCENARIO, 1, 0))


def same(found: Draws, expected: Draws) -> None:
    """All values of both are the same to the last digit."""
    assert list(found) == list(expected)
    for path in expected:
        assert found[path].tolist() == expected[path].tolist(), path


def at_once(draws: int) -> Draws:
    return draw_values(SCENARIO, draws, 5)


@pytest.mark.parametrize("few", [0, 1, 7, 40])
def test_the_first_draws_stay_the_same_when_more_follow(few: int) -> None:
    same(at_once(few), at_once(100).pick(np.arange(few)))


def test_what_was_looked_at_before_more_were_drawn_stays_the_same() -> None:
    values = at_once(10)
    seen = {path: values[path].copy() for path in PATHS}

    more = values.grow(90)
    for path in PATHS:
        assert more[path].shape[-1] == 90

    same(values.join(more), at_once(100))
    assert all((values[path] == seen[path]).all() for path in PATHS)


@given(sizes=st.lists(st.integers(1, 40), min_size=1, max_size=6), looks=st.booleans())
def test_growing_and_joining_is_drawing_all_at_once(sizes: list[int], *, looks: bool) -> None:
    found = at_once(sizes[0])
    for size in sizes[1:]:
        if looks:
            assert found[PATHS[size % len(PATHS)]].shape[-1] == count_draws(found)
        found = found.join(found.grow(size))

    assert count_draws(found) == sum(sizes)
    same(found, at_once(sum(sizes)))


@given(chosen=st.lists(st.integers(0, 49), max_size=60))
def test_picked_draws_are_those_of_the_whole_in_the_order_asked_for(chosen: list[int]) -> None:
    places = np.array(chosen, dtype=np.int64)

    found, whole = at_once(50).pick(places), at_once(50)

    assert count_draws(found) == len(chosen)
    for path in PATHS:
        assert found[path].tolist() == whole[path][..., places].tolist()


def test_a_pick_of_a_pick_counts_in_the_first_pick() -> None:
    twice = at_once(50).pick(np.arange(10, 40)).pick(np.array([3, 0, 29]))

    assert twice.numbers.tolist() == [13, 10, 39]
    same(twice, at_once(50).pick(np.array([13, 10, 39])))


@pytest.mark.parametrize(("start", "stop"), [(0, 20), (5, 9), (15, 30), (19, 20), (0, 100)])
def test_a_cut_holds_the_draws_from_one_place_to_another(start: int, stop: int) -> None:
    whole = at_once(20)

    found = cut_draws(whole, start, stop)

    assert count_draws(found) == min(stop, 20) - start
    for path in PATHS:
        assert found[path].tolist() == whole[path][..., start:stop].tolist()


def test_a_cut_of_what_was_picked_counts_in_what_was_picked() -> None:
    found = cut_draws(at_once(50).pick(np.arange(0, 50, 5)), 2, 4)

    assert isinstance(found, Draws)
    assert found.numbers.tolist() == [10, 15]


def test_stated_values_are_one_draw_and_a_cut_leaves_them_whole() -> None:
    stated = as_stated(SCENARIO)

    assert count_draws(stated) == 1
    assert all((cut_draws(stated, 0, 7)[path] == stated[path]).all() for path in stated)


@given(order=st.permutations(PATHS), sizes=st.lists(st.integers(1, 30), min_size=3, max_size=3))
def test_values_do_not_depend_on_the_order_of_asking(order: list[str], sizes: list[int]) -> None:
    """Nor on how many draws of each were asked for before."""
    expected, values = at_once(30), at_once(30)

    found = {}
    for i, path in enumerate(order):
        values.pick(np.arange(sizes[i % 3]))[path]
        found[path] = values[path]

    for path in PATHS:
        assert found[path].tolist() == expected[path].tolist(), path


def test_growing_begins_after_the_last_draw_whichever_were_picked() -> None:
    few = at_once(30).pick(np.array([20, 3]))

    assert few.grow(4).numbers.tolist() == [21, 22, 23, 24]
    same(few.grow(4), at_once(40).pick(np.arange(21, 25)))


def test_no_draws_at_all_have_shape_but_no_length() -> None:
    values = at_once(0)

    assert values["variables.c.table[0].then"].shape == (3, 0)
    assert values["sources.s.reliability"].shape == (0,)
    same(values.join(values.grow(6)), at_once(6))


def test_what_nobody_stated_is_not_there() -> None:
    values = at_once(3)

    assert "variables.nobody.prior" not in values
    assert values.get("sources.u.grade") is None
    assert len(values) == len(PATHS) == len(set(PATHS))
    with pytest.raises(KeyError, match="nobody"):
        values["variables.nobody.prior"]
