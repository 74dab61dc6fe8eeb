"""`rivals score`: beliefs against what happened, as a table, as CSV and as JSON."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import rivals
from rivals.analysis.forecasts import SCORES, average, average_all, calibrate, score_beliefs
from rivals.cli.scoring import score

TEXT = """\
title: A test
question: Why?
hypotheses: {arson: arson=yes, storm: wind=storm}
outcomes:
  burnt: {claim: fire=yes, by: 2026-05-20, OUTCOME}
  paid: {claim: paid=yes, label: It is paid}
variables:
  arson: {ask: A?, prior: {yes: 0.2}}
  wind: {ask: W?, prior: {calm: 0.7}, states: [calm, storm]}
  fire: {ask: F?, noisy_or: {causes: {arson: 0.9, wind: 0.4}}}
  paid: {ask: P?, prior: {yes: 0.5}}
sources: {radio: {grade: B}}
"""
LOG = """\
- {id: call, published: 2026-05-01, source: radio, claims: {arson: yes}}
- {id: weather, published: 2026-05-05, source: radio, claims: {wind: storm}}
- {id: late, published: 2026-05-09, source: radio, claims: {fire: no}}
"""
RESOLVED = "resolved: yes, resolved_on: 2026-05-09, link: https://example.org/burnt"


def folder(place: Path, outcome: str = RESOLVED, log: str = LOG) -> Path:
    """A scenario whose outcome `burnt` says the given of itself."""
    place.mkdir()
    text = TEXT.replace(", OUTCOME", f", {outcome}" if outcome else "")
    (place / "scenario.yaml").write_text(text, encoding="utf-8")
    (place / "reports.yaml").write_text(log, encoding="utf-8")
    return place


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return folder(tmp_path / "town")


@pytest.fixture
def village(tmp_path: Path) -> Path:
    """Another, of which nothing is known yet."""
    return folder(tmp_path / "village", outcome="")


def run(*words: object, code: int = 0) -> Result:
    result = CliRunner().invoke(score, [str(word) for word in words])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


def asked(*words: object) -> Any:
    """The JSON that the command prints, and nothing else beside it."""
    return json.loads(run(*words, "--format", "json").stdout)


def table_of(place: Path) -> pd.DataFrame:
    case = rivals.read(place)
    return score_beliefs(case.dossier, case.moment, case.left_out, case.what_if)


def test_json_has_every_forecast_with_its_scores(town: Path) -> None:
    found = asked(town)

    table = table_of(town)
    assert list(found) == ["kind", "outcomes", "mean", "open", "calibration", "issued"]
    assert found["kind"] == "today's model, retrospective"
    one = found["outcomes"]["town"]["burnt"]
    scores, forecasts = one.pop("scores"), one.pop("forecasts")
    assert one == {
        "by": "2026-05-20",
        "resolved_on": "2026-05-09",
        "happened": True,
        "link": "https://example.org/burnt",
    }
    assert [entry["date"] for entry in forecasts] == ["2026-05-01", "2026-05-05"]
    for entry, (_, row) in zip(forecasts, table.iterrows(), strict=True):
        assert {k: v for k, v in entry.items() if k != "date"} == row[
            ["chance", "brier", "log"]
        ].to_dict()
    assert scores["brier"] == pytest.approx(table["brier"].mean(), abs=1e-12)
    assert scores["log"] == pytest.approx(table["log"].mean(), abs=1e-12)
    assert scores["prior"]["brier"] == pytest.approx(table["brier_prior"].iloc[0], abs=1e-12)
    assert scores["half"] == {"brier": 0.25, "log": 1.0}
    assert found["mean"] == scores


def test_json_has_what_is_open_and_the_calibration(town: Path, village: Path) -> None:
    found = asked(town, village)

    tables = {place.name: table_of(place) for place in (town, village)}
    assert found["outcomes"]["village"] == {}
    assert {name: list(outcomes) for name, outcomes in found["open"].items()} == {
        "town": ["paid"],
        "village": ["burnt", "paid"],
    }
    assert found["open"]["village"]["burnt"]["by"] == "2026-05-20"
    assert found["open"]["village"]["paid"]["by"] is None
    for name, outcomes in found["open"].items():
        chances = {outcome: one["chance"] for outcome, one in outcomes.items()}
        assert chances == tables[name].attrs["open"]["chance"].to_dict()
    bands = calibrate(tables.values())
    assert [band["bin"] for band in found["calibration"]] == bands.index.to_list()
    assert [band["forecasts"] for band in found["calibration"]] == bands["forecasts"].to_list()
    for band in found["calibration"]:
        assert (band["chance"] is None) == (band["forecasts"] == 0) == (band["happened"] is None)


def test_an_infinite_score_is_null_in_json_and_inf_in_the_table(tmp_path: Path) -> None:
    log = "- {id: seen, published: 2026-05-01, observes: {fire: no}}\n"
    place = folder(tmp_path / "town", log=log)

    [forecast] = asked(place)["outcomes"]["town"]["burnt"]["forecasts"]

    assert forecast == {"date": "2026-05-01", "chance": 0.0, "brier": 1.0, "log": None}
    assert "inf" in run(place).stdout


def test_csv_has_a_row_for_each_forecast_unrounded(town: Path, tmp_path: Path) -> None:
    other = folder(tmp_path / "other", RESOLVED.replace("yes", "no"))

    text = run(town, other, "--format", "csv").stdout

    table = pd.read_csv(io.StringIO(text), index_col=[0, 1, 2])
    assert list(table.index.names) == ["scenario", "outcome", "date"]
    for place in town, other:
        expected = table_of(place)
        found = table.loc[place.name]
        assert found.index.to_list() == expected.index.to_list()
        for column in ("chance", *SCORES):
            assert found[column].to_list() == expected[column].to_list()
        assert found["happened"].to_list() == expected["happened"].to_list()


def rows(text: str) -> list[list[str]]:
    """The lines of a printed table, split at wide gaps."""
    return [
        [cell.strip() for cell in line.split("  ") if cell.strip()] for line in text.split("\n")
    ]


def test_the_table_has_a_row_for_each_outcome_then_means_and_calibration(
    town: Path, tmp_path: Path
) -> None:
    other = folder(tmp_path / "other", RESOLVED.replace("yes", "no"))

    printed = run(town, other).stdout

    tables = [table_of(place) for place in (town, other)]
    means = average_all(map(average, tables))
    lines = rows(printed)
    for name, happened in ("town", "yes"), ("other", "no"):
        [line] = [cells for cells in lines if cells[:2] == [name, "burnt"]]
        assert line[2:7] == ["Burnt", "2026-05-20", "2026-05-09", happened, "2"]
    assert ["belief", f"{means['brier']:.3g}", f"{means['log']:.3g}"] in lines
    assert ["prior", f"{means['brier_prior']:.3g}", f"{means['log_prior']:.3g}"] in lines
    assert ["always 0.5", "0.25", "1"] in lines
    bands = calibrate(tables)
    filled = list(bands.index[bands["forecasts"] > 0])
    assert [cells[0] for cells in lines if cells and re.match(r"\d+-\d+%", cells[0])] == filled
    titles = ["today's model, retrospective", "Mean over 2 outcomes", "Of what had", "Still open"]
    assert [printed.index(title) for title in titles] == sorted(map(printed.index, titles))


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_what_the_scores_are_not_is_told_beside_them(town: Path, form: str) -> None:
    result = run(town, "--format", form)

    assert "written later" in result.stderr
    assert "not independent" in result.stderr
    assert "not independent" not in result.stdout
    help_text = CliRunner().invoke(score, ["--help"]).output
    assert "skill" not in (result.output + help_text).lower()


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_when_nothing_is_resolved_a_note_says_what_to_write(village: Path, form: str) -> None:
    result = run(village, "--format", form)

    assert "no outcome is resolved" in result.stderr
    assert all(key in result.stderr for key in ("resolved:", "resolved_on:", "link:"))
    if form == "json":
        assert json.loads(result.stdout)["outcomes"] == {"village": {}}
    elif form == "csv":
        assert len(result.stdout.splitlines()) == 1
    else:
        assert "It is paid" in result.stdout
        assert "Mean over" not in result.stdout


def test_following_the_note_gives_scores(village: Path) -> None:
    path = village / "scenario.yaml"
    written = path.read_text("utf-8").replace("by: 2026-05-20", f"by: 2026-05-20, {RESOLVED}")
    path.write_text(written, encoding="utf-8")

    assert "Mean over 1 outcome" in run(village).stdout


def test_an_outcome_resolved_before_anything_was_logged_is_told(tmp_path: Path) -> None:
    place = folder(tmp_path / "town", "resolved: yes, resolved_on: 2026-04-01")

    result = run(place, "--format", "json")

    assert "nothing was logged in time for a forecast on burnt" in result.stderr
    one = json.loads(result.stdout)["outcomes"]["town"]["burnt"]
    assert one["forecasts"] == []
    assert one["scores"]["brier"] is None
    assert one["scores"]["half"] == {"brier": None, "log": None}


def test_days_without_a_chance_are_told_and_left_out(tmp_path: Path) -> None:
    log = (
        "- {id: dry, published: 2026-05-01, observes: {fire: no}}\n"
        "- {id: wet, published: 2026-05-02, observes: {fire: yes}}\n"
        "- {retracts: dry, logged: 2026-05-03}\n"
    )
    place = folder(tmp_path / "town", log=log)

    result = run(place, "--format", "json")

    assert "town: 1 forecast left out, as the log was impossible then" in result.stderr
    one = json.loads(result.stdout)["outcomes"]["town"]["burnt"]
    assert [entry["chance"] for entry in one["forecasts"]] == [0.0, None, 1.0]
    assert one["scores"]["brier"] == 0.5


def test_as_of_bounds_the_dates_of_the_forecasts(town: Path) -> None:
    found = asked(town, "--as-of", "2026-05-04")

    forecasts = found["outcomes"]["town"]["burnt"]["forecasts"]
    assert [entry["date"] for entry in forecasts] == ["2026-05-01"]


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_a_scenario_without_outcomes_is_no_error(town: Path, form: str) -> None:
    text = (town / "scenario.yaml").read_text("utf-8")
    head, _, rest = text.partition("outcomes:")
    (town / "scenario.yaml").write_text(head + rest[rest.index("variables:") :], "utf-8")

    assert "no outcome is resolved" in run(town, "--format", form).stderr


def test_two_scenarios_of_one_name_are_refused(town: Path) -> None:
    assert "of one name" in run(town, town, code=1).stderr


def test_wrong_files_and_dates_end_with_one_line_each(town: Path) -> None:
    assert "a date is" in run(town, "--as-of", "soon", code=1).stderr
    path = town / "scenario.yaml"
    path.write_text(path.read_text("utf-8").replace("resolved: yes", "resolved: maybe"), "utf-8")

    [line] = run(town, code=1).stderr.splitlines()

    assert line.startswith(f"{path}:5: ")
    assert "resolved is one of no, yes, got 'maybe'" in line
    run(code=2)
