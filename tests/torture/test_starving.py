"""Full and read-only disks, for every command that writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.timing import Row
from benchmarks.timing import write as write_results
from torture.starving import WRITES, CannotMount, Write, disk, fill, seal, starve


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own for a test; skipped, with the reason, where none can be mounted."""
    try:
        with disk(tmp_path / "disk") as place:
            yield place
    except CannotMount as error:
        pytest.skip(str(error))


@pytest.mark.parametrize(
    ("starved", "said"),
    [(fill, "No space left on device"), (seal, "Read-only file system")],
    ids=["full", "read-only"],
)
@pytest.mark.parametrize("write", WRITES, ids=str)
def test_a_disk_that_takes_nothing_is_told_in_a_line(
    write: Write, starved: Callable[[Path], None], said: str, small_disk: Path
) -> None:
    starved(small_disk)

    assert starve(write, small_disk, small_disk).endswith(f"cannot be written: {said}")


@pytest.mark.parametrize("starved", [fill, seal], ids=["full", "read-only"])
def test_results_of_benchmarks_are_whole_or_a_line(
    starved: Callable[[Path], None], small_disk: Path
) -> None:
    starved(small_disk)
    before = sorted(small_disk.iterdir())

    with pytest.raises(SystemExit, match=r"results\.json: cannot be written"):
        write_results([Row("n", "w", "e", 1.0, 1.0)] * 9, small_disk / "results.json")

    assert sorted(small_disk.iterdir()) == before
