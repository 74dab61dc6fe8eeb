"""The study itself: its scores by hand, a small part of it run, and what it must show."""

from __future__ import annotations

from collections.abc import Iterator
from math import log2, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from study.__main__ import main
from study.matrix import CUTS, fit_scores, weigh_item
from study.results import leading, read
from study.running import BEYOND, run
from study.sample import ACH, NAIVE_ALL, PRIOR, RIVALS, RIVALS_CAPPED, SIDE_BY_SIDE, Sample
from study.saying import BEGIN, END, say_all, say_who_is_ahead
from study.scoring import (
    average,
    brier_scores,
    calibration_error,
    chances,
    log_scores,
    sort_into_bins,
    split_brier,
    split_log,
    top_one,
)
from study.setting import RATES, Setting
from study.tables import TABLES, tabulate
from study.trial import learn_from, try_world
from study.views import KINDS, LINTED, RIGHT, UNMARKED

WORLDS, LESSONS, SEED = 20, 25, 11


# --- scores, by hand ---


def test_log_scores_stay_finite_however_sure_a_method_is() -> None:
    scores = log_scores(np.array([[900.0, -900.0]]), np.array([[0.0, 0.0]]))

    assert scores[0, 0] == pytest.approx(900 / np.log(2))
    assert scores[0, 1] == 0


def test_scores_are_those_of_the_textbook() -> None:
    odds, truth = np.log([[3.0, 1 / 3]]), np.array([[1.0, 1.0]])

    assert log_scores(odds, truth)[0].tolist() == pytest.approx([log2(4 / 3), 2])
    assert brier_scores(odds, truth)[0].tolist() == pytest.approx([1 / 16, 9 / 16])


def test_a_standard_error_goes_by_world() -> None:
    alone = np.array([[0.0, np.nan], [1.0, np.nan], [2.0, np.nan], [3.0, np.nan]])
    doubled = np.repeat(alone[:, :1], 2, axis=1)

    assert average(alone) == average(doubled) == (1.5, pytest.approx(sqrt(5) / 4))


def test_a_tie_for_the_first_place_is_shared() -> None:
    odds = np.array([[1.0, 1.0, 0.0], [2.0, 0.0, np.nan]])

    found = top_one(odds, np.array([[1.0, 0.0, 1.0], [0.0, 1.0, np.nan]]))

    assert found.ravel().tolist() == [0.5, 0.0]


def test_the_calibration_error_of_two_bins_is_as_by_hand() -> None:
    odds = np.log(np.r_[np.full(100, 1 / 3), np.full(100, 3.0)])[:, np.newaxis]
    truth = np.r_[np.ones(35), np.zeros(65), np.ones(80), np.zeros(20)][:, np.newaxis]

    bins = sort_into_bins(odds, truth)
    error, luck = calibration_error(bins)

    assert [b.forecasts for b in bins] == [100, 100]
    assert error == pytest.approx((0.10 + 0.05) / 2)
    assert luck == pytest.approx(sqrt(0.25 * 0.75 / 100) * sqrt(2 / np.pi))
    parts = split_brier(bins, average(brier_scores(odds, truth))[0])
    assert parts.reliability == pytest.approx((0.10**2 + 0.05**2) / 2)
    assert parts.resolution == pytest.approx(0.225**2)
    assert parts.uncertainty == pytest.approx(0.575 * 0.425)
    assert parts.within == pytest.approx(0, abs=1e-12)


def test_the_parts_of_a_score_sum_to_it() -> None:
    rng = np.random.default_rng(1)
    odds, truth = rng.normal(0, 4, (900, 4)), (rng.random((900, 4)) < 0.4).astype(float)
    bins = sort_into_bins(odds, truth)

    for mean, parts in (
        (average(log_scores(odds, truth))[0], split_log(bins, average(log_scores(odds, truth))[0])),
        (
            average(brier_scores(odds, truth))[0],
            split_brier(bins, average(brier_scores(odds, truth))[0]),
        ),
    ):
        whole = parts.reliability - parts.resolution + parts.uncertainty + parts.within
        assert whole == pytest.approx(mean, abs=1e-12)


def test_forecasts_that_are_calibrated_have_hardly_more_error_than_luck_makes() -> None:
    rng = np.random.default_rng(2)
    odds = rng.normal(0, 2, (5000, 4))
    truth = (rng.random((5000, 4)) < chances(odds)).astype(float)

    error, luck = calibration_error(sort_into_bins(odds, truth))

    assert error < 2 * luck < 0.02
    assert calibration_error(sort_into_bins(2 * odds, truth))[0] > 4 * luck


# --- the matrix, by hand ---


def test_an_item_is_rated_and_weighted_as_parc_has_it() -> None:
    # ratios: four times likelier, five times less likely (II), a little less than half (I)
    ratios, second = np.array([4.0, 0.2, 0.45]), CUTS.index((2.0, 5.0))

    # the strongest ratio is 5: relevance high; by grade, credibility high, medium, low
    assert weigh_item(ratios, "A")[second] == pytest.approx([0, -2 * 1.414 * 1.414, -2], rel=1e-3)
    assert weigh_item(ratios, "C")[second] == pytest.approx([0, -2 * 1.414, -1.414], rel=1e-3)
    assert weigh_item(ratios, "E")[second] == pytest.approx([0, -2, -1], rel=1e-3)
    # no ratio is above 2: relevance low; nothing is inconsistent
    assert weigh_item(np.array([1.2, 0.9]), "A")[second].tolist() == [0, 0]


def test_the_logistic_finds_the_one_that_scores_came_from() -> None:
    rng = np.random.default_rng(3)
    prior = rng.normal(-0.5, 0.7, (4000, 4))
    scores = -rng.gamma(2, 2, (4000, 1, 4)) * np.array([1, 0.2, 3])[:, np.newaxis]
    odds = 1 + 0.5 * scores[:, 1] + prior
    truth = (rng.random(odds.shape) < chances(odds)).astype(float)

    found = fit_scores(scores, prior, truth).odds(scores, prior)

    assert np.abs(chances(found) - chances(odds)).mean() < 0.02


# --- who is ahead, by hand ---


def test_whatever_is_within_two_standard_errors_of_the_best_leads() -> None:
    near = {RIVALS: (0.0, 0.0), PRIOR: (0.02, 0.011), NAIVE_ALL: (0.02, 0.009)}
    rows = [
        (kind, "all", method, *near.get(method, (1.0, 0.1)))
        for kind in KINDS
        for method in SIDE_BY_SIDE
    ]
    scores = pd.DataFrame(rows, columns=["kind", "echo", "method", "behind", "behind_se"])

    leads = leading(scores)

    assert (leads.sum(axis=1) == 2).all()
    assert leads[[RIVALS, PRIOR]].all(axis=None)


def test_who_is_ahead_in_all_worlds_together_is_told_so_by_either_score(tmp_path: Path) -> None:
    columns = ["kind", "echo", "method", "log", "log_se", "brier", "brier_se"]
    rows = [
        (UNMARKED, "all", ACH, -0.30, 0.01, 0.1, 0.01),
        (UNMARKED, "10", ACH, -0.40, 0.10, 0.1, 0.01),
        (UNMARKED, "30", ACH, -0.19, 0.10, 0.1, 0.01),
        (RIGHT, "all", PRIOR, 0.10, 0.01, -0.05, 0.01),
    ]
    pd.DataFrame(rows, columns=columns).to_csv(tmp_path / "compared.csv", index=False)

    said = say_who_is_ahead(tmp_path)

    table = [line for line in said.splitlines() if line.startswith("|")]
    assert table[2:] == [
        f"| {RIGHT} | prior alone |  | 0.05 |",
        f"| {UNMARKED} | ACH | 0.30 (at 10) |  |",
    ]


# --- a small part of the study ---


@pytest.fixture(scope="module")
def sample() -> Iterator[Sample]:
    """A few worlds and what some others teach."""
    told: list[tuple[str, int, int]] = []
    yield run(SEED, WORLDS, LESSONS, 1, lambda *how: told.append(how))
    assert told[WORLDS - 1] == ("worlds weighed", WORLDS, WORLDS)


@pytest.fixture(scope="module")
def tables(sample: Sample) -> dict[str, pd.DataFrame]:
    """Its tables."""
    return tabulate(sample)


def test_the_right_model_is_calibrated_within_its_standard_error(sample: Sample) -> None:
    p, truth = chances(sample.odds[RIGHT, RIVALS]), sample.truth

    mean, error = average(p - truth)
    misfit, misfit_error = average((truth - p) ** 2 - p * (1 - p))

    assert abs(mean) < 3 * error
    assert abs(misfit) < 3 * misfit_error


def test_the_right_model_scores_better_than_the_other_methods(sample: Sample) -> None:
    truth = sample.truth
    ours = log_scores(sample.odds[RIGHT, RIVALS], truth)

    for method in (PRIOR, NAIVE_ALL, ACH):
        mean, error = average(log_scores(sample.odds[RIGHT, method], truth) - ours)
        assert mean > error


def test_every_method_has_a_finite_number_for_every_hypothesis(sample: Sample) -> None:
    known = ~np.isnan(sample.truth)

    assert known.sum(axis=1).tolist() == [3 if np.isnan(row[3]) else 4 for row in sample.truth]
    for found in (*sample.odds.values(), sample.known):
        assert np.isfinite(found[known]).all()
        assert np.isnan(found[~known]).all()


def test_every_kind_echo_rate_and_method_has_its_row(tables: dict[str, pd.DataFrame]) -> None:
    scores = tables["scores"]

    assert list(dict.fromkeys(scores["kind"])) == list(KINDS)
    assert set(scores["echo"]) == {"all", *map(str, RATES)}
    assert (scores.groupby(["kind", "method"]).size() == 6).all()
    assert (tables["compared"].groupby("kind").size() == 6 * 8).all()
    whole = scores[scores["echo"] == "all"]
    assert (whole["worlds"] == WORLDS).all()


def test_ranges_are_found_in_every_sixth_world_with_the_right_model(sample: Sample) -> None:
    found = ~np.isnan(sample.ranges[..., 0]).any(axis=2)  # (worlds, kinds)

    assert np.flatnonzero(found[:, KINDS.index(RIGHT)]).tolist() == [0, 6, 12, 18]
    assert np.flatnonzero(found.all(axis=1)).tolist() == [0]
    assert (found.any(axis=1) == found[:, KINDS.index(RIGHT)]).all()


def test_how_far_behind_the_best_a_method_is_goes_by_the_same_worlds(
    sample: Sample, tables: dict[str, pd.DataFrame]
) -> None:
    scores = tables["scores"].query("kind == @UNMARKED and echo == 'all'").set_index("method")
    bits = {m: log_scores(sample.odds[UNMARKED, m], sample.truth) for m in SIDE_BY_SIDE}

    best = scores["behind"].idxmin()
    behind, error = average(bits[PRIOR] - bits[str(best)])

    assert set(scores.index[scores["behind"].notna()]) == set(SIDE_BY_SIDE)
    assert scores.loc[best, "behind"] == scores.loc[best, "behind_se"] == 0
    assert scores.loc[PRIOR, "behind"] == pytest.approx(behind, abs=1e-4)
    assert scores.loc[PRIOR, "behind_se"] == pytest.approx(error, abs=1e-4)


def test_the_parts_in_the_table_sum_to_the_scores(tables: dict[str, pd.DataFrame]) -> None:
    parts = tables["parts"]

    whole = parts["reliability"] - parts["resolution"] + parts["uncertainty"] + parts["within"]

    assert (whole - parts["mean"]).abs().max() < 3e-4  # each is rounded to four places


def test_the_same_seed_gives_the_same_world_whatever_came_before(sample: Sample) -> None:
    again = try_world(Setting(SEED, 11))

    for name in ("truth", "known", "odds", "scores", "variants", "ranges"):
        np.testing.assert_array_equal(getattr(again, name), getattr(sample.trials[11], name))
    assert again.suspicion == sample.trials[11].suspicion
    assert not np.array_equal(try_world(Setting(SEED + 1, 11)).odds, again.odds)


def test_lessons_are_never_scored() -> None:
    assert BEYOND > 10_000


def test_a_lesson_shows_the_matrix_what_it_is_scored_on_under_every_kind_of_error() -> None:
    setting = Setting(SEED, 3)

    lesson, trial = learn_from(setting), try_world(setting)

    np.testing.assert_array_equal(lesson.scores, trial.scores)
    assert not np.array_equal(*(lesson.scores[KINDS.index(k)] for k in (UNMARKED, LINTED)))


# --- what the committed results show ---


def test_the_right_model_is_calibrated_in_the_study() -> None:
    ours = read("scores").query("kind == @RIGHT and method == @RIVALS").set_index("echo")

    assert ours.loc["all", "calibration_error"] < 0.02
    each = ours.drop("all")
    assert (each["calibration_error"] < np.maximum(0.02, 2 * each["by_chance_alone"])).all()


def test_the_right_model_beats_every_other_method_at_every_echo_rate_in_the_study() -> None:
    table = read("compared")
    right = table[(table["kind"] == RIGHT) & (table["method"] != RIVALS_CAPPED)]

    assert set(right["echo"]) == {"all", *map(str, RATES)}
    assert (right["log"] > 0).all()
    whole = right[right["echo"] == "all"]
    assert (whole["log"] > 4 * whole["log_se"]).all()


def test_nine_in_ten_ranges_hold_with_the_right_model_in_the_study() -> None:
    held = read("ranges").query("kind == @RIGHT").set_index("echo").loc["all"]

    assert held["held"] == pytest.approx(0.9, abs=max(0.02, 3 * held["held_se"]))


def test_the_readme_says_what_the_study_found() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")

    assert f"{BEGIN}\n\n{say_all()}\n\n{END}" in readme


def test_one_command_writes_the_same_files_again_on_more_processes(tmp_path: Path) -> None:
    """As many worlds as two processes are given some of."""
    for processes, name in enumerate(("one", "two"), 1):
        few = f"--worlds 12 --lessons 12 --processes {processes} --out {tmp_path / name}"
        result = CliRunner().invoke(main, few.split())
        assert result.exit_code == 0, result.output

    written = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert written == sorted([*(f"{name}.csv" for name in TABLES), "meta.json"])
    for name in written:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_study_too_small_to_have_every_echo_rate_is_refused() -> None:
    result = CliRunner().invoke(main, ["--worlds", "4"])

    assert result.exit_code == 2
    assert "4 is not in the range x>=5" in result.output
