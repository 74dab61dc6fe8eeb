"""`rivals check`: problems first, then lints as lines, CSV or JSON; explained, silenced, strict."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rivals.cli import main
from rivals.codes import CODES
from test_lints import both, likelihood, put, written

ROOT = Path(__file__).parents[1]
LINE = re.compile(
    r"(?P<path>.+\.yaml):(?P<line>\d+): (?P<code>R\d{3}) (?P<name>[a-z-]+): (?P<text>.+)"
)
WEAK = both(
    likelihood("0.001", why="So."),
    put("variables.arson.why", ""),
    put("silenced", [{"lint": "R101", "why": "An exercise."}]),
)


def check(*arguments: object) -> Result:
    """What `rivals check` says."""
    return CliRunner().invoke(main, ["check", *map(str, arguments)])


def test_lints_are_lines_on_standard_output_and_no_failure(tmp_path: Path) -> None:
    folder = written(tmp_path / "weak", WEAK)

    result = check(folder)

    *lints, last = result.stdout.splitlines()
    [match] = [LINE.fullmatch(line) for line in lints]
    assert match
    assert (match["code"], match["path"]) == ("R102", f"{folder}/reports.yaml")
    assert last.endswith("no problems, 1 lint (1 silenced)")
    assert (result.exit_code, result.stderr) == (0, "")


def test_strict_makes_a_failure_of_lints_and_not_of_silenced_ones(tmp_path: Path) -> None:
    weak = written(tmp_path / "weak", WEAK)
    quiet = written(tmp_path / "quiet", both(WEAK, put("silenced", [
        {"lint": "R101", "why": "An exercise."}, {"lint": "R102", "why": "Another."}
    ])))  # fmt: skip

    assert check("--strict", weak).exit_code == 1
    assert check("--strict", quiet).exit_code == 0


def test_json_and_csv_hold_every_lint_and_nothing_else(tmp_path: Path) -> None:
    folder = written(tmp_path / "weak", WEAK)
    fine = written(tmp_path / "fine")

    as_json = check(folder, fine, "--format", "json")
    as_csv = check(folder, fine, "--format", "csv")

    rows = json.loads(as_json.stdout)
    assert [(row["code"], row["silenced"]) for row in rows] == [("R101", True), ("R102", False)]
    assert rows[0]["why"] == "An exercise."
    assert {row["scenario"] for row in rows} == {str(folder)}
    table = list(csv.DictReader(io.StringIO(as_csv.stdout)))
    assert [row["at"] for row in table] == [row["at"] for row in rows]
    assert list(table[0]) == list(rows[0])
    assert len(as_json.stderr.splitlines()) == 2


def test_without_lints_json_is_an_empty_list_and_csv_a_heading(tmp_path: Path) -> None:
    folder = written(tmp_path / "fine")

    assert json.loads(check(folder, "--format", "json").stdout) == []
    assert check(folder, "--format", "csv").stdout.startswith("scenario,code,name,at,path")


def test_problems_go_to_standard_error_and_hide_no_other_scenario(tmp_path: Path) -> None:
    broken = written(tmp_path / "broken", put("variables.arson.prior", {"yes": "2"}))
    weak = written(tmp_path / "weak", WEAK)

    result = check(broken, weak)

    assert result.exit_code == 1
    assert str(broken) in result.stderr
    assert str(broken) not in result.stdout
    assert "R102" in result.stdout


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_every_lint_is_explained_with_how_to_silence_it(code: object, tmp_path: Path) -> None:
    by_code, by_name = (check("--explain", word) for word in (code.code, code.name))

    assert by_code.stdout == by_name.stdout
    assert by_code.stdout.startswith(f"{code.code} {code.name}\n")
    assert "Why it matters" in by_code.stdout
    assert "silence" in by_code.stdout


def test_an_unknown_lint_is_a_wrong_use_with_a_suggestion() -> None:
    result = check("--explain", "too-stron")

    assert result.exit_code == 2
    assert "did you mean 'too-strong'?" in result.stderr


def test_without_a_scenario_the_use_is_told() -> None:
    assert check().exit_code == 2


@pytest.mark.parametrize("folder", sorted((ROOT / "scenarios").iterdir()), ids=lambda f: f.name)
def test_no_lint_of_our_own_scenarios_is_unexplained(folder: Path) -> None:
    result = check("--strict", folder)

    assert result.exit_code == 0, result.stdout


def test_the_starter_has_no_lint(tmp_path: Path) -> None:
    new = CliRunner().invoke(main, ["new", f"{tmp_path}/ferry"])

    assert check("--strict", new.stdout.strip()).exit_code == 0
