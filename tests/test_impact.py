"""`impact` against its definition: every order of arrival, every question asked anew.

What a coalition of reports is worth comes from the oracle's full enumeration, or from
`case.without`; the naive count is compared with a scenario written out with separate sources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

import rivals
from conftest import BUDGET, FOLDERS
from generate import Made, seeded
from oracle import silence, texts
from oracle.brute import Impossible, weigh
from oracle.log import says, weigh_log
from plain_yaml import QuotingDumper
from rivals.analysis import shapley
from rivals.analysis.impact import count_naively, impact, impact_by
from rivals.engine import Array
from rivals.stories import Mask
from test_agreement import asked, is_impossible

SHIPPED = Path(__file__).parent.parent / "scenarios"
SEEDS = 300 if BUDGET == "full" else 20
NAIVE_SEEDS = 1000 if BUDGET == "full" else 120
BLOCK = 20
CELLS = 1500
ORDERS = 6  # the reports whose orders are all listed: 720
CLOSE = 1e-9

Held = frozenset[str]
Worth = Callable[[Held], Array]
"""The decibels of the odds of each hypothesis, given a coalition of reports."""


def odds(combinations: Iterable[tuple[tuple[bool, ...], float]]) -> Array:
    """In decibels, from the chances of all combinations: no 1 - P, so that nothing is lost."""
    rows = list(combinations)
    truths, chances = np.array([row[0] for row in rows], bool), np.array([row[1] for row in rows])
    held, failed = (chances[:, np.newaxis] * part for part in (truths, ~truths))
    with np.errstate(divide="ignore"):
        return np.asarray(10 * (np.log10(held.sum(axis=0)) - np.log10(failed.sum(axis=0))))


def odds_of(case: Any) -> Array:
    """Those of a case, by the library's `combinations`."""
    table = case.combinations(draws=0)
    names = list(case.scenario.hypotheses)
    return odds(zip(table[names].to_numpy().tolist(), table["posterior"], strict=True))


def counted(case: Any) -> list[str]:
    """The ids of the counted reports, in order."""
    statuses = case.reports()["status"]
    return list(statuses.index[statuses == "counted"])


def remembering(ask: Worth) -> Worth:
    """The same, asked once for each coalition."""
    known: dict[Held, Array] = {}

    def worth(held: Held) -> Array:
        if held not in known:
            known[held] = ask(held)
        return known[held]

    return worth


def by_case(case: Any) -> Worth:
    """What a coalition is worth by leaving out all others."""
    every = frozenset(counted(case))
    return remembering(lambda held: odds_of(case.without(*sorted(every - held))))


def by_enumeration(made: Made, reports: list[str]) -> Worth:
    """What a coalition is worth by the oracle."""

    def ask(held: Held) -> Array:
        left = (*made.without, *(name for name in reports if name not in held))
        found = weigh(made.texts, **{**made.what_if, "without": left}).combinations
        return odds((truths, after) for truths, (_, after) in found.items())

    return remembering(ask)


def finite(values: Array) -> Array:
    """NaN where there are infinitely many decibels."""
    return np.where(np.isfinite(values), values, np.nan)


def every_order(worth: Worth, reports: list[str]) -> Array:
    """Shapley's definition: the mean over all orders of what each adds: (reports, hypotheses)."""
    total = np.zeros((len(reports), len(worth(frozenset()))))
    orders = list(permutations(range(len(reports))))
    for order in orders:
        for place, player in enumerate(order):
            before = frozenset(reports[i] for i in order[:place])
            total[player] += worth(before | {reports[player]}) - worth(before)
    return finite(total / len(orders))


def expected(worth: Worth, reports: list[str]) -> dict[str, Array]:
    """All three kinds by definition: (reports, hypotheses)."""
    size = len(worth(frozenset()))
    if not reports:
        return {kind: np.zeros((0, size)) for kind in ("arrival", "left_out", "shapley")}
    every = frozenset(reports)
    steps = np.stack([worth(frozenset(reports[:n])) for n in range(len(reports) + 1)])
    rest = np.stack([worth(every - {name}) for name in reports])
    return {
        "arrival": finite(np.diff(steps, axis=0)),
        "left_out": finite(worth(every) - rest),
        "shapley": every_order(worth, reports),
    }


def compare(table: pd.DataFrame, case: Any, kinds: dict[str, Array]) -> float:
    """Every number is the definition's, 0 for what does not count; the largest error."""
    reports, names = counted(case), list(case.scenario.hypotheses)
    weighs = table["report", "counted"].to_numpy()
    assert list(table.index[weighs]) == reports
    worst = 0.0
    for kind, numbers in kinds.items():
        found = table[kind][names].to_numpy()
        np.testing.assert_allclose(found[weighs], numbers, rtol=0, atol=CLOSE, err_msg=kind)
        assert (found[~weighs] == 0).all()
        worst = max(worst, np.nan_to_num(np.abs(found[weighs] - numbers)).max(initial=0.0))
    return float(worst)


@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")  # inf - inf
@pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))
def test_decibels_are_those_of_every_order_by_full_enumeration(
    block: int, tmp_path: Path, record_property: Any
) -> None:
    compared, worst = 0, (0.0, "nothing")
    for seed in range(block, block + BLOCK):
        made = seeded(seed, cells=CELLS)
        case = asked(made, tmp_path / str(seed))
        if case is None or is_impossible(case) or len(counted(case)) > ORDERS:
            continue
        try:
            kinds = expected(by_enumeration(made, counted(case)), counted(case))
        except Impossible:
            continue

        table = impact(case.stated)

        worst = max(worst, (compare(table, case, kinds), f"seed {seed}"))
        compared += len(counted(case)) > 1

    assert compared >= BLOCK // 4
    record_property("largest error of impact against enumeration, in dB", worst)


@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")  # inf - inf
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_decibels_are_those_of_every_order_by_leaving_out(
    folder: Path, record_property: Any
) -> None:
    case = rivals.read(folder)
    case = case.without(*counted(case)[5:])

    error = compare(impact(case.stated), case, expected(by_case(case), counted(case)))

    record_property("largest error of impact against `without`, in dB", (error, folder.name))


def force_sampling(monkeypatch: pytest.MonkeyPatch, precise: float = 0.1) -> None:
    """Sample, however few reports there are."""
    monkeypatch.setattr(shapley, "EXACT", 1)
    monkeypatch.setattr(shapley, "PRECISE", precise)


def assert_sums(table: pd.DataFrame, case: Any) -> None:
    """Shapley values and arrivals sum to the shift from nothing to everything."""
    shift = finite(odds_of(case) - odds_of(case.without(*counted(case))))
    for kind in ("arrival", "shapley") if counted(case) else ():
        sums = table[kind].sum(skipna=False).to_numpy()
        np.testing.assert_allclose(sums, shift, rtol=0, atol=CLOSE, err_msg=kind)
    told = [table.attrs["shift"][name] for name in case.scenario.hypotheses]
    np.testing.assert_allclose(told, shift, rtol=0, atol=CLOSE)


@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")  # inf - inf
@pytest.mark.parametrize("sampled", [False, True])
def test_shapley_values_sum_to_the_shift(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, sampled: bool
) -> None:
    if sampled:
        force_sampling(monkeypatch, 1.0)
    made = [asked(seeded(seed, cells=CELLS), tmp_path / str(seed)) for seed in range(40)]
    shipped = [rivals.read(folder) for folder in FOLDERS if folder.name != "cuba-venezuela"]
    asked_of = 0

    for case in (*made, *shipped):
        if case is None or is_impossible(case):
            continue
        table = impact(case.stated)
        assert_sums(table, case)
        asked_of += (table.attrs["pairs"] > 0) == sampled

    assert asked_of >= 20


def test_of_the_real_case_values_are_sampled_until_precise_and_sum_to_the_shift() -> None:
    case = rivals.read(SHIPPED / "cuba-venezuela")
    heard: list[tuple[int, int]] = []

    table = impact(case.stated, tell=lambda done, wanted: heard.append((done, wanted)))

    assert_sums(table, case)
    errors = table["error"].to_numpy()[table["report", "counted"]]
    assert ((errors > 0) & (errors < 0.1)).any(axis=1).mean() > 0.9
    assert (errors < 0.1).all()
    assert [done for done, _ in heard] == sorted({done for done, _ in heard})
    assert all(done <= wanted for done, wanted in heard)
    assert heard[-1][0] == heard[-1][1] == table.attrs["pairs"]
    assert list(table["report", "counted"]) == [
        s == "counted" for s in case.reports()["status"] if s not in ("retracted", "left out")
    ]
    assert (table.loc[~table["report", "counted"], ["arrival", "left_out", "shapley"]] == 0).all(
        axis=None
    )


def test_two_rounds_of_one_pair_of_orders_sum_to_the_shift_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    force_sampling(monkeypatch, np.inf)
    monkeypatch.setattr(shapley, "LEAST", 1)
    case = rivals.read(SHIPPED / "cuba-venezuela")

    table = impact(case.stated)

    assert table.attrs["pairs"] == 2
    assert_sums(table, case)


def test_the_sampler_agrees_with_the_exact_values_within_its_errors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = rivals.read(SHIPPED / "cuba-venezuela")
    case = case.without(*counted(case)[10:])
    exact = impact(case.stated)
    force_sampling(monkeypatch, 0.02)
    weighs = exact["report", "counted"]

    tables = [impact(case.stated, seed=seed) for seed in range(6)]

    assert exact.attrs["pairs"] == 0
    assert (exact["error"] == 0).all(axis=None)
    pulls = []
    for table in tables:
        apart = (table["shapley"] - exact["shapley"])[weighs].to_numpy()
        error = table["error"][weighs].to_numpy()
        assert table.attrs["pairs"] >= shapley.LEAST
        assert (error < 0.02).all()
        assert (np.abs(apart) <= 4.5 * error + CLOSE).all()
        pulls.append((apart[error > 1e-6] / error[error > 1e-6]) ** 2)
    assert 0.5 < np.concatenate(pulls).mean() < 1.7  # the errors say how far off values are


def test_the_same_seed_gives_the_same_values_and_another_others() -> None:
    stated = rivals.read(SHIPPED / "cuba-venezuela").stated

    first, again, other = (impact(stated, seed=seed) for seed in (1, 1, 2))

    pd.testing.assert_frame_equal(first, again)
    assert (first["shapley"] != other["shapley"]).any(axis=None)
    pd.testing.assert_frame_equal(first["left_out"], other["left_out"])


@pytest.mark.parametrize("players", [2, 5, 13])
def test_a_game_that_adds_up_gives_each_its_own_without_error(players: int) -> None:
    own = np.arange(1.0, players + 1)

    def game(sets: Mask) -> Array:
        return np.asarray((own @ sets)[:, np.newaxis] * [1, -2])

    for found in (
        shapley.share_exactly(game, players),
        shapley.share_by_sampling(game, players, 0),
    ):
        np.testing.assert_allclose(found.share, own[:, np.newaxis] * [1, -2], atol=CLOSE)
        assert (found.error < 1e-9).all()


def test_a_game_of_gloves_has_the_published_solution() -> None:
    """One left glove, two right ones, a pair is worth 1: Shapley's 2/3, 1/6, 1/6."""

    def game(sets: Mask) -> Array:
        return np.asarray((sets[0] & (sets[1] | sets[2])).astype(float)[:, np.newaxis])

    found = shapley.share_out(game, 3)

    np.testing.assert_allclose(found.share[:, 0], [2 / 3, 1 / 6, 1 / 6], atol=1e-15)
    assert found.pairs == 0


def test_an_order_and_its_reverse_cancel_what_depends_on_the_place() -> None:
    """All that came before count: late players add much, but early and late meet in a pair."""

    def game(sets: Mask) -> Array:
        return np.asarray(sets.sum(axis=0)[:, np.newaxis] ** 2.0)

    found = shapley.share_by_sampling(game, 20, 0)

    assert found.pairs == shapley.LEAST
    np.testing.assert_allclose(found.share, 20, atol=CLOSE)
    assert (found.error < 1e-9).all()


def test_rounds_together_have_the_error_of_all_their_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A game of thirteen in which three are worth something together, in rounds of 64 pairs."""
    force_sampling(monkeypatch, 0.03)
    seen: list[Array] = []
    plain = shapley._try_pairs

    def try_pairs(*args: Any) -> Array:
        seen.append(plain(*args))
        return seen[-1]

    monkeypatch.setattr(shapley, "_try_pairs", try_pairs)

    found = shapley.share_by_sampling(lambda sets: 3.0 * sets[:3].all(axis=0)[:, np.newaxis], 13, 0)

    every = np.concatenate(seen)
    assert len(seen) > 2
    assert found.pairs == len(every)
    np.testing.assert_allclose(found.share, every.mean(axis=0), atol=1e-12)
    error = every.std(axis=0, ddof=1) / np.sqrt(len(every))
    np.testing.assert_allclose(found.error, error, atol=1e-12)
    assert (np.abs(found.share[:3] - 1) <= 4 * found.error[:3]).all()
    assert (found.share[3:] == 0).all()


# --- beside the trail and `without` ---


@pytest.mark.parametrize("supposed", [{}, {"petrol_found": "yes"}, {"sprinklers": "off"}])
def test_arrival_is_the_difference_of_the_trail(supposed: dict[str, str]) -> None:
    case = rivals.read(SHIPPED / "warehouse-fire").given(**supposed)
    trail = case.trail(draws=0)

    table = impact(case.stated)

    start = pd.DataFrame([trail.attrs["start"]["posterior"]])
    beliefs = pd.concat([start, trail["posterior"]])
    decibels = (10 * np.log10(beliefs / (1 - beliefs))).diff().iloc[1:]
    decibels[(trail["report", "status"] != "counted").to_numpy()] = 0
    assert list(table.index) == list(trail.index)
    assert (table["arrival"].loc["meter-log"].notna()).sum() >= 2
    np.testing.assert_allclose(table["arrival"], decibels, atol=CLOSE)


def test_left_out_is_what_without_says_on_the_real_case() -> None:
    case = rivals.read(SHIPPED / "cuba-venezuela").as_of("2026-02-22")
    whole = odds_of(case)

    table = impact(case.stated)

    for report in counted(case)[::4]:
        left = table["left_out"].loc[report]
        np.testing.assert_allclose(left, whole - odds_of(case.without(report)), atol=CLOSE)


# --- made by hand ---

EVEN = {"ask": "Was it so?", "prior": {"yes": "0.5"}}
ROWS = [
    {"when": {"a": "yes"}, "then": {"yes": "0.8"}},
    {"when": {"b": "yes"}, "then": {"yes": "0.4"}},
    {"then": {"yes": "0.1"}},
]
SMALL: dict[str, Any] = {
    "title": "T",
    "question": "Q?",
    "hypotheses": {"first": "a=yes", "second": "b=yes"},
    "variables": {"a": {**EVEN, "prior": {"yes": "0.3"}}, "b": EVEN, "c": {**EVEN}},
    "sources": {"s": {"grade": "B", "interest": {"a": "yes"}}, "t": {"reliability": "0.4"}},
}
SMALL["variables"]["c"] = {"ask": "Was it so?", "table": ROWS}


def written(folder: Path, log: list[dict[str, Any]], **changes: Any) -> Any:
    """A case of SMALL with other sections."""
    data = ({**SMALL, **changes}, log)
    return rivals.read(
        Made(*(yaml.dump(one, Dumper=QuotingDumper, sort_keys=False) for one in data)).write(folder)
    )


def said(name: str, source: str = "s", **more: Any) -> dict[str, Any]:
    """A report; it claims what is named, other fields stay fields."""
    fields = ("origin", "copy_of", "likelihood", "observes", "directness", "status")
    report = {"id": name, "published": "2026-05-04", "source": source}
    report |= {key: value for key, value in more.items() if key in fields}
    claims = {key: value for key, value in more.items() if key not in fields}
    return {**report, "claims": claims} if claims else report


def test_echoes_copies_drafts_and_background_have_exactly_0(tmp_path: Path) -> None:
    log = [
        said("news", origin="call", c="yes"),
        said("echo", "t", origin="call", c="no"),
        said("copy", copy_of="news", c="yes", a="yes"),
        said("draft", status="draft", b="yes"),
        said("background"),
        said("gone", b="yes"),
        {"retracts": "gone", "logged": "2026-05-05"},
        said("other", "t", b="no"),
    ]

    table = impact(written(tmp_path, log).stated)

    assert list(table.index) == ["news", "echo", "copy", "draft", "background", "other"]
    moved = table[["arrival", "left_out", "shapley"]].ne(0).any(axis=1)
    assert list(table.index[moved]) == ["news", "other"]
    assert list(table.index[table["report", "counted"]]) == ["news", "other"]
    assert table["report", "origin"]["echo"] == ("call",)
    assert table["report", "origin"]["copy"] == ("call",)
    assert table["report", "source"]["echo"] == "t"


def test_without_reports_there_are_no_rows(tmp_path: Path) -> None:
    table = impact(written(tmp_path, []).given(c="yes").stated)

    assert len(table) == 0
    assert table.attrs == {"shift": {"first": 0.0, "second": 0.0}, "pairs": 0}
    assert {kind for kind, _ in table.columns} >= {"arrival", "left_out", "shapley", "error"}
    assert len(impact_by(table, "source")) == 0


def test_reports_alike_have_the_same(tmp_path: Path) -> None:
    log = [said("one", c="yes"), said("other", "t", b="no"), said("two", c="yes")]

    table = impact(written(tmp_path, log).stated)

    for kind in ("left_out", "shapley"):
        alike = table[kind].loc[["one", "two"]].to_numpy()
        assert np.abs(alike[0] - alike[1]).max() < 1e-12
        assert (alike[0] != 0).all()
    assert (table["arrival"].loc["one"] != table["arrival"].loc["two"]).all()


def test_sampled_reports_alike_have_the_same_within_three_standard_errors(tmp_path: Path) -> None:
    log = [said(f"r{n}", c="yes" if n < 10 else "no") for n in range(16)]
    case = written(tmp_path, log)

    table = impact(case.stated)

    assert table.attrs["pairs"] >= shapley.LEAST
    assert (table["error"] > 0).all(axis=None)
    for alike in (slice(0, 10), slice(10, 16)):
        share, error = (table[kind].iloc[alike].to_numpy() for kind in ("shapley", "error"))
        apart = np.abs(share[:, np.newaxis] - share)
        both = np.hypot(error[:, np.newaxis], error)
        assert (apart <= 3 * both).all()
        assert (np.abs(share - share.mean(axis=0)) <= 3 * error).all()


def test_infinitely_many_decibels_are_not_given(tmp_path: Path) -> None:
    log = [said("word", c="yes"), said("fact", observes={"a": "yes"}), said("late", "t", c="no")]

    table = impact(written(tmp_path, log).stated)

    assert table["shapley", "first"].isna().all()
    assert table["left_out", "first"].isna().all()
    assert table["error", "first"].isna().all()
    assert table["arrival", "first"].isna().tolist() == [False, True, True]
    second = [column for column in table.columns if column[1] == "second"]
    assert table[second].notna().all(axis=None)
    assert np.isnan(table.attrs["shift"]["first"])
    assert table["shapley", "second"].sum() == pytest.approx(table.attrs["shift"]["second"])


def test_a_hypothesis_that_is_certain_throughout_stops_nobody(tmp_path: Path) -> None:
    log = [said(f"r{n}", "st"[n % 2], b="yes") for n in range(14)]
    variables = {**SMALL["variables"], "a": {"ask": "Was it so?", "prior": {"yes": "1"}}}

    table = impact(written(tmp_path, log, variables=variables).stated)

    assert (
        table[[(kind, "first") for kind in ("left_out", "shapley", "error")]].isna().all(axis=None)
    )
    assert (table["shapley", "second"] > 0).all()
    assert table["error", "second"].between(0, 0.1, inclusive="neither").all()


def test_decibels_beyond_what_a_probability_can_show_are_kept(tmp_path: Path) -> None:
    """150 reports of 30 dB each: not-h has a probability of 1e-450, and each its 30 dB."""
    likely = {"a": {"no": "0.001", "yes": "1"}}

    table = impact(written(tmp_path, [said(f"r{n}", likelihood=likely) for n in range(150)]).stated)

    for kind in ("arrival", "left_out", "shapley"):
        np.testing.assert_allclose(table[kind, "first"], 30, atol=1e-8)
        np.testing.assert_allclose(table[kind, "second"], 0, atol=1e-8)
    assert table.attrs["shift"]["first"] == pytest.approx(4500)


def test_what_is_given_comes_before_and_what_is_under_do_weighs_nothing(tmp_path: Path) -> None:
    log = [said("of_c", c="yes"), said("of_b", "t", b="yes")]
    case = written(tmp_path, log)

    assert_sums(impact(case.given(c="yes").stated), case.given(c="yes"))
    table = impact(case.do(b="no").stated)
    assert table["report", "counted"].all()
    assert (table["shapley", "first"] != 0).tolist() == [True, False]


# --- by source and by origin ---


def test_impact_is_summed_by_source_and_shared_among_origins(tmp_path: Path) -> None:
    log = [
        said("one", origin=["call", "wire"], c="yes"),
        said("two", "t", origin="memo", b="yes"),
        said("three", origin="wire", a="no"),
        said("echo", "t", origin="call", c="yes"),
        {"id": "nobody", "published": "2026-05-05", "likelihood": {"b": {"no": "1", "yes": "2"}}},
    ]
    table = impact(written(tmp_path, log).stated)
    share = table["shapley"]

    by_source, by_origin = impact_by(table, "source"), impact_by(table, "origin")

    assert list(by_source.index) == ["s", "t", ""]
    assert list(by_origin.index) == ["call", "wire", "memo", "nobody"]
    assert list(by_source["report", "counted"]) == [2, 1, 1]
    assert list(by_origin["report", "counted"]) == [1, 2, 1, 1]
    assert {kind for kind, _ in by_source.columns} == {"report", "arrival", "shapley"}
    wire = share.loc["one"] / 2 + share.loc["three"]
    np.testing.assert_allclose(by_origin["shapley"].loc["wire"], wire, atol=1e-12)
    both = share.loc["one"] + share.loc["three"]
    np.testing.assert_allclose(by_source["shapley"].loc["s"], both, atol=1e-12)
    for grouped in (by_source, by_origin):
        for kind in ("arrival", "shapley"):
            np.testing.assert_allclose(grouped[kind].sum(), table[kind].sum(), atol=1e-12)


def test_a_sum_with_something_undefined_is_undefined_and_no_other(tmp_path: Path) -> None:
    log = [said("word", c="yes"), said("fact", "t", observes={"a": "yes"})]

    grouped = impact_by(impact(written(tmp_path, log).stated), "source")

    assert grouped["arrival", "first"].isna().tolist() == [False, True]
    assert grouped["arrival", "second"].notna().all()


# --- counted naively ---


def naive_of(case: Any) -> pd.DataFrame:
    """The table of a case."""
    return count_naively(case.dossier, case.moment, case.left_out, case.what_if)


STORY = [
    said("news", origin="call", c="yes", directness="direct"),
    said("echo", "t", origin="call", c="no"),
    said("copy", copy_of="news", c="yes", a="yes"),
    said("part", "t", origin="call", c="yes", b="no"),
    said("weighed", origin="call", likelihood={"c": {"no": "1", "yes": "3"}}),
    said("draft", origin="call", status="draft", b="yes"),
    said("gone", copy_of="news", c="no"),
    {"retracts": "gone", "logged": "2026-05-05"},
]

SEPARATE = {
    **SMALL["sources"],
    **dict.fromkeys(("echo_t", "part_t"), SMALL["sources"]["t"]),
    "copy_s": SMALL["sources"]["s"],
}
APART = [
    said("news", c="yes", directness="direct"),
    said("echo", "echo_t", c="no"),
    said("copy", "copy_s", c="yes", a="yes"),
    said("part", "t", b="no"),
    said("part2", "part_t", c="yes"),
    said("weighed", likelihood={"c": {"no": "1", "yes": "3"}}),
]


def test_the_naive_count_is_that_of_separate_sources_written_out(tmp_path: Path) -> None:
    case = written(tmp_path / "story", STORY)
    apart = written(tmp_path / "apart", APART, sources=SEPARATE)

    table = naive_of(case)

    beliefs, naive = case.beliefs(draws=0), apart.beliefs(draws=0)
    for column, expected_one in (
        ("prior", beliefs["prior"]),
        ("posterior", beliefs["posterior"]),
        ("naive", naive["posterior"]),
    ):
        np.testing.assert_allclose(table[column], expected_one, atol=1e-12, err_msg=column)
    assert (abs(table["naive"] - table["posterior"]) > 0.01).any()
    start, end, far = (odds_of(c) for c in (case.without(*counted(case)), case, apart))
    np.testing.assert_allclose(table["shift"], end - start, atol=CLOSE)
    np.testing.assert_allclose(table["naive_shift"], far - start, atol=CLOSE)
    np.testing.assert_allclose(table["dB"], far - end, atol=CLOSE)


def test_origins_say_how_often_their_story_would_have_counted(tmp_path: Path) -> None:
    log = [*STORY, said("alone", b="yes"), said("lost", origin="memo", b="yes")]
    log += [said("post", origin="memo", b="yes"), {"retracts": "lost", "logged": "2026-05-06"}]

    origins = naive_of(written(tmp_path, log)).attrs["origins"]

    assert list(origins.index) == ["call", "alone", "memo"]
    assert origins.loc["call"].tolist() == [5, 2, 2.5]  # the second counts for what it adds on b
    assert origins.loc["alone"].tolist() == [1, 1, 1]
    assert origins.loc["memo"].tolist()[:2] == [1, 0]
    assert np.isnan(origins.loc["memo", "factor"])


def test_where_nothing_is_repeated_the_naive_count_changes_nothing(tmp_path: Path) -> None:
    table = naive_of(written(tmp_path, [said("one", c="yes"), said("two", "t", c="yes")]))

    np.testing.assert_allclose(table["naive"], table["posterior"], atol=1e-14)
    np.testing.assert_allclose(table["dB"], 0, atol=1e-12)
    assert (table.attrs["origins"]["factor"] == 1).all()


def test_a_repetition_that_cannot_be_true_leaves_the_naive_count_undefined(tmp_path: Path) -> None:
    log = [
        said("fact", origin="call", observes={"c": "yes"}),
        said("denied", origin="call", likelihood={"c": {"no": "1", "yes": "0"}}),
    ]

    table = naive_of(written(tmp_path, log))

    assert table[["naive", "naive_shift", "dB"]].isna().all(axis=None)
    assert table[["prior", "posterior", "shift"]].notna().all(axis=None)


def write_out(made: Made) -> Made:
    """Each report in force with what it repeats as another report, of a source of its own."""
    scenario, log = texts.load(made.texts)
    zone = texts.settings(scenario)["timezone"]
    reports: list[dict[str, Any]] = []
    for n, one in enumerate(weigh_log(log, zone, made.as_of, made.without)):
        if not one.in_force or one.fields.get("status") == "draft":
            continue
        parts = {f"n{n}": one.counts, f"n{n}-again": says(one.fields) - one.counts}
        for name, variables in parts.items():
            if not variables:
                continue
            report = {"id": name, "published": "2000-01-01", "source": one.fields["source"]}
            if name.endswith("-again"):
                report["source"] = name
                scenario["sources"][name] = scenario["sources"][one.fields["source"]]
            if "directness" in one.fields:
                report["directness"] = one.fields["directness"]
            for key in ("claims", "likelihood", "observes"):
                kept = {v: s for v, s in one.fields.get(key, {}).items() if v in variables}
                report |= {key: kept} if kept else {}
            reports.append(report)
    settled = silence.settled(scenario, log, made.as_of)
    scenario["expected"] = silence.written(settled)
    scenario.get("settings", {}).pop("timezone", None)
    dumped = (yaml.dump(d, Dumper=QuotingDumper, sort_keys=False) for d in (scenario, reports))
    return Made(*dumped, as_of="2000-01-01", do=made.do, given=made.given)


@pytest.mark.parametrize("block", range(0, NAIVE_SEEDS, NAIVE_SEEDS // 4))
def test_the_naive_count_of_made_scenarios_is_that_of_separate_sources(
    block: int, tmp_path: Path, record_property: Any
) -> None:
    moved, worst = 0, (0.0, "nothing")
    for seed in range(block, block + NAIVE_SEEDS // 4):
        made = seeded(seed)
        case = asked(made, tmp_path / str(seed))
        if case is None or is_impossible(case):
            continue

        table = naive_of(case)

        apart = asked_anew(write_out(made), tmp_path / f"{seed}-apart")
        if apart is None:
            assert table["naive"].isna().all()
            continue
        beliefs = apart.beliefs(draws=0)
        error = float(np.abs(table["naive"] - beliefs["posterior"]).max())
        assert error <= CLOSE, seed
        np.testing.assert_allclose(table["prior"], beliefs["prior"], atol=CLOSE)
        worst = max(worst, (error, f"seed {seed}"))
        moved += bool((abs(table["naive"] - table["posterior"]) > 1e-6).any())

    assert moved >= 2
    record_property("largest error of the naive count against separate sources", worst)


def asked_anew(made: Made, folder: Path) -> Any:
    """The case written out; None where its evidence is impossible."""
    case = rivals.read(made.write(folder)).as_of(made.as_of)
    case = case.do(**made.do).given(**made.given)
    return None if is_impossible(case) else case
