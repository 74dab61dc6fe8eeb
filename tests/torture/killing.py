"""Kill -9 at any moment of a command that writes: every file is the old one or the new one.

Half the moments are of the clock, the others just before one of the things that the command does
with files, where something can be half done: Python tells of each (sys.addaudithook).
"""

from __future__ import annotations

import importlib
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import rivals
from rivals.cli import main
from writers import start_apart

EVENTS = {
    "open", "os.rename", "os.remove", "os.chmod", "os.chown", "os.mkdir", "os.rmdir", "os.link",
    "os.truncate", "os.utime", "os.scandir", "os.listdir", "shutil.rmtree", "shutil.move",
    "tempfile.mkstemp", "glob.glob",
}  # fmt: skip

Files = dict[str, bytes]


@dataclass(frozen=True)
class Command:
    """A command's words, `.` for the scenario's folder, and what it may write, below its parent.

    `needs` is imported beforehand: each run is a fork of this process.
    """

    name: str
    words: tuple[str, ...]
    writes: tuple[str, ...]
    endless: bool = False
    needs: str = "rivals.cli"

    def start(self, folder: Path, at: int = 0) -> int:
        """The id of a process that runs it; it kills itself before its so manieth file event."""
        words = [str(folder) if word == "." else word for word in self.words]
        words = [word.replace("{parent}", str(folder.parent)) for word in words]

        def act() -> None:
            os.setsid()  # what it starts is found by its group
            nowhere = os.open(os.devnull, os.O_RDWR)
            for handle in (0, 1, 2):
                os.dup2(nowhere, handle)
            countdown = _Countdown(at)
            sys.addaudithook(countdown)
            main(words, standalone_mode=False)
            (folder.parent / "events").write_text(str(countdown.count))

        return start_apart(act)


class _Countdown:
    """Counts what a process does with files; just before a certain one it kills the process."""

    def __init__(self, at: int) -> None:
        self.at, self.count, self.process = at, 0, os.getpid()

    def __call__(self, event: str, args: tuple[object, ...]) -> None:
        if event not in EVENTS or os.getpid() != self.process:
            return
        self.count += 1
        if self.count == self.at:
            os.kill(self.process, signal.SIGKILL)


@dataclass
class Ordeal:
    """A command that is killed over and over, each time on a fresh copy of a scenario's folder."""

    command: Command
    source: Path
    place: Path
    ends: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        importlib.import_module(self.command.needs)
        self.old = self._snapshot(self._fresh())
        started = time.monotonic()
        self._run(self._fresh())
        self.lasts = time.monotonic() - started
        told = self.place / "events"  # an endless command lives too long to tell
        self.events = int(told.read_text()) if told.exists() else 0
        self.new = self._snapshot(self.place / self.source.name)
        assert self.new != self.old, f"{self.command.name} writes something"

    def suffer(self, moments: int, seed: int) -> Counter[str]:
        """Kill at so many moments and hold what is left to the law; how many ended old, how new."""
        chosen = random.Random(seed)  # noqa: S311  (moments, not secrets)
        for i in range(moments):
            folder = self._fresh()
            if i % 2 or not self.events:
                child = self.command.start(folder)
                time.sleep(chosen.uniform(0, 1.1 * self.lasts))
                os.kill(child, signal.SIGKILL)
            else:
                child = self.command.start(folder, at=chosen.randint(1, self.events))
            self._end(child)
            self._hold(folder)
        return self.ends

    def _fresh(self) -> Path:
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir()
        return Path(shutil.copytree(self.source, self.place / self.source.name))

    def _snapshot(self, folder: Path) -> Files:
        """What stands in the files that the command writes; a file that is missing is empty."""
        paths = [folder.parent / name for name in self.command.writes]
        return {p.name: p.read_bytes() if p.exists() else b"" for p in paths}

    def _run(self, folder: Path) -> None:
        """Let the command do its work; one that does not end by itself is then ended."""
        child = self.command.start(folder)
        given_up = time.monotonic() + 300
        while self.command.endless and not all(self._snapshot(folder).values()):
            assert time.monotonic() < given_up, f"{self.command.name} writes nothing"
            time.sleep(0.05)
        if self.command.endless:
            os.kill(child, signal.SIGKILL)
        self._end(child)

    def _end(self, child: int) -> None:
        """Wait for the process, then end what it left running."""
        os.waitpid(child, 0)
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)

    def _hold(self, folder: Path) -> None:
        """Every file is the old or the new one, reads well, and does not stop the next run."""
        now = self._snapshot(folder)
        for name, content in now.items():
            assert content in (self.old[name], self.new[name]), f"{name} is neither: {content!r}"
        rivals.read(folder)
        self.ends["new" if now == self.new else "old"] += 1
        if now == self.old:
            self._run(folder)
            assert self._snapshot(folder) == self.new, "the next run does what this one did not"
            left = {p.name for p in folder.iterdir() if p.is_file()}
            assert left == {p.name for p in self.source.iterdir()}, f"litter is left: {left}"


LOGGED = ("--logged", "2026-05-10", "--why", "A test.")
WRITING = (
    Command("add", ("add", ".", "--id", "new", "--source", "radio", "--published", "2026-05-09",
                    "--claim", "wind=storm"), ("town/reports.yaml",)),
    Command("retract", ("retract", ".", "call", *LOGGED), ("town/reports.yaml",)),
    Command("amend", ("amend", ".", "call", *LOGGED, "--claim", "arson=no"),
            ("town/reports.yaml",)),
    Command("export", ("export", ".", "--to", "net", "{parent}/town.net"), ("town.net",),
            needs="rivals.pgmpy_bridge"),
)  # fmt: skip
"""Commands that take a moment."""

SMALL = ("--out", "{parent}/out", "--notebook", "{parent}/../small.ipynb")
BRIEFING = (
    Command("brief", ("brief", ".", *SMALL), ("out/town.html",), needs="rivals.briefing.exporter"),
    Command("watch", ("watch", ".", *SMALL), ("out/town.html",), endless=True),
)
"""Commands that start a kernel, with a notebook of one question."""


def write_notebook(path: Path) -> Path:
    """A notebook that can be briefed with, and asks one thing only."""
    told = "\n".join(f"{name} = None" for name in ("scenario", "as_of", "since", "draws", "seed"))
    cells = [
        new_markdown_cell("# What to believe", id="title"),
        new_code_cell(told, id="told", metadata={"tags": ["parameters"]}),
        new_code_cell("import rivals\n\nrivals.read(scenario).beliefs(draws=0)", id="asked"),
        new_markdown_cell("That was it.", id="end"),
    ]
    nbformat.write(new_notebook(cells=cells), path)
    return path
