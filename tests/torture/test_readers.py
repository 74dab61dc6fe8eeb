"""Whatever a file says, reading it ends in a case that answers or in a `rivals` error."""

from __future__ import annotations

from pathlib import Path

import pytest

from torture.commands import FED, feed_arguments, feed_command
from torture.readers import FILES, GOOD, Tally, feed, feed_questions


@pytest.mark.parametrize("file", FILES)
def test_only_errors_of_rivals_come_out_of_a_mutated_file(file: str, tmp_path: Path) -> None:
    tally = Tally()

    feed(file, tmp_path, tally, trials=45, seed=1)

    assert tally.ends.total() >= 40
    assert tally.ends["read and answered"] >= 5, "what is little changed is mostly still good"
    assert tally.ends["ReadingError"] >= 20


@pytest.mark.parametrize("kind", sorted(FED))
def test_only_errors_of_rivals_come_out_of_what_others_sent(kind: str, tmp_path: Path) -> None:
    tally = Tally()

    feed_command(kind, tmp_path, tally, trials=25, seed=1)

    assert tally.ends.total() >= 20
    assert tally.ends["exit code 1"] >= 5


def test_strange_arguments_end_in_a_line_and_an_exit_code(tmp_path: Path) -> None:
    tally = Tally()

    feed_arguments(tmp_path, tally, trials=45, seed=1)

    assert min(tally.ends[f"exit code {code}"] for code in (0, 1, 2)) >= 3


def test_whatever_reads_well_answers_with_numbers_or_is_refused(tmp_path: Path) -> None:
    tally = Tally()

    feed_questions(tmp_path, tally, trials=25, seed=1)

    assert tally.ends["read and answered"] >= 10


@pytest.mark.parametrize("folder", GOOD, ids=lambda folder: folder.name)
def test_what_is_mutated_is_good_before(folder: Path) -> None:
    tally = Tally()

    tally.ask(folder)

    assert tally.ends == {"read and answered": 1}
