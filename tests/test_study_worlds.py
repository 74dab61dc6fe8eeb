"""The worlds of the study: drawn as they say, and weighed the same by enumeration and library."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy.stats import chisquare

from rivals.judgements import as_stated
from study.coding import HEARD_OF, Page, dossier_of, scenario_of
from study.enumeration import Beliefs
from study.faults import Told
from study.model import GRADES, Model, NoisyOr, Source, Table, Variable, hear, tell
from study.naive import count_pages
from study.setting import Made, Setting
from study.speaking import INSIDER, Turn, Voices
from study.spreading import plan_copies
from study.suspecting import finds_one_sided
from study.truth import draw_explained, draw_numbers
from study.views import (
    AWAITED,
    DECEIT,
    GRADES_OFF,
    KINDS,
    LINKS_OFF,
    ORIGIN,
    RIGHT,
    SILENCE,
    UNMARKED,
    View,
    take_views,
)
from study.weighing import as_draws, network_of, weigh

SOME = range(4)


def made(world: int) -> Made:
    return Made.draw(Setting(5, world))


def ask(view: View, pages: tuple[Page, ...]) -> np.ndarray:
    """What the library says, in log-odds."""
    scenario = scenario_of(view.model, awaits=view.awaits)
    network = network_of(dossier_of(scenario, view.model, pages))
    return weigh(network, as_draws(view.numbers))[:, 0]


def odds(p: np.ndarray) -> np.ndarray:
    return np.log(p) - np.log1p(-p)


@pytest.mark.parametrize("world", SOME)
def test_the_files_state_the_numbers_that_truths_are_drawn_around(world: int) -> None:
    model = made(world).model

    found = as_stated(scenario_of(model))

    stated = as_draws(model.as_stated())
    assert found.keys() - stated.keys() == {"settings.grades.F"}  # which no source here has
    for path, p in stated.items():
        assert found[path] == pytest.approx(p, abs=1e-12), path


@pytest.mark.parametrize("world", SOME)
def test_the_library_finds_what_enumeration_finds(world: int) -> None:
    for view in take_views(made(world)).values():
        by_hand = Beliefs(view.model).weigh(view.counted, HEARD_OF * view.awaits)

        assert ask(view, view.counted) == pytest.approx(odds(by_hand), abs=1e-5)


def test_what_is_awaited_makes_a_difference() -> None:
    views = take_views(made(1))

    awaited, not_awaited = (ask(views[kind], views[kind].counted) for kind in (AWAITED, SILENCE))

    assert views[AWAITED].pages == views[SILENCE].pages
    assert np.abs(awaited - not_awaited).max() > 0.1


def test_a_log_of_positives_is_called_one_sided_and_others_are_not() -> None:
    found = []
    for world in range(10, 20):
        views = take_views(made(world))
        for kind in (RIGHT, SILENCE):
            view = views[kind]
            network = network_of(dossier_of(scenario_of(view.model), view.model, view.counted))
            found.append(finds_one_sided(network, view.model))

    assert sum(found[0::2]) == 0
    assert sum(found[1::2]) >= 5


def test_marked_copies_weigh_nothing() -> None:
    view = take_views(made(4))[RIGHT]

    assert len(view.pages) > 10 * len(view.counted)
    assert ask(view, view.pages) == pytest.approx(ask(view, view.counted), abs=1e-12)


def test_naive_bayes_is_exact_where_there_is_but_one_page() -> None:
    view = take_views(made(1))[RIGHT]

    for page in view.counted:
        counted = count_pages(Beliefs(view.model), (page,))
        assert counted == pytest.approx(ask(view, (page,)), abs=1e-9)
    assert count_pages(Beliefs(view.model), ()) == pytest.approx(ask(view, ()), abs=1e-9)


# --- is the truth drawn as the model says? ---

YES_NO = ("no", "yes")
TINY = Model(
    {
        "h1": Variable(YES_NO, Table((), ((0.7, 0.3),)), "ground", (0.5, 0.5)),
        "trace": Variable(
            ("none", "some", "much"),
            Table(("h1",), ((0.8, 0.15, 0.05), (0.2, 0.3, 0.5))),
            "ground",
            (0.2, 0.3, 0.5),
        ),
        "effect": Variable(YES_NO, NoisyOr(0.1, {"h1": 0.6}), "money", (0.5, 0.5)),
    },
    ("h1",),
    "effect",
    (),
    {"a": Source("B", {"h1": 1}), "b": Source("D")},
    {},
)
TURNS = (Turn("a", "h1", "inferred", 0, 0), Turn("b", "trace", "relayed", 0, 1))
COARSE = (*TURNS, Turn("a", "trace", "direct", 1, 2))


def test_what_happens_and_is_said_is_as_frequent_as_it_should_be() -> None:
    rng = np.random.default_rng(3)
    numbers = TINY.as_stated()
    seen: dict[tuple[int, ...], int] = {}
    for _ in range(2000):
        _, world = draw_explained(rng, TINY)
        said = Voices(rng, TINY, numbers, world).speak(TURNS)
        key = (world["h1"], *(statement.said[0] for statement in said))
        seen[key] = seen.get(key, 0) + 1

    cells = list(product((0, 1), (0, 1), range(3)))
    expected = np.array([_chance(*cell) for cell in cells])

    assert expected.sum() == pytest.approx(1)
    # a world's numbers are drawn anew each time, and average out to those that are stated
    assert chisquare([seen.get(c, 0) for c in cells], 2000 * expected).pvalue > 0.001


def _chance(h1: int, said_by_a: int, said_by_b: int) -> float:
    """P(h1, what a says of it, what b says of the trace | the effect), by the definitions."""
    joint = TINY.joint(TINY.as_stated())[:, :, 1]
    total = 0.0
    for trace in range(3):
        voices = (
            _say("a", "h1", h1, said_by_a, 0.80),
            _say("b", "trace", trace, said_by_b, 0.95),
        )
        total += joint[h1, trace] / joint.sum() * voices[0] * voices[1]
    return total


def _say(source: str, about: str, truth: int, said: int, fidelity: float) -> float:
    stories = tell(TINY.sources[source], about, TINY, TINY.as_stated())
    heard = hear((said,), stories.shape[1], fidelity)
    p = GRADES[TINY.sources[source].grade]
    return float((1 - p) * stories[0, truth] @ heard + p * stories[1, truth] @ heard)


def test_a_story_told_twice_roughly_and_finely_is_one_story() -> None:
    rng = np.random.default_rng(4)
    numbers = TINY.as_stated() | {f"settings.fidelity.{d}": np.array(1.0) for d in ("direct",)}
    world = {"h1": 1, "trace": 2, "effect": 1}
    twice = (Turn("a", "trace", "direct", 0, 0), Turn("a", "trace", "direct", 1, 2))

    pairs = {
        tuple(s.said for s in Voices(rng, TINY, numbers, world).speak(twice)) for _ in range(300)
    }

    assert pairs == {((0,), (0,)), ((1,), (1, 2)), ((2,), (1, 2))}


def test_true_numbers_lie_around_the_stated_ones_as_far_as_firmness_says() -> None:
    rng = np.random.default_rng(6)
    drawn = [draw_numbers(rng, TINY) for _ in range(4000)]

    for path, p in TINY.as_stated().items():
        values = np.array([one[path] for one in drawn])
        size = max(20.0, 1 / min(p.min(), 1 - p.max()))
        spread = p * (1 - p) / (size + 1)
        assert np.abs(values.mean(axis=0) - p) == pytest.approx(
            0, abs=5 * (spread.max() / 4000) ** 0.5
        )
        assert values.var(axis=0) == pytest.approx(spread, rel=0.15)
    grades = np.array([[one[f"settings.grades.{g}"] for g in "ABCDE"] for one in drawn])
    assert (np.diff(grades) <= 0).all()


def test_copies_are_as_many_unmarked_and_drifting_as_said() -> None:
    turns = (Turn("b", "trace", "relayed", 0, 0),) * 3000
    model = replace(TINY, outlets={"paper": Source("C"), "radio": Source("B")})

    copies = [c for one in plan_copies(np.random.default_rng(7), model, turns, 10) for c in one]

    assert len(copies) / 3000 == pytest.approx(10, abs=0.6)
    assert np.mean([not c.marked for c in copies]) == pytest.approx(0.2, abs=0.01)
    assert np.mean([c.drift > 0 for c in copies]) == pytest.approx(0.05, abs=0.005)
    assert plan_copies(np.random.default_rng(7), model, turns, 0) == ((),) * 3000


# --- is what is made wrong as wrong as it says, and nothing else? ---


@pytest.mark.parametrize("world", SOME)
def test_every_error_leaves_the_rest_alone(world: int) -> None:
    views = take_views(made(world))
    right = views[RIGHT]

    assert set(views) == set(KINDS) - {"unmarked, linted"}
    assert views[GRADES_OFF].pages == views[LINKS_OFF].pages == right.pages
    for kind in (UNMARKED, ORIGIN, DECEIT, SILENCE):
        assert views[kind].model is right.model
    assert len(views[UNMARKED].pages) == len(views[ORIGIN].pages) == len(right.pages)


def test_grades_are_off_by_exactly_one_letter() -> None:
    views = take_views(made(3))
    right, off = views[RIGHT].model, views[GRADES_OFF].model

    for name, source in right.sources.items():
        assert abs(ord(source.grade) - ord(off.sources[name].grade)) == 1
        assert off.sources[name].interest == source.interest
    assert off.variables == right.variables


def test_links_are_off_by_three_tenths_and_priors_stand() -> None:
    views = take_views(made(3))
    stated, off = views[RIGHT].model.stated, views[LINKS_OFF].model.stated

    for path, p in stated.items():
        if path.endswith(".prior"):
            assert off[path] == p
            continue
        here, there = (1 - x[0] if isinstance(x, tuple) else x for x in (p, off[path]))
        assert (
            there / here == pytest.approx(1.3)
            or there / here == pytest.approx(0.7)
            or (there == pytest.approx(0.99) and here * 1.3 > 0.99)
            or (there == pytest.approx(0.01) and here * 0.7 < 0.01)
        )
    assert {v.topic for v in views[LINKS_OFF].model.variables.values()} <= {"ground", "money"}


@pytest.mark.parametrize("world", SOME)
def test_the_insider_is_right_on_trifles_and_wrong_on_what_matters(world: int) -> None:
    one = made(world)
    view = take_views(one)[DECEIT]

    said = [page for page in view.counted if page.source == INSIDER]

    assert len(said) == 5
    for page in said:
        assert (one.world[page.variable] in page.said) == (page.variable in one.model.trifles)


@pytest.mark.parametrize("world", SOME)
def test_under_silence_nothing_that_denies_is_published(world: int) -> None:
    views = take_views(made(world))

    assert all(0 not in told.said for told in views[SILENCE].counted)
    loud = [page for page in views[RIGHT].counted if 0 not in page.said]
    assert [p.said for p in loud] == [p.said for p in views[SILENCE].counted]


def test_those_who_share_an_origin_say_the_same() -> None:
    one = made(8)
    sure = one.numbers | {
        f"settings.fidelity.{d}": np.array(1.0) for d in ("direct", "relayed", "inferred")
    }
    same = replace(one, numbers=sure)
    right, altered = (take_views(same)[kind].counted for kind in (RIGHT, ORIGIN))

    moved = [b for a, b in zip(right, altered, strict=True) if a.said != b.said]

    assert moved
    subjects = {page.variable for page in moved}
    assert len(subjects) <= 2
    for name in subjects:
        shared = [set(page.said) for page in moved if page.variable == name]
        assert set.intersection(*shared)


def test_an_unmarked_copy_is_taken_for_the_outlets_own_word() -> None:
    one = made(3)
    told: tuple[Told, ...] = one.told
    view = take_views(one)[UNMARKED]

    own = [page for page in view.counted if page.repeats]

    assert len(own) == sum(not copy.marked for each in told for copy in each.copies) > 0
    assert all(page.source == page.outlet for page in own)
