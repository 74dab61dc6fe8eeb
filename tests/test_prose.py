"""Sentences say what the tables hold, and nothing else."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import rivals
from rivals import prose
from rivals.phrases import say_percent, say_range
from rivals.words import SCALES, word_for

WAREHOUSE = "scenarios/warehouse-fire"
NUMBER = re.compile(r"(?:under |over )?\d[\d,.]*%?")


def standing_of(case: rivals.Case, draws: int = 100) -> pd.DataFrame:
    return prose.tabulate_standing(case, draws, 0)


def made_up(rows: list[tuple[str, float, float, float, float]]) -> pd.DataFrame:
    columns = ["label", "headline", "low", "high", "posterior"]
    table = pd.DataFrame(rows, columns=columns, index=[row[0].lower() for row in rows])
    table.attrs.update(effect="It burnt", chance=1.0, draws=None)
    return table


def test_no_sentence_states_a_number_that_the_tables_do_not_hold(folder: Path) -> None:
    case = rivals.read(folder)
    standing, reports = standing_of(case), case.reports()

    said = str(prose.headline(case, standing)).replace(prose.COMBINE, "")

    counted = reports[reports["status"] == "counted"]
    first = standing.iloc[0]
    held = {
        say_percent(p)
        for c in ("headline", "low", "high", "posterior")
        for p in standing[c]
        if not math.isnan(p)
    }
    held |= {str(n) for n in counted["source"].value_counts()}
    held |= {str(len(counted)), str(len({o for names in counted["origin"] for o in names}))}
    held |= {str(round(100 * (first["high"] - first["low"]))), f"{case.conflict():.1f}"}
    labels = " ".join([*standing["label"], standing.attrs["effect"] or ""])
    stated = {n.rstrip(".,") for n in NUMBER.findall(said)} - set(NUMBER.findall(labels))
    assert stated <= held


def test_the_headline_is_by_because_and_not_by_presence() -> None:
    case = rivals.read("scenarios/cuba-venezuela")

    standing = standing_of(case, draws=0)

    assert case.beliefs(draws=0)["posterior"].idxmax() == "us_pressure"
    assert standing.index[0] == case.causes(draws=0).loc[case.effect, "because"].idxmax()


def test_without_effects_the_headline_is_by_presence() -> None:
    case = rivals.read("tests/published/taxi")

    said = prose.headline(case, standing_of(case, draws=0))

    assert case.effect is None
    assert said.likelihood.startswith("That it holds is")
    assert said.presence == ""


def test_ties_stand_in_the_order_of_the_file() -> None:
    case = rivals.read(WAREHOUSE).as_of("2020-01-01").given(spread="none")

    standing = standing_of(case, draws=0)

    assert (standing["headline"] == 0).all()
    assert list(standing.index) == list(case.scenario.hypotheses)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("p", [0.0, 0.04, 0.3, 0.5, 0.62, 0.81, 0.97])
def test_the_word_is_that_of_the_scenario_s_scale(scale: str, p: float) -> None:
    case = rivals.read(WAREHOUSE)
    settings = case.scenario.settings.model_copy(update={"scale": scale})
    scenario = case.scenario.model_copy(update={"settings": settings})
    dossier = case.dossier.__class__(**{**vars(case.dossier), "scenario": scenario})
    table = made_up([("Arson", p, p, p, p), ("Wiring", 0.0, 0.0, 0.0, 0.0)])

    said = prose.headline(rivals.Case(dossier), table)

    assert f"is {word_for(p, scale)}: {say_percent(p)}." in said.likelihood


def test_both_words_stand_when_the_range_spans_bands() -> None:
    table = made_up([("Arson", 0.6, 0.3, 0.9, 0.7), ("Wiring", 0.1, 0.0, 0.2, 0.2)])

    said = prose.headline(rivals.read(WAREHOUSE), table)

    assert "between 30% and 90% (unlikely to very likely)" in said.spread


def test_likelihood_and_confidence_stand_in_separate_sentences() -> None:
    case = rivals.read(WAREHOUSE)

    said = prose.headline(case, standing_of(case)).sentences()

    assert not [s for s in said if "onfidence" in s and re.search(r"\bis (very )?(un)?likely\b", s)]
    assert any("onfidence" in s for s in said)


def test_every_headline_ends_with_what_it_is_not() -> None:
    case = rivals.read(WAREHOUSE)

    said = prose.headline(case, standing_of(case)).sentences()

    assert said[-2:] == (prose.COMBINE, prose.DISCLAIMER)


@pytest.mark.parametrize(("second", "settled"), [((0.2, 0.1, 0.3), True), ((0.5, 0.3, 0.7), False)])
def test_overlapping_ranges_are_said_to_leave_the_order_open(
    second: tuple[float, float, float], settled: bool
) -> None:
    table = made_up([("Arson", 0.6, 0.4, 0.8, 0.7), ("Wiring", *second, 0.5)])

    said = prose.headline(rivals.read(WAREHOUSE), table)

    assert ("not settled" in said.rivals) != settled


@pytest.mark.parametrize(
    ("p", "said"),
    [(0.0, "0%"), (1e-9, "under 1%"), (0.0049, "under 1%"), (0.005, "1%"), (0.5, "50%"),
     (0.994, "99%"), (0.995, "over 99%"), (1 - 1e-12, "over 99%"), (1.0, "100%")],
)  # fmt: skip
def test_nothing_uncertain_is_0_or_100_percent(p: float, said: str) -> None:
    assert say_percent(p) == said


def test_a_range_within_one_percent_is_one_number() -> None:
    assert say_range(0.301, 0.302) == "30%"


def reports(count: int, sources: int) -> pd.DataFrame:
    rows = [("counted", (f"o{i}",), f"s{i % sources}") for i in range(count)]
    return pd.DataFrame(rows, columns=["status", "origin", "source"])


@pytest.mark.parametrize(
    ("log", "conflict", "low", "high", "level"),
    [
        (reports(12, 6), 0.0, 0.5, 0.6, "high"),
        (reports(12, 6), 0.0, 0.5, 0.75, "moderate"),
        (reports(12, 6), 0.0, 0.4, 0.85, "low"),
        (reports(12, 6), 0.0, np.nan, np.nan, "moderate"),
        (reports(9, 6), 0.0, 0.5, 0.6, "moderate"),
        (reports(3, 3), 0.0, 0.5, 0.6, "low"),
        (reports(12, 2), 0.0, 0.5, 0.6, "moderate"),
        (reports(12, 1), 0.0, 0.5, 0.6, "low"),
        (reports(12, 6), 2.0, 0.5, 0.6, "moderate"),
        (reports(12, 6), 4.0, 0.5, 0.6, "low"),
    ],
)
def test_confidence_is_the_lowest_that_the_four_rules_allow(
    log: pd.DataFrame, conflict: float, low: float, high: float, level: str
) -> None:
    rated = prose.rate_confidence(log, conflict, low, high)

    assert rated.level == level
    assert bool(rated.reasons) == (level != "high")


def test_repetitions_are_no_independent_origins() -> None:
    log = reports(12, 6)
    log["origin"] = [("one call",)] * 12

    assert prose.rate_confidence(log, 0.0, 0.5, 0.6).level == "low"


def test_a_moment_before_the_end_of_the_log_is_retrospective() -> None:
    case = rivals.read(WAREHOUSE)

    said = [
        prose.say_hindsight(c) for c in (case.as_of("2026-05-06"), case.as_of("2026-05-09"), case)
    ]

    assert "9 May 2026" in said[0]
    assert said[1:] == ["", ""]


def test_where_the_reporting_comes_from_is_counted_from_the_log() -> None:
    said = prose.say_origins(rivals.read(WAREHOUSE).reports())

    assert said == (
        "6 reports go back to 4 origins and to the words of 3 sources. Of these 3 count; "
        "1 echo, 1 copy and 1 retracted report weigh nothing."
    )


@pytest.mark.parametrize(("nats", "word"), [(-3.0, "support"), (0.2, "neither"), (2.0, "disagree")])
def test_conflict_is_said_in_words_by_its_sign(nats: float, word: str) -> None:
    assert word in prose.say_conflict(nats)
