"""The gallery teaches what it says: each lesson of a scenario's background is in its figures.

Scenarios are data that an analyst may change; what is held here is the lesson, not the digits.
"""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from scipy.stats import poisson

import rivals
from rivals.case import Case
from rivals.entries import Report

ROOT = Path(__file__).parents[1]
GALLERY = (
    "checkout-outage",
    "harbour-strike",
    "iraq-1993",
    "ward-cluster",
)
EVERY = tuple(sorted(file.parent.name for file in (ROOT / "scenarios").glob("*/scenario.yaml")))

MATRIX = {
    "e1-statement": "+++",
    "e2-quiet-1991": "++-",
    "e3-fears-war": "++-",
    "e4-broadcasts": "-++",
    "e5-embassies": "-++",
    "e6-loss-of-face": "-++",
}
"""Heuer (1999), chapter 8, figure 15: each item under none, minor and major."""


@cache
def case(name: str) -> Case:
    """A scenario of the gallery with all of its log."""
    return rivals.read(ROOT / "scenarios" / name)


def posterior(of: Case) -> pd.Series[float]:
    """How probable each hypothesis is, on the judgements as stated."""
    return of.beliefs(draws=0)["posterior"]


def because(of: Case) -> pd.Series[float]:
    """How probable it is that each hypothesis was why the headline's effect came about."""
    return of.causes(draws=0).loc[of.effect]["because"]


def ids(of: Case) -> list[str]:
    """The reports of the log, in order."""
    return [entry.id for entry in of.dossier.log if isinstance(entry, Report)]


def log_odds(p: float) -> float:
    """In decibels."""
    return 10 * math.log10(p / (1 - p))


# --- every scenario of the gallery ---


@pytest.mark.parametrize("name", GALLERY)
def test_everything_stated_has_a_reason(name: str) -> None:
    scenario = case(name).scenario

    assert [v for v, noun in scenario.variables.items() if not (noun.why and noun.ask)] == []
    assert [s for s, noun in scenario.sources.items() if not (noun.why and noun.name)] == []
    assert 8 <= len(ids(case(name))) <= 25


@pytest.mark.parametrize("name", GALLERY)
def test_no_link_leads_to_a_real_page(name: str) -> None:
    text = "".join(file.read_text("utf-8") for file in (ROOT / "scenarios" / name).glob("*.yaml"))
    hosts = re.findall(r"https?://([^/\s]+)", text)

    assert [host for host in hosts if not host.endswith(".example")] == []


@pytest.mark.parametrize("name", EVERY)
def test_the_readme_shows_it_with_a_small_picture(name: str) -> None:
    index = (ROOT / "README.md").read_text("utf-8").split("## Gallery\n")[1].split("\n## ")[0]
    picture = ROOT / "docs" / f"{name}.png"

    assert f"](docs/{name}.png)](scenarios/{name})" in index
    assert f"**[{case(name).scenario.title}](scenarios/{name})**" in index
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < 150_000


# --- Heuer's matrix and the network ---


def mark(item: str) -> str:
    """How the item alone, coded as we did, bears on each hypothesis in the matrix's own signs."""
    iraq = case("iraq-1993")
    told = iraq.without(*(one for one in ids(iraq) if one != item)).beliefs(draws=0)
    ratio = told["posterior"] / told["prior"]
    return "".join("-" if ratio[h] < 0.9 else "+" for h in ("none", "minor", "major"))


@pytest.mark.parametrize(("item", "marks"), MATRIX.items())
def test_each_item_bears_on_the_hypotheses_as_heuer_marked_it(item: str, marks: str) -> None:
    assert mark(item) == marks


def test_what_the_matrix_puts_last_comes_second_in_the_network() -> None:
    against = {
        h: sum(mark(i)[n] == "-" for i in MATRIX) for n, h in enumerate(("none", "minor", "major"))
    }
    found = posterior(case("iraq-1993"))

    assert against == {"minor": 0, "major": 2, "none": 3}
    assert found["minor"] > found["none"] > 4 * found["major"]


def test_two_signs_of_one_alert_are_not_two_arguments() -> None:
    iraq, signs = case("iraq-1993"), ("e4-broadcasts", "e5-embassies")

    def worth(of: Case, *drop: str) -> float:
        return log_odds(posterior(of.without(*drop))["none"])

    both = worth(iraq) - worth(iraq, *signs)
    each = [worth(iraq, other) - worth(iraq, *signs) for other in signs]
    only_a_plan = iraq.do(alert="no")

    assert sum(each) < both < 0
    assert worth(only_a_plan) - worth(only_a_plan, *signs) < 2 * both


def test_no_retaliation_would_lead_without_the_broadcasts_and_one_assumption() -> None:
    iraq = case("iraq-1993")

    assert posterior(iraq.without("e4-broadcasts", "e6-loss-of-face")).idxmax() == "none"
    assert posterior(iraq.without("e4-broadcasts")).idxmax() == "minor"
    assert posterior(iraq.without("e6-loss-of-face")).idxmax() == "minor"


# --- the outage: echoes, and causes that overlap ---

AT_14_16 = "2026-05-12T14:16:00+00:00"


def test_six_alarms_of_one_health_check_count_once() -> None:
    table = case("checkout-outage").as_of(AT_14_16).reports()
    alarms = table[table["source"] == "probe"]

    assert len(alarms) == 6
    assert list(alarms["status"]) == ["counted", *["echo"] * 4, "copy"]


def test_counted_one_by_one_the_alarms_would_have_blamed_the_network() -> None:
    then = case("checkout-outage").as_of(AT_14_16)

    assert posterior(then).idxmax() == because(then).idxmax() == "release"
    assert posterior(then)["network"] < 1 / 3
    naive = then.naively()["naive"]
    assert naive.idxmax() == "network"
    assert naive["network"] > 0.75


def test_a_cause_can_be_certain_to_have_been_there_and_hardly_needed() -> None:
    outage = case("checkout-outage")

    assert posterior(outage)["failover"] > 0.999
    assert because(outage).max() < 0.5


def test_release_and_failover_are_why_together_more_than_either_is() -> None:
    sets = case("checkout-outage").cause_sets()
    chance = {frozenset(row["hypotheses"]): row["because"] for _, row in sets.iterrows()}
    release, failover = frozenset({"release"}), frozenset({"failover"})

    assert chance[release | failover] > 0.7
    assert chance[release | failover] > chance[release] + 0.2
    assert chance[release | failover] > chance[failover] + 0.2


def test_what_tells_most_is_not_what_tells_most_for_its_cost() -> None:
    asked = case("checkout-outage").as_of(AT_14_16).inquiry()["variable"]

    assert asked["bits"].idxmax() == "release_fault"
    assert asked["bits_per_cost"].idxmax() == "pool_exhausted"


# --- the cluster: base rates, and what was looked for ---


def test_the_numbers_of_the_cluster_are_poisson() -> None:
    usual, more, tripled, fivefold = (float(poisson.sf(4, mean)) for mean in (1.2, 1.6, 3.6, 6))
    stated = case("ward-cluster").judgements()["value"]

    def link(cause: str) -> float:
        return float(stated[f"variables.cluster.noisy_or.causes.{cause}"])

    assert stated["variables.run_of_chance.prior.yes"] == pytest.approx(usual, rel=0.01)
    assert 480 * usual == pytest.approx(3.7, abs=0.05)
    assert link("testing") == pytest.approx((more - usual) / (1 - usual), rel=0.01)
    assert link("product") == pytest.approx(fivefold, rel=0.01)
    assert link("handling") == pytest.approx(tripled, rel=0.02)


def test_the_roster_weighs_what_was_searched_for_and_not_one_given_person() -> None:
    then = case("ward-cluster").as_of("2026-04-07")
    one_given_person = {"handling": {"no": 0.4**5, "yes": 0.40}}
    naive = then.without("roster-search").with_report(likelihood=one_given_person)
    somebody = 1 - (1 - 0.4**5) ** 14

    assert because(then).idxmax() == "chance"
    assert because(naive).idxmax() == "handling"
    stated = then.judgements()["value"]
    assert stated["variables.roster.table[1].then.yes"] == pytest.approx(somebody, abs=0.005)


def test_who_reads_the_roster_for_one_person_comes_apart_over_that_report() -> None:
    ward = case("ward-cluster")
    read_so = because(ward.as_analyst("duty_manager"))["handling"]
    asked = ward.analysts(draws=0)
    shares = asked.account["because", "handling"] / asked.gap["because"]["handling"]

    assert read_so > 0.5 > 10 * because(ward)["handling"]
    assert shares.max() == shares["reports.roster-search"] > 0.9


def test_what_the_town_repeats_would_have_made_handling_eight_times_as_likely() -> None:
    ward = case("ward-cluster")

    assert ward.naively()["naive"]["handling"] > 8 * posterior(ward)["handling"]


def test_chance_and_testing_explain_the_cluster_nine_times_in_ten() -> None:
    found = because(case("ward-cluster"))

    assert found["chance"] + found["testing"] > 0.9
    assert max(found["product"], found["handling"]) < 0.05


# --- the forecast: acts and words, and how it came out ---


def moved_on_its_day(of: Case, report: str, day: str) -> float:
    """The most that a report moved any hypothesis on the evening of its day, in decibels."""
    then = of.as_of(day)
    pairs = zip(posterior(then), posterior(then.without(report)), strict=True)
    return max(abs(log_odds(after) - log_odds(before)) for after, before in pairs)


def test_words_that_serve_their_speaker_move_less_than_any_act() -> None:
    strike = case("harbour-strike")
    sources, table = strike.scenario.sources, strike.reports()
    words, acts = [], []
    for name, report in table[table["status"] == "counted"].iterrows():
        kind = words if sources[report["source"]].interest else acts
        kind.append(moved_on_its_day(strike, str(name), str(report["logged"])))

    assert len(words) == 4
    assert max(words) < 1 < min(acts)


def test_one_ballot_moves_more_as_an_act_than_as_words() -> None:
    strike, day = case("harbour-strike"), "2026-05-08"

    act, words = (moved_on_its_day(strike, r, day) for r in ("ballot-filed", "union-ballot-call"))

    assert act > 10 * words


def test_a_notice_that_does_not_come_makes_a_strike_less_likely_by_the_day() -> None:
    strike = case("harbour-strike")
    evenings = [strike.as_of(day) for day in ("2026-06-05", "2026-06-11", "2026-06-18")]
    chances = [posterior(evening)["strike"] for evening in evenings]

    assert len({len(evening.reports()) for evening in evenings}) == 1
    assert chances[0] > 1.3 * chances[1] > 1.3 * 1.3 * chances[2]


def test_following_the_reports_scored_better_than_the_prior_but_not_on_the_stoppage() -> None:
    score = case("harbour-strike").score()
    mean = score.groupby("outcome", sort=False)[["brier", "brier_prior"]].mean()
    better = mean["brier"] < mean["brier_prior"]

    assert better.to_dict() == {"signed": True, "stoppage": False, "mediated": True}
    assert mean["brier"].mean() < mean["brier_prior"].mean() < 0.25


def test_the_answer_is_not_weighed() -> None:
    strike = case("harbour-strike")

    assert posterior(strike).equals(posterior(strike.without("signed")))
    assert max(day for _, day in strike.score().index.astype("object")) < "2026-06-26"
