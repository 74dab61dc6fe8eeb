"""Whatever a file says, reading it ends in a case that answers or in a `rivals` error."""

from __future__ import annotations

from pathlib import Path

import pytest

from torture.readers import FILES, GOOD, Tally, feed


@pytest.mark.parametrize("file", FILES)
def test_only_errors_of_rivals_come_out_of_a_mutated_file(file: str, tmp_path: Path) -> None:
    tally = Tally()

    feed(file, tmp_path, tally, trials=60, seed=1)

    assert tally.ends.total() >= 50
    assert tally.ends["read and answered"] >= 5, "what is little changed is mostly still good"
    assert tally.ends["ReadingError"] >= 20


@pytest.mark.parametrize("folder", GOOD, ids=lambda folder: folder.name)
def test_what_is_mutated_is_good_before(folder: Path) -> None:
    tally = Tally()

    tally.ask(folder)

    assert tally.ends == {"read and answered": 1}
