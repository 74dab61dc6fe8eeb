"""Everything that CI tries a little, in full: `make torture`, an hour; `make torture MINUTES=10`.

The minutes are for fuzzing and are shared by the readers; killing, crowds, full disks and large
questions come on top and take as long as they take, fewer moments in less than an hour. With
`ARGS=kill` only that is tried which has the word in its name: two such runs can go side by side.
Prints a table of what was done, with which budget, and how it ended; exit code 1 when anything
failed.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from torture.commands import FED, feed_arguments, feed_command  # noqa: E402  (after the path)
from torture.crowding import crowd  # noqa: E402
from torture.issuing import kill_issuing  # noqa: E402
from torture.killing import BRIEFING, WRITING, Command, Ordeal, write_notebook  # noqa: E402
from torture.readers import FILES, Tally, feed, feed_questions  # noqa: E402
from torture.starving import (  # noqa: E402
    SLOW_WRITES,
    WRITES,
    CannotMount,
    Write,
    disk,
    fill,
    seal,
    starve,
)
from torture.weighing import apart  # noqa: E402
from writers import make_town  # noqa: E402

Row = tuple[str, str, str]
Trial = Callable[[Path], str]
ROUND = 50
HOUR = 60.0

FUZZED: dict[str, Callable[..., None]] = {
    **{file: partial(feed, file) for file in FILES},
    **{f"{kind} (command)": partial(feed_command, kind) for kind in FED},
    "arguments (command)": feed_arguments,
    "questions": feed_questions,
}


def fuzz(feeder: Callable[..., None], seconds: float, place: Path) -> str:
    """Feed for so long, each round from a seed of its own; a failure names its seed."""
    tally, seed, end = Tally(), int(time.time()), time.monotonic() + seconds
    while time.monotonic() < end:
        seed += 1
        try:
            feeder(place, tally, trials=ROUND, seed=seed)
        except BaseException as error:
            error.add_note(f"seed {seed}, after {tally}")
            raise
    return str(tally)


def kill(command: Command, moments: int, place: Path) -> str:
    """Kill a command at so many moments."""
    write_notebook(place / "small.ipynb")
    ordeal = Ordeal(command, make_town(place), place / "ordeal")
    ends = ordeal.suffer(moments, seed=int(time.time()))
    old, litter = ends["old"], ends["litter"]
    return f"{old} left the old files ({litter} with litter, run again), {ends['new']} the new"


def kill_issues(moments: int, place: Path) -> str:
    """Kill issuing at so many moments."""
    return kill_issuing(make_town(place), moments, seed=int(time.time()))


def starved(write: Write, how: Callable[[Path], None], place: Path) -> str:
    """What a command says on a disk that takes nothing."""
    small = write_notebook(place / "small.ipynb")
    try:
        with disk(place / "disk") as little:
            how(little)
            return starve(write, little, small).replace(str(little), "")
    except CannotMount as error:
        return f"SKIPPED: {error}"


def gather(place: Path) -> str:
    """Eight processes add fifty reports each."""
    return f"{crowd(make_town(place), 8, 50)} there, none twice"


def weigh(place: Path) -> str:
    """A log of very many reports."""
    return apart(f"weigh_log(Path({str(place)!r}), 100_000)")


def trials(minutes: float) -> Iterator[tuple[str, str, Trial]]:
    """All that is tried: what, with which budget, and how."""
    share = minutes * 60 / len(FUZZED)
    for name, feeder in FUZZED.items():
        yield f"fuzz {name}", f"{share:.0f} s", partial(fuzz, feeder, share)
    moments = max(4, round(200 * min(1.0, minutes / HOUR)))
    for command in (*WRITING, *BRIEFING):
        yield f"kill -9 of {command.name}", f"{moments} moments", partial(kill, command, moments)
    yield "kill -9 of issuing", f"{moments} moments", partial(kill_issues, moments)
    yield "8 processes add 50 each", "400 reports", gather
    for name, how in (("full", fill), ("read-only", seal)):
        for write in (*WRITES, *SLOW_WRITES):
            yield f"{write} on a {name} disk", "once", partial(starved, write, how)
    yield "a log of 100,000 reports", "once", weigh
    yield "1,000,000 draws, real case", "once", lambda at: apart("weigh_draws(1_000_000)")


def main(minutes: float, word: str) -> int:
    """Try everything that has the word in it and print the table; how many things failed."""
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", module="pgmpy")
    rows: list[Row] = []
    failed = 0
    for what, budget, trial in trials(minutes):
        if word not in what:
            continue
        started = time.monotonic()
        print(f"{what} ({budget}) ...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as place:
            try:
                result = trial(Path(place))
            except Exception as error:
                traceback.print_exc()
                failed += 1
                result = f"FAILED: {type(error).__name__}: {error}".splitlines()[0][:120]
        rows.append((what, budget, result))
        print(f"  {result} ({time.monotonic() - started:.0f} s)", file=sys.stderr, flush=True)
    show(rows)
    return failed


def _asked(minutes: str = str(HOUR), word: str = "") -> tuple[float, str]:
    """The arguments: for how many minutes, and a word of what is tried."""
    return float(minutes), word


def show(rows: list[Row]) -> None:
    """The table."""
    wide = [max(len(row[i]) for row in rows) for i in (0, 1)]
    print()
    for what, budget, result in rows:
        print(f"{what:<{wide[0]}}  {budget:<{wide[1]}}  {result}")
    print(f"\nOn {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the end.")


if __name__ == "__main__":
    sys.exit(min(1, main(*_asked(*sys.argv[1:]))))
