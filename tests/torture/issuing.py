"""Kill -9 at any moment of issuing: lines stay whole, and none is without its whole folder."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import rivals
from rivals.briefing.build import Briefing, Order
from rivals.briefing.issuing import Imprint, collect, issue
from rivals.freezing import freeze
from rivals.ledger import Ledger, read_ledger
from rivals.moments import When
from writers import start_apart


def put_out(folder: Path) -> dict[str, object]:
    """Issue a page on a scenario's folder; what its line says of the case."""
    case, briefing = rivals.read(folder), Briefing(folder / "page.html", "<p>Ü</p>", 0.0)
    imprint = Imprint("Zoë", When("2026-05-10T09:00:00+02:00"), "a note")
    line = issue(case, Order(draws=0), briefing, collect(folder), imprint)
    return line.model_dump(mode="json", exclude={"number", "page", "files", "prev", "seal"})


def kill_issuing(folder: Path, moments: int, seed: int) -> str:
    """Kill so many attempts to issue, then issue; how many lines and folders there are then.

    Whatever happened, the ledger has no problem, and the next issue takes a number of its own.
    """
    said = put_out(folder)
    files, chosen = {**collect(folder), "briefing.html": b"page"}, random.Random(seed)  # noqa: S311

    def begin() -> int:
        return start_apart(lambda: freeze(folder, said, "briefing.html", files))

    started = time.monotonic()
    os.waitpid(begin(), 0)
    lasts = time.monotonic() - started

    for _ in range(moments):
        child = begin()
        time.sleep(chosen.uniform(0, 1.1 * lasts))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert read_ledger(folder).problems == []

    put_out(folder)
    return hold(read_ledger(folder))


def hold(ledger: Ledger) -> str:
    """Fail unless each folder has its line or is known to be without; how many there are."""
    numbers = [entry.issue.number for entry in ledger.entries if entry.issue]
    assert ledger.problems == []
    assert numbers[-1] == max([*numbers, *ledger.orphans])
    named = {"ledger.jsonl", *map(str, numbers), *map(str, ledger.orphans)}
    assert {path.name for path in ledger.folder.iterdir()} == named
    return f"{len(numbers)} whole issues, {len(ledger.orphans)} folders whose line was not written"
