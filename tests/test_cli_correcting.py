"""The commands that put the log right by later entries: retract and amend."""

from __future__ import annotations

from pathlib import Path

import pytest

import rivals
from test_cli import LOG, folder, log_of, run

__all__ = ["folder"]

LATER = ("--logged", "2026-05-10", "--why", "Miscoded.")


def added_to(folder: Path) -> str:
    assert log_of(folder).startswith(LOG)
    return log_of(folder).removeprefix(LOG)


def test_retract_appends_an_entry_and_says_what_it_did(folder: Path) -> None:
    result = run("retract", folder, "call", *LATER)

    assert added_to(folder) == "- retracts: call\n  logged: '2026-05-10'\n  why: Miscoded.\n"
    assert result.stdout.startswith(added_to(folder))
    assert result.stderr == "call: retracted; counted before; appended to the log\n"
    assert rivals.read(folder).reports().loc["call", "status"] == "retracted"


def test_amend_sets_fields_anew_and_shows_them_before_and_after(folder: Path) -> None:
    result = run(
        "amend", folder, "paper", *LATER, "--set", "outlet=Post", "--set", "origin=a; b",
        "--claim", "wind=calm|breeze", "--unset", "directness",
    )  # fmt: skip

    report = rivals.read(folder).reports().loc["paper"]
    assert (report["outlet"], report["origin"], report["says"]) == (
        "Post",
        ("a", "b"),
        "wind=calm|breeze",
    )
    assert result.stderr.splitlines()[:4] == [
        "outlet: The Post -> Post",
        "origin: fireman -> ['a', 'b']",
        "claims: {'arson': 'yes', 'paid': 'no'} -> {'wind': ['calm', 'breeze']}",
        "directness: direct -> nothing",
    ]


def test_an_amendment_tells_what_it_does_to_other_reports(folder: Path) -> None:
    result = run("amend", folder, "call", *LATER, "--unset", "origin")

    assert "paper: counted now; echo before" in result.stderr or "paper: counted" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("retract", "call"),
        ("amend", "call", "--set", "outlet=Post"),
    ],
)
def test_a_dry_run_shows_the_same_and_writes_nothing(folder: Path, words: tuple[str, ...]) -> None:
    command = (words[0], folder, *words[1:], *LATER)

    dry = run(*command, "--dry-run")

    assert log_of(folder) == LOG
    assert dry.stderr.endswith("; nothing was written\n")
    assert dry.stdout == run(*command).stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("retract", "cal"), "no report has the id 'cal'; did you mean 'call'?"),
        (("retract", "call", "--logged", "2026-04-30"), "not before its report was logged"),
        (("retract", "call", "--logged", "soon"), "a date is a day"),
        (("amend", "cal", "--set", "outlet=x"), "no report has the id 'cal'"),
        (("amend", "call"), "an amendment sets one field at least"),
        (("amend", "call", "--set", "id=x"), "cannot be amended, got 'id'"),
        (("amend", "call", "--set", "outlt=x"), "got 'outlt'; did you mean 'outlet'?"),
        (("amend", "call", "--unset", "outlt"), "did you mean 'outlet'?"),
        (("amend", "call", "--set", "outlet"), "--set reads FIELD=VALUE"),
        (("amend", "call", "--set", "outlet="), "--unset outlet"),
        (("amend", "call", "--set", "outlet=x", "--unset", "outlet"), "a field is set once"),
        (("amend", "call", "--set", "claims=wind=calm"), "--claim says what is in claims"),
        (("amend", "paper", "--set", "copy_of=post"), "copies form no circle"),
        (("amend", "call", "--claim", "wind=gale"), "got 'gale'"),
        (("amend", "call", "--set", "link=ftp://x"), "a link starts with"),
        (("amend", "call", "--set", "source=rado"), "did you mean 'radio'?"),
        (("amend", "call", "--unset", "source"), "names its source, got none"),
    ],
)
def test_a_wrong_correction_is_told_in_a_line_and_not_written(
    folder: Path, words: tuple[str, ...], told: str
) -> None:
    result = run(words[0], folder, words[1], *LATER, *words[2:], code=1)

    assert told in result.stderr
    assert result.stderr.count("\n") == 1
    assert (result.stdout, log_of(folder)) == ("", LOG)
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("words", [("--why", "x"), ("--logged", "2026-05-10")])
@pytest.mark.parametrize("command", ["retract", "amend"])
def test_a_correction_needs_a_reason_and_a_date(
    folder: Path, command: str, words: tuple[str, ...]
) -> None:
    run(command, folder, "call", *words, code=2)

    assert log_of(folder) == LOG


def test_a_report_is_not_taken_back_twice(folder: Path) -> None:
    run("retract", folder, "call", *LATER)

    result = run("retract", folder, "call", *LATER, code=1)

    assert "a report is taken back once, got 'call', as on 2026-05-10" in result.stderr


def test_a_retraction_mends_a_log_that_could_not_be_true(folder: Path) -> None:
    log = folder / "reports.yaml"
    log.write_text(
        LOG
        + "- {id: x, published: 2026-05-07, observes: {wind: calm}}\n"
        + "- {id: y, published: 2026-05-07, observes: {wind: storm}}\n"
    )

    result = run("retract", folder, "y", *LATER)

    assert "before, there was nothing to believe" in result.stderr
    assert "What to believe now" in result.stdout
    assert rivals.read(folder).beliefs(draws=0).loc["storm", "posterior"] == 0


def test_an_amendment_that_makes_the_evidence_impossible_is_not_written(folder: Path) -> None:
    run("add", folder, "--id", "x", "--published", "2026-05-07", "--observe", "wind=calm")
    before = log_of(folder)

    result = run("amend", folder, "weather", *LATER, "--observe", "wind=storm", code=1)

    assert "got two for 'wind'" in result.stderr
    words = ("--observe", "wind=storm", "--unset", "claims")
    assert "probability 0" in run("amend", folder, "weather", *LATER, *words, code=1).stderr
    assert log_of(folder) == before


def test_an_amendment_after_an_amendment_is_read_in_its_order(folder: Path) -> None:
    run("amend", folder, "call", *LATER, "--set", "outlet=First")
    run("amend", folder, "call", "--logged", "2026-05-09", "--why", "x", "--set", "outlet=Zeroth")

    assert rivals.read(folder).reports().loc["call", "outlet"] == "First"


def test_completion_offers_what_the_scenario_knows(folder: Path) -> None:
    from click.shell_completion import ShellComplete

    from rivals.cli import main

    def offered(*words: str, incomplete: str) -> list[str]:
        shell = ShellComplete(main, {}, "rivals", "_RIVALS_COMPLETE")
        return [one.value for one in shell.get_completions([*words], incomplete)]

    add = ("add", str(folder))
    assert offered(*add, "--source", incomplete="r") == ["radio"]
    assert offered(*add, "--claim", incomplete="wind=s") == ["wind=storm"]
    assert offered(*add, "--like", incomplete="p") == ["paper", "post"]
    assert offered(*add, "--copy-of", incomplete="c") == ["call"]
    assert offered(*add, "--origin", incomplete="f") == ["fireman"]
    assert offered(*add, "--outlet", incomplete="The") == ["The Post"]
    assert offered("retract", str(folder), incomplete="w") == ["weather"]
    (folder / "scenario.yaml").write_text("[")
    assert offered(*add, "--source", incomplete="r") == []
