"""Where the reporting comes from: reports, the origins and sources they go back to, what counts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from rivals.charts.paper import (
    INK,
    MUTED,
    SERIES,
    WIDE,
    draw_nothing,
    entitle,
    is_page,
    paper,
    wrap,
)
from rivals.phrases import count, list_all

ACCENT = SERIES[0]
BAND, DROP = 0.2, 0.6  # inches: how high a band is, and how far threads fall to the next
THREADS = 400  # more are neither seen nor worth their bytes
WEIGHTLESS = {
    "echo": ("echo", "echoes"),
    "copy": ("copy", "copies"),
    "background": ("piece of background", "pieces of background"),
    "draft": ("draft", "drafts"),
    "retracted": ("retracted report", "retracted reports"),
    "left out": ("report left out", "reports left out"),
}

Thread = tuple[int | None, ...]
"""The place of a report in each band; None where it has none."""


@dataclass(frozen=True)
class Flow:
    """How many each band holds, and the ways of reports that count and of those that do not."""

    sizes: tuple[int, int, int, int]
    heard: tuple[Thread, ...]
    unheard: tuple[Thread, ...]

    @property
    def labels(self) -> list[tuple[str, str]]:
        """What each band holds: the number, and of what."""
        nouns = (
            ("report in the log", "reports in the log"),
            ("origin that they go back to", "origins that they go back to"),
            ("source whose word they are", "sources whose word they are"),
            ("report that counts", "reports that count"),
        )
        told = [count(size, *noun) for size, noun in zip(self.sizes, nouns, strict=True)]
        return [(number, noun) for number, _, noun in (text.partition(" ") for text in told)]


@dataclass(frozen=True)
class Sheet:
    """Where bands and their labels stand, in inches from the left and from above."""

    width: float
    flow: Flow
    wide: bool

    @property
    def reach(self) -> float:
        """Where the widest band ends, and labels begin."""
        return self.width - (2.75 if self.wide else 1.35)

    @property
    def unit(self) -> float:
        """What one report, origin or source takes."""
        return self.reach / max(self.flow.sizes)

    @property
    def depth(self) -> float:
        """How far down the last label ends."""
        return 4 * BAND + 3 * DROP + (0.2 if self.wide else 0.5)

    def left(self, level: int) -> float:
        """Where a band begins."""
        return (self.reach - self.unit * self.flow.sizes[level]) / 2

    def point(self, level: int, place: int) -> float:
        """The middle of a place in a band."""
        return self.left(level) + self.unit * (place + 0.5)


def funnel(reports: pd.DataFrame, *, width: float = WIDE) -> Axes:
    """From reports to origins, to sources, to what counts: a band each, and reports as threads.

    The table is one of `case.reports()`. Bands are as wide as what they hold; threads of what
    weighs nothing are grey and end at their source. Of more than 400 only some are drawn.
    """
    if reports.empty:
        return draw_nothing(width, "No report has been logged")
    sheet = Sheet(width - 0.1, read_flow(reports), is_page(width))
    with paper(width, 0.7 + sheet.depth) as axes:
        axes.set_axis_off()
        axes.set_xlim(0, sheet.width)
        axes.set_ylim(-sheet.depth, 0)
        _draw_threads(axes, sheet.flow.unheard, sheet, MUTED)
        _draw_threads(axes, sheet.flow.heard, sheet, ACCENT)
        for level in range(4):
            _draw_band(axes, level, sheet)
    return entitle(axes, _entitle(sheet.flow), _tell(reports, sheet.flow))


def read_flow(reports: pd.DataFrame) -> Flow:
    """How many reports, origins, sources and counted reports there are, and who goes where.

    Each stands near those that it goes back to, what is nobody's word last, so that threads run
    side by side.
    """
    names = dict.fromkeys(name for name in reports["source"] if name)
    sources = {name: i for i, name in enumerate(names)}
    voices = reports["source"].map(lambda name: sources.get(name, len(sources)))
    first: dict[str, int] = {}
    for voice, own in zip(voices, reports["origin"], strict=True):
        first |= {origin: min(voice, first.get(origin, voice)) for origin in own}
    origins = {name: i for i, name in enumerate(sorted(first, key=lambda name: first[name]))}
    nearest = [min(origins[name] for name in own) for own in reports["origin"]]
    heard = (reports["status"] == "counted").tolist()
    rows = range(len(reports))
    places = _rank(rows, [(nearest[i], voices.iloc[i]) for i in rows])
    last = _rank([i for i in rows if heard[i]], [(voices.iloc[i], nearest[i]) for i in rows])
    threads: dict[bool, list[Thread]] = {True: [], False: []}
    for i, (source, own) in enumerate(zip(reports["source"], reports["origin"], strict=True)):
        threads[heard[i]] += [
            (places[i], origins[name], sources.get(source), last.get(i)) for name in own
        ]
    sizes = (len(reports), len(origins), len(sources), len(last))
    return Flow(sizes, tuple(threads[True]), tuple(threads[False]))


def _rank(rows: Sequence[int], keys: Sequence[tuple[int, int]]) -> dict[int, int]:
    """The place of each row, by its key and then in the order of the log."""
    return {row: place for place, row in enumerate(sorted(rows, key=lambda i: (keys[i], i)))}


def _draw_threads(axes: Axes, threads: Sequence[Thread], sheet: Sheet, colour: str) -> None:
    """All threads of a colour as one path, which keeps the file small."""
    step = math.ceil((len(sheet.flow.heard) + len(sheet.flow.unheard)) / THREADS)
    points: list[tuple[float, float]] = []
    for thread in threads[::step]:
        way = [(level, place) for level, place in enumerate(thread) if place is not None]
        for (upper, start), (lower, end) in pairwise(way):
            x, to = sheet.point(upper, start), sheet.point(lower, end)
            top, bottom = -(BAND + DROP) * upper - BAND, -(BAND + DROP) * lower
            half = (top + bottom) / 2
            points += [(x, top), (x, half), (to, half), (to, bottom)]
    if points:
        codes = [Path.MOVETO, *[Path.CURVE4] * 3] * (len(points) // 4)
        line = min(3.0, max(0.5, 0.3 * 72 * sheet.unit))
        axes.add_patch(PathPatch(Path(points, codes), fc="none", ec=colour, lw=line, alpha=0.45))


def _draw_band(axes: Axes, level: int, sheet: Sheet) -> None:
    size, top = sheet.flow.sizes[level], -(BAND + DROP) * level
    last = level == len(sheet.flow.sizes) - 1
    axes.add_patch(Rectangle(
        (sheet.left(level), top - BAND), sheet.unit * size, BAND, ec="none",
        fc=ACCENT if last else MUTED,
    ))  # fmt: skip
    number, noun = sheet.flow.labels[level]
    x, y = sheet.reach + 0.14, top - BAND / 2
    axes.text(x, y, number, fontsize=16, fontweight="bold", va="center", color=INK)
    if sheet.wide:
        x += 0.17 * max(len(text) for text, _ in sheet.flow.labels) + 0.06
        words = "\n".join(wrap(noun, 28))
        axes.text(x, y, words, fontsize=9, va="center", color=INK, linespacing=1.15)
    else:
        words = "\n".join(wrap(noun, 17))
        axes.text(x, top - BAND - 0.03, words, fontsize=8, va="top", color=INK, linespacing=1.1)
    rest = sheet.flow.sizes[0] - size
    if last and rest:
        said = f"grey: {rest:,} weigh{'s' if rest == 1 else ''} nothing"
        axes.text(x, -sheet.depth + 0.02, said, fontsize=8, va="bottom", color=MUTED)


def _entitle(flow: Flow) -> str:
    reports, origins, sources, counted = flow.sizes
    go, weigh = "goes" if reports == 1 else "go", "counts" if counted == 1 else "count"
    return (
        f"{count(reports, 'report')} {go} back to {count(origins, 'origin')} and to the words of "
        f"{count(sources, 'source')}; {counted:,} {weigh}"
    )


def _tell(reports: pd.DataFrame, flow: Flow) -> str:
    status = Counter(reports["status"])
    rest = [count(status[kind], *nouns) for kind, nouns in WEIGHTLESS.items() if status[kind]]
    weigh = "weighs" if len(reports) - status["counted"] == 1 else "weigh"
    return (
        "Four bands, each as wide as what it holds, and threads from band to band. "
        f"{'; '.join(f'{number} {noun}' for number, noun in flow.labels)}."
        + (f" {list_all(rest)} {weigh} nothing." if rest else "")
    )
