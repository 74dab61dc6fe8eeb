"""A case: every method gives a new value, and wrong names are told with the right ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import rivals
from rivals import Case, ImpossibleEvidence, QuestionError
from rivals.analysis.comparison import decibels

TEXT = """\
title: A test
question: Why?
hypotheses: {arson: arson=yes, storm: wind=storm}
variables:
  arson: {ask: A?, prior: {yes: 0.2}}
  wind: {ask: W?, states: [calm, breeze, storm], prior: {calm: 0.5, breeze: 0.3}}
  fire: {ask: F?, noisy_or: {causes: {arson: 0.9, wind: {storm: 0.4}}}}
sources:
  radio: {grade: B}
  owner: {reliability: 0.5}
"""
LOG = """\
- {id: call, published: 2026-05-01, source: radio, origin: fireman, claims: {arson: yes}}
- {id: paper, published: 2026-05-03, source: owner, origin: fireman, claims: {arson: yes}}
- {id: weather, published: 2026-05-05, source: owner, claims: {wind: storm}}
"""


def written(folder: Path, text: str = TEXT, log: str = LOG) -> Path:
    (folder / "scenario.yaml").write_text(text)
    (folder / "reports.yaml").write_text(log)
    return folder


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return rivals.read(written(tmp_path))


def posterior(case: Case, name: str = "arson") -> float:
    return float(case.beliefs(draws=0).loc[name, "posterior"])


def test_reading_tells_of_the_case_what_the_files_say(case: Case, tmp_path: Path) -> None:
    assert case.name == tmp_path.name
    assert case.scenario.title == "A test"
    assert case.moment is None
    assert case.effect is None
    assert list(case.reports().index) == ["call", "paper", "weather"]


CHANGES: dict[str, Callable[[Case], Case]] = {
    "as_of": lambda case: case.as_of("2026-05-02"),
    "without": lambda case: case.without("call"),
    "given": lambda case: case.given(fire="yes"),
    "do": lambda case: case.do(fire="yes"),
    "with_report": lambda case: case.with_report(source="radio", claims={"wind": "calm"}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_gives_a_new_case_and_leaves_the_old_one_alone(case: Case, change: str) -> None:
    beliefs, reports = case.beliefs(draws=0), case.reports()

    changed = CHANGES[change](case)

    assert changed is not case
    assert changed != case
    pd.testing.assert_frame_equal(case.beliefs(draws=0), beliefs)
    pd.testing.assert_frame_equal(case.reports(), reports)


def test_a_case_is_frozen(case: Case) -> None:
    with pytest.raises(FrozenInstanceError):
        case.left_out = ("call",)  # type: ignore[misc]


def test_a_table_that_is_written_over_changes_no_later_answer(case: Case) -> None:
    first = case.beliefs(draws=0)

    first.loc["arson", "posterior"] = 7.0

    assert posterior(case) < 1


def test_changes_add_up_in_any_order(case: Case) -> None:
    one = case.as_of("2026-05-04").given(fire="yes").without("call").do(wind="calm")
    other = case.do(wind="calm").without("call").given(fire="yes").as_of("2026-05-04")

    assert one == other
    assert posterior(one) == posterior(other)


def test_what_is_left_out_adds_up(case: Case) -> None:
    left = case.without("call").without("source:owner").reports()["status"].to_dict()

    assert left == {"call": "left out", "paper": "left out", "weather": "left out"}


def test_a_later_moment_takes_the_place_of_an_earlier_one(case: Case) -> None:
    assert case.as_of("2026-05-01").as_of("2026-05-05") == case.as_of("2026-05-05")
    assert case.as_of("2026-05-01").as_of(None) == case


def test_given_several_states_is_one_of_them(case: Case) -> None:
    blowing = case.given(wind=["breeze", "storm"])

    assert blowing.variables().loc[("wind", "calm"), "posterior"] == 0
    assert blowing == case.given(wind="breeze|storm")


def test_do_cuts_from_causes_where_given_looks_back_at_them(case: Case) -> None:
    quiet = case.as_of("2026-04-01")

    assert posterior(quiet.do(fire="yes")) == pytest.approx(0.2, abs=1e-12)
    # P(fire) = 1 - P(no arson acts) P(no storm acts) = 1 - (1 - 0.2 0.9) (1 - 0.2 0.4)
    fire = 1 - (1 - 0.18) * (1 - 0.08)
    both = 0.2 * (1 - 0.1 * (1 - 0.08))
    assert posterior(quiet.given(fire="yes")) == pytest.approx(both / fire, abs=1e-12)


# --- wrong words ---

WRONG: list[tuple[str, Callable[[Case], Any], str]] = [
    (
        "variable",
        lambda case: case.given(arsen="yes"),
        "a variable of this scenario is expected, got 'arsen'; did you mean 'arson'?",
    ),
    (
        "state",
        lambda case: case.given(wind="gale"),
        "a state of wind is one of calm, breeze, storm, got 'gale'",
    ),
    (
        "state under do",
        lambda case: case.do(arson="yes|no"),
        "a state of arson is one of no, yes, got 'yes|no'",
    ),
    (
        "report",
        lambda case: case.without("papers"),
        "no report has the id 'papers'; did you mean 'paper'?",
    ),
    (
        "origin",
        lambda case: case.without("origin:firemen"),
        "no origin is called 'firemen'; did you mean 'fireman'?",
    ),
    (
        "source",
        lambda case: case.without("source:radios"),
        "no source is called 'radios'; did you mean 'radio'?",
    ),
    (
        "moment",
        lambda case: case.as_of("May"),
        "a date is a day (2026-05-04), a month (2026-05) or a time with its offset, got 'May'",
    ),
    (
        "given after do",
        lambda case: case.do(wind="calm").given(wind="storm"),
        "a variable is given or under do, not both, got 'wind'",
    ),
    (
        "do after given",
        lambda case: case.given(wind="storm").do(wind="calm"),
        "a variable is given or under do, not both, got 'wind'",
    ),
    (
        "causes",
        lambda case: case.causes(draws=0),
        "causes need `effects` in scenario.yaml: what is to be explained",
    ),
]


@pytest.mark.parametrize(
    ("ask", "told"), [pytest.param(ask, told, id=what) for what, ask, told in WRONG]
)
def test_a_wrong_word_is_told_at_once(case: Case, ask: Callable[[Case], Any], told: str) -> None:
    with pytest.raises(QuestionError) as error:
        ask(case)

    assert str(error.value) == told


def test_what_can_not_be_true_names_the_report_that_made_it_so(tmp_path: Path) -> None:
    log = (
        "- {id: seen, published: 2026-05-01, observes: {fire: no}}\n"
        "- {id: calm, published: 2026-05-02, observes: {wind: calm}}\n"
        "- {id: gone, published: 2026-05-03, observes: {wind: storm}}\n"
    )

    with pytest.raises(ImpossibleEvidence, match=r"reports.yaml:3: .*'gone'") as error:
        rivals.read(written(tmp_path, log=log)).beliefs(draws=0)

    assert error.value.report == "gone"


def test_what_is_given_against_all_odds_is_told_as_such(case: Case) -> None:
    with pytest.raises(ImpossibleEvidence, match=r"what is given has probability 0.*fire=yes"):
        case.do(arson="no", wind="calm").given(fire="yes").beliefs(draws=0)


# --- one more report ---


def test_a_report_without_id_and_date_is_new_and_of_the_last_day(case: Case) -> None:
    report = case.draft_report(source="radio", claims={"wind": "calm"})

    assert report.id == "new-report"
    assert str(report.published) == "2026-05-05"
    assert report.directness == "relayed"


def test_a_report_of_a_past_case_is_of_its_moment(case: Case) -> None:
    past = case.as_of("2026-05-02").with_report(source="radio", claims={"wind": "calm"})

    assert past.reports()["status"].to_dict() == {"call": "counted", "new-report": "counted"}
    assert past.reports().loc["new-report", "published"] == "2026-05-02"


def test_new_reports_get_names_of_their_own(case: Case) -> None:
    more = case.with_report(source="radio").with_report(source="radio").with_report()

    assert list(more.reports().index[3:]) == ["new-report", "new-report-2", "new-report-3"]


def test_a_report_in_an_empty_log_has_a_day(tmp_path: Path) -> None:
    first = rivals.read(written(tmp_path, log="")).with_report(observes={"fire": "yes"})

    assert first.reports()["status"].to_dict() == {"new-report": "counted"}


def test_fields_of_a_report_are_those_of_the_file(case: Case) -> None:
    report = case.draft_report(
        id="mine",
        published="2026-05-07",
        source="owner",
        origin=["a", "b"],
        claims={"wind": ["calm", "breeze"]},
        likelihood={"fire": {"no": "likely", "yes": "2/5"}},
        directness="direct",
    )

    assert report.origin == ("a", "b")
    assert report.claims == {"wind": ("calm", "breeze")}
    assert report.likelihood == {"fire": {"no": 0.675, "yes": 0.4}}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"source": "rado"}, "source: .*got 'rado'; did you mean 'radio'?"),
        ({"source": "radio", "claims": {"arsn": "yes"}}, "claims.arsn: .*did you mean 'arson'?"),
        ({"source": "radio", "claims": {"wind": "gale"}}, "calm, breeze, storm, got 'gale'"),
        ({"claims": {"wind": "calm"}}, "names its source"),
        ({"claim": {"wind": "calm"}}, "unknown key 'claim'; did you mean 'claims'?"),
        ({"id": "call"}, "id: an id stands once, got 'call' again"),
        ({"copy_of": "cal"}, "copy_of: .*got 'cal'; did you mean 'call'?"),
        ({"id": "me", "copy_of": "me"}, "copies form no circle"),
        ({"published": "soon"}, "published: a date is a day.*got 'soon'"),
        ({"link": "file:///etc"}, "link: a link starts with http"),
        ({"link": "http://[bad/x"}, "link: a link's host and port are well formed, got 'http:"),
        ({"link": "http://x:99999/"}, "link: a link's host and port are well formed"),
        ({"directness": "hearsay"}, "directness: one of 'direct', 'relayed'.*got 'hearsay'"),
        ({"likelihood": {"arson": {"yes": 1}}}, "every state has a likelihood, got none for 'no'"),
        ({"likelihood": {"arson": {"no": 0, "yes": 0}}}, "one likelihood at least is above 0"),
        ({"observes": {"fire": "yes"}, "likelihood": {"fire": {"no": 1, "yes": 2}}}, "got two"),
    ],
)
def test_a_report_that_breaks_a_rule_is_told_as_the_file_would_be(
    case: Case, fields: dict[str, Any], told: str
) -> None:
    with pytest.raises(QuestionError, match=told):
        case.with_report(**fields)


def test_all_that_is_wrong_with_a_report_is_told_at_once(case: Case) -> None:
    with pytest.raises(QuestionError) as error:
        case.with_report(source="nobody", claims={"wind": "gale", "arson": "maybe"})

    assert len(error.value.problems) == 3


def test_a_report_is_not_written_anywhere(case: Case, tmp_path: Path) -> None:
    case.with_report(source="radio", claims={"wind": "calm"}).beliefs(draws=0)

    assert (tmp_path / "reports.yaml").read_text() == LOG


# --- two cases side by side ---


def test_a_comparison_has_before_after_and_decibels(case: Case) -> None:
    past = case.as_of("2026-04-01")

    table = case.compare(past)

    assert list(table.columns) == ["label", "before", "after", "dB"]
    assert table.loc["arson", "before"] == pytest.approx(posterior(past))
    assert table.loc["arson", "after"] == pytest.approx(posterior(case))
    moved = decibels(posterior(past), posterior(case))
    assert table.loc["arson", "dB"] == pytest.approx(moved, abs=1e-9)


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [(0.5, 0.5, 0), (0.5, 0.1, -9.542425094), (0.2, 0.8, 12.041199827)],
)
def test_decibels_are_ten_times_the_logarithm_of_the_ratio_of_odds(
    before: float, after: float, moved: float
) -> None:
    assert decibels(before, after) == pytest.approx(moved, abs=1e-9)


@pytest.mark.parametrize(("before", "after"), [(0, 0.5), (0.5, 1), (1, 1)])
def test_decibels_of_certainty_are_not_defined(before: float, after: float) -> None:
    assert pd.isna(decibels(before, after))


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"claims": {"arson": "yes"}}, "counted"),
        ({"claims": {"arson": "yes"}, "origin": "fireman"}, "echo of call"),
        ({"claims": {"arson": "yes"}, "copy_of": "paper"}, "copy of paper"),
        (
            {"claims": {"arson": "no", "wind": "calm"}, "origin": "fireman"},
            "counted; in part an echo of call",
        ),
        ({"summary": "Nothing new."}, "background"),
    ],
)
def test_a_comparison_says_what_part_a_new_report_plays(
    case: Case, fields: dict[str, Any], part: str
) -> None:
    after = case.with_report(source="radio", **fields)

    reports = after.compare(case).attrs["reports"]

    assert reports.loc["new-report"].to_dict() == {
        "change": "added",
        "source": "radio",
        "part": part,
    }
    assert len(reports) == 1


def test_an_echo_moves_nothing_in_a_comparison(case: Case) -> None:
    echo = case.with_report(source="radio", claims={"arson": "yes"}, origin="fireman")

    assert echo.compare(case)["dB"].to_list() == pytest.approx([0, 0], abs=1e-12)


def test_a_comparison_names_what_was_left_out_and_what_was_not_there_yet(case: Case) -> None:
    old = case.as_of("2026-05-04")
    changed = old.without("call").compare(old).attrs["reports"]
    gone = old.compare(case).attrs["reports"]

    assert changed["change"].to_dict() == {"call": "counted before"}
    assert changed["part"].to_dict() == {"call": "left out"}
    assert gone["change"].to_dict() == {"weather": "no longer there"}


def test_cases_that_do_not_differ_compare_as_equal(case: Case) -> None:
    table = case.compare(case)

    assert table["dB"].to_list() == [0, 0]
    assert table.attrs["reports"].empty
