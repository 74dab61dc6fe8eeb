"""Runs worlds on several processes, and tells how far it is."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from study.sample import Sample
from study.setting import Setting
from study.trial import learn_from, try_world

Made = TypeVar("Made")
Tell = Callable[[str, int, int], None]

BEYOND = 1_000_000
"""From which number on worlds are only learnt from, so that none is also scored."""

CHUNK = 10


def run(seed: int, worlds: int, lessons: int, processes: int, tell: Tell) -> Sample:
    """The sample of a seed; worlds come back in their order, whoever tried them."""
    scored = [Setting(seed, world) for world in range(worlds)]
    learnt = [Setting(seed, BEYOND + world) for world in range(lessons)]
    with _workers(processes) as spread:
        return Sample(
            list(_follow(spread(try_world, scored), "worlds weighed", worlds, tell)),
            list(_follow(spread(learn_from, learnt), "worlds learnt from", lessons, tell)),
        )


Spread = Callable[[Callable[[Setting], Made], Sequence[Setting]], Iterable[Made]]


@contextmanager
def _workers(processes: int) -> Iterator[Spread]:
    """A way to apply a function to settings, in order, on so many processes."""
    if processes == 1:
        yield map
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), _settle_in) as pool:
        yield lambda make, settings: pool.map(make, settings, chunksize=CHUNK)


def _settle_in() -> None:
    """Spares the collector what was imported, which stays, and the many small things of a world.

    A tenth of the time otherwise goes into looking for cycles among them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _follow(found: Iterable[Made], what: str, total: int, tell: Tell) -> Iterator[Made]:
    for done, one in enumerate(found, 1):
        tell(what, done, total)
        yield one


@contextmanager
def progress() -> Iterator[Tell]:
    """A bar with the time left, on stderr."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeRemainingColumn(), console=console) as bar:
        tasks = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done)

        yield tell
