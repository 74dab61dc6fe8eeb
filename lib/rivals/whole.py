"""Pages and other results that are written whole or not at all, in a folder made for them."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from rivals.errors import ExportError, Problem
from rivals.replacing import PART, replace_file

STALE = 60.0
"""Seconds after which a file that was being written has no writer any more."""


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write a file whole or not at all; raises ExportError when it cannot be written.

    What a writer that was killed left beside it is cleared away.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(path.resolve())
        replace_file(path, data)
    except OSError as error:
        raise ExportError([Problem(f"cannot be written: {error.strerror}", str(path))]) from None
    return path


def _clear_leftovers(path: Path) -> None:
    """As `replacing.sweep`, but without a lock: of others only what nobody writes any more."""
    limit = time.time() - STALE
    for leftover in path.parent.glob(f".{path.name}.*{PART}"):
        with suppress(OSError):  # another run has cleared it away, or it harms nothing
            if leftover.stat(follow_symlinks=False).st_mtime < limit:
                leftover.unlink()
