"""What has not come: `expected` in scenario.yaml, by hand arithmetic and by asking anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

import rivals
from plain_yaml import QuotingDumper
from rivals import Case
from rivals.cli import main
from rivals.errors import ImpossibleEvidence
from rivals.prose import say_waiting

CLOSE = 1e-12
ALARM = {"claim": "fire=yes", "since": "2026-05-01", "by": "2026-05-11", "chance": "0.8"}
SCENARIO: dict[str, Any] = {
    "title": "Fire?",
    "question": "Was there a fire, and was it set?",
    "effects": {"burnt": "fire=yes"},
    "hypotheses": {"arson": "arson=yes", "wiring": "wiring=yes"},
    "variables": {
        "arson": {"prior": {"yes": "0.2"}},
        "wiring": {"prior": {"yes": "0.3"}},
        "fire": {"noisy_or": {"leak": "0.1", "causes": {"arson": "0.9", "wiring": "0.5"}}},
    },
    "sources": {"guard": {"reliability": "0.7"}, "owner": {"reliability": "0.6"}},
    "expected": {"alarm": {**ALARM, "why": "It would ring.", "label": "The alarm"}},
}
LOG: list[dict[str, Any]] = [
    {"id": "seen", "published": "2026-05-03", "source": "guard", "claims": {"arson": "yes"}},
    {"id": "quiet", "published": "2026-05-06", "source": "owner"},
]
RANG = {"id": "rang", "published": "2026-05-08", "source": "owner", "claims": {"fire": "yes"}}


def written(folder: Path, log: list[dict[str, Any]], **changes: Any) -> Case:
    """A case of the small scenario with another log, and perhaps other sections."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in ("scenario", {**SCENARIO, **changes}), ("reports", log):
        text = yaml.dump(data, Dumper=QuotingDumper, sort_keys=False)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return rivals.read(folder)


def alarm(**changes: str) -> dict[str, Any]:
    """The expected alarm, otherwise."""
    return {"alarm": {**ALARM, **changes}}


def chance(case: Case, variable: str) -> float:
    """P(variable=yes) by now."""
    return float(case.variables()["posterior"][variable, "yes"])


def because(case: Case) -> Any:
    """The headline's numbers."""
    return case.causes(draws=0).loc["burnt"]["because"]


# --- the arithmetic ---


@pytest.mark.parametrize(
    ("moment", "share"),
    [
        ("2026-04-30", 0.0),
        ("2026-05-01", 0.0),
        ("2026-05-04", 0.3),
        ("2026-05-11", 1.0),
        ("2026-07-01", 1.0),
    ],
)
def test_absence_multiplies_the_states_of_the_claim(
    tmp_path: Path, moment: str, share: float
) -> None:
    case = written(tmp_path, [])
    fire = 1 - 0.9 * (1 - 0.2 * 0.9) * (1 - 0.3 * 0.5)
    left = fire * (1 - 0.8 * share)

    now = case.as_of(moment)

    assert chance(now, "fire") == pytest.approx(left / (left + 1 - fire), abs=CLOSE)
    assert now.log_evidence() == pytest.approx(np.log(left + 1 - fire), abs=CLOSE)
    assert now.variables()["prior"]["fire", "yes"] == pytest.approx(fire, abs=CLOSE)


def test_days_end_in_the_time_zone_of_the_scenario(tmp_path: Path) -> None:
    here = written(tmp_path / "a", [], settings={"timezone": "America/Caracas"})
    late = here.as_of("2026-05-12T03:59:59.999999+00:00")  # the end of 11 May in Caracas

    assert late.expected()["expected", "share"].item() == pytest.approx(1.0, abs=1e-9)
    assert here.as_of("2026-05-12T02:00:00Z").expected()["expected", "share"].item() < 1


def test_without_a_moment_the_last_entry_of_the_log_tells_the_day(tmp_path: Path) -> None:
    later = [*LOG, {"retracts": "quiet", "logged": "2026-05-09", "why": "A slip."}]

    for n, (log, day) in enumerate(((LOG, "2026-05-06"), (later, "2026-05-09"))):
        case = written(tmp_path / str(n), log)
        assert chance(case, "fire") == pytest.approx(chance(case.as_of(day), "fire"), abs=CLOSE)
    assert written(tmp_path / "none", []).log_evidence() == 0


# --- what ends a silence ---


def test_a_report_that_counts_on_the_variable_ends_the_silence(tmp_path: Path) -> None:
    told = written(tmp_path / "told", [*LOG, RANG])
    plain = written(tmp_path / "plain", [*LOG, RANG], expected={})

    assert told.expected()["expected", "state"].item() == "ended"
    assert told.expected()["expected", "ended_by"].item() == "rang"
    assert told.log_evidence() == pytest.approx(plain.log_evidence(), abs=CLOSE)
    assert told.conflict() == pytest.approx(plain.conflict(), abs=CLOSE)
    assert list(told.conflicts().index) == list(plain.conflicts().index)


@pytest.mark.parametrize("fate", ["without", "retracted", "draft", "echo"])
def test_the_silence_holds_where_nothing_that_counts_speaks_of_it(
    tmp_path: Path, fate: str
) -> None:
    log: list[dict[str, Any]] = [*LOG, RANG]
    if fate == "retracted":
        log.append({"retracts": "rang", "logged": "2026-05-08", "why": "No."})
    if fate == "draft":
        log[-1] = {**RANG, "status": "draft"}
    if fate == "echo":
        log.append({**RANG, "id": "again", "origin": "rang", "published": "2026-05-08"})
    case = written(tmp_path / "case", log)
    case = case.without("rang") if fate in ("without", "echo") else case
    plain = written(tmp_path / "plain", LOG).as_of("2026-05-08")

    assert case.expected()["expected", "state"].item() == "awaited"
    assert chance(case, "fire") == pytest.approx(chance(plain, "fire"), abs=CLOSE)


def test_what_is_given_or_done_leaves_nothing_to_be_missed(tmp_path: Path) -> None:
    case = written(tmp_path / "a", LOG)
    plain = written(tmp_path / "b", LOG, expected={})

    for told, without in (
        (case.given(fire="yes"), plain.given(fire="yes")),
        (case.do(fire="no"), plain.do(fire="no")),
    ):
        assert told.log_evidence() == pytest.approx(without.log_evidence(), abs=CLOSE)
        pd.testing.assert_frame_equal(told.variables(), without.variables())
    states = [
        c.expected()["expected", "state"].item()
        for c in (case.given(fire="yes"), case.do(fire="no"))
    ]
    assert states == ["given", "under do"]


def test_a_list_is_read_like_a_mapping_and_its_numbers_by_place(tmp_path: Path) -> None:
    named = written(tmp_path / "a", LOG)
    listed = written(tmp_path / "b", LOG, expected=[ALARM, {**ALARM, "chance": "unlikely"}])
    twice = written(
        tmp_path / "c", LOG, expected={"a": ALARM, "b": {**ALARM, "chance": "unlikely"}}
    )

    paths = [path for path in listed.judgements().index if path.startswith("expected")]
    assert paths == ["expected[0].chance", "expected[1].chance"]
    assert listed.judgements().at["expected[1].chance", "at"].startswith("scenario.yaml:")
    assert chance(listed, "fire") == pytest.approx(chance(twice, "fire"), abs=CLOSE)
    assert chance(listed, "fire") < chance(named, "fire")


# --- the chance is a judgement ---


def test_the_chance_has_a_place_a_reason_and_a_firmness(tmp_path: Path) -> None:
    case = written(tmp_path, LOG, expected=alarm(why="It would ring.", firmness="low"))

    row = case.judgements().loc["expected.alarm.chance"]
    assert row["value"] == 0.8
    assert row["written"] == "0.8"
    assert row["firmness"] == 5
    assert row["why"] == "It would ring."
    assert row["at"].startswith("scenario.yaml:")


def test_the_answer_moves_with_the_chance_as_its_slope_says(tmp_path: Path) -> None:
    case = written(tmp_path / "a", LOG)
    step = 1e-5
    ends = [
        written(tmp_path / str(n), LOG, expected=alarm(chance=repr(0.8 + sign * step)))
        for n, sign in enumerate((-1, 1))
    ]

    row = case.sensitivity("arson").loc["expected.alarm.chance"]

    difference = (chance(ends[1], "arson") - chance(ends[0], "arson")) / (2 * step)
    assert row["derivative"] == pytest.approx(difference, rel=1e-6)
    assert row["low"] > chance(case, "arson") > row["high"]
    for t in (0.0, 0.37, 1.0):
        line = (row["a"] * t + row["b"]) / (row["c"] * t + row["d"])
        moved = written(tmp_path / f"t{t}", LOG, expected=alarm(chance=repr(t)))
        assert line == pytest.approx(chance(moved, "arson"), abs=1e-10)
    assert "expected.alarm.chance" in case.assumptions().index


def test_the_chance_is_drawn_as_its_firmness_says(tmp_path: Path) -> None:
    widths = []
    for firmness in ("5", "100000"):
        certain = {name: {**v, "firmness": "1e9"} for name, v in SCENARIO["variables"].items()}
        sources = {"guard": {"reliability": "0.7", "firmness": "1e9"}}
        case = written(
            tmp_path / firmness,
            [],
            expected=alarm(firmness=firmness),
            variables=certain,
            sources=sources,
        ).as_of("2026-05-11")
        row = case.beliefs(draws=2000).loc["arson"]
        widths.append(row["high"] - row["low"])

    assert widths[0] > 0.02
    assert widths[1] < 1e-3


# --- leaving out, and who accounts for what ---


def test_leaving_out_the_report_that_ended_it_is_asking_anew(tmp_path: Path) -> None:
    said = {"likelihood": {"wiring": {"no": "0.2", "yes": "1"}}}
    log = [LOG[1], {"id": "rang", "published": "2026-05-08", "source": "owner", **said}]
    fuse = alarm(claim="wiring=yes", chance="0.95")
    case = written(tmp_path, log, expected=fuse).as_of("2026-05-11")
    anew = case.without("rang")

    left_out = case.impact()["left_out"].loc["rang"]
    for name in ("arson", "wiring"):
        moved = rivals.analysis.comparison.decibels(chance(anew, name), chance(case, name))
        assert left_out[name] == pytest.approx(moved, abs=1e-9)
    shares = case.robustness(draws=0).attrs["reports"]
    assert shares.at["rang", "leader"] == anew.leader != case.leader
    sets = case.turning_points().sets
    found = sets[[members == ("rang",) for members in sets["reports"]]].iloc[0]
    assert found["chance"] == pytest.approx(because(anew).max(), abs=1e-9)


def test_what_one_more_report_needs_is_counted_from_where_it_ends_the_silence(
    tmp_path: Path,
) -> None:
    case = written(tmp_path, LOG, expected={"fuse": {**ALARM, "claim": "wiring=yes"}})
    needed = case.turning_points().needed.loc["wiring"]
    ratio = 10 ** (needed["rise"] / 10)

    level = case.with_report(
        id="more", source="owner", likelihood={"wiring": {"no": 1 / ratio, "yes": 1}}
    )

    assert case.leader == "arson"
    assert because(level)["wiring"] == pytest.approx(because(level)["arson"], abs=1e-9)


def test_silence_accounts_for_what_it_moved_between_two_days(tmp_path: Path) -> None:
    case = written(tmp_path, LOG)

    table = case.as_of("2026-05-10").compare(case.as_of("2026-05-04"))

    items = table.attrs["items"]
    assert list(items.index) == ["quiet", "silence:alarm"]
    assert (
        items.at["silence:alarm", ("item", "change")]
        == "no report of fire=yes, 30% of its time over before"
    )
    assert (
        items.at["silence:alarm", ("item", "part")] == "no report of fire=yes, 90% of its time over"
    )
    np.testing.assert_allclose(items["decibels"].sum(), table["dB"], atol=1e-9)
    assert (items["decibels"].loc["quiet"] == 0).all()


# --- the trail ---


def test_each_row_of_the_trail_is_as_it_was_then_and_the_end_is_now(tmp_path: Path) -> None:
    case = written(tmp_path, [*LOG, RANG]).as_of("2026-05-20")

    trail = case.trail(draws=200)

    for name, row in trail.iterrows():
        then = case.as_of(row["report", "logged"])
        assert row["posterior", "arson"] == pytest.approx(chance(then, "arson"), abs=CLOSE), name
    assert trail.attrs["end"]["day"] == "2026-05-20"
    for kind, now in (
        ("posterior", case.beliefs(draws=0)["posterior"]),
        ("because", because(case)),
    ):
        assert trail.attrs["end"][kind] == pytest.approx(now.to_dict(), abs=CLOSE)
    assert (trail["report", "surprise"] >= 0).all()


def test_of_a_report_that_ends_a_silence_only_its_words_surprise(tmp_path: Path) -> None:
    case = written(tmp_path / "a", [*LOG, RANG])
    plain = written(tmp_path / "b", [*LOG, RANG], expected={})

    surprise = case.trail(draws=0)["report", "surprise"]

    assert surprise["rang"] == pytest.approx(
        plain.trail(draws=0).loc["rang", ("report", "surprise")]
    )
    assert surprise["quiet"] == 0


def test_the_picture_of_the_trail_goes_on_to_the_day_of_the_headline(tmp_path: Path) -> None:
    case = written(tmp_path, LOG).as_of("2026-05-30")
    trail = case.trail(draws=0)

    axes = rivals.charts.trail(trail)

    told = rivals.charts.describe(axes)
    assert "2026-05-03 to 2026-05-30" in told
    assert f"to {rivals.phrases.say_percent(because(case)['arson'])}" in told
    assert "over 2 reports" in " ".join(axes.get_title(loc="left").split())


# --- what cannot be ---


ROWS = [{"when": {"arson": "yes"}, "then": {"yes": "1"}}, {"then": {"yes": "0.1"}}]
SURE = {**SCENARIO["variables"], "fire": {"table": ROWS}}
CAUGHT = [
    {"id": "caught", "published": "2026-05-03", "source": "guard", "observes": {"arson": "yes"}}
]


def test_a_certain_report_that_has_not_come_is_named_when_nothing_is_possible(
    tmp_path: Path,
) -> None:
    case = written(tmp_path, CAUGHT, expected=alarm(chance="1"), variables=SURE)
    line = 1 + (tmp_path / "scenario.yaml").read_text().splitlines().index("  alarm:")

    assert case.as_of("2026-05-10").log_evidence() < 0
    with pytest.raises(ImpossibleEvidence) as caught:
        case.as_of("2026-05-11").beliefs()

    [problem] = caught.value.problems
    assert "a silence" in problem.text
    assert "'alarm'" in problem.text
    assert problem.path.endswith("scenario.yaml")
    assert problem.line == line


def test_where_leaving_out_leaves_nothing_possible_there_is_no_number_that_is_none(
    tmp_path: Path,
) -> None:
    log = [*CAUGHT, {**RANG, "published": "2026-05-04"}]
    case = written(tmp_path, log, expected=alarm(chance="1"), variables=SURE).as_of("2026-06-01")

    robust = case.robustness(draws=50)

    assert not robust.attrs["reports"].isna().any(axis=None)
    assert robust.attrs["reports"].at["rang", "share"] == 0
    assert case.impact()["left_out"].loc["rang"].isna().all()
    assert case.turning_points().sets.empty or (case.turning_points().sets["chance"] > 0).all()


# --- the watch-list ---


def test_the_watch_list_is_what_asking_anew_finds(tmp_path: Path) -> None:
    case = written(tmp_path / "a", LOG)
    plain = written(tmp_path / "b", LOG, expected={})

    row = case.expected().loc["alarm"]

    for name in ("arson", "wiring"):
        moved = rivals.analysis.comparison.decibels(chance(plain, name), chance(case, name))
        assert row["decibels", name] == pytest.approx(moved, abs=1e-9)
        told = because(case.given(fire="yes"))[name]
        assert row["came", name] == pytest.approx(told, abs=CLOSE)
    assert row["expected", "leader"] == case.given(fire="yes").leader
    assert row["expected", "posterior"] == pytest.approx(chance(case, "fire"), abs=CLOSE)
    later = chance(case, "fire") * 0.8 * 0.5 / (1 - 0.8 * 0.5)
    assert row["expected", "to_come"] == pytest.approx(later, abs=CLOSE)


def test_the_command_tells_the_same_in_three_forms(tmp_path: Path) -> None:
    case = written(tmp_path, LOG)

    def ask(form: str) -> Any:
        result = CliRunner().invoke(main, ["expected", str(tmp_path), "--format", form])
        assert result.exit_code == 0, result.output
        return result

    found = json.loads(ask("json").stdout)
    [entry] = found["expected"]
    assert found["leader"] == case.leader
    assert entry["name"] == "alarm"
    assert entry["ended_by"] is None
    assert entry["share"] == case.expected()["expected", "share"].item()
    assert entry["decibels"] == pytest.approx(case.expected()["decibels"].loc["alarm"].to_dict())
    assert "expected came wiring" not in ask("csv").stdout
    assert ask("csv").stdout.splitlines()[0].startswith("expected,expected label,")
    assert "The alarm" in ask("table").stdout
    assert "not come" in ask("table").stderr


def test_the_watch_list_in_words_and_as_a_picture(tmp_path: Path) -> None:
    labels = {"arson": "Arson", "wiring": "Wiring"}
    silent = written(tmp_path / "a", LOG).expected()
    ended = written(tmp_path / "b", [*LOG, RANG]).expected()
    nothing = written(tmp_path / "c", LOG, expected={}).expected()

    said = say_waiting(silent, labels)
    assert "and it has not come: “The alarm” (due by 11 May 2026, 50% of its time over)" in said
    assert "dB on “Arson”" in said
    assert said.endswith("Were “The alarm” known to hold, “Arson” would still lead.")
    assert "the report rang speaks of it" in say_waiting(ended, labels)
    assert say_waiting(ended, labels).startswith("One report would come by some day")
    assert say_waiting(nothing, labels).startswith("Nothing is named")
    for table, told in (
        (silent, "1 of 1 expected report has not come"),
        (ended, "missing"),
        (nothing, "No report"),
    ):
        axes = rivals.charts.waiting(table)
        assert told in " ".join(axes.get_title(loc="left").split())
        assert rivals.charts.describe(axes)


# --- several analysts ---


@pytest.mark.parametrize("listed", [False, True])
def test_an_analyst_may_put_the_chance_otherwise_and_the_gap_is_its_own(
    tmp_path: Path, *, listed: bool
) -> None:
    expected: Any = [ALARM] if listed else {"alarm": ALARM}
    written(tmp_path / "case", LOG, expected=expected)
    path = "expected[0].chance" if listed else "expected.alarm.chance"
    (tmp_path / "case" / "analysts").mkdir()
    (tmp_path / "case" / "analysts" / "eve.yaml").write_text(f"{path}: 0.3\n", encoding="utf-8")
    case = rivals.read(tmp_path / "case")
    other = written(tmp_path / "other", LOG, expected={"alarm": {**ALARM, "chance": "0.3"}})

    eve = case.as_analyst("eve")
    found = case.analysts()

    assert chance(eve, "arson") == pytest.approx(chance(other, "arson"), abs=CLOSE)
    assert list(found.account.index) == [path]
    np.testing.assert_allclose(
        found.account["decibels"].sum(), found.gap["decibels"].to_numpy(), atol=1e-9
    )
