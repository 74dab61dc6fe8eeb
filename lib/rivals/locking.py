"""One writer at a time in a folder: a lock that goes with its process and leaves no file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rivals.errors import Problem, WritingError

if TYPE_CHECKING:
    from filelock import FileLock

LOCK_FILE = ".rivals.lock"
PATIENCE = 60.0
"""For how many seconds a writer waits for another one before it gives up."""
SOON = 2.0
"""After how many seconds a writer that waits says so."""


def stay_silent() -> None:
    """Say nothing while waiting."""


@contextmanager
def hold(folder: Path, waiting: Callable[[], None] = stay_silent) -> Iterator[None]:
    """The folder's lock for as long as the block runs; `waiting` is called if that takes a while.

    The operating system holds the lock, so it goes with the process however that ends; an empty
    lock file that a killed one leaves is taken over, and removed, by the next. Raises WritingError
    when another writer keeps the lock, or where no file can be made.
    """
    from filelock import FileLock, Timeout

    path = folder / LOCK_FILE
    lock = FileLock(path, mode=0o666)  # a colleague can take over what a killed process left
    try:
        _acquire(lock, waiting)
    except Timeout:
        text = (
            f"another process is writing in this folder; nothing was written after waiting "
            f"{PATIENCE:g} seconds for it"
        )
        raise WritingError([Problem(text, str(folder))]) from None
    except OSError as error:
        raise WritingError([Problem(f"cannot be written: {error.strerror}", str(folder))]) from None
    try:
        yield
    finally:
        with suppress(OSError):  # no system lets one remove it: then it stays, and harms nothing
            path.unlink()  # still held: who waits for this very file sees that it is gone
        lock.release()


def _acquire(lock: FileLock, waiting: Callable[[], None]) -> None:
    from filelock import Timeout

    soon = min(SOON, PATIENCE)
    try:
        lock.acquire(timeout=soon)
    except Timeout:
        if soon == PATIENCE:
            raise
        waiting()
        lock.acquire(timeout=PATIENCE - soon)
