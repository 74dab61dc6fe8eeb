"""How a number changed is read from git and from the ledger, whatever names are in the way."""

from __future__ import annotations

import errno
import json
import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

import rivals
from rivals.briefing.build import Briefing, Order
from rivals.briefing.issuing import Imprint, collect, issue
from rivals.charts import describe
from rivals.cli import main
from rivals.errors import QuestionError, ReadingError
from rivals.history import trace
from rivals.ledger import write_line
from rivals.moments import When

SCENARIO = """\
title: T
question: Q
hypotheses: {arson: arson=yes, wiring: wiring=yes}
variables:
  arson: {ask: A?, prior: {yes: PRIOR}}
  wiring: {ask: W?, prior: {yes: 0.3}}
sources: {owner: {grade: B}}
"""
PATH = "variables.arson.prior.yes"


def git(folder: Path, *words: str, day: str = "2026-05-01") -> None:
    identity = {"GIT_AUTHOR_NAME": 'Zoë | "x" $(y)', "GIT_AUTHOR_EMAIL": "z@example.org"}
    identity |= {"GIT_COMMITTER_NAME": "c", "GIT_COMMITTER_EMAIL": "c@example.org"}
    dates = {"GIT_AUTHOR_DATE": f"{day}T12:00:00+00:00", "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(
        ["git", *words], cwd=folder, check=True, capture_output=True,  # noqa: S607
        env={**os.environ, **identity, **dates},
    )  # fmt: skip


def write(folder: Path, prior: str, name: str = "arson") -> None:
    text = SCENARIO.replace("PRIOR", prior).replace("arson", name)
    (folder / "scenario.yaml").write_text(text, "utf-8")


def put_out(folder: Path, when: str) -> None:
    case, page = rivals.read(folder), Briefing(folder, "<p>", 0.0)
    issue(case, Order(draws=0), page, collect(folder), Imprint("Roe", When(when), "out"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "fälle $(x)" / "-fire; né"
    place.mkdir(parents=True)
    write(place, "0.2")
    return place


@pytest.fixture
def kept(folder: Path) -> Path:
    """The folder in a repository, with three commits; in the last but one it was renamed."""
    root = folder.parent
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first\n\nbody", day="2026-05-01")
    git(root, "mv", "--", f"./{folder.name}", "./renamed")
    moved = root / "renamed"
    write(moved, "likely")
    git(root, "commit", "-qam", "Ünsure; \x01 more", day="2026-05-03")
    (moved / "note.txt").write_text("x")
    git(root, "add", ".")
    git(root, "commit", "-qm", "unrelated", day="2026-05-04")
    return moved


def test_git_tells_each_change_with_its_day_author_and_subject(kept: Path) -> None:
    write(kept, "30%")

    table = trace(kept, PATH)

    assert table["written"].tolist() == ["0.2", "likely", "30%"]
    assert table["value"].tolist() == pytest.approx([0.2, 0.675, 0.3])
    assert [when[:10] for when in table["when"]] == ["2026-05-01", "2026-05-03", ""]
    assert table["who"].tolist() == ['Zoë | "x" $(y)', 'Zoë | "x" $(y)', ""]
    assert table["why"][0] == "first"
    assert table["where"].iloc[-1] == "now"


def branch(root: Path, prior: str) -> None:
    """On a branch the number is changed, meanwhile another one is; then both are merged."""
    file = root / "renamed" / "scenario.yaml"
    git(root, "checkout", "-qb", "side")
    file.write_text(file.read_text("utf-8").replace("yes: likely", f"yes: {prior}"), "utf-8")
    git(root, "commit", "-qam", "two", day="2026-05-05")
    git(root, "checkout", "-q", "-")
    file.write_text(file.read_text("utf-8").replace("grade: B", "grade: C"), "utf-8")
    git(root, "commit", "-qam", "three", day="2026-05-06")
    git(root, "merge", "-q", "side", "-m", "merge it", day="2026-05-07")


def test_a_change_on_a_branch_is_that_of_the_commit_that_made_it(kept: Path) -> None:
    branch(kept.parent, "0.4")

    table, other = trace(kept, PATH), trace(kept, "sources.owner.grade")

    assert table["written"].tolist() == ["0.2", "likely", "0.4"]
    assert table["why"].iloc[-1] == "two"
    assert other["why"].tolist() == ["first", "three"]


def test_a_merge_that_decides_between_two_changes_is_told(kept: Path) -> None:
    branch(kept.parent, "0.4")
    git(kept, "reset", "-q", "--hard", "HEAD~1")
    write(kept, "0.5")
    git(kept, "commit", "-qam", "four", day="2026-05-07")
    git(kept, "merge", "-q", "side", "-X", "theirs", "-m", "theirs", day="2026-05-08")

    table = trace(kept, PATH)

    assert table["written"].tolist()[-3:] == ["0.4", "0.5", "0.4"]
    assert table["why"].tolist()[-3:] == ["two", "four", "theirs"]


@pytest.mark.parametrize("setting", ["diff.relative=true", "log.showRoot=false"])
def test_the_users_settings_of_git_change_nothing(setting: str, kept: Path) -> None:
    git(kept, "config", *setting.split("="))

    assert trace(kept, PATH)["written"].tolist() == ["0.2", "likely"]
    assert trace(kept, PATH)["why"][0] == "first"


def test_the_ledger_tells_where_git_does_not(folder: Path) -> None:
    put_out(folder, "2026-05-02T10:00:00+00:00")
    write(folder, "0.4")
    put_out(folder, "2026-05-05T10:00:00+00:00")

    table = trace(folder, PATH)

    assert table["where"].tolist() == ["issue 1", "issue 2"]
    assert table["value"].tolist() == [0.2, 0.4]
    assert trace(folder, "sources.owner.grade")["written"].tolist() == ["B"]
    headline = trace(folder, "arson")
    assert headline["value"].tolist() == pytest.approx([0.2, 0.4])
    axes = rivals.charts.history(table)
    assert axes.get_title(loc="left") == f"{PATH} went from 0.2 to 0.4 in 1 change"
    assert describe(axes).endswith("2 May 2026: 0.2; 5 May 2026: 0.4.")


def test_both_are_put_in_the_order_of_time(kept: Path) -> None:
    write(kept, "0.9")
    put_out(kept, "2026-05-02T10:00:00+00:00")

    assert trace(kept, PATH)["written"].tolist() == ["0.2", "0.9", "likely", "0.9"]


def test_an_issue_dated_by_a_day_or_a_month_has_its_place_too(kept: Path) -> None:
    write(kept, "0.9")
    put_out(kept, "2026-05-02")
    write(kept, "0.8")
    put_out(kept, "2026-05")

    assert trace(kept, PATH)["written"].tolist() == ["0.2", "0.9", "likely", "0.8"]


def test_a_renamed_judgement_was_not_there_before(folder: Path) -> None:
    put_out(folder, "2026-05-02T10:00:00+00:00")
    write(folder, "0.2", name="brand")

    assert trace(folder, "variables.brand.prior.yes")["where"].tolist() == ["now"]
    assert trace(folder, PATH)["written"].tolist() == ["0.2", ""]


def test_without_any_source_of_versions_that_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(QuestionError, match="nothing was issued, and not a git repository"):
        trace(folder, PATH)
    with pytest.raises(QuestionError, match="'arson' is what was issued of it, and nothing was"):
        trace(folder, "arson")

    monkeypatch.setenv("PATH", "")

    with pytest.raises(QuestionError, match="nothing was issued, and git is not installed here"):
        trace(folder, PATH)


def test_an_unknown_path_is_refused_with_a_near_one(kept: Path) -> None:
    with pytest.raises(QuestionError, match=r"did you mean 'variables\.arson\.prior\.yes'"):
        trace(kept, "variables.arsen.prior.yes")
    with pytest.raises(ReadingError, match="there is none here"):
        trace(kept / "none", PATH)


def test_the_command_answers_in_three_forms(kept: Path) -> None:
    def run(*words: str) -> str:
        result = CliRunner().invoke(main, ["history", str(kept), *words])
        assert result.exit_code == 0, result.output
        return result.stdout

    told = json.loads(run(PATH, "--format", "json"))
    assert [one["written"] for one in told["changes"]] == ["0.2", "likely"]
    assert run(PATH, "--format", "csv").startswith("when,where,who,why,written,value\n")
    assert "likely" in run(PATH)


def test_of_very_many_versions_the_oldest_that_is_asked_for_is_told(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rivals.versions.MOST", 1)

    assert trace(kept, "sources.owner.grade")["why"].tolist() == ["Ünsure; \x01 more"]


def test_an_issue_that_froze_no_scenario_is_left_out_and_told(kept: Path) -> None:
    put_out(kept, "2026-05-05T10:00:00+00:00")
    ledger = kept / "issued" / "ledger.jsonl"
    line = json.loads(ledger.read_text("utf-8"))
    del line["files"]["scenario.yaml"]
    ledger.write_bytes(write_line(line))
    (kept / "issued" / "1" / "scenario.yaml").unlink()

    result = CliRunner().invoke(main, ["history", str(kept), PATH])

    assert result.exit_code == 0, result.output
    assert result.stderr == "left out: issue 1: no scenario.yaml was frozen\n"
    assert "likely" in result.stdout


def test_without_an_issue_to_rely_on_that_is_said(folder: Path) -> None:
    put_out(folder, "2026-05-05T10:00:00+00:00")
    (folder / "issued" / "1" / "scenario.yaml").unlink()

    with pytest.raises(QuestionError, match="no issue can be relied on, and not a git"):
        trace(folder, PATH)


def test_a_file_that_cannot_be_read_is_told_in_a_line(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)

    with pytest.raises(ReadingError, match=r"scenario\.yaml: cannot be read: Permission denied"):
        trace(kept, PATH)
