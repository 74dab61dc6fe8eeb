"""Files that are the old or the new one at every moment, written whole and renamed."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rivals.errors import ExportError, Problem

STALE = 60.0
"""Seconds after which a file that was being written has no writer any more."""


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write a file whole or not at all; raises ExportError when it cannot be written.

    What a writer that was killed left beside it is cleared away.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        clear_leftovers(path)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        try:
            with open(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ExportError([Problem(f"cannot be written: {error.strerror}", str(path))]) from None
    return path


def clear_leftovers(path: Path) -> None:
    """Delete what was being written in a file's place by a process that was killed meanwhile."""
    prefix, limit = f".{path.name}-", time.time() - STALE
    for entry in os.scandir(path.parent):
        left = entry.name.removeprefix(prefix)
        # as tempfile names them: nobody's own file is called so
        if entry.name.startswith(prefix) and re.fullmatch("[a-z0-9_]{8}", left):
            with _unless_gone():
                if entry.stat(follow_symlinks=False).st_mtime < limit:
                    Path(entry.path).unlink()


@contextmanager
def _unless_gone() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:  # another run has cleared it away
        return
