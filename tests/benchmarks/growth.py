"""How our engine grows with the log: the same model, ever more reports from ever more sources."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import numpy as np
from bench import compiled
from made import Size, make_case
from timing import OURS, Row, clock, note

from rivals import Case
from rivals.batch import Batch, ask_in_chunks
from rivals.draws import draw_values
from rivals.engine.compiler import forget
from rivals.errors import TooLarge

DRAWS = 1_000
SIZES = (50, 100, 200, 500, 1_000, 2_000)
FEW, TENTH, LEAST = 30, 10, 10
"""Sources in the first table; in the others one for so many reports, and so many at least."""
BEAT, STRAY = 4, 0.15
PATIENCE = 12.0
"""After this many seconds no further run of the draws is started."""


def time_growth() -> Iterator[Row]:
    """More reports from as many sources; then from ever more; then some that leave their beat."""
    for reports in SIZES:
        yield from _time(Size(reports=reports, sources=FEW, beat=BEAT, stray=0.0), "on beats")
    for reports in SIZES:
        yield from _time(
            Size(reports=reports, sources=_many(reports), beat=BEAT, stray=0.0), "on beats"
        )
    for reports in SIZES[:4]:
        size = Size(reports=reports, sources=_many(reports), beat=BEAT, stray=STRAY)
        yield from _time(size, f"with {STRAY:.0%} of the reports off beat")


def _many(reports: int) -> int:
    return max(LEAST, reports // TENTH)


def _time(size: Size, how: str) -> Iterator[Row]:
    name = f"growth: {size.reports:,} reports, {size.sources} sources {how}"
    note(name)
    try:
        grown = Grown(make_case(size))
    except TooLarge as error:
        yield Row(name, f"refused: {error}", OURS, None, None)
        return
    new = clock(grown.compile, 5, forget)
    yield Row(name, f"compile: build, order, tape ({grown.cells:,} cells)", OURS, new, 1.0)
    yield Row(name, "one posterior, structure known", OURS, clock(grown.ask_once), 1.0)
    span, peak = grown.draw_and_watch()
    yield Row(name, f"{DRAWS:,} draws, peak memory {peak:.0f} MB", OURS, span, 1.0)


@dataclass
class Grown:
    """A case of some size, and what is timed on it."""

    case: Case

    def __post_init__(self) -> None:
        self.network = self.case.network
        self.target = next(iter(self.case.scenario.hypotheses.values())).claim.variable
        self.cells = self.compile()

    def batch(self) -> Batch:
        """All reports on the judgements as stated."""
        return Batch(self.network, self.network.masks(None), self.case.values)

    def compile(self) -> int:
        """The cells of the order that is found."""
        return compiled(self.batch().factors((self.target,)), self.target)[0].order.cells

    def ask(self, batch: Batch) -> tuple[np.ndarray]:
        return (batch.joint((self.target,)),)

    def ask_once(self) -> None:
        self.ask(self.batch())

    def draw(self) -> None:
        values = draw_values(self.case.scenario, DRAWS, 0)
        ask_in_chunks(self.ask, Batch(self.network, self.network.masks(None), values))

    def draw_and_watch(self) -> tuple[float, float]:
        """The median seconds; then the peak in MB of one more run, which watching makes slower."""
        spans: list[float] = []
        while len(spans) < 5 and sum(spans) < PATIENCE:
            start = perf_counter()
            self.draw()
            spans.append(perf_counter() - start)
        tracemalloc.start()
        self.draw()
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        return median(spans), peak
