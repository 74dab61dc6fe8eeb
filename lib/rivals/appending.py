"""Appending to the log: entries at its end or nothing, every byte before them left as it was."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import category

import yaml

from rivals.entries import Entry
from rivals.errors import Problem, ReadingError, WritingError
from rivals.marked import Marked, parse_bytes, parse_yaml
from rivals.reading import LOG_LIMIT, load_marked
from rivals.replacing import replace_file, sweep

_SHORT = 100
_BOM = "\ufeff"
_BREAKS = "\x85\u2028\u2029"
_JOINERS = "\u200c\u200d"


def entry_text(entry: Entry) -> str:
    """The entry as an item of reports.yaml, with the fields that were set, in the noun's order.

    >>> from rivals.scenario import Report
    >>> print(entry_text(Report(id="a", published="2026-05-04", summary="No: nothing.")))
    - id: a
      published: '2026-05-04'
      summary: 'No: nothing.'
    <BLANKLINE>
    """
    data = [entry_data(entry)]
    text = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_SHORT)
    return "".join(_spell_out(c) if _is_unseen(c) else c for c in str(text))


class _Dumper(yaml.SafeDumper):
    """Writes text that holds what cannot be seen in quotes, where that can be spelt out."""


def _write_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = '"' if any(c in _BREAKS or _is_unseen(c) for c in text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _is_unseen(character: str) -> bool:
    """Whether a character has no shape of its own; the two joiners are part of how words look."""
    return category(character) == "Cf" and character not in _JOINERS


def _spell_out(character: str) -> str:
    """A character as it stands in double quotes, where alone it can be."""
    code = ord(character)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


_Dumper.add_representer(str, _write_text)


def entry_data(entry: Entry) -> dict[str, Any]:
    """The fields that were set as plain data, in the noun's order; empty ones are left out."""
    return {
        name: _plain(getattr(entry, name))
        for name in type(entry).model_fields
        if name in entry.model_fields_set and getattr(entry, name) not in (None, "", {}, ())
    }


def _plain(value: object) -> object:
    """The value as YAML writes it; one state or origin stands without a list."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return _plain(value[0]) if len(value) == 1 else [_plain(one) for one in value]
    if isinstance(value, str | int | float):
        return value
    return str(value)


@dataclass(frozen=True)
class LogFile:
    """A log as its bytes stood when it was read."""

    path: Path
    before: bytes
    marked: Marked

    @classmethod
    def open(cls, path: Path) -> LogFile:
        """The log as it stands; one that is not there yet is empty. Raises WritingError."""
        try:
            if not path.exists():
                return cls(path, b"", Marked(data=[]))
            if path.stat().st_size > LOG_LIMIT:
                return cls(path, b"", load_marked(path, LOG_LIMIT))  # which tells just that
            content = path.read_bytes()
        except OSError as error:
            raise _unwritable(path, error) from None
        return cls(path, content, parse_bytes(content))

    def append(self, entries: Sequence[Entry]) -> None:
        """Put the entries at the end: the file is the old or the new one, never a part.

        For those who hold the folder's lock. Raises ReadingError when the log is a list in a form
        to which nothing can be appended, WritingError when it would grow too large, cannot be
        written, or was changed by somebody who does not ask for the lock, such as an editor.
        """
        try:
            after = self.extended(entries)
            sweep(self.path)
            if (self.path.read_bytes() if self.path.exists() else b"") != self.before:
                text = "was changed by somebody else meanwhile; nothing was written, try again"
                raise WritingError([Problem(text, str(self.path))])
            replace_file(self.path, after)
        except OSError as error:
            raise _unwritable(self.path, error) from None

    def extended(self, entries: Sequence[Entry]) -> bytes:
        """The new content; it says all that the old one says, and the entries."""
        old = self.marked.data or []
        texts = [entry_text(entry) for entry in entries]
        after = _extend(self.before.decode(), texts, empty=not old)
        new = parse_yaml(after)
        if new.problems or not _says(new.data, [*old, *map(entry_data, entries)]):
            text = (
                "a log to which entries are appended is a block list (- id: ...), got another form"
            )
            raise ReadingError([Problem(text, str(self.path), 1)])
        try:
            content = after.encode()
        except UnicodeEncodeError:
            raise ReadingError("a report is UTF-8 text, got bytes that are not") from None
        if len(content) > LOG_LIMIT:
            text = f"a log has {LOG_LIMIT:,} bytes at most, this one would have {len(content):,}"
            raise WritingError([Problem(text, str(self.path))])
        return content


def _unwritable(path: Path, error: OSError) -> WritingError:
    return WritingError([Problem(f"cannot be written: {error.strerror}", str(path))])


def _extend(before: str, entries: Sequence[str], *, empty: bool) -> str:
    """The log with entries at its end, in its own indentation and line ends.

    Where a line `...` ends the document, they go before it; of an empty log, `[]` goes.
    """
    bom, text = (_BOM, before[1:]) if before.startswith(_BOM) else ("", before)
    if empty:
        text = re.sub(r"^((?:---)? *)\[ *\]", r"\1", text, count=1, flags=re.MULTILINE)
    ends = re.findall(r"\r\n|\n|\r", text)
    newline = ends[-1] if ends else "\n"
    first = re.search(r"^( *)-(?=\s)", text, flags=re.MULTILINE)
    indented = textwrap.indent("".join(entries), first[1] if first else "").replace("\n", newline)
    end = re.search(r"^\.\.\.(?=\s|$)", text, flags=re.MULTILINE)
    at = end.start() if end else len(text)
    gap = newline if text[:at].strip() and not text[:at].endswith(("\n", "\r")) else ""
    return bom + text[:at] + gap + indented + text[at:]


def _says(data: object, meant: object) -> bool:
    """Whether text that was read says what was meant: numbers are text there.

    A text that ended with the file has a line end behind it now, which says nothing.
    """
    if isinstance(meant, Mapping):
        return (
            isinstance(data, Mapping)
            and list(data) == list(meant)
            and all(_says(data[key], meant[key]) for key in meant)
        )
    if isinstance(meant, list):
        return isinstance(data, list) and len(data) == len(meant) and all(map(_says, data, meant))
    if not isinstance(data, str):
        return False
    if isinstance(meant, str):
        return data == meant or data.rstrip("\n") == meant.rstrip("\n")
    return isinstance(meant, int | float) and float(data) == meant
