"""The commands that set one thing beside another, and options that cut an analysis otherwise."""

from __future__ import annotations

import io
import json
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import rivals
from rivals.cli import main
from rivals.prose import say_comparison, say_conflicts, say_had, say_naive

FIRE = "scenarios/warehouse-fire"


@pytest.fixture(scope="module")
def case() -> rivals.Case:
    return rivals.read(FIRE)


def run(*words: object, code: int = 0) -> Result:
    """What a command does, which ends with the given exit code and never with a traceback."""
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == code, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def asked(*words: object) -> Any:
    return json.loads(run(*words, "--format", "json").stdout)


def labels_of(case: rivals.Case) -> dict[str, str]:
    return {name: noun.label for name, noun in case.scenario.hypotheses.items()}


# --- compare ---


def test_a_comparison_of_two_dates_is_that_of_the_library(case: rivals.Case) -> None:
    found = asked("compare", FIRE, "--since", "2026-05-05")

    table = case.compare(case.as_of("2026-05-05"))
    for name, row in table.iterrows():
        told = found["hypotheses"][name]
        assert [told["before"], told["after"], told["dB"]] == [
            row["before"],
            row["after"],
            row["dB"],
        ]
        assert told["because_after"] == row["because after"]
    items = table.attrs["items"]
    assert [one["item"] for one in found["items"]] == list(items.index)
    sums = {h: sum(one["decibels"][h] for one in found["items"]) for h in table.index}
    assert sums == pytest.approx(table["dB"].to_dict(), abs=1e-9)


def test_the_case_before_has_its_own_what_ifs(case: rivals.Case) -> None:
    found = asked(
        "compare", FIRE, "--without", "meter-log", "--before-given", "ignition=yes",
        "--before-without", "source:owner", "--before-do", "sprinklers=off",
    )  # fmt: skip

    before = case.given(ignition="yes").do(sprinklers="off").without("source:owner")
    table = case.without("meter-log").compare(before)
    assert {h: one["before"] for h, one in found["hypotheses"].items()} == table["before"].to_dict()
    items = {one["item"] for one in found["items"]}
    assert {"given:ignition", "do:sprinklers", "meter-log"} < items


def test_another_scenario_can_stand_before() -> None:
    found = asked("compare", FIRE, FIRE, "--as-of", "2026-05-05")

    changes = {one["item"]: one["change"] for one in found["items"]}
    assert "model" not in changes
    assert set(changes.values()) >= {"no longer there"}


def test_a_comparison_in_a_table_says_what_moved(case: rivals.Case) -> None:
    result = run("compare", FIRE, "--since", "2026-05-05")

    assert "Before and after" in result.stdout
    assert "in points of `because`" in result.stdout
    assert say_comparison(case.compare(case.as_of("2026-05-05"))) in result.stderr


def test_a_case_beside_itself_has_nothing_to_account_for() -> None:
    assert asked("compare", FIRE)["items"] == []
    assert "accounts for it" not in run("compare", FIRE).stdout


def test_the_csv_of_a_comparison_has_a_row_for_each_item(case: rivals.Case) -> None:
    text = run("compare", FIRE, "--since", "2026-05-05", "--format", "csv").stdout

    table = case.compare(case.as_of("2026-05-05")).attrs["items"]
    assert list(pd.read_csv(io.StringIO(text))["item"]) == list(table.index)


# --- conflict ---


def test_conflicts_are_those_of_the_library(case: rivals.Case) -> None:
    found = asked("conflict", FIRE)

    table = case.conflicts()
    assert found["overall"] == case.conflict()
    assert {one["item"]: one["nats"] for one in found["items"]} == table["nats"].to_dict()
    assert [one["nats"] for one in found["pairs"]] == table.attrs["pairs"]["nats"].to_list()
    assert say_conflicts(table) in run("conflict", FIRE).stderr


# --- had ---


def test_what_would_have_been_is_that_of_the_library(case: rivals.Case) -> None:
    found = asked("had", FIRE, "sprinklers=working", "arson=no")

    table = case.had(sprinklers="working", arson="no")
    assert found["setting"] == {"sprinklers": "working", "arson": "no"}
    for kind, plural in (("effect", "effects"), ("hypothesis", "hypotheses")):
        for name, row in table.loc[kind].iterrows():
            assert found[plural][name] == {"posterior": row["posterior"], "had": row["had"]}
    assert found["variables"]["sprinklers"]["working"]["had"] == 1.0
    result = run("had", FIRE, "sprinklers=working", "arson=no")
    assert "Had it been so: sprinklers=working, arson=no" in result.stdout
    assert say_had(table) in result.stderr


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("sprinklers", "variable=state is expected"),
        ("sprinklers=wet", "a state of sprinklers is one of"),
        ("sprinkler=off", "did you mean 'sprinklers'?"),
    ],
)
def test_what_cannot_be_imagined_is_one_line(setting: str, told: str) -> None:
    result = run("had", FIRE, setting, code=1)

    assert result.stdout == ""
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


# --- the same analysis, cut otherwise ---


@pytest.mark.parametrize("key", ["source", "origin"])
def test_impact_can_be_summed(case: rivals.Case, key: Any) -> None:
    found = asked("impact", FIRE, "--by", key)

    table = case.impact_by(key)
    assert [one[key] for one in found] == list(table.index)
    assert [one["shapley"] for one in found] == table["shapley"].to_dict("records")
    assert set(found[0]) == {key, "counted", "arrival", "shapley"}
    assert f"What each {key} is worth" in run("impact", FIRE, "--by", key).stdout


def test_impact_says_what_naive_counting_would_have_led_to(case: rivals.Case) -> None:
    assert say_naive(case.naively(), labels_of(case)) in run("impact", FIRE).stderr


@pytest.mark.parametrize("form", ["json", "csv"])
def test_the_curve_of_one_judgement_is_that_of_the_library(case: rivals.Case, form: str) -> None:
    path = "sources.owner.reliability"
    words = ("sensitivity", FIRE, "--hypothesis", "arson", "--curve", path, "--format", form)
    text = run(*words).stdout

    table = case.curve(path, "arson")
    if form == "csv":
        assert pd.read_csv(io.StringIO(text))["arson"].to_list() == table["arson"].to_list()
        return
    found = json.loads(text)
    assert [found["judgement"], found["value"]] == [path, table.attrs["value"]]
    assert [one["hypotheses"] for one in found["curve"]] == table.to_dict("records")


def test_the_curve_of_an_unknown_judgement_is_one_line() -> None:
    result = run("sensitivity", FIRE, "--curve", "sources.ownr.reliability", code=1)

    assert "did you mean 'sources.owner.reliability'?" in result.stderr


def test_bits_through_each_source_are_those_of_the_library(case: rivals.Case) -> None:
    found = asked("inquiry", FIRE, "--through")

    table = case.inquiry_through()
    assert [(one["variable"], one["source"]) for one in found] == list(table.index)
    assert [one["bits"] for one in found] == table["bits"].to_list()
    assert "one more direct claim" in run("inquiry", FIRE, "--through").stdout


def test_bounds_stand_beside_causes_when_asked_for(case: rivals.Case) -> None:
    found = asked("causes", FIRE, "--draws", 0, "--bounds")

    table = case.cause_bounds()
    for effect, name in table.index:
        row = table.loc[(effect, name)]
        told = found[effect]["hypotheses"][name]
        assert told["bounds"] == [row["lowest"], row["highest"]]
        assert told["bounds_how"] == row["how"]
    assert "lowest" in run("causes", FIRE, "--draws", 0, "--bounds").stdout
    assert "bounds" not in asked("causes", FIRE, "--draws", 0)["fire"]["hypotheses"]["arson"]
