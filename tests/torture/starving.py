"""Disks that are full or read-only: one line, exit code 1, and everything as it was."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from rivals.cli import main
from torture.commands import hold_to_manners
from writers import make_town

ROOM = "128k"
LATER = ("--logged", "2026-05-10", "--why", "A test.")


@dataclass(frozen=True)
class Write:
    """A command that writes to the disk, which is at `{disk}`, and what it complains of."""

    name: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


WRITES = (
    Write("add", ("add", "{disk}/town", "--id", "new", "--source", "radio", "--published",
                  "2026-05-09", "--claim", "wind=storm")),
    Write("retract", ("retract", "{disk}/town", "call", *LATER)),
    Write("amend", ("amend", "{disk}/town", "call", *LATER, "--claim", "arson=no")),
    Write("new", ("new", "{disk}/ferry")),
    Write("schema", ("schema", "--out", "{disk}/schemas")),
)  # fmt: skip
SLOW_WRITES = (
    Write("export", ("export", "{disk}/town", "--to", "net", "{disk}/town.net")),
    Write("brief", ("brief", "{disk}/town", "--out", "{disk}/out", "--notebook", "{small}")),
    Write("issue", ("brief", "{disk}/town", "--out", "{else}", "--notebook", "{small}", "--issue",
                    "--by", "A test", "--at", "2026-05-10T12:00Z")),
)  # fmt: skip
"""Commands that import pgmpy or start a kernel, a matter of seconds."""


class CannotMount(Exception):
    """This machine lets nobody mount a file system, or not us."""


@contextmanager
def disk(place: Path) -> Iterator[Path]:
    """A small disk with a scenario on it; raises CannotMount where there can be none."""
    place.mkdir()
    _mount("-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(place))
    try:
        make_town(place)
        yield place
    finally:
        subprocess.run([shutil.which("umount") or "umount", str(place)], check=True)


def fill(place: Path) -> None:
    """Leave no byte free on a disk."""
    try:
        with (place / "rest").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(512))
    except OSError:
        return


def seal(place: Path) -> None:
    """Let nobody write to a disk any more, an administrator neither."""
    _mount("-o", "remount,ro", str(place))


def _mount(*words: str) -> None:
    command = shutil.which("mount")
    if not command:
        raise CannotMount("there is no mount here")
    done = subprocess.run([command, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotMount(f"nothing may be mounted here: {done.stderr.strip()}")


def starve(write: Write, place: Path, small: Path) -> str:
    """What a command says on a disk that takes nothing; fails for more or less than one line."""
    before = _snapshot(place)
    names = {"disk": str(place), "small": str(small), "else": str(place.parent / "elsewhere")}
    words = [word.format_map(names) for word in write.words]
    result = CliRunner().invoke(main, words)
    hold_to_manners(words, result)
    assert result.exit_code == 1, f"{write} does not notice: {result.output}"
    complaints = [line for line in result.stderr.splitlines() if "cannot be" in line]
    assert len(complaints) == 1, f"{write} has one line to say, got {result.stderr}"
    assert result.stderr.splitlines()[-1:] == complaints
    assert _snapshot(place) == before, f"{write} left something behind"
    return complaints[0]


def _snapshot(place: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in place.rglob("*") if path.is_file()}
