"""`rivals watch` follows its files, outlives what breaks, and ends without leaving anything."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from rivals.whole import write_whole

SCENARIO = """\
title: {title}
question: Q
hypotheses: {{a: a=yes, b: b=yes}}
variables:
  a: {{prior: {{yes: {prior}}}}}
  b: {{prior: {{yes: 0.4}}}}
"""
STOPPED = "no longer watching; the last good briefing stays"
PATIENCE = 90  # seconds; the machine may be busy


class Watcher:
    """A running `rivals watch` on a small notebook, and what it says."""

    def __init__(self, place: Path, *, broken: bool) -> None:
        self.folder, self.page = place / "case", place / "out" / "case.html"
        self.folder.mkdir()
        self.write("First", prior="1.2" if broken else "0.2")
        notebook = new_notebook(
            cells=[
                new_code_cell(
                    "scenario = 'x'\ndraws = 1\nseed = 0", metadata={"tags": ["parameters"]}
                ),
                new_code_cell("import rivals\nprint(rivals.read(scenario).scenario.title)"),
                new_markdown_cell("# Page"),
            ]
        )
        nbformat.write(notebook, place / "small.ipynb")
        command = [sys.executable, "-c", "from rivals.cli import main; main()", "watch"]
        options = ["--notebook", place / "small.ipynb", "--out", place / "out"]
        self.process = subprocess.Popen(
            [*command, *map(str, [self.folder, *options])],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line.rstrip())

    def write(self, title: str, prior: str = "0.2") -> None:
        """Save as editors do: beside the file, then renamed over it."""
        beside = self.folder / "scenario.yaml~new"
        beside.write_text(SCENARIO.format(title=title, prior=prior), "utf-8")
        beside.replace(self.folder / "scenario.yaml")

    def hear(self, part: str) -> list[str]:
        """What is said up to a line that holds this."""
        heard: list[str] = []
        limit = time.monotonic() + PATIENCE
        while not heard or part not in heard[-1]:
            assert time.monotonic() < limit, heard
            try:
                heard.append(self.lines.get(timeout=1))
            except queue.Empty:
                assert self.process.poll() is None, heard
        return heard


@pytest.fixture
def watcher(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Watcher]:
    running = Watcher(tmp_path, broken=request.param == "broken")
    yield running
    if running.process.poll() is None:
        running.process.kill()
    running.process.wait()
    if running.process.stdout is not None:
        running.process.stdout.close()


@pytest.mark.parametrize("watcher", ["broken"], indirect=True)
def test_the_briefing_follows_its_files_and_outlives_what_breaks(watcher: Watcher) -> None:
    heard = watcher.hear("waiting")
    assert "there is no briefing yet" in heard[-1]
    assert any("scenario.yaml:5: variables.a.prior.yes" in line for line in heard)

    watcher.write("Mended")
    heard = watcher.hear("waiting")
    assert "changed: scenario.yaml" in heard[0]
    assert str(watcher.page) in heard
    good = watcher.page.read_text("utf-8")
    assert "Mended" in good

    (watcher.folder / "reports.yaml").write_text("- {id: r, published: some day}\n", "utf-8")
    heard = watcher.hear("waiting")
    assert "changed: reports.yaml" in heard[0]
    assert "reports.yaml:1: published: a date is" in heard[1]
    assert heard[-1].endswith("case.html stays as it was; waiting for a change")
    assert watcher.page.read_text("utf-8") == good

    children = psutil.Process(watcher.process.pid).children(recursive=True)
    watcher.process.send_signal(signal.SIGINT)
    assert watcher.process.wait(PATIENCE) == 130
    assert children == []
    assert watcher.hear("watching")[-1] == STOPPED


@pytest.mark.parametrize("watcher", ["good"], indirect=True)
def test_ctrl_c_while_the_notebook_runs_leaves_no_kernel_and_no_traceback(
    watcher: Watcher,
) -> None:
    limit = time.monotonic() + PATIENCE
    process = psutil.Process(watcher.process.pid)
    while not process.children(recursive=True):
        assert time.monotonic() < limit
        time.sleep(0.05)
    kernels = process.children(recursive=True)

    watcher.process.send_signal(signal.SIGINT)

    assert watcher.process.wait(PATIENCE) == 130
    psutil.wait_procs(kernels, timeout=10)
    assert not [kernel for kernel in kernels if kernel.is_running()]
    assert watcher.hear("no longer watching") == [STOPPED]
    assert not watcher.page.exists()


def test_what_a_killed_writer_left_is_cleared_away_at_the_next_writing(tmp_path: Path) -> None:
    old, new = tmp_path / ".page.html.abcd_123.part", tmp_path / ".page.html.abcd_124.part"
    own = tmp_path / ".page.html-of-mine"
    for path in (old, new, own):
        path.write_text("part")
    for path in (old, own):
        os.utime(path, (0, 0))

    write_whole(tmp_path / "page.html", "whole")

    assert {p.name for p in tmp_path.iterdir()} == {new.name, own.name, "page.html"}
