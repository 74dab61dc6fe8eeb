"""Times `rivals brief` on the real case against stock nbconvert on an empty notebook.

The bar: a briefing takes no more than twice what stock nbconvert takes to run and export a
notebook without cells, plus the time of its analyses, as the command itself prints it. Both are
whole commands from a cold start, in turn; what is printed are all runs and the medians.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import nbformat
from nbformat.v4 import new_notebook

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = ROOT / "scenarios" / "cuba-venezuela"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
RUNS = 5
BAR = 2.0


@dataclass(frozen=True)
class Round:
    """One run of each, in seconds: stock nbconvert, the whole briefing, and its analyses."""

    stock: float
    brief: float
    analyses: float

    @property
    def ratio(self) -> float:
        """What the briefing takes besides its analyses, over stock."""
        return (self.brief - self.analyses) / self.stock


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        rounds = [time_round(Path(folder)) for _ in range(RUNS + 1)][1:]  # the first warms up
    print("\nstock nbconvert, empty notebook | rivals brief, real case | of it analyses | ratio")
    for one in rounds:
        print(f"{one.stock:>29.2f} s | {one.brief:>21.2f} s | {one.analyses:>11.1f} s "
              f"| {one.ratio:.2f}")  # fmt: skip
    ratio = median(one.ratio for one in rounds)
    verdict = "within" if ratio <= BAR else "ABOVE"
    print(f"\n(brief - analyses) / stock: median {ratio:.2f}, {verdict} the bar of {BAR:g}; on "
          f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the end.")  # fmt: skip


def time_round(folder: Path) -> Round:
    """Each command once."""
    empty = folder / "empty.ipynb"
    nbformat.write(new_notebook(metadata={"kernelspec": KERNEL}), empty)
    stock, _ = run("jupyter-nbconvert", "--execute", "--to", "html", str(empty))
    brief, told = run("rivals", "brief", str(SCENARIO), "--out", str(folder))
    found = re.search(r"^analyses: (\S+) s$", told, re.MULTILINE)
    assert found, told
    return Round(stock, brief, float(found[1]))


def run(name: str, *words: str) -> tuple[float, str]:
    """The seconds that a command of this environment takes, and what it says on standard error."""
    command = [str(Path(sys.executable).with_name(name)), *words]
    start = perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    span = perf_counter() - start
    if done.returncode:
        raise SystemExit(done.stderr)
    return span, done.stderr


main()
