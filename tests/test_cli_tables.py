"""Tables in a terminal: prose folds at its spaces; numbers, days, ids and paths stay whole."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from rivals.cli.fitting import fit_columns
from rivals.cli.main import main
from rivals.cli.show import write_table

SCENARIOS = Path(__file__).parents[1] / "scenarios"
FIRE, STRIKE = SCENARIOS / "warehouse-fire", SCENARIOS / "harbour-strike"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Shown:
    """What is printed to 80 columns of nothing but plain text, or into a pipe."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def of(self, show: Callable[[], object], to: type[io.StringIO] = Terminal) -> str:
        with self._monkeypatch.context() as patch:
            output = to()
            patch.setattr(sys, "stdout", output)
            patch.setenv("TERM", "dumb")
            show()
            return output.getvalue()


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    return Shown(monkeypatch)


def run(*words: object) -> Callable[[], object]:
    return lambda: main([*map(str, words)], standalone_mode=False)


@pytest.mark.parametrize(
    "words",
    [
        ("causes", FIRE, "--draws", "0"),
        ("causes", FIRE, "--draws", "0", "--bounds"),
        ("expected", STRIKE),
        ("score", STRIKE),
        ("sensitivity", FIRE),
    ],
    ids=lambda words: " ".join(map(str, words[:1] + words[4:])),
)
def test_no_word_of_a_table_is_broken(words: tuple[object, ...], shown: Shown) -> None:
    in_terminal = shown.of(run(*words))
    in_pipe = shown.of(run(*words), io.StringIO)

    assert in_terminal != in_pipe
    assert {word for word in in_pipe.split() if set(word) != {"─"}} <= set(in_terminal.split())


def test_a_table_that_has_room_stays_within_the_terminal(shown: Shown) -> None:
    text = shown.of(run("causes", FIRE, "--draws", "200"))

    assert max(map(len, text.splitlines())) <= 80


def test_a_day_keeps_its_time_and_long_prose_folds(shown: Shown) -> None:
    said = "the brigade says that it smelt of petrol in the hall and by the gate " * 2
    table = pd.DataFrame({"when": ["2026-05-04 10:30"], "said": [said]}, index=["a-report"])

    lines = shown.of(lambda: write_table(table, "What was said")).splitlines()

    assert any("2026-05-04 10:30" in line for line in lines)
    assert max(map(len, lines)) <= 80
    assert set(said.split()) <= set(" ".join(lines).split())


def test_what_does_not_fit_is_wider_than_the_terminal_and_whole() -> None:
    widths, padding = fit_columns([["path", "a" * 50], ["at", "b" * 40], ["why", "as it was"]], 80)

    assert (widths, padding) == ([50, 40, 9], 0)
