"""Scores of beliefs against full enumeration and the formulas written out; calibration by hand.

Which evenings count is worked out a second time here, from the texts, by the oracle's own dates.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
import yaml

import rivals
from conftest import BUDGET, FOLDERS
from generate import Made, seeded
from oracle import texts
from oracle.brute import Impossible, weigh
from oracle.log import instant, logged
from plain_yaml import QuotingDumper
from rivals.analysis.forecasts import (
    RETROSPECTIVE,
    SCORES,
    Forecast,
    average,
    average_all,
    calibrate,
    grade,
    score_beliefs,
    score_forecasts,
)
from rivals.moments import When
from test_agreement import asked

SEEDS = 300 if BUDGET == "full" else 20
BLOCK = 20
CELLS = 1500
CLOSE = 1e-9
DATES = [
    *["2026-02-02", "2026-02-03", "2026-02-04", "2026-02-28", "2026-03-02", "2026-03-05"],
    *["2026-02", "2026-03", "2026-03-09", "2026-04", "2026-04-01"],
    *["2026-02-04T12:00:00Z", "2026-03-02T23:30:00-08:00", "2026-03-06T01:00:00+05:45"],
]
TEXT = """\
title: A test
question: Why?
hypotheses: {arson: arson=yes, storm: wind=storm}
outcomes:
  paid: {claim: paid=yes, label: It is paid, by: 2026-06-30, OUTCOME}
  calm: {claim: wind=calm|breeze, by: 2026-07}
variables:
  arson: {ask: A?, prior: {yes: 0.2}}
  wind: {ask: W?, states: [calm, breeze, storm], prior: {calm: 0.5, breeze: 0.3}}
  paid: {ask: P?, table: [{when: {arson: yes}, then: {yes: 0.1}}, {then: {yes: 0.7}}]}
sources: {radio: {grade: B}}
settings: {timezone: America/Caracas}
"""
LOG = """\
- {id: first, published: 2026-05-01, source: radio, claims: {arson: yes}}
- {id: second, published: 2026-05-03, source: radio, claims: {wind: storm}}
- {id: third, published: 2026-05-05T23:30:00-04:00, source: radio, claims: {paid: yes}}
- {retracts: first, logged: 2026-05-08, why: It was withdrawn.}
- {amends: second, logged: 2026-05-09, set: {claims: {wind: breeze}}, why: Misread.}
"""
RESOLVED = "resolved: yes, resolved_on: 2026-06-01"
EVERY_DAY = ["2026-05-01", "2026-05-03", "2026-05-05", "2026-05-08", "2026-05-09"]


def town(place: Path, outcome: str = RESOLVED, log: str = LOG) -> Any:
    """The case of a small scenario in which the outcome `paid` says the given of itself."""
    place.mkdir(exist_ok=True)
    text = TEXT.replace(", OUTCOME", f", {outcome}" if outcome else "")
    (place / "scenario.yaml").write_text(text, encoding="utf-8")
    (place / "reports.yaml").write_text(log, encoding="utf-8")
    return rivals.read(place)


def scored(case: Any) -> pd.DataFrame:
    return score_beliefs(case.dossier, case.moment, case.left_out, case.what_if)


def days(table: pd.DataFrame, outcome: str = "paid") -> list[str]:
    """The dates of the forecasts on an outcome."""
    return [day for name, day in table.index if name == outcome]


# --- which evenings count, and what was believed then ---


def test_the_evening_of_each_day_on_which_something_was_logged_is_a_forecast(
    tmp_path: Path,
) -> None:
    table = scored(town(tmp_path))

    assert days(table) == EVERY_DAY
    assert table.attrs["kind"] == RETROSPECTIVE == "today's model, retrospective"
    assert set(table["label"]) == {"It is paid"}
    assert set(table["by"]) == {"2026-06-30"}
    assert set(table["resolved_on"]) == {"2026-06-01"}
    assert table["happened"].dtype == bool
    assert table["happened"].all()


@pytest.mark.parametrize(
    ("outcome", "last"),
    [
        pytest.param("resolved: yes, resolved_on: 2026-05-08", "2026-05-05", id="that very day"),
        pytest.param("resolved: yes, resolved_on: 2026-05-07", "2026-05-05", id="a quiet day"),
        pytest.param("resolved: no, resolved_on: 2026-05-10", "2026-05-09", id="the day after"),
        pytest.param("resolved: no, resolved_on: 2026-05", None, id="some day of that month"),
        pytest.param("resolved: no, resolved_on: 2026-06", "2026-05-09", id="the next month"),
        pytest.param(
            "resolved: no, resolved_on: 2026-05-06T02:00:00+00:00", "2026-05-03", id="zone's day"
        ),
    ],
)
def test_a_forecast_is_made_before_the_day_of_the_resolution(
    outcome: str, last: str | None, tmp_path: Path
) -> None:
    found = days(scored(town(tmp_path, outcome)))

    assert found == [day for day in EVERY_DAY if last and day <= last]


@pytest.mark.parametrize(
    ("by", "last"),
    [
        pytest.param("2026-05-05", "2026-05-05", id="that evening"),
        pytest.param("2026-05-04", "2026-05-03", id="the day before"),
        pytest.param("2026-05", "2026-05-09", id="the end of the month"),
        pytest.param("2026-05-08T12:00:00-04:00", "2026-05-05", id="before that evening"),
        pytest.param("2026-04", None, id="before anything was logged"),
    ],
)
def test_a_forecast_is_not_later_than_by(by: str, last: str | None, tmp_path: Path) -> None:
    case = town(tmp_path)
    path = tmp_path / "scenario.yaml"
    path.write_text(path.read_text("utf-8").replace("by: 2026-06-30", f"by: {by}"), "utf-8")

    found = days(scored(rivals.read(tmp_path)))

    assert found == [day for day in EVERY_DAY if last and day <= last]
    assert days(scored(case)) == EVERY_DAY


def test_what_is_known_early_or_late_may_be_resolved_before_or_after_by(tmp_path: Path) -> None:
    early = scored(town(tmp_path / "early", "resolved: yes, resolved_on: 2026-05-04"))
    late = scored(town(tmp_path / "late", "resolved: yes, resolved_on: 2027-05-04"))

    assert days(early) == EVERY_DAY[:2]
    assert days(late) == EVERY_DAY


@pytest.mark.parametrize(
    ("moment", "last"),
    [("2026-05-05", "2026-05-05"), ("2026-05-05T23:45:00-04:00", "2026-05-03"), ("2026-04", None)],
)
def test_a_moment_bounds_the_forecasts(moment: str, last: str | None, tmp_path: Path) -> None:
    case = town(tmp_path).as_of(moment)

    table = scored(case)

    assert days(table) == [day for day in EVERY_DAY if last and day <= last]
    now = case.variables()["posterior"]["wind"]
    chance = table.attrs["open"].loc["calm", "chance"]
    assert chance == pytest.approx(now["calm"] + now["breeze"], abs=CLOSE)


def believed(case: Any, outcome: str) -> tuple[float, float]:
    """Prior and posterior of an outcome's claim, by the table of all variables."""
    claim = case.scenario.outcomes[outcome].claim
    rows = case.variables().loc[claim.variable].loc[list(claim.states)]
    return float(rows["prior"].sum()), float(rows["posterior"].sum())


def check_scores(row: pd.Series, chance: float, prior: float, happened: bool) -> float:
    """Every number of a row is that of the formulas; the largest error."""
    assert 0 <= row["chance"] <= 1
    worst = abs(row["chance"] - chance)
    for rival, p in ("", chance), ("_prior", prior), ("_half", 0.5):
        worst = max(worst, abs(row[f"brier{rival}"] - (p - 1 if happened else p) ** 2))
        told = p if happened else 1 - p
        if told < 1e-6:  # a logarithm there is good to no fixed number of digits
            assert row[f"log{rival}"] > 19
            continue
        worst = max(worst, abs(row[f"log{rival}"] + math.log(told, 2)) * told)
    assert worst <= CLOSE
    return float(worst)


WORLDS: list[dict[str, dict[str, str]]] = [
    {},
    {"given": {"wind": "calm|breeze"}},
    {"do": {"arson": "yes"}},
    {"do": {"wind": "storm"}, "given": {"arson": "no"}},
]


@pytest.mark.parametrize("world", WORLDS, ids=str)
@pytest.mark.parametrize("without", [(), ("second",), ("source:radio",)])
def test_what_was_believed_is_what_the_case_of_that_day_believes(
    world: dict[str, dict[str, str]], without: tuple[str, ...], tmp_path: Path
) -> None:
    case = town(tmp_path).without(*without)
    case = case.given(**world.get("given", {})).do(**world.get("do", {}))

    table = scored(case)

    assert days(table) == EVERY_DAY
    for day in EVERY_DAY:
        prior, chance = believed(case.as_of(day), "paid")
        check_scores(table.loc["paid", day], chance, prior, happened=True)


def random_outcomes(folder: Path, place: Path, seed: int) -> Any:
    """The case of a folder with some outcomes of its variables, most of them resolved."""
    scenario, log = texts.load(folder)
    resolved = add_outcomes(np.random.default_rng(seed), scenario, log)
    place.mkdir(parents=True)
    for name, data in ("scenario", resolved), ("reports", log):
        written = yaml.dump(data, Dumper=QuotingDumper, sort_keys=False)
        (place / f"{name}.yaml").write_text(written, encoding="utf-8")
    return rivals.read(place)


def add_outcomes(
    generator: np.random.Generator, scenario: dict[str, Any], log: list[dict[str, Any]]
) -> dict[str, Any]:
    """The scenario with one to four outcomes, resolved now and then amid its log."""
    zone = texts.settings(scenario)["timezone"]
    amid = [logged(entry, zone).date().isoformat() for entry in log]
    outcomes: dict[str, Any] = {}
    for n in range(generator.integers(1, 5)):
        name = str(generator.choice(list(scenario["variables"])))
        states = scenario["variables"][name].get("states", ["no", "yes"])
        claimed = generator.permutation(states)[: generator.integers(1, len(states) + 1)]
        outcome = {"claim": f"{name}={'|'.join(claimed)}"}
        if generator.random() < 0.5:
            outcome["by"] = str(generator.choice([*DATES, *amid]))
        if generator.random() < 0.8:
            outcome["resolved"] = str(generator.choice(states))
            outcome["resolved_on"] = str(generator.choice([*DATES, *amid]))
        outcomes[f"o{n}"] = outcome
    return {**scenario, "outcomes": outcomes}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_scores_on_every_scenario_are_those_of_the_cases_of_each_day(
    folder: Path, tmp_path: Path, record_property: Any
) -> None:
    case = random_outcomes(folder, tmp_path / "made", seed=3)

    table = scored(case)

    errors = [0.0]
    for (name, day), row in table.iterrows():
        prior, chance = believed(case.as_of(day), name)
        errors.append(check_scores(row, chance, prior, bool(case.scenario.outcomes[name].happened)))
    for name, row in table.attrs["open"].iterrows():
        errors.append(abs(row["chance"] - believed(case, name)[1]))
    assert max(errors) <= CLOSE
    record_property("largest error of score against each day's case", (max(errors), folder.name))


def wanted(
    outcome: dict[str, str], log: list[dict[str, Any]], zone: str, as_of: str | None
) -> Iterator[str]:
    """The days whose evenings are forecasts of an outcome, from the texts."""
    if "resolved" not in outcome:
        return
    local = ZoneInfo(zone)
    begins = instant(outcome["resolved_on"], zone).astimezone(local)
    if len(outcome["resolved_on"]) == 7:
        begins = datetime.fromisoformat(outcome["resolved_on"] + "-01").replace(tzinfo=local)
    midnight = begins.replace(hour=0, minute=0, second=0, microsecond=0)
    for day in sorted({logged(e, zone).astimezone(local).strftime("%Y-%m-%d") for e in log}):
        evening = instant(day, zone)
        late = [evening > instant(d, zone) for d in (outcome.get("by"), as_of) if d]
        if evening < midnight and not any(late):
            yield day


def enumerated(made: Made, day: str | None, claim: str) -> tuple[float, float]:
    """Prior and posterior of a claim by the oracle, NaN where the log is impossible."""
    name, _, stated = claim.partition("=")
    states = stated.split("|")
    prior = weigh(made.texts, **{**made.what_if, "as_of": "1999-01-01", "given": {}}).priors
    try:
        after = weigh(made.texts, **{**made.what_if, "as_of": day}).posteriors
    except Impossible:
        return sum(prior[name][s] for s in states), math.nan
    return tuple(sum(beliefs[name][s] for s in states) for beliefs in (prior, after))


@pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))
def test_scores_are_those_of_full_enumeration(
    block: int, tmp_path: Path, record_property: Any
) -> None:
    forecasts, worst = 0, (0.0, "nothing")
    for seed in range(block, block + BLOCK):
        made = seeded(seed, cells=CELLS)
        scenario, log = texts.load(made.texts)
        scenario = add_outcomes(np.random.default_rng(seed), scenario, log)
        made = replace(made, scenario=yaml.dump(scenario, Dumper=QuotingDumper, sort_keys=False))
        case = asked(made, tmp_path / str(seed))
        zone = texts.settings(scenario)["timezone"]

        table = scored(case)

        for name, outcome in scenario["outcomes"].items():
            assert days(table, name) == list(wanted(outcome, log, zone, made.as_of))
            happened = outcome.get("resolved") in outcome["claim"].split("=")[1].split("|")
            for day in days(table, name):
                prior, chance = enumerated(made, day, outcome["claim"])
                row = table.loc[name, day]
                assert row["happened"] == happened
                if math.isnan(chance):
                    assert row[["chance", "brier", "log"]].isna().all()
                    forecasts += 1
                    continue
                error = check_scores(row, min(chance, 1.0), min(prior, 1.0), happened)
                worst = max(worst, (error, f"seed {seed}, {name} on {day}"))
                forecasts += 1
            assert (name in table.attrs["open"].index) == ("resolved" not in outcome)
            if "resolved" not in outcome:
                found = table.attrs["open"].loc[name, "chance"]
                after = enumerated(made, made.as_of, outcome["claim"])[1]
                assert found == pytest.approx(after, abs=CLOSE, nan_ok=True)

    assert forecasts > BLOCK
    record_property("largest error of score against enumeration", worst)


# --- days on which the log is impossible, and outcomes that are open or absent ---


CONTRADICTION = """\
- {id: dry, published: 2026-05-01, observes: {wind: calm}}
- {id: wet, published: 2026-05-02, observes: {wind: storm}}
- {id: silent, published: 2026-05-03, source: radio, claims: {arson: no}}
- {retracts: dry, logged: 2026-05-04, why: It was wrong.}
"""


def test_a_day_on_which_the_log_was_impossible_has_no_chance(tmp_path: Path) -> None:
    case = town(tmp_path, log=CONTRADICTION)

    table = scored(case)

    missing = table["chance"].isna().droplevel("outcome")
    assert missing.to_dict() == {
        "2026-05-01": False,
        "2026-05-02": True,
        "2026-05-03": True,
        "2026-05-04": False,
    }
    assert table.loc[missing.to_numpy(), ["brier", "log"]].isna().all(axis=None)
    assert table[["brier_prior", "log_half"]].notna().all(axis=None)
    assert average(table).loc["paid", "forecasts"] == 2
    assert scored(case.as_of("2026-05-02")).attrs["open"]["chance"].isna().all()
    assert scored(case.without("wet"))["chance"].notna().all()


def test_an_outcome_that_is_open_is_listed_with_its_chance_now(tmp_path: Path) -> None:
    case = town(tmp_path, outcome="")

    table = scored(case)

    assert len(table) == 0
    still = table.attrs["open"]
    assert still["label"].to_dict() == {"paid": "It is paid", "calm": "Calm"}
    assert still["by"].to_dict() == {"paid": "2026-06-30", "calm": "2026-07"}
    for name in still.index:
        assert still.loc[name, "chance"] == pytest.approx(believed(case, name)[1], abs=CLOSE)


def test_without_outcomes_or_without_a_log_the_table_is_empty(tmp_path: Path) -> None:
    bare = town(tmp_path / "log", log="[]")
    (tmp_path / "log" / "reports.yaml").unlink()
    dossier = bare.dossier
    scenario = dossier.scenario.model_copy(update={"outcomes": {}})
    none = score_beliefs(replace(dossier, scenario=scenario), None, (), bare.what_if)

    for table in scored(bare), none:
        assert len(table) == 0
        assert list(table.columns) == [
            *["label", "by", "resolved_on", "happened", "chance"],
            *SCORES,
        ]
        assert list(table.index.names) == ["outcome", "date"]
        assert len(average(table)) == 0
        assert calibrate([table])["forecasts"].sum() == 0
    assert list(scored(bare).attrs["open"].index) == ["calm"]
    assert len(none.attrs["open"]) == 0


def test_how_an_outcome_came_out_is_never_weighed(tmp_path: Path) -> None:
    before = town(tmp_path / "before", outcome="")
    after = town(tmp_path / "after")

    assert before.log_evidence() == after.log_evidence()
    pd.testing.assert_frame_equal(before.variables(), after.variables(), check_exact=True)
    assert before.judgements().index.equals(after.judgements().index)


# --- the formulas ---


@pytest.mark.parametrize("happened", [True, False])
@pytest.mark.parametrize("chance", [0.0, 1e-12, 0.2, 0.5, 0.75, 1.0])
def test_scores_are_those_of_their_formulas(chance: float, *, happened: bool) -> None:
    brier, bits = (float(s[0]) for s in grade(np.array([chance]), np.array([happened])))

    told = chance if happened else 1 - chance
    assert brier == pytest.approx((1 - told) ** 2, abs=1e-15)
    assert bits == (math.inf if told == 0 else pytest.approx(-math.log(told) / math.log(2)))
    assert math.copysign(1, bits) == 1  # no -0


def test_a_chance_that_is_not_defined_has_no_score() -> None:
    scores = grade(np.array([np.nan]), np.array([True]))

    assert np.isnan(scores).all()


def test_half_scores_a_quarter_and_one_bit_whatever_happened(tmp_path: Path) -> None:
    for outcome in RESOLVED, RESOLVED.replace("yes", "no"):
        table = scored(town(tmp_path, outcome))

        assert set(table["brier_half"]) == {0.25}
        assert set(table["log_half"]) == {1.0}


# --- forecasts from elsewhere ---


def test_any_series_of_moments_and_chances_is_scored_under_its_own_kind(tmp_path: Path) -> None:
    scenario = town(tmp_path).scenario
    issued = [
        Forecast("paid", When("2026-05-04T09:00:00+00:00"), 0.25),
        Forecast("paid", When("2026-05-04T09:00:00+00:00"), 0.75),
        Forecast("paid", When("2026-06-01T03:00:00+00:00"), 0.5),  # still 31 May in Caracas
        Forecast("paid", When("2026-06-01T04:00:00+00:00"), 0.9),
        Forecast("calm", When("2026-05-04"), 0.9),
    ]

    table = score_forecasts(scenario, issued, {"paid": 0.5, "calm": 0.5}, "issued")

    assert table.attrs == {"kind": "issued"}
    assert table["chance"].to_list() == [0.25, 0.75, 0.5]
    assert table["brier"].to_list() == [0.5625, 0.0625, 0.25]
    assert table["log"].to_list() == pytest.approx([2, math.log2(4 / 3), 1])


# --- means and calibration ---


def made_table(rows: list[tuple[str, float, bool]]) -> pd.DataFrame:
    """A table of scores of (outcome, chance, happened), a day each; the prior always 0.2."""
    index = [(name, f"2026-05-{day:02d}") for day, (name, _, _) in enumerate(rows, start=1)]
    columns: dict[str, Any] = {"label": [name.title() for name, _, _ in rows]}
    columns |= {"by": "", "resolved_on": "2026-06-01", "happened": [h for _, _, h in rows]}
    columns["chance"] = [p for _, p, _ in rows]
    for rival, chances in (
        ("", [p for _, p, _ in rows]),
        ("_prior", [0.2] * len(rows)),
        (
            "_half",
            [0.5] * len(rows),
        ),
    ):
        columns[f"brier{rival}"] = [
            (p - h) ** 2 for p, (_, _, h) in zip(chances, rows, strict=True)
        ]
        columns[f"log{rival}"] = [
            -math.log2(p if h else 1 - p) if (p if h else 1 - p) else math.inf
            for p, (_, _, h) in zip(chances, rows, strict=True)
        ]
    names = ["outcome", "date"]
    table = pd.DataFrame(columns, index=pd.MultiIndex.from_tuples(index, names=names))
    table.attrs = {"kind": "made", "open": pd.DataFrame()}
    return table


def test_each_outcome_counts_once_however_many_days_it_was_asked_about() -> None:
    table = made_table([("a", 0.5, True), ("b", 0.25, False), ("a", 1.0, True), ("a", 0.75, True)])

    means = average(table)

    assert means.index.to_list() == ["a", "b"]
    assert means["forecasts"].to_list() == [3, 1]
    assert means["happened"].to_list() == [True, False]
    assert means["chance"].to_list() == [0.75, 0.25]
    assert means.loc["a", "brier"] == pytest.approx((0.25 + 0 + 0.0625) / 3)
    assert means.loc["a", "log"] == pytest.approx((1 + 0 + math.log2(4 / 3)) / 3)
    overall = average_all([means, average(made_table([("a", 0.0, False)]))])
    assert overall["brier"] == pytest.approx(((0.3125 / 3) + 0.0625 + 0) / 3)
    assert overall["brier_prior"] == pytest.approx((0.64 + 0.04 + 0.04) / 3)
    assert overall["log_half"] == 1


def test_a_chance_of_nothing_given_to_what_happened_costs_infinitely_many_bits() -> None:
    means = average(made_table([("a", 0.0, True), ("a", 0.5, True)]))

    assert means.loc["a", "log"] == math.inf
    assert average_all([means])["log"] == math.inf
    assert average_all([means])["brier"] == pytest.approx((1 + 0.25) / 2)


def test_there_is_no_mean_over_nothing() -> None:
    assert average_all([]).isna().all()
    assert average_all([average(made_table([("a", math.nan, True)]))]).isna().all()


def test_calibration_counts_forecasts_and_distinct_outcomes_by_tenths() -> None:
    one = made_table([("a", 0.3, True), ("a", 0.35, True), ("b", 0.39, False), ("b", 0.0, False)])
    other = made_table([("a", 0.3, False), ("c", 1.0, True), ("c", 0.95, True), ("c", 0.9, True)])

    bands = calibrate([one, other])

    assert bands.index.to_list() == [
        *["0-10%", "10-20%", "20-30%", "30-40%", "40-50%"],
        *["50-60%", "60-70%", "70-80%", "80-90%", "90-100%"],
    ]
    assert bands["low"].to_list() == pytest.approx(np.arange(10) / 10)
    assert bands["high"].to_list() == pytest.approx(np.arange(1, 11) / 10)
    assert bands["forecasts"].to_list() == [1, 0, 0, 4, 0, 0, 0, 0, 0, 3]
    assert bands["outcomes"].to_list() == [1, 0, 0, 3, 0, 0, 0, 0, 0, 1]
    assert bands.loc["30-40%", "chance"] == pytest.approx((0.3 + 0.35 + 0.39 + 0.3) / 4)
    assert bands.loc["30-40%", "happened"] == 0.5
    assert bands.loc["90-100%", ["chance", "happened"]].to_list() == pytest.approx([0.95, 1])
    empty = bands[bands["forecasts"] == 0]
    assert empty[["chance", "happened"]].isna().all(axis=None)


@pytest.mark.parametrize("bins", [1, 2, 3, 10, 20, 100])
def test_every_chance_falls_into_the_band_whose_bounds_it_keeps(bins: int) -> None:
    chances = sorted({k / n for n in (3, 7, 10, 20, 100) for k in range(n + 1)})

    for chance in chances:
        bands = calibrate([made_table([("a", chance, True)])], bins)
        [band] = bands.index[bands["forecasts"] == 1]
        low, high = bands.loc[band, ["low", "high"]]
        assert low <= chance < high or chance == high == 1
    assert len(bands) == bins


def test_a_chance_that_is_not_defined_is_not_calibrated() -> None:
    bands = calibrate([made_table([("a", math.nan, True), ("a", 0.55, True)])])

    assert bands["forecasts"].sum() == 1
    assert bands.loc["50-60%", "outcomes"] == 1
