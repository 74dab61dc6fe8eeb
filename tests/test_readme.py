"""What README.md shows works as it stands.

Python blocks run in order in one namespace, from a folder `notebooks` beside the scenarios. The
section on one's own scenario is followed to the letter: its shell blocks are run, and a YAML block
is written to the file that its first line names.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest
from click.testing import CliRunner

import rivals
from rivals.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = sorted(ROOT.glob("*.md"))


def blocks(text: str) -> list[tuple[str, str]]:
    """The language and the content of each fenced block, in order."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def section(title: str) -> str:
    """The part of the README under a heading."""
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A copy of the scenarios, and a folder for notebooks, where nothing can be spoilt."""
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    (tmp_path / "notebooks").mkdir()
    return tmp_path


def test_the_python_blocks_run(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mpl.use("agg")
    monkeypatch.chdir(desk / "notebooks")
    namespace: dict[str, object] = {}
    python = [code for language, code in blocks(README) if language == "python"]

    for code in python:
        exec(compile(code, "README.md", "exec"), namespace)  # noqa: S102  (our own README)

    assert len(python) >= 4


def follow(desk: Path, language: str, text: str) -> list[str]:
    """What a block prints that is run at the desk; a YAML block is written to its file."""
    if language == "yaml":
        (desk / text.split()[1]).parent.mkdir(parents=True, exist_ok=True)
        (desk / text.split()[1]).write_text(text, "utf-8")
        return []
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    shell = ["bash", "-euo", "pipefail", "-c", text]
    done = subprocess.run(
        shell,
        cwd=desk,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_following_the_section_on_a_scenario_of_ones_own_gives_an_answer(desk: Path) -> None:
    printed = []
    for language, text in blocks(section("Your own scenario in ten minutes")):
        printed.extend(follow(desk, language, text))

    assert all(name in "".join(printed) for name in ("storm", "strike"))
    assert "Why is the ferry not running?" in (desk / printed[-1]).read_text("utf-8")


def test_the_section_on_keeping_the_log_works_on_the_scenario_before_it(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = dict(blocks(section("Your own scenario in ten minutes")))
    follow(desk, "yaml", own["yaml"])
    names = ("office-no-sailing", "company-weather")
    log = desk / "scenarios/ferry/reports.yaml"
    log.write_text("".join(f"- {{id: {name}, published: 2026-06-02}}\n" for name in names))
    monkeypatch.chdir(desk)

    for _, text in blocks(section("Keeping the log")):
        for line in text.replace("\\\n", " ").splitlines():
            program, *words = shlex.split(line)
            if program == "rivals":
                done = CliRunner().invoke(main, words)
                assert done.exit_code == 0, done.output
            else:
                follow(desk, "sh", line)

    reports = rivals.read(log.parent).reports()
    assert list(reports["status"]) == ["background", "retracted", "counted"]
    assert reports.loc["pilot", "says"] == "storm=no"
    assert all(name in own["sh"] for name in names)


def test_the_section_on_what_has_not_come_reads_in_the_scenario_before_it(desk: Path) -> None:
    own = dict(blocks(section("Your own scenario in ten minutes")))
    silence = dict(blocks(section("What has not come")))
    follow(desk, "yaml", own["yaml"] + silence["yaml"])

    case = rivals.read(desk / "scenarios/ferry").as_of("2026-06-02")

    assert list(case.expected()["expected", "share"]) == [1]
    assert case.beliefs(draws=0).loc["strike", "posterior"] < 0.05


def test_the_section_on_how_it_came_out_reads_in_the_scenario_before_it(desk: Path) -> None:
    own = dict(blocks(section("Your own scenario in ten minutes")))
    known = dict(blocks(section("When it is known how it came out")))
    follow(desk, "yaml", own["yaml"] + known["yaml"])

    case = rivals.read(desk / "scenarios/ferry")

    assert [noun.resolved for noun in case.scenario.outcomes.values()] == ["yes"]


def test_the_two_commands_for_a_fresh_machine_are_targets_of_the_makefile() -> None:
    targets = re.findall(r"^(\w+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)

    assert [text for language, text in blocks(section("Two commands"))] == [
        "make briefing\n",
        "make test\n",
    ]
    assert {"briefing", "test", "lab", "bench", "lint"} <= set(targets)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_links_to_is_there(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text("utf-8"))

    assert [link for link in links if not (ROOT / link).exists()] == []
