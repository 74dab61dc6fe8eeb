"""`rivals new`: a scenario to begin from, whole or not at all, with the analyst's words as data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import rivals
from rivals.cli import main
from rivals.starter import start


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def new(*arguments: str) -> Result:
    """What `rivals new` says."""
    return CliRunner().invoke(main, ["new", *arguments])


def check(folder: Path | str) -> Result:
    """What `rivals check` says of a folder."""
    return CliRunner().invoke(main, ["check", str(folder)])


def test_the_starter_passes_check_and_answers(desk: Path) -> None:
    made = new("ferry")
    case = rivals.read("ferry")

    assert made.exit_code == 0
    assert made.stdout == "ferry\n"
    assert check("ferry").exit_code == 0
    assert case.causes(draws=0)["because"].between(0.01, 0.9).all()


def test_the_starter_shows_what_it_teaches(desk: Path) -> None:
    case = rivals.read(start("ferry"))
    scenario = case.scenario

    assert set(case.reports()["status"]) == {"counted", "echo", "copy"}
    assert {g for v in scenario.variables.values() for g in v.model_fields_set} >= {
        "prior", "table", "noisy_or", "observable", "chatter", "firmness"
    }  # fmt: skip
    assert any(source.interest for source in scenario.sources.values())
    assert all(outcome.by for outcome in scenario.outcomes.values())
    assert case.evidence.counted[0].report.observes
    assert any(s.report.likelihood for s in case.evidence.counted)


def test_it_says_the_next_three_commands_and_they_work(desk: Path) -> None:
    (desk / "scenarios").mkdir()

    said = new("my ferry").stderr

    commands = [line.split("  ")[1] for line in said.splitlines() if line.startswith("  rivals")]
    assert commands == [f"rivals {c} 'scenarios/my ferry'" for c in ("check", "beliefs", "brief")]


def test_the_starter_briefs_at_once(desk: Path) -> None:
    start("ferry")

    made = CliRunner().invoke(main, ["brief", "ferry", "--draws", "100"])

    assert made.exit_code == 0, made.output
    assert "Ferry: why was the summit called off?" in Path(made.stdout.strip()).read_text("utf-8")


def test_it_goes_below_scenarios_where_there_are_some_and_a_path_is_a_path(desk: Path) -> None:
    (desk / "scenarios").mkdir()
    (desk / "elsewhere").mkdir()

    for name in ("one", "elsewhere/two", "./three"):
        assert new(name).exit_code == 0

    assert sorted(p.parent.as_posix() for p in Path().glob("**/scenario.yaml")) == [
        "elsewhere/two",
        "scenarios/one",
        "three",
    ]


def test_title_and_question_are_filled_in(desk: Path) -> None:
    new("ferry", "--title", "Why?", "--question", "Why not on 2 June?")

    scenario = rivals.read("ferry").scenario
    assert (scenario.title, scenario.question) == ("Why?", "Why not on 2 June?")


HOSTILE = st.text(
    st.characters(codec="utf-8", exclude_characters="\0") | st.sampled_from(":#{}[]'\"%@&*!|>\n\t"),
    min_size=1,
    max_size=80,
)


@settings(max_examples=settings.default.max_examples // 3)
@given(title=HOSTILE, question=HOSTILE)
def test_whatever_is_said_is_text(
    title: str, question: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = start(str(tmp_path_factory.mktemp("made") / "x"), title, question)

    scenario = rivals.read(folder).scenario
    assert (scenario.title, scenario.question) == (title, question)


@pytest.mark.parametrize("name", ["yes", "32", "null", "Ünruhe", "a'b", "#1", "& so on", "東"])
def test_the_name_is_text_too(name: str, desk: Path) -> None:
    assert new(name).exit_code == 0
    assert rivals.read(name).scenario.title.startswith(name[:1].upper())


@pytest.mark.parametrize(
    "name",
    ["", " ", ".", "..", "a/..", "/", ".hidden", "-x/", "a=b", "a|b", "a:b", "a\nb", "a\u202eb",
     " a", "a ", "a*", "a?", 'a"b', "a<b", "end.", "con", "Nul.old", "x" * 121, "gone/ferry"],
)  # fmt: skip
def test_a_name_that_no_folder_should_have_is_told_in_one_line(name: str, desk: Path) -> None:
    result = new("--", name)

    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""
    assert list(desk.rglob("*")) == []


@pytest.mark.parametrize("there", ["ferry", "Ferry", "FERRY"])
def test_nothing_is_overwritten(there: str, desk: Path) -> None:
    (desk / there).mkdir()
    (desk / there / "note.txt").write_text("mine")

    result = new("ferry")

    assert result.exit_code == 1
    assert "nothing is overwritten" in result.stderr
    assert [p.name for p in desk.rglob("*")] == [there, "note.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_folder_that_cannot_be_written_is_told_in_one_line(desk: Path) -> None:
    desk.chmod(0o500)

    result = new("ferry")

    desk.chmod(0o700)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


def test_what_fails_half_way_leaves_nothing(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    result = new("ferry")

    assert result.exit_code == 1
    assert "No space left" in result.stderr
    assert list(desk.iterdir()) == []


def test_an_editor_is_led_to_the_schema_where_one_is_near(desk: Path) -> None:
    CliRunner().invoke(main, ["schema", "--out", "schemas"])
    (desk / "scenarios").mkdir()

    start("ferry")

    for file in ("scenario", "reports"):
        first = Path(f"scenarios/ferry/{file}.yaml").read_text("utf-8").splitlines()[0]
        assert first == f"# yaml-language-server: $schema=../../schemas/{file}.schema.json"


def test_without_a_schema_near_no_editor_is_led_astray(desk: Path) -> None:
    start("ferry")

    assert "$schema" not in Path("ferry/scenario.yaml").read_text("utf-8")
