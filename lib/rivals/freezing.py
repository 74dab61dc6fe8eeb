"""Freezing an issue: its folder whole and renamed first, then its line, under the lock."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from rivals.errors import Problem, WritingError
from rivals.ledger import FILE, STAGING, Issue, Ledger, read_ledger, write_line
from rivals.locking import hold
from rivals.replacing import replace_file, sweep

Contents = Mapping[str, bytes]
"""What is frozen: the bytes of each file by its name in the folder."""


def freeze(scenario: str | Path, said: Mapping[str, Any], page: str, files: Contents) -> Issue:
    """Freeze files, of which `page` is the briefing, with a line that says the rest; the line.

    A process that is killed leaves the ledger as it was or with the whole line, and a line never
    without its folder; a folder without its line harms nothing. What a ledger already holds is not
    touched, whatever its state. Raises WritingError when something cannot be written.
    """
    root = Path(scenario)
    with hold(root):
        ledger = read_ledger(root)
        if ledger.unreadable:  # it would be written over
            raise WritingError(ledger.problems)
        number = ledger.next_number
        hashes = {name: sha256(data).hexdigest() for name, data in sorted(files.items())}
        told = {"number": number, **said, "page": page, "files": hashes, "prev": ledger.last_hash}
        line = write_line(told)
        issue = Issue.model_validate_json(line)
        try:
            _place(ledger, number, files)
            gap = b"\n" if ledger.raw and not ledger.raw.endswith(b"\n") else b""
            sweep(ledger.folder / FILE)
            replace_file(ledger.folder / FILE, ledger.raw + gap + line)
        except OSError as error:
            text = f"cannot be written: {error.strerror}"
            raise WritingError([Problem(text, str(ledger.folder))]) from None
    return issue


def _place(ledger: Ledger, number: int, files: Contents) -> None:
    """The frozen folder, there whole or not at all."""
    ledger.folder.mkdir(exist_ok=True)
    for left in ledger.folder.glob(f"{STAGING}*"):  # of one that was killed: we hold the lock
        shutil.rmtree(left, ignore_errors=True)
    staged = Path(tempfile.mkdtemp(prefix=STAGING, dir=ledger.folder))
    try:
        for name, data in files.items():
            path = staged / name
            path.parent.mkdir(exist_ok=True)
            with path.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            path.chmod(0o444)  # what we said stays said: not to be written over by mistake
        staged.chmod(0o755)
        staged.rename(ledger.place(number))
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
