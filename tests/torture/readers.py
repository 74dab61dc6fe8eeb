"""The readers, each fed with what was good once: all that may come out is a `rivals` error."""

from __future__ import annotations

import math
import shutil
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as with_seed
from hypothesis import strategies as st

import rivals
from generate import Made, seeded
from rivals.errors import ImpossibleEvidence, RivalsError, TooLarge
from torture.mutations import mutated

LONGEST = 1_500
"""Characters that one line of a complaint has at most."""


TESTS = Path(__file__).parent.parent
GOOD = [TESTS / "broken", TESTS.parent / "scenarios" / "warehouse-fire",
        *sorted(file.parent for file in TESTS.glob("published/*/scenario.yaml"))]  # fmt: skip
"""Folders that are good, and small enough that thousands of their likes are read in a minute."""

FILES = ("scenario.yaml", "reports.yaml")


def hold_to_form(error: RivalsError) -> None:
    """Fail unless every problem is one line that a terminal can show, and not an endless one."""
    assert error.problems
    assert str(error).split("\n") == [str(problem) for problem in error.problems]
    for line in map(str, error.problems):
        assert line.strip()
        hidden = {c for c in line if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
        assert not hidden, f"a message shows no control character, got {line!r}"
        assert len(line) <= LONGEST, f"a message has {LONGEST} characters at most, got {line!r}"


@dataclass
class Tally:
    """How each trial ended."""

    ends: Counter[str] = field(default_factory=Counter)

    def try_out(self, trial: Callable[[], str]) -> None:
        """Count how a trial ends; what is no error of rivals, or one out of form, is raised."""
        try:
            self.ends[trial()] += 1
        except RivalsError as error:
            hold_to_form(error)
            self.ends[type(error).__name__] += 1

    def run(self, trial: Callable[[st.DataObject], None], trials: int, seed: int) -> None:
        """Run a trial so many times, each on data that the seed decides; raises what it raises."""

        @with_seed(seed)
        @settings(
            max_examples=trials,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.data())
        def run(data: st.DataObject) -> None:
            trial(data)

        run()

    def ask(self, folder: Path) -> None:
        """Read a folder and ask it."""
        self.try_out(lambda: ask(folder))

    def __str__(self) -> str:
        shown = ", ".join(f"{name} {times:,}" for name, times in self.ends.most_common())
        return f"{self.ends.total():,} trials: {shown}"


def ask(folder: Path) -> str:
    """Read a folder and ask it; how that ended."""
    return answer(rivals.read(folder))


def answer(case: rivals.Case) -> str:
    """Ask a case what to believe and why: answers are numbers, or plainly refused."""
    try:
        hold_to_numbers(case.beliefs(draws=8), ("prior", "posterior", "low", "high"))
        if case.scenario.effects:
            columns = ("posterior", "because", "low", "high")
            hold_to_numbers(case.causes(draws=8), columns)
    except (ImpossibleEvidence, TooLarge) as refused:
        hold_to_form(refused)
        return f"read, then {type(refused).__name__}"
    return "read and answered"


def hold_to_numbers(table: pd.DataFrame, columns: tuple[str, ...]) -> None:
    """Fail unless the columns hold probabilities."""
    for name, value in table[list(columns)].stack().items():
        assert math.isfinite(value), f"a number was expected for {name}, got {value}"
        assert -1e-9 <= value <= 1 + 1e-9, f"a probability was expected for {name}, got {value}"
    assert not table[list(columns)].isna().to_numpy().any(), "an answer has no gap"


def feed(file: str, place: Path, tally: Tally, *, trials: int, seed: int) -> None:
    """Read good folders with one file mutated, so many times; raises what is no rivals error."""

    def trial(data: st.DataObject) -> None:
        folder = data.draw(st.sampled_from(GOOD), label="folder")
        for name in FILES:
            shutil.copy(folder / name, place / name)
        (place / file).write_bytes(data.draw(mutated((folder / file).read_text("utf-8"))))
        tally.ask(place)

    tally.run(trial, trials, seed)


def feed_questions(place: Path, tally: Tally, *, trials: int, seed: int) -> None:
    """Ask made scenarios over the whole format, with what-ifs, one of each seed in turn."""
    for i in range(trials):
        made = seeded(seed * 10_000 + i, explained=i % 2 == 0)
        made.write(place)
        case = rivals.read(place)

        def trial(case: rivals.Case = case, made: Made = made) -> str:
            asked = case.as_of(made.as_of).without(*made.without).given(**made.given).do(**made.do)
            return answer(asked)

        tally.try_out(trial)
