"""Medians, rows and the table that they make."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

OURS = "rivals"


@dataclass(frozen=True)
class Row:
    """How long an engine takes for some work on some network; ratio over ours."""

    network: str
    work: str
    engine: str
    median_s: float | None
    ratio: float | None


def clock(
    task: Callable[[], Any], runs: int = 7, before: Callable[[], Any] = lambda: None
) -> float:
    """The median of several runs in seconds, after one that does not count."""
    spans = []
    for i in range(runs + 1):
        before()
        start = perf_counter()
        task()
        if i > 0:
            spans.append(perf_counter() - start)
    return median(spans)


def compare(network: str, work: str, spans: dict[str, float]) -> list[Row]:
    """One row an engine; `spans` holds ours too."""
    note(f"{network}: {work}")
    ours = spans[OURS]
    return [Row(network, work, engine, span, span / ours) for engine, span in spans.items()]


def note(text: str) -> None:
    """Progress, on stderr."""
    print(text, file=sys.stderr, flush=True)


def show(rows: Iterable[Row]) -> None:
    """The table, on stdout; where we are slower, it says so."""
    network = work = None
    for row in rows:
        if row.network != network:
            print(f"\n{row.network}")
        if (row.network, row.work) != (network, work):
            print(f"  {row.work}")
        network, work = row.network, row.work
        print(f"    {row.engine:<26}{_span(row.median_s):>12}{_verdict(row)}")


def _verdict(row: Row) -> str:
    if row.ratio is None or row.engine == OURS:
        return ""
    slower = f"   rivals is {1 / row.ratio:.3g} times SLOWER" if row.ratio < 1 else ""
    return f"{row.ratio:>10.2f} x{slower}"


def _span(seconds: float | None) -> str:
    if seconds is None:
        return "refused"
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}" if seconds < 1000 * size else f"{seconds:.0f} s"
    return f"{seconds * 1e6:.0f} us"


def write(rows: Iterable[Row], path: Path) -> None:
    """All rows as JSON, whole or not at all; where that cannot be, one line and exit code 1."""
    draft = path.with_suffix(".json.part")
    text = json.dumps([asdict(row) for row in rows], indent=1) + "\n"
    try:
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise SystemExit(f"{path}: cannot be written: {error.strerror}") from None
