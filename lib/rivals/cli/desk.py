"""Where commands that write to a log meet its desk: with a word while another writer is at it."""

from __future__ import annotations

import sys
from pathlib import Path

from rivals.cli.show import note, working
from rivals.desk import Desk, Draft, Kept


def run_desk(scenario: Path, draft: Draft, *, dry_run: bool = False) -> Kept:
    """What was appended to the scenario's log, or for a dry run would be."""
    desk = Desk(scenario, lambda: note(f"{scenario}: waiting for another process that writes here"))
    with working("Reading, checking and writing"):
        return desk.rehearse(draft) if dry_run else desk.keep(draft)


def at_terminal() -> bool:
    """Whether a person can be asked: a terminal to read from, and one to ask on."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))
