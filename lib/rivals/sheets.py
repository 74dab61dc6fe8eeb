"""A CSV file that others sent -> fields of reports by its columns, or every problem by its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from rivals.cells import SAYING, read_field, read_parts
from rivals.docket import first_of
from rivals.entries import Report
from rivals.errors import Problem, QuestionError, quote, suggest

SIZE_LIMIT = 8_000_000
_SEPARATORS = ",;\t"
_LOOKED_AT = 100
"""How many rows are looked at to find what stands between cells."""
_ALIASES = {"claim": "claims", "observe": "observes", "origins": "origin"}


@dataclass(frozen=True)
class Sheet:
    """Columns and rows as they stand in the file, each row with the line on which it begins."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def problem(self, text: str, line: int) -> Problem:
        """One thing that is wrong on a line of the file."""
        return Problem(text, str(self.path), line)

    def refusal(self, wrong: Sequence[Problem]) -> QuestionError:
        """The error that tells what is wrong; of very much, the first and how much more."""
        return QuestionError(first_of(wrong, self.path))


def read_sheet(path: Path) -> Sheet:
    """The file's columns and rows; raises QuestionError for one that is no such table.

    UTF-8 with or without a mark; what stands between cells is a comma, a semicolon or a tab.
    """
    text = _decode(path)
    rows = list(_rows(path, text))
    if not rows:
        raise QuestionError([Problem("a sheet has a line of column names, got nothing", str(path))])
    names = _trim(rows[0][1])
    rest = [(line, _trim(cells, len(names))) for line, cells in rows[1:]]
    sheet = Sheet(path, names, tuple(rest))
    wrong = [
        sheet.problem(f"a row has {len(names)} cells, as line 1 has, got {len(cells)}", line)
        for line, cells in rest
        if len(cells) != len(names)
    ]
    wrong += [sheet.problem("a column has a name, got none", 1) for name in names if not name]
    twice = {name for name in names if name and names.count(name) > 1}
    again = (f"a column stands once, got {quote(name)} again" for name in sorted(twice))
    wrong += [sheet.problem(text, 1) for text in again]
    if wrong:
        raise sheet.refusal(wrong)
    return sheet


def _trim(cells: tuple[str, ...], least: int = 0) -> tuple[str, ...]:
    """The cells without empty ones at the end, which spreadsheets leave there."""
    texts = [cell.strip() for cell in cells]
    while len(texts) > least and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _decode(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > SIZE_LIMIT:
            text = f"a sheet has {SIZE_LIMIT:,} bytes at most, got {size:,}"
            raise QuestionError([Problem(text, str(path))])
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise QuestionError([Problem(f"cannot be read: {error.strerror}", str(path))]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        got = quote(error.object[error.start : error.start + 4].hex(" "))
        text = f"a sheet is UTF-8 text (save it as CSV UTF-8), got the bytes {got}"
        raise QuestionError([Problem(text, str(path), line)]) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise QuestionError([Problem("a sheet is text, got the byte 00", str(path), line)])
    return text


def _rows(path: Path, text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each row that holds something, with the line on which it begins."""
    reader = _reader(text, _separator(text))
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, tuple(cells)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise QuestionError([Problem(f"this is not CSV: {error}", str(path), begins)]) from None


def _separator(text: str) -> str:
    """What gives the most rows as many cells as the column names have, and of these the most."""
    return max(_SEPARATORS, key=lambda separator: _fit(text, separator))


def _fit(text: str, separator: str) -> tuple[int, int]:
    """How many of the first rows have as many cells as there are names, and how many that is."""
    counts: list[int] = []
    with suppress(csv.Error):
        rows = islice(_reader(text, separator), _LOOKED_AT)
        counts.extend(len(cells) for cells in rows if any(cell.strip() for cell in cells))
    names = counts[0] if counts else 0
    return (counts.count(names) if names > 1 else 0), names


def _reader(text: str, separator: str) -> Any:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def map_columns(
    sheet: Sheet, mapped: Mapping[str, str], ignored: Iterable[str]
) -> dict[str, str | None]:
    """The field of each column, None for an ignored one; raises QuestionError for what is wrong.

    `mapped` and `ignored` go before a column's own name. `claims.V` is what is claimed of V.
    """
    left = set(ignored)
    known = [column for column in (*mapped, *left) if column not in sheet.columns]
    wrong = [f"no column is called {quote(c)}{suggest(c, sheet.columns)}" for c in known]
    fields: dict[str, str | None] = {}
    for column in sheet.columns:
        if column in left and column not in mapped:
            fields[column] = None
            continue
        field = _field(mapped.get(column, column))
        if field is None:
            wrong.append(_unknown(column, mapped.get(column)))
        elif field in fields.values():
            wrong.append(f"a field comes from one column, got {quote(column)} for {field} too")
        else:
            fields[column] = field
    if not wrong and "published" not in fields.values():
        wrong.append("a column holds `published`, got none; --map COLUMN=published names it")
    if wrong:
        raise sheet.refusal([sheet.problem(text, 1) for text in wrong])
    return fields


def _field(name: str) -> str | None:
    """The field that a column's name means, perhaps of one variable; None for none."""
    head, dot, variable = name.strip().partition(".")
    field = re.sub(r"[\s-]+", "_", head.strip().lower())
    field = _ALIASES.get(field, field)
    if field not in Report.model_fields or (dot and field not in SAYING):
        return None
    return f"{field}.{variable.strip()}" if dot else field


def _unknown(column: str, target: str | None) -> str:
    if target is not None:
        return f"--map names a field of a report, got {quote(target)}{_like(target)}"
    hint = _like(column) or ";"
    return (
        f"no field is called {quote(column)}{hint} --map {quote(column + '=FIELD')} says "
        f"which it is, --ignore {quote(column)} leaves it out"
    )


def _like(name: str) -> str:
    """A hint at the nearest field, where one is near."""
    hint = suggest(name.strip().lower(), Report.model_fields)
    return hint if "did you mean" in hint else ""


def read_rows(sheet: Sheet, columns: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """The fields of each row, empty cells left out; raises QuestionError for all that is wrong."""
    wrong: list[Problem] = []
    rows = []
    for line, cells in sheet.rows:
        fields: dict[str, Any] = {}
        for (column, field), cell in zip(columns.items(), cells, strict=True):
            if field is None or not cell.strip():
                continue
            try:
                _put(fields, field, cell.strip())
            except ValueError as error:
                wrong.append(sheet.problem(f"{column}: {error}", line))
        rows.append(fields)
    if wrong:
        raise sheet.refusal(wrong)
    return rows


def _put(fields: dict[str, Any], field: str, text: str) -> None:
    """Enter a cell: a whole field, or what a field says of one variable."""
    name, dot, variable = field.partition(".")
    said = read_field(name, text) if not dot else _said(name, variable, text)
    if name not in SAYING:
        fields[name] = said
        return
    known = fields.setdefault(name, {})
    twice = next((one for one in said if one in known), None)
    if twice is not None:
        raise ValueError(f"a variable is named once in a row, got {quote(twice)} again")
    known.update(said)


def _said(name: str, variable: str, text: str) -> Any:
    if name != "likelihood":
        return read_parts(name, [f"{variable}={text}"])
    return read_parts(name, [f"{variable}:{one}" for one in text.split(";") if one.strip()])
