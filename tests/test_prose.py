"""Sentences say what the tables hold, and nothing else."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import rivals
from conftest import BUDGET
from rivals import prose
from rivals.phrases import say_percent, say_range
from rivals.words import SCALES

WAREHOUSE = "scenarios/warehouse-fire"
NUMBER = re.compile(r"(?:under |over )?\d[\d,.]*%?")
WORDS = {
    "icd203": ["almost no chance", "very unlikely", "unlikely", "roughly even chance", "likely",
               "very likely", "almost certain"],
    "phia": ["remote chance", "highly unlikely", "unlikely", "realistic possibility", "likely",
             "highly likely", "almost certain"],
}  # fmt: skip
TURNS = {
    "icd203": (0.05, 0.20, 0.45, 0.55, 0.80, 0.95),
    "phia": (0.075, 0.225, 0.375, 0.525, 0.775, 0.925),
}
EDGES = [turn + step for turns in TURNS.values() for turn in turns for step in (-1e-6, 0, 1e-6)]
GRID = sorted({0.001, 0.999, 1.0, *EDGES, *(i / 40 for i in range(1, 40))})


def standing_of(case: rivals.Case, draws: int = 100) -> pd.DataFrame:
    return prose.tabulate_standing(case, draws, 0)


def steady(case: rivals.Case) -> prose.Trials:
    return prose.Trials(case.robustness(100, 0), case.impact())


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
    assert said.likelihood.startswith("That “A green cab” holds is")
    assert said.presence == ""


def test_ties_stand_in_the_order_of_the_file() -> None:
    case = rivals.read(WAREHOUSE).as_of("2020-01-01").given(spread="none")

    standing = standing_of(case, draws=0)

    assert (standing["headline"] == 0).all()
    assert list(standing.index) == list(case.scenario.hypotheses)


def on_scale(scale: str) -> rivals.Case:
    """The warehouse, as an analyst on another scale writes of it."""
    case = rivals.read(WAREHOUSE)
    settings = case.scenario.settings.model_copy(update={"scale": scale})
    scenario = case.scenario.model_copy(update={"settings": settings})
    return rivals.Case(replace(case.dossier, scenario=scenario))


def word_of(p: float, scale: str) -> str:
    """By the bands of the scale as published: the word turns at their edges, or midway in a gap."""
    return WORDS[scale][sum(p >= turn for turn in TURNS[scale])]


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("p", GRID)
def test_the_word_is_that_of_the_scenario_s_scale(scale: str, p: float) -> None:
    table = made_up([("Arson", p, p, p, p), ("Wiring", 0.0, 0.0, 0.0, 0.0)])

    said = prose.headline(on_scale(scale), table)

    word = re.escape(word_of(p, scale))
    what = "“Arson” was why “It burnt”"
    forms = rf"That {what} is {word}: |There is (a )?{word} that {what}: "
    assert re.fullmatch(f"({forms}){say_percent(p)}[.]", said.likelihood)
    assert word_of(p, scale) in said.presence
    assert f"({word_of(p, scale)})" in said.spread


@pytest.mark.parametrize("scale", SCALES)
def test_a_word_that_names_a_thing_is_not_said_of_a_thing(scale: str) -> None:
    for band in SCALES[scale]:
        said = prose.say_likelihood("it was arson", band.middle, scale)

        thing = band.word.endswith(("chance", "possibility"))
        assert said.startswith("There is ") == thing
        assert said.startswith(f"That it was arson is {band.word}: ") != thing
        assert ("There is a " in said) == (thing and not band.word.startswith("almost"))


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("low", GRID[:: 3 if BUDGET == "full" else 6])
def test_both_words_stand_exactly_when_the_range_spans_bands(scale: str, low: float) -> None:
    case = on_scale(scale)
    for high in (p for p in GRID if p >= low):
        table = made_up([("Arson", high, low, high, high), ("Wiring", 0.0, 0.0, 0.0, 0.0)])

        said = prose.headline(case, table).spread

        ends = word_of(low, scale), word_of(high, scale)
        words = ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
        assert said.endswith(f" ({words}).")


def test_a_range_is_told_by_both_its_ends() -> None:
    table = made_up([("Arson", 0.6, 0.3, 0.9, 0.7), ("Wiring", 0.1, 0.0, 0.2, 0.2)])

    said = prose.headline(rivals.read(WAREHOUSE), table)

    assert "ranges from 30% to 90% (unlikely to very likely)" in said.spread


def test_a_range_within_one_percentage_is_told_once() -> None:
    table = made_up([("Arson", 0.601, 0.6, 0.602, 0.7), ("Wiring", 0.1, 0.0, 0.2, 0.2)])

    said = prose.headline(rivals.read(WAREHOUSE), table)

    assert said.spread == "Within the stated uncertainty it stays at 60% (likely)."


def test_where_all_is_0_no_explanation_leads() -> None:
    case = rivals.read(WAREHOUSE).as_of("2020-01-01").given(spread="none")

    said = prose.headline(case, standing_of(case, draws=0), steady(case))

    assert said.likelihood == "No explanation leads: each of their numbers is 0."
    assert (said.answer, said.spread, said.presence, said.rivals) == ("None of them", "", "", "")
    assert said.confidence.level == "low"
    assert "no explanation leads" in said.confidence.reasons


def test_likelihood_and_confidence_stand_in_separate_sentences() -> None:
    case = rivals.read(WAREHOUSE)

    said = prose.headline(case, standing_of(case)).sentences()

    assert not [s for s in said if "onfidence" in s and re.search(r"likely|chance|certain", s)]
    assert any("onfidence" in s for s in said)


def test_every_headline_ends_with_what_it_is_not() -> None:
    case = rivals.read(WAREHOUSE)

    said = prose.headline(case, standing_of(case)).sentences()

    assert said[-2:] == (prose.COMBINE, prose.DISCLAIMER)


@pytest.mark.parametrize(
    ("scale", "p", "said"),
    [
        ("icd203", 0.3, "Next comes “Wiring”, unlikely (30%)."),
        ("icd203", 0.5, "Next comes “Wiring”, with a roughly even chance (50%)."),
        ("icd203", 0.01, "Next comes “Wiring”, with almost no chance (1%)."),
        ("phia", 0.01, "Next comes “Wiring”, with a remote chance (1%)."),
        ("phia", 0.45, "Next comes “Wiring”, a realistic possibility (45%)."),
        ("phia", 0.0, "Every other explanation stands at 0%."),
    ],
)
def test_the_next_is_told_in_the_word_of_the_scale(scale: str, p: float, said: str) -> None:
    table = made_up([("Arson", 0.9, 0.85, 0.95, 0.9), ("Wiring", p, p, p, p)])

    assert prose.headline(on_scale(scale), table).rivals == said


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


def tried(
    leads: float = 1.0, worst: float = 1.0, weights: dict[str, float] | None = None
) -> prose.Trials:
    """An answer x that leads so often, at worst without the report r; dB by source."""
    row = {"label": "X", "leads": leads, "whole": leads, "worst": worst, "report": "r"}
    robustness = pd.DataFrame([row], index=["x"])
    robustness.attrs.update(leader="x", draws={"n": 100, "effective": 90.0})
    columns = {
        ("report", "counted"): [True] * len(weights or {}) + [False],
        ("report", "source"): [*(weights or {}), "echo"],
        ("shapley", "x"): [*(weights or {}).values(), 0.0],
    }
    return prose.Trials(robustness, pd.DataFrame(columns) if weights else None)


@pytest.mark.parametrize(
    ("log", "conflict", "low", "high", "level"),
    [
        (reports(12, 6), 0.0, 0.5, 0.6, "high"),
        (reports(12, 6), 0.0, 0.5, 0.69999, "high"),
        (reports(12, 6), 0.0, 0.5, 0.70001, "moderate"),
        (reports(12, 6), 0.0, 0.4, 0.79999, "moderate"),
        (reports(12, 6), 0.0, 0.4, 0.80001, "low"),
        (reports(12, 6), 0.0, np.nan, np.nan, "moderate"),
        (reports(10, 6), 0.0, 0.5, 0.6, "high"),
        (reports(9, 6), 0.0, 0.5, 0.6, "moderate"),
        (reports(4, 4), 0.0, 0.5, 0.6, "moderate"),
        (reports(3, 3), 0.0, 0.5, 0.6, "low"),
        (reports(12, 3), 0.0, 0.5, 0.6, "high"),
        (reports(12, 2), 0.0, 0.5, 0.6, "moderate"),
        (reports(12, 1), 0.0, 0.5, 0.6, "low"),
        (reports(12, 6), 1.0, 0.5, 0.6, "high"),
        (reports(12, 6), 3.0, 0.5, 0.6, "moderate"),
        (reports(12, 6), 3.1, 0.5, 0.6, "low"),
    ],
)
def test_confidence_is_the_lowest_that_the_rules_allow(
    log: pd.DataFrame, conflict: float, low: float, high: float, level: str
) -> None:
    rated = prose.rate_confidence(log, conflict, low, high, tried())

    assert rated.level == level
    assert bool(rated.reasons) == (level != "high")


@pytest.mark.parametrize(
    ("trials", "level", "why"),
    [
        (tried(), "high", "Nothing of note"),
        (None, "moderate", "Whether the lead holds was not tried."),
        (tried(0.9, 0.7), "high", "Nothing of note"),
        (tried(0.899, 0.7), "moderate", "It leads in only 90% of the cases tried."),
        (tried(0.667, 0.667), "moderate", "It leads in only 67% of the cases tried."),
        (tried(0.66, 0.66), "low", "It leads in only 66% of the cases tried."),
        (tried(0.95, 0.66), "moderate", "Without one report it leads in only 66% of the draws."),
        (tried(0.95, 0.5), "moderate", "Without one report it leads in only 50% of the draws."),
        (tried(0.95, 0.49), "low", "Without one report it leads in only 49% of the draws."),
        (tried(weights={"a": 1.0, "b": -1.0, "c": 1.0}), "high", "Nothing of note"),
        (tried(weights={"a": -2.0, "b": 2.0, "c": 1.0}), "moderate", "One source carries 40% of"),
        (tried(weights={"a": -7.0, "b": 2.0, "c": 1.0}), "low", "One source carries 70% of"),
        (tried(weights={"": 7.0, "b": 2.0, "c": 1.0}), "high", "Nothing of note"),
        (tried(weights={"a": np.nan, "b": 2.0}), "high", "Nothing of note"),
    ],
)
def test_what_was_tried_holds_confidence_down(
    trials: prose.Trials | None, level: str, why: str
) -> None:
    rated = prose.rate_confidence(reports(12, 6), 0.0, 0.5, 0.6, trials)

    assert rated.level == level
    assert rated.why.startswith(why)


def test_every_limit_of_confidence_stands_in_the_rule() -> None:
    limits = ["40 points low", "20 moderate", "two thirds low", "90% moderate", "not tried",
              "half of the draws low", "fewer than 4 low", "fewer than 10 moderate",
              "one third moderate", "3 nats low", "above 1 moderate"]  # fmt: skip

    plain = " ".join(prose.CONFIDENCE_RULE.split())

    assert [limit for limit in limits if limit not in plain] == []


def test_what_nobody_says_is_no_one_source_s_word() -> None:
    log = reports(12, 6)
    log["source"] = ""

    assert prose.rate_confidence(log, 0.0, 0.5, 0.6, tried()).level == "high"


def test_a_lead_that_holds_is_not_called_unsettled_for_overlapping_ranges() -> None:
    table = made_up([("Arson", 0.6, 0.4, 0.8, 0.7), ("Wiring", 0.5, 0.3, 0.7, 0.5)])
    table.index = ["x", "w"]
    case = rivals.read(WAREHOUSE)

    holds, wavers = (prose.headline(case, table, tried(p)).rivals for p in (0.95, 0.85))

    assert holds.endswith("ranges overlap, yet the lead holds in 95% of the cases tried.")
    assert wavers.endswith("the two ranges overlap, so their order is not settled.")


def test_repetitions_are_no_independent_origins() -> None:
    log = reports(12, 6)
    log["origin"] = [("one call",)] * 12

    assert prose.rate_confidence(log, 0.0, 0.5, 0.6, tried()).level == "low"


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


# --- causes that overlap ---


def test_causes_that_could_each_be_spared_are_told_together() -> None:
    outage = rivals.read("scenarios/checkout-outage")
    sets, standing = outage.cause_sets(), standing_of(outage, draws=0)
    pair = sets["because"][[len(names) == 2 for names in sets["hypotheses"]]].max()

    said = prose.say_together(sets, standing, "icd203")

    assert said == (
        "Taken together, “The 13:58 release” and “The database failover” were why: "
        f"{round(100 * pair)}%, likely; either was often enough without the other."
    )


def test_causes_that_are_hardly_more_together_are_not_told_together() -> None:
    fire = rivals.read(WAREHOUSE)

    assert prose.say_together(fire.cause_sets(), standing_of(fire, draws=0), "icd203") == ""
