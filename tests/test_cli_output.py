"""Where results go: a full disk is one line and exit code 1, a reader who has gone is no error."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from test_cli import folder, run

__all__ = ["folder"]

RIVALS = Path(sys.executable).parent / "rivals"
FULL = Path("/dev/full")
NO_SPACE = f"standard output cannot be written: {os.strerror(errno.ENOSPC)}"
PIPE_CLOSED = 128 + 13  # what a shell tells of a command that SIGPIPE ended

on_full = pytest.mark.skipif(not FULL.exists(), reason="no device here is always full")
on_shell = pytest.mark.skipif(os.name != "posix", reason="only a shell closes a stream")


def written_to(stdout: Any, *words: Any, unbuffered: str = "") -> tuple[int, list[str]]:
    """How a command ends that writes to a stream, and the lines it says on standard error."""
    done = subprocess.run(
        words,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    return done.returncode, done.stderr.splitlines()


@on_full
@pytest.mark.parametrize(
    ("words", "unbuffered"),
    [
        (("beliefs", "--draws", "0"), ""),
        (("beliefs", "--draws", "0"), "1"),
        (("trail", "--draws", "0", "--format", "json"), ""),
        (("check",), ""),
    ],
)
def test_a_full_disk_is_told_in_one_line(
    words: tuple[str, ...], unbuffered: str, folder: Path
) -> None:
    with FULL.open("w") as stdout:
        code, said = written_to(stdout, RIVALS, *words, folder, unbuffered=unbuffered)

    assert code == 1
    assert said == [NO_SPACE]


@on_full
def test_a_report_that_was_logged_is_told_so_even_if_nothing_can_be_shown(folder: Path) -> None:
    report = (
        "--id",
        "new",
        "--source",
        "radio",
        "--published",
        "2026-05-09",
        "--claim",
        "arson=no",
    )

    with FULL.open("w") as stdout:
        code, [told, problem] = written_to(stdout, RIVALS, "add", folder, *report)

    assert code == 1
    assert told.startswith("new: ")
    assert told.endswith("appended to the log")
    assert problem == NO_SPACE
    assert "id: new" in (folder / "reports.yaml").read_text()


@pytest.mark.parametrize("form", ["table", "csv"])
def test_a_reader_who_has_gone_ends_the_command_in_silence(form: str, folder: Path) -> None:
    read, write = os.pipe()
    os.close(read)

    with os.fdopen(write, "w") as stdout:
        ended = written_to(stdout, RIVALS, "trail", folder, "--draws", "0", "--format", form)

    assert ended == (PIPE_CLOSED, [])


@on_shell
def test_a_closed_output_is_told_in_one_line(folder: Path) -> None:
    command = '"$0" beliefs "$1" --draws 0 >&-'

    code, said = written_to(None, "/bin/sh", "-c", command, RIVALS, folder)

    assert code == 1
    assert said == ["standard output is closed; results have nowhere to go"]


@pytest.mark.parametrize(
    "command", ["beliefs", "robustness", "impact", "sensitivity", "turning-points", "analysts"]
)
def test_a_terminal_is_told_of_control_characters_and_obeys_none(
    command: str, folder: Path
) -> None:
    shown = r'"Red\e[31m, title\e]0;x\a, backwards\u202e"'
    scenario = folder / "scenario.yaml"
    labelled = f"hypotheses: {{arson: {{claim: arson=yes, label: {shown}}},"
    scenario.write_text(scenario.read_text().replace("hypotheses: {arson: arson=yes,", labelled))
    (folder / "analysts").mkdir()
    (folder / "analysts" / "ann.yaml").write_text(f"name: {shown}\nsettings.spin: 0.1\n")

    result = run(command, folder, "--draws", 0)

    assert all(c.isprintable() or c == "\n" for c in result.output), result.output
    assert "\\u001b[31m" in result.output
