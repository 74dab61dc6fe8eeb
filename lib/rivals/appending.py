"""Appending to the log: one entry or nothing, every byte before it left as it was."""

from __future__ import annotations

import os
import re
import tempfile
import textwrap
from pathlib import Path

import yaml

from rivals.errors import Problem, ReadingError
from rivals.marked import parse_yaml
from rivals.reading import LOG_FILE
from rivals.scenario import Report

_SHORT = 100


def entry_text(report: Report) -> str:
    """The report as an item of reports.yaml, with the fields that were set, in the noun's order.

    >>> print(entry_text(Report(id="a", published="2026-05-04", summary="No: nothing.")))
    - id: a
      published: '2026-05-04'
      summary: 'No: nothing.'
    <BLANKLINE>
    """
    fields = {
        name: _plain(getattr(report, name))
        for name in type(report).model_fields
        if name in report.model_fields_set and getattr(report, name) not in (None, "", {}, ())
    }
    text = yaml.safe_dump([fields], sort_keys=False, allow_unicode=True, width=_SHORT)
    return str(text)


def _plain(value: object) -> object:
    """The value as YAML writes it; one state or origin stands without a list."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return value[0] if len(value) == 1 else list(value)
    if isinstance(value, str | int | float):
        return value
    return str(value)


def append_report(folder: str | Path, report: Report) -> None:
    """Append a report to the folder's log: the file is the old or the new one, never a part.

    Raises ReadingError when the file cannot be written, or holds its list in a form to which
    nothing can be appended.
    """
    path = Path(folder) / LOG_FILE
    try:
        before = path.read_bytes().decode() if path.exists() else ""
        after = _extend(before, entry_text(report))
        after.encode()
        if len(parse_yaml(after).data or ()) != len(parse_yaml(before).data or ()) + 1:
            text = (
                "a log to which entries are appended is a block list (- id: ...), got another form"
            )
            raise ReadingError([Problem(text, str(path), 1)])
        replace_file(path, after.encode())
    except UnicodeEncodeError:
        raise ReadingError("a report is UTF-8 text, got bytes that are not") from None
    except OSError as error:
        raise ReadingError([Problem(f"cannot be written: {error.strerror}", str(path))]) from None


def _extend(before: str, entry: str) -> str:
    """The log with an entry at its end, in its own indentation and line ends."""
    newline = "\r\n" if "\r\n" in before else "\n"
    before = re.sub(r"^\[ *\]", "", before, count=1, flags=re.MULTILINE)
    first = re.search(r"^( *)-(?=\s)", before, flags=re.MULTILINE)
    indented = textwrap.indent(entry, first[1] if first else "").replace("\n", newline)
    gap = newline if before.strip() and not before.endswith("\n") else ""
    return before + gap + indented


def replace_file(path: Path, content: bytes) -> None:
    """Put new content in a file's place at once: written beside it, flushed, then renamed."""
    path = path.resolve()  # a link keeps pointing at what it points at
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
