"""What large questions take: seconds and memory, each measured in a process of its own."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

import rivals
from rivals.analysis.spread import MEMORY
from torture.bulk import expected_odds, write_bulk

HERE = Path(__file__).parent
CUBA = HERE.parents[1] / "scenarios" / "cuba-venezuela"


def weigh_log(place: Path, reports: int) -> str:
    """A log of so many reports is read and weighed right; what that takes."""
    folder = write_bulk(place, reports)
    size = (folder / "reports.yaml").stat().st_size
    start = time.process_time()
    case = rivals.read(folder)
    read = time.process_time() - start
    chance = case.beliefs(draws=0).loc["storm", "posterior"]
    odds = expected_odds(reports)
    assert abs(chance - float(odds / (1 + odds))) < 1e-9
    spent = time.process_time() - start
    return (
        f"right; {size / 1e6:.0f} MB read in {read:.0f} s, believed after {spent:.0f} s, "
        f"{peak() / 1e9:.1f} GB"
    )


def weigh_draws(draws: int) -> str:
    """So many draws on the real case stay below the bound of memory; what they take."""
    start = time.process_time()
    table = rivals.read(CUBA).beliefs(draws=draws)
    assert not table[["low", "high"]].isna().to_numpy().any()
    assert peak() < MEMORY
    return f"{time.process_time() - start:.0f} s, {peak() / 1e9:.1f} of {MEMORY / 1e9:g} GB"


def peak() -> int:
    """The most memory that this process had, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def apart(call: str) -> str:
    """What a call of this module returns in a process of its own, whose memory is its own."""
    lines = f"import sys; sys.path.insert(0, {str(HERE.parent)!r})\n"
    lines += f"from pathlib import Path\nfrom torture.weighing import *\nprint({call})"
    command = [sys.executable, "-c", lines]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
