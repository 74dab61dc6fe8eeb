"""The command `rivals watch`: the briefing follows its files, and outlives a change that breaks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from rivals.case import Case, read
from rivals.cli.options import DRAW_OPTIONS, FOLDER, plain_errors, takes_page_options, tell
from rivals.cli.show import note, working, write
from rivals.errors import QuestionError, RivalsError, TooLarge
from rivals.phrases import list_all
from rivals.reading import LOG_FILE, SCENARIO_FILE

INTERRUPTED = 130
"""How watching ends at Ctrl-C: as shells tell of a command that SIGINT ended."""

SETTLING = 200
"""Milliseconds without another change after which a burst of changes is over."""

LOOK = 1000
"""Milliseconds after which the files are looked at though nobody told of a change."""


@click.command(short_help="Brief again whenever a file changes.")
@FOLDER
@takes_page_options
@click.option("--release", metavar="LEVEL", help="Leave out reports marked above a TLP level.")
@DRAW_OPTIONS[0]
@DRAW_OPTIONS[1]
@plain_errors
def watch(scenario: Path, as_of: str | None, release: str | None, **ordered: Any) -> None:
    """Write the briefing, and again whenever scenario.yaml, reports.yaml, a file of analysts/ or
    the notebook changes; prints its path each time.

    A change that breaks something is told at once, a line a problem as by `check`, and the last
    good briefing stays. Ctrl-C ends it, with exit code 130.
    """  # noqa: D205  (the help's first paragraph)
    if not scenario.is_dir():
        read(scenario)  # there is nothing to wait for, and this says so
    try:
        _Watch(scenario, as_of, release, ordered).follow()
    except KeyboardInterrupt:
        note("no longer watching; the last good briefing stays")
        raise SystemExit(INTERRUPTED) from None


@dataclass
class _Watch:
    """What is watched for, and how the files were when they were last briefed on."""

    scenario: Path
    as_of: str | None
    release: str | None
    ordered: dict[str, Any]
    seen: dict[Path, object] = field(default_factory=dict)

    def follow(self) -> None:
        """Brief, then again after each change, until somebody ends it."""
        first = True
        while True:
            now = {path: _stamp(path) for path in self.files()}
            if now != self.seen:
                if not first:
                    note(f"{_time()} changed: {list_all(self._changed(now))}")
                self.seen = now
                self._brief(first=first)
                first = False
                continue  # something may have changed meanwhile
            self._wait()

    def files(self) -> Iterator[Path]:
        """Every file that the briefing is made from, whether or not it is there."""
        from rivals.briefing.build import NOTEBOOK

        yield self.scenario / SCENARIO_FILE
        yield self.scenario / LOG_FILE
        yield from sorted((self.scenario / "analysts").glob("*.yaml"))
        yield self.ordered["notebook"] or NOTEBOOK

    def _changed(self, now: dict[Path, object]) -> list[str]:
        paths = [path for path in {**self.seen, **now} if self.seen.get(path) != now.get(path)]
        return [path.name for path in paths]

    def _brief(self, *, first: bool) -> None:
        """Write the briefing, or say what is wrong; the first time wrong arguments end it."""
        try:
            with working("Checking"):
                case = _check(self.scenario, self.as_of, self.release)
            self._write(case)
        except QuestionError as error:
            if first:
                raise
            self._complain(error)
        except RivalsError as error:
            self._complain(error)

    def _write(self, case: Case) -> None:
        from rivals.briefing.build import Order, write_briefing

        begun = time.monotonic()
        with working("Briefing"):
            briefing = write_briefing(case, Order(**self.ordered))
        write(f"{briefing.path}\n")
        note(f"{_time()} briefed in {time.monotonic() - begun:.1f} s; waiting for a change")

    def _complain(self, error: RivalsError) -> None:
        tell(error)
        page = self.ordered["out"] / f"{self.scenario.resolve().name}.html"
        kept = f"{page} stays as it was" if page.exists() else "there is no briefing yet"
        note(f"{_time()} {kept}; waiting for a change")

    def _wait(self) -> None:
        """Come back after a burst of changes, or after a while."""
        from watchfiles import watch

        files = {path.resolve() for path in self.files()} | {(self.scenario / "analysts").resolve()}
        folders = {path.parent for path in files} | {path for path in files if path.is_dir()}
        chosen = {str(path) for path in files} | {str(path) for path in map(Path, self.seen)}
        there = [folder for folder in sorted(folders) if folder.is_dir()]
        if not there:
            time.sleep(LOOK / 1000)
            return
        changes = watch(
            *there,
            watch_filter=lambda _, path: path in chosen or Path(path).parent.name == "analysts",
            step=SETTLING,
            rust_timeout=LOOK,
            yield_on_timeout=True,
            recursive=False,
        )
        try:
            next(changes)
        except OSError:  # a folder went away meanwhile
            time.sleep(LOOK / 1000)
        finally:
            changes.close()


def _check(scenario: Path, as_of: str | None, release: str | None) -> Case:
    """The case, with what `check` would find told before a kernel is started."""
    case = read(scenario).as_of(as_of).release(release)
    case.log_evidence()
    plan = case.plan()
    if not plan.fits:
        raise TooLarge(f"{scenario}: {plan.complaint}")
    return case


def _stamp(path: Path) -> object:
    """What changes when a file does, also when another one takes its place."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _time() -> str:
    return time.strftime("%H:%M:%S")
