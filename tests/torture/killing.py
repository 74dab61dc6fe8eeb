"""Kill -9 at any moment of a command that writes: every file is the old one or the new one.

A third of the moments are of the clock, a third just before one of the things that the command does
with files, where something can be half done, a third just before one that it does with the very
files that it writes: Python tells of each (sys.addaudithook).
"""

from __future__ import annotations

import importlib
import json
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

EVENTS_FILE = "events"
KINDS = ANY, WRITTEN = "with any file", "with a file that it writes"

End = tuple[str, int]
"""Before which event a process ends: its kind, and its number among those of the kind."""

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

    def start(self, folder: Path, end: End | None = None) -> int:
        """The id of a process that runs it, and kills itself where it is to end."""
        words = [str(folder) if word == "." else word for word in self.words]
        words = [word.replace("{parent}", str(folder.parent)) for word in words]
        told = folder.parent / EVENTS_FILE

        def act() -> None:
            os.setsid()  # what it starts is found by its group
            nowhere = os.open(os.devnull, os.O_RDWR)
            for handle in (0, 1, 2):
                os.dup2(nowhere, handle)
            sys.addaudithook(_Count([Path(name).name for name in self.writes], told, end))
            main(words, standalone_mode=False)

        return start_apart(act)


class _Count:
    """Counts what a process does with files, and kills it just before a certain one.

    How many of each kind there were so far stands in a file: the process may not live to tell.
    """

    def __init__(self, names: list[str], told: Path, end: End | None) -> None:
        self.names, self.end, self.process = names, end, os.getpid()
        self.counts = dict.fromkeys(KINDS, 0)
        self.told = os.open(told, os.O_RDWR | os.O_CREAT)

    def __call__(self, event: str, args: tuple[object, ...]) -> None:
        if event not in EVENTS or os.getpid() != self.process:
            return
        written = any(name in str(arg) for name in self.names for arg in args)
        for kind in (ANY, WRITTEN) if written else (ANY,):
            self.counts[kind] += 1
            if (kind, self.counts[kind]) == self.end:
                os.kill(self.process, signal.SIGKILL)
        os.pwrite(self.told, json.dumps(self.counts).encode(), 0)


@dataclass
class Ordeal:
    """A command that is killed over and over, each time on a fresh copy of a scenario's folder."""

    command: Command
    source: Path
    place: Path
    ends: Counter[str] = field(default_factory=Counter)
    lasts: float = 100.0
    """Seconds that a run takes; as many as it may take at most until one was made."""

    def __post_init__(self) -> None:
        importlib.import_module(self.command.needs)
        self.untouched = _tree(self._fresh().parent)
        self.old = self._snapshot(self.place / self.source.name)
        started = time.monotonic()
        self._run(self._fresh())
        self.lasts = time.monotonic() - started
        self.events: dict[str, int] = json.loads((self.place / EVENTS_FILE).read_text())
        assert all(self.events.values()), f"{self.command.name} is seen at its files: {self.events}"
        self.new = self._snapshot(self.place / self.source.name)
        assert self.new != self.old, f"{self.command.name} writes something"

    def suffer(self, moments: int, seed: int) -> Counter[str]:
        """Kill at so many moments and hold what is left to the law; how many ended how.

        "old" or "new", and of the old ones those that left "litter", after which it was run again.
        """
        chosen = random.Random(seed)  # noqa: S311  (moments, not secrets)
        for i in range(moments):
            folder = self._fresh()
            kind = (None, *KINDS)[i % 3]
            if kind is None:
                child = self.command.start(folder)
                time.sleep(chosen.uniform(0, 1.1 * self.lasts))
                os.kill(child, signal.SIGKILL)
            else:
                end = kind, chosen.randint(1, self.events[kind])
                child = self.command.start(folder, end)
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
        """Wait for the process, then end what it left running.

        One that is endless may do less with files than the time before: then it waits for ever.
        """
        given_up = time.monotonic() + (3 * self.lasts if self.command.endless else 300)
        while os.waitpid(child, os.WNOHANG) == (0, 0):
            if time.monotonic() > given_up:
                os.kill(child, signal.SIGKILL)
            time.sleep(0.01)
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)

    def _hold(self, folder: Path) -> None:
        """Every file is the old or the new one, reads well, and does not stop the next run.

        Where nothing at all is left behind, the next run would be as the first one was.
        """
        now = self._snapshot(folder)
        for name, content in now.items():
            assert content in (self.old[name], self.new[name]), f"{name} is neither: {content!r}"
        rivals.read(folder)
        self.ends["new" if now == self.new else "old"] += 1
        if now == self.old and _tree(folder.parent) != self.untouched:
            self.ends["litter"] += 1
            self._run(folder)
            assert self._snapshot(folder) == self.new, "the next run does what this one did not"
            left = {p.name for p in folder.iterdir() if p.is_file()}
            assert left == {p.name for p in self.source.iterdir()}, f"litter is left: {left}"


def _tree(place: Path) -> Files:
    """Everything that stands below a place but for the events, folders with nothing in them too."""
    return {
        str(path.relative_to(place)): path.read_bytes() if path.is_file() else b""
        for path in place.rglob("*")
        if path.name != EVENTS_FILE
    }


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
