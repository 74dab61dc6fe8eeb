"""Tables and values -> text on standard output: for people, as CSV, or as JSON."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice
from typing import Any, TextIO

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rivals.cli.fitting import fit_columns
from rivals.errors import ExportError, printable, quote

Json = Any

WIDEST = 500
"""How long the lines of a table are at most that goes to no terminal."""

PIPE_CLOSED = 141
"""How a command ends whose reader has gone: as a shell tells of one that SIGPIPE ended."""


def write(text: str) -> None:
    """Text to standard output, at once; raises ExportError where it cannot be written."""
    with _output() as output:
        output.write(text)


@contextmanager
def _output() -> Iterator[TextIO]:
    """Standard output, for what is written at once; raises ExportError where it cannot be.

    A reader who has seen enough, as `head` has, ends the command without a word.
    """
    if sys.stdout is None:
        raise ExportError("standard output is closed; results have nowhere to go")
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        raise SystemExit(PIPE_CLOSED) from None
    except UnicodeEncodeError as error:
        what = quote(error.object[error.start : error.end])
        text = f"standard output is {error.encoding} text, which has no {what}"
        raise ExportError(f"{text}; PYTHONIOENCODING=utf-8 lets it have all") from None
    except OSError as error:
        _drop_output()
        raise ExportError(f"standard output cannot be written: {error.strerror}") from None


def _drop_output() -> None:
    """Let what waits to be written go nowhere, so that Python's own last try says nothing."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def note(text: str) -> None:
    """A message to the person at the keyboard; never among the results.

    It may quote files that others sent: what a terminal would obey is spelled out.
    """
    shown = "\n".join(map(printable, text.split("\n")))
    print(shown, file=sys.stderr)  # noqa: T201  (this is the command's voice)


def working(text: str) -> AbstractContextManager[object]:
    """A sign of life on a terminal's standard error while something takes its time."""
    return Console(stderr=True).status(f"{text} ...") if sys.stderr.isatty() else nullcontext()


@contextmanager
def progress(text: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal's standard error, for work that tells how much is done, and of how much.

    What is told of the whole may shrink; without a terminal nothing is shown.
    """
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def write_json(value: Json) -> None:
    """JSON with floats unrounded and null for what is not defined."""
    text = json.dumps(_defined(value), ensure_ascii=False, indent=2, allow_nan=False)
    write(f"{text}\n")


def _defined(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _defined(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_defined(one) for one in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def write_csv(table: pd.DataFrame) -> None:
    """The table as CSV, one line of headings, its index included, floats unrounded."""
    flat = table.copy()
    flat.columns = pd.Index([_heading(column) for column in table.columns])
    write(flat.to_csv(lineterminator="\n"))


def write_table(table: pd.DataFrame, title: str, percent: Sequence[str] = ()) -> None:
    """The table for reading: probabilities in percent; prose folds where a terminal has an end."""
    flat = table.reset_index(allow_duplicates=True)
    names = [_heading(column) for column in flat.columns]
    numeric = [pd.api.types.is_numeric_dtype(dtype) for dtype in flat.dtypes]
    rows = [
        [_cell(value, percent=name in percent) for name, value in zip(names, row, strict=True)]
        for row in flat.itertuples(index=False, name=None)
    ]
    columns = [[printable(text) for text in column] for column in zip(names, *rows, strict=True)]
    with _output() as output:
        # without a terminal nothing is folded, so that a pipe gets one line a row
        fit = _fitted if output.isatty() else _whole
        output.write(fit(_grid(title, columns, numeric), columns))


def _grid(title: str, columns: Sequence[Sequence[str]], numeric: Sequence[bool]) -> Table:
    grid = Table(title=_plain(title), title_justify="left", box=box.SIMPLE_HEAD, title_style="bold")
    for (name, *_), right in zip(columns, numeric, strict=True):
        grid.add_column(Text(name), justify="right" if right else "left", overflow="fold")
    for cells in islice(zip(*columns, strict=True), 1, None):
        grid.add_row(*map(Text, cells))
    return grid


def _whole(grid: Table, columns: Sequence[Sequence[str]]) -> str:
    return _shown(Console(width=WIDEST, soft_wrap=False, highlight=False), grid)


def _fitted(grid: Table, columns: Sequence[Sequence[str]]) -> str:
    """The table in a terminal: wider than it rather than with a number or a name in two."""
    room = Console().width
    widths, padding = fit_columns(columns, room)
    grid.padding = (0, padding)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    needed = sum(widths) + len(widths) * (1 + 2 * padding) + 1
    console = Console(width=max(room, needed), height=len(columns[0]), highlight=False)
    return "".join(f"{line.rstrip()}\n" for line in _shown(console, grid).splitlines())


def _shown(console: Console, grid: Table) -> str:
    with console.capture() as shown:  # rich would end the command in its own way
        console.print(grid)
    return shown.get()


def _plain(text: str) -> Text:
    """The user's text as it stands: no markup, no control characters."""
    return Text(printable(text))


def _heading(column: object) -> str:
    return " ".join(filter(None, map(str, column))) if isinstance(column, tuple) else str(column)


def _cell(value: object, *, percent: bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if math.isnan(value):
            return "–"
        if math.isinf(value):
            return "infinite"
        return show_percent(value) if percent else f"{value:.3g}"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value)


def show_percent(p: float) -> str:
    """A probability in percent that never rounds what is uncertain to 0 or 100.

    >>> show_percent(0.123), show_percent(0.99999), show_percent(1.0)
    ('12.3%', '>99.9%', '100%')
    """
    if p in (0.0, 1.0):
        return f"{p:.0%}"
    if p < 0.001:
        return "<0.1%"
    return ">99.9%" if p > 0.999 else f"{p:.1%}"
