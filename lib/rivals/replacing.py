"""Files put in place whole: written beside, flushed to the disk, then renamed."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

PART = ".part"


def replace_file(path: Path, content: bytes) -> None:
    """Put new content in a file's place at once: it is the old or the new one, never a part.

    Raises OSError when that fails; then the file is as it was, and nothing is left beside it.
    """
    path = path.resolve()  # a link keeps pointing at what it points at
    if path.exists() and not os.access(path, os.W_OK):  # a rename would not ask
        raise PermissionError(13, "Permission denied", str(path))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=PART)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _resemble(Path(name), path)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def sweep(path: Path) -> None:
    """Remove what writers of a file who were killed left beside it. For those who hold its lock."""
    path = path.resolve()
    for leftover in path.parent.glob(f".{path.name}.*{PART}"):
        with suppress(OSError):  # what cannot be removed harms nothing
            leftover.unlink()


def _resemble(new: Path, old: Path) -> None:
    """Give a new file the mode and the owner of the one that it replaces."""
    if not old.exists():
        new.chmod(0o666 & ~_umask())
        return
    known = old.stat()
    new.chmod(known.st_mode & 0o777)
    if hasattr(os, "chown"):
        with suppress(OSError):  # only an administrator may, and only one has to
            os.chown(new, known.st_uid, known.st_gid)


def _flush_folder(folder: Path) -> None:
    """Let the disk know the new name too, where the system knows how."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            with suppress(OSError):  # some file systems have no such thing
                os.fsync(handle)
        finally:
            os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
