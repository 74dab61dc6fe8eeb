"""What counts, rule by rule (design, section 4): echoes, copies, drafts, what is taken back."""

from __future__ import annotations

from typing import Any

import pytest

from rivals.entries import Amendment, Entry, Report, Retraction
from rivals.errors import QuestionError
from rivals.evidence import Evidence, Standing, weigh_up
from rivals.moments import When
from rivals.scenario import Dossier, Scenario

VARIABLES = {
    "fire": {"prior": {"yes": 0.5}},
    "wind": {"prior": {"calm": 1}, "states": ["calm", "breeze", "storm"]},
}
FIRE, WIND = {"fire": "yes"}, {"wind": "storm"}


def said(name: str, claims: dict[str, Any] | None = None, **fields: Any) -> Report:
    """A report of 1 May by one source, unless it says otherwise."""
    data = {"id": name, "published": "2026-05-01", "source": "radio", **fields}
    return Report.model_validate({**data, "claims": claims} if claims else data)


def taken_back(name: str, logged: str = "2026-05-20") -> Retraction:
    return Retraction.model_validate({"retracts": name, "logged": logged})


def amended(name: str, logged: str = "2026-05-20", **fields: Any) -> Amendment:
    return Amendment.model_validate({"amends": name, "logged": logged, "set": fields})


def evidence(
    *log: Entry, as_of: str | None = None, without: tuple[str, ...] = (), zone: str = "UTC"
) -> Evidence:
    scenario = {
        "title": "A test",
        "question": "Why?",
        "hypotheses": {"fire": "fire=yes", "storm": "wind=storm"},
        "variables": VARIABLES,
        "sources": {"radio": {"grade": "B"}, "paper": {"grade": "C"}},
        "settings": {"timezone": zone},
    }
    dossier = Dossier("test", Scenario.model_validate(scenario), log)
    return weigh_up(dossier, When(as_of) if as_of else None, without)


def statuses(*log: Entry, **options: Any) -> dict[str, str]:
    return {s.report.id: s.status for s in evidence(*log, **options).standings}


def standing(name: str, *log: Entry, **options: Any) -> Standing:
    return next(s for s in evidence(*log, **options).standings if s.report.id == name)


# --- what counts ---


def test_reports_with_no_origin_named_go_back_to_themselves_and_all_count() -> None:
    found = evidence(said("a", FIRE), said("b", FIRE))

    assert [s.status for s in found.standings] == ["counted", "counted"]
    assert [s.origins for s in found.standings] == [("a",), ("b",)]


def test_a_second_report_of_an_origin_is_an_echo_of_the_first() -> None:
    echo = standing("b", said("a", FIRE, origin="call"), said("b", FIRE, origin="call"))

    assert echo.status == "echo"
    assert echo.counts == ()
    assert echo.repeats == {"fire": "a"}


def test_an_id_is_an_origin_that_others_may_name() -> None:
    assert statuses(said("a", FIRE), said("b", FIRE, origin="a"))["b"] == "echo"


def test_another_source_that_tells_the_same_origin_is_an_echo_too() -> None:
    log = said("a", FIRE, origin="call"), said("b", FIRE, origin="call", source="paper")

    assert statuses(*log)["b"] == "echo"


def test_one_shared_origin_of_several_makes_an_echo() -> None:
    log = said("a", FIRE, origin=["call", "letter"]), said("b", FIRE, origin=["letter", "visit"])

    assert statuses(*log)["b"] == "echo"


def test_an_echo_settles_its_other_origins_as_well() -> None:
    log = (
        said("a", FIRE, origin="call"),
        said("b", FIRE, origin=["call", "visit"]),
        said("c", FIRE, origin="visit"),
    )

    assert standing("c", *log).repeats == {"fire": "b"}


def test_of_another_variable_the_same_origin_is_heard_for_the_first_time() -> None:
    log = said("a", FIRE, origin="call"), said("b", {**FIRE, **WIND}, origin="call")

    assert standing("b", *log).status == "counted"
    assert standing("b", *log).counts == ("wind",)
    assert standing("b", *log).repeats == {"fire": "a"}


def test_an_echo_may_say_the_opposite_and_is_an_echo_all_the_same() -> None:
    log = said("a", FIRE, origin="call"), said("b", {"fire": "no"}, origin="call")

    assert statuses(*log)["b"] == "echo"


def test_a_likelihood_settles_and_is_settled_like_a_claim() -> None:
    weighed = {"fire": {"no": 1, "yes": 3}}

    assert statuses(said("a", FIRE, origin="o"), said("b", likelihood=weighed, origin="o")) == {
        "a": "counted",
        "b": "echo",
    }
    assert statuses(said("a", likelihood=weighed, origin="o"), said("b", FIRE, origin="o")) == {
        "a": "counted",
        "b": "echo",
    }


def test_what_is_observed_always_counts() -> None:
    log = (
        said("a", FIRE, origin="call"),
        said("b", observes=FIRE, origin="call"),
        said("c", observes=FIRE, copy_of="a"),
    )

    assert statuses(*log) == {"a": "counted", "b": "counted", "c": "counted"}


def test_what_bears_on_nothing_is_background() -> None:
    assert statuses(said("a"), said("b", copy_of="a")) == {"a": "background", "b": "background"}


# --- copies and drafts ---


def test_a_copy_weighs_nothing_whatever_it_adds() -> None:
    copy = standing("b", said("a", FIRE), said("b", {**FIRE, **WIND}, copy_of="a"))

    assert copy.status == "copy"
    assert copy.counts == ()
    assert copy.repeats == {"fire": "a", "wind": "a"}


def test_a_copy_with_an_origin_of_its_own_weighs_nothing_either() -> None:
    assert statuses(said("a", FIRE), said("b", WIND, copy_of="a", origin="new"))["b"] == "copy"


def test_a_copy_logged_before_what_it_copies_weighs_nothing() -> None:
    log = said("b", FIRE, copy_of="a"), said("a", FIRE, logged="2026-05-09")

    assert statuses(*log) == {"b": "copy", "a": "counted"}


def test_a_copy_settles_nothing() -> None:
    log = (
        said("a", FIRE),
        said("b", WIND, copy_of="a", origin="call"),
        said("c", WIND, origin="call"),
    )

    assert statuses(*log)["c"] == "counted"


def test_a_copy_goes_back_to_what_its_original_goes_back_to() -> None:
    log = said("a", FIRE, origin="call"), said("b", FIRE, copy_of="a"), said("c", copy_of="b")

    assert [s.origins for s in evidence(*log).standings] == [("call",)] * 3


def test_a_draft_weighs_and_settles_nothing() -> None:
    log = (
        said("a", FIRE, origin="call", status="draft"),
        said("b", observes=WIND, status="draft"),
        said("c", FIRE, origin="call"),
    )

    assert statuses(*log) == {"a": "draft", "b": "draft", "c": "counted"}
    assert [s.report.id for s in evidence(*log).counted] == ["c"]
    assert [s.report.id for s in evidence(*log).in_force] == ["a", "b", "c"]


# --- order ---


def test_the_first_to_be_logged_counts_wherever_it_stands() -> None:
    log = (
        said("a", FIRE, origin="call", logged="2026-05-03"),
        said("b", FIRE, origin="call", logged="2026-05-02"),
    )

    assert statuses(*log) == {"b": "counted", "a": "echo"}
    assert list(statuses(*log)) == ["b", "a"]


def test_of_reports_logged_at_once_the_first_in_the_file_counts() -> None:
    log = said("z", FIRE, origin="call"), said("a", FIRE, origin="call")

    assert statuses(*log) == {"z": "counted", "a": "echo"}


def test_when_it_was_logged_matters_and_not_when_it_was_published() -> None:
    log = (
        said("a", FIRE, origin="call", published="2026-04-01", logged="2026-05-03"),
        said("b", FIRE, origin="call", published="2026-05-02"),
    )

    assert statuses(*log) == {"b": "counted", "a": "echo"}


def test_a_time_comes_before_the_end_of_its_day() -> None:
    log = (
        said("day", FIRE, origin="call", published="2026-05-02"),
        said("noon", FIRE, origin="call", published="2026-05-02T12:00Z"),
    )

    assert list(statuses(*log)) == ["noon", "day"]


# --- the log at a moment ---


def test_what_was_logged_later_is_not_there_yet() -> None:
    log = said("a", FIRE), said("b", FIRE, logged="2026-05-03")

    assert statuses(*log, as_of="2026-05-02") == {"a": "counted"}
    assert statuses(*log, as_of="2026-05-03") == {"a": "counted", "b": "counted"}


def test_a_day_ends_in_the_time_zone_of_the_scenario() -> None:
    log = (said("a", FIRE, published="2026-05-02T03:00Z"),)

    assert statuses(*log, as_of="2026-05-01", zone="UTC") == {}
    assert statuses(*log, as_of="2026-05-01", zone="America/Caracas") == {"a": "counted"}


def test_an_echo_counts_where_what_it_repeats_is_not_there_yet() -> None:
    log = (
        said("a", FIRE, origin="call", logged="2026-05-05"),
        said("b", FIRE, origin="call", logged="2026-05-06"),
        said("c", FIRE, origin="call", logged="2026-05-04"),
    )

    assert statuses(*log, as_of="2026-05-04") == {"c": "counted"}
    assert statuses(*log) == {"c": "counted", "a": "echo", "b": "echo"}


# --- what is taken back or left out ---


def test_a_retracted_report_is_not_in_force_and_its_echo_stays_one() -> None:
    log = said("a", FIRE, origin="call"), said("b", FIRE, origin="call"), taken_back("a")

    assert statuses(*log) == {"a": "retracted", "b": "echo"}
    assert [s.report.id for s in evidence(*log).in_force] == ["b"]
    assert evidence(*log).counted == ()


def test_a_retraction_holds_from_the_day_on_which_it_was_logged() -> None:
    log = said("a", FIRE), taken_back("a", "2026-05-09")

    assert statuses(*log, as_of="2026-05-08") == {"a": "counted"}
    assert statuses(*log, as_of="2026-05-09") == {"a": "retracted"}


@pytest.mark.parametrize("left_out", ["a", "origin:call", "source:radio"])
def test_leaving_a_report_out_never_lets_its_echo_or_copy_take_its_place(left_out: str) -> None:
    log = (
        said("a", FIRE, origin="call"),
        said("b", FIRE, origin=["call", "b"], source="paper"),
        said("c", FIRE, copy_of="a", source="paper"),
    )

    found = statuses(*log, without=(left_out,))

    assert found["a"] == "left out"
    assert found["b"] == ("left out" if left_out == "origin:call" else "echo")
    assert found["c"] == "copy"


def test_leaving_out_a_source_leaves_all_else() -> None:
    log = said("a", FIRE), said("b", WIND, source="paper"), said("c", FIRE, origin="a")

    assert statuses(*log, without=("source:radio",)) == {
        "a": "left out",
        "b": "counted",
        "c": "left out",
    }


def test_an_origin_that_is_a_report_s_own_id_can_be_left_out() -> None:
    log = said("a", FIRE), said("b", FIRE, origin="a"), said("c", FIRE)

    assert statuses(*log, without=("origin:a",)) == {
        "a": "left out",
        "b": "left out",
        "c": "counted",
    }


def test_a_report_of_later_can_be_left_out_before_it_is_there() -> None:
    log = said("a", FIRE), said("b", FIRE, logged="2026-05-09")

    assert statuses(*log, as_of="2026-05-02", without=("b",)) == {"a": "counted"}


def test_retracted_says_more_than_left_out() -> None:
    assert statuses(said("a", FIRE), taken_back("a"), without=("a",)) == {"a": "retracted"}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("bridge", "no report has the id 'bridge'; did you mean 'bridges'?"),
        ("source:radjo", "no source is called 'radjo'; did you mean 'radio'?"),
        ("origin:cal", "no origin is called 'cal'; did you mean 'call'?"),
        ("outlet:post", "what is left out is an id, origin:NAME or source:NAME, got 'outlet:post'"),
    ],
)
def test_an_unknown_name_to_leave_out_is_told_with_the_nearest(name: str, told: str) -> None:
    with pytest.raises(QuestionError) as error:
        evidence(said("bridges", FIRE, origin="call"), without=(name,))

    assert str(error.value) == told


# --- amendments ---


def test_an_amendment_replaces_whole_fields_and_leaves_the_rest() -> None:
    log = said("a", {**FIRE, **WIND}, summary="Old."), amended("a", claims={"wind": "calm"})

    report = standing("a", *log).report

    assert report.claims == {"wind": ("calm",)}
    assert report.summary == "Old."


def test_an_amendment_holds_from_the_day_on_which_it_was_logged() -> None:
    log = said("a", FIRE), amended("a", "2026-05-09", claims=WIND)

    assert standing("a", *log, as_of="2026-05-08").counts == ("fire",)
    assert standing("a", *log, as_of="2026-05-09").counts == ("wind",)


def test_an_amended_report_keeps_its_place() -> None:
    log = (
        said("a", FIRE, origin="x"),
        said("b", FIRE, origin="call", logged="2026-05-03"),
        amended("a", origin="call", published="2026-04-01"),
    )

    assert statuses(*log) == {"a": "counted", "b": "echo"}


def test_the_last_amendment_to_be_logged_has_the_last_word() -> None:
    log = (
        said("a", FIRE),
        amended("a", "2026-05-12", summary="Second."),
        amended("a", "2026-05-11", summary="First.", outlet="Post"),
    )

    report = standing("a", *log).report

    assert (report.summary, report.outlet) == ("Second.", "Post")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"status": "draft"}, "draft"),
        ({"copy_of": "z"}, "copy"),
        ({"origin": "z"}, "echo"),
        ({"claims": {}}, "background"),
    ],
)
def test_an_amendment_can_change_what_counts(changes: dict[str, Any], status: str) -> None:
    log = said("z", FIRE), said("a", FIRE), amended("a", **changes)

    assert statuses(*log)["a"] == status


def test_what_was_an_echo_counts_when_what_it_repeats_was_miscoded() -> None:
    log = said("a", FIRE, origin="o"), said("b", FIRE, origin="o"), amended("a", claims=WIND)

    assert statuses(*log) == {"a": "counted", "b": "counted"}


# --- drift and addition ---


@pytest.mark.parametrize(
    ("here", "drift", "addition"),
    [
        ({"wind": ["calm", "breeze"]}, (), ()),
        ({"wind": "storm"}, ("wind=storm",), ()),
        ({"wind": "calm"}, (), ("wind=calm",)),
        ({"wind": ["breeze", "storm"]}, (), ()),
    ],
)
@pytest.mark.parametrize("repetition", [{"origin": "a"}, {"copy_of": "a"}])
def test_a_repetition_that_contradicts_drifts_and_one_that_goes_further_adds(
    repetition: dict[str, str],
    here: dict[str, Any],
    drift: tuple[str, ...],
    addition: tuple[str, ...],
) -> None:
    log = said("a", {"wind": ["calm", "breeze"]}), said("b", here, **repetition)

    found = standing("b", *log)

    assert (found.drift, found.addition) == (drift, addition)


def test_what_a_copy_says_of_a_further_variable_is_an_addition() -> None:
    found = standing("b", said("a", FIRE), said("b", {**FIRE, **WIND}, copy_of="a"))

    assert (found.drift, found.addition) == ((), ("wind=storm",))
