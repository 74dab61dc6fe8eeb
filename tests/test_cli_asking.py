"""`rivals add` at a terminal: what is missing is asked for, shown once more, and then appended."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import rivals
from rivals.cli import main
from test_cli import LOG, folder, log_of

__all__ = ["folder"]

ANSWERS = {
    "source": "radio",
    "published": "2026-05-09",
    "outlet": "The Post",
    "summary": "No wind at all.",
    "link": "https://post.example/1",
    "origin": "harbour; mast",
    "claims": "wind\ncalm|breeze\n",
    "directness": "direct",
    "id": "",
}


@pytest.fixture
def ask(folder: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr("rivals.cli.adding.at_terminal", lambda: True)

    def run(*words: str, answers: str) -> Result:
        return CliRunner().invoke(main, ["add", str(folder), *words], input=answers)

    return run


def test_a_report_is_asked_for_field_by_field(folder: Path, ask: object) -> None:
    result = ask(answers="\n".join([*ANSWERS.values(), "y", ""]))  # type: ignore[operator]

    assert result.exit_code == 0, result.output
    report = list(rivals.read(folder).dossier.reports())[-1]
    assert report.model_dump(mode="json", exclude_defaults=True) == {
        "id": "post-2026-05-09-no-wind-at-all",
        "published": "2026-05-09",
        "source": "radio",
        "outlet": "The Post",
        "origin": ["harbour", "mast"],
        "summary": "No wind at all.",
        "link": "https://post.example/1",
        "claims": {"wind": ["calm", "breeze"]},
        "directness": "direct",
    }
    assert "W?" in result.stderr
    assert "calm, breeze and storm" in result.stderr
    assert result.stdout.startswith("- id: post-2026-05-09")


def test_what_an_option_says_is_not_asked(folder: Path, ask: object) -> None:
    words = ("--source", "radio", "--claim", "wind=calm", "--outlet", "Post", "--summary", "S")

    result = ask(*words, answers="\n\n\n\nnew\ny\n")  # type: ignore[operator]

    assert result.exit_code == 0, result.output
    assert "Whose word" not in result.stderr
    report = list(rivals.read(folder).dossier.reports())[-1]
    assert (report.id, str(report.published)) == ("new", "2026-05-06"), "the log's last day"


def test_a_wrong_answer_is_told_and_asked_again(folder: Path, ask: object) -> None:
    wrong = (
        "rado\nradio\nsoon\n2026-05-09\n\n\nftp://x\n\n\nwnd\nwind\ngale\ncalm\n\nhearsay\ndirect\n"
    )

    result = ask(answers=wrong + "call\na:b\nnew\ny\n")  # type: ignore[operator]

    assert result.exit_code == 0, result.output
    for told in ("did you mean 'radio'?", "a date is a day", "a link starts with", "got 'gale'",
                 "did you mean 'wind'?", "'hearsay' is not one of", "an id stands once",
                 "a name holds no"):  # fmt: skip
        assert told in result.stderr
    assert list(rivals.read(folder).dossier.reports())[-1].claims == {"wind": ("calm",)}


@pytest.mark.parametrize("last", ["n\n", ""])
def test_a_report_that_is_not_right_is_not_appended(folder: Path, ask: object, last: str) -> None:
    result = ask(answers="\n".join([*ANSWERS.values(), last]))  # type: ignore[operator]

    assert result.exit_code == 1
    assert log_of(folder) == LOG


def test_like_answers_what_it_can(folder: Path, ask: object) -> None:
    result = ask("--like", "paper", answers="2026-05-09\nAgain.\n\nnew\ny\n")  # type: ignore[operator]

    assert result.exit_code == 0, result.output
    report = list(rivals.read(folder).dossier.reports())[-1]
    assert (report.source, report.origin, report.summary) == ("owner", ("fireman",), "Again.")
    assert "new: echo of call, paper" in result.stderr


@pytest.mark.skipif(os.name != "posix", reason="terminals are made as on Unix")
def test_a_real_terminal_is_asked_and_a_pipe_is_not(folder: Path) -> None:
    import pty

    child, terminal = pty.fork()
    if not child:
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
        try:
            main(["add", str(folder), "--id", "new", "--source", "radio"], standalone_mode=False)
            os._exit(0)
        except BaseException:
            os._exit(1)
    for line in ("2026-05-09", "", "", "", "", "wind", "calm", "", "", "y"):
        os.write(terminal, f"{line}\n".encode())
    shown = b""
    while True:
        try:
            read = os.read(terminal, 4096)
        except OSError:
            break
        shown += read
        if not read:
            break

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, shown.decode()
    assert b"When did it come out?" in shown
    assert list(rivals.read(folder).dossier.reports())[-1].claims == {"wind": ("calm",)}


def test_without_a_terminal_what_is_missing_is_a_misuse(folder: Path) -> None:
    result = CliRunner().invoke(main, ["add", str(folder), "--source", "radio"])

    assert result.exit_code == 2
    assert "Missing option '--id'" in result.stderr
    assert log_of(folder) == LOG
