"""One posterior, and many on the same judgements: the trail, each report left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from bench import Bench
from peers import PYAGRUM, Evidence, Pgmpy
from timing import OURS, clock

from rivals.batch import ask_in_chunks
from rivals.engine.compiler import forget


def time_posteriors(bench: Bench) -> None:
    """All rows about the judgements as stated."""
    one_posterior(bench)
    one_report(bench)
    many(bench, "trail, every prefix", bench.network.prefixes(), bench.prefixes())
    all_but_one = np.asarray(~np.eye(len(bench.network.items), dtype=bool))
    many(bench, "each report left out", all_but_one, bench.left_out())


def one_posterior(bench: Bench) -> None:
    """From the judgements to an answer; peers start with their tables already made."""
    ours = bench.ask(bench.batch())[:, 0, 0]
    for peer in bench.peers:
        bench.check(peer.name, ours, peer.fresh(bench.evidence))
    spans = {p.name: clock(lambda p=p: p.fresh(bench.evidence)) for p in bench.peers}
    mine = clock(lambda: bench.ask(bench.batch()), 15, forget)
    bench.report("one posterior, structure new", {OURS: mine, **spans})
    mine = clock(lambda: bench.ask(bench.batch()), 15)
    bench.report("one posterior, structure known, engine fresh", {OURS: mine, **spans})


def one_report(bench: Bench) -> None:
    """The last report is taken back and put in again: engines are kept, answers are not."""
    items, batch = bench.network.items, bench.batch()
    masks = [bench.network.masks(None), bench.network.masks(items[:-1])]

    def ours() -> np.ndarray:
        masks.reverse()
        return bench.ask(batch.over(masks[0]))

    both = [bench.left_out()[-1], bench.evidence]
    bench.pyagrum.fresh(both[0])
    spans = {OURS: clock(ours, 15), bench.pgmpy.name: clock(_in_turn(bench.pgmpy.again, both))}
    way = bench.pyagrum.again if bench.reusable else bench.pyagrum.fresh
    spans[_pyagrum(bench)] = clock(_in_turn(way, both), 15)
    bench.report("one posterior, one report more or less, engine reused", spans)


def _in_turn(way: Callable[[Evidence], np.ndarray], both: list[Evidence]) -> Callable[[], None]:
    both = list(both)

    def ask() -> None:
        both.reverse()
        way(both[0])

    return ask


def _pyagrum(bench: Bench) -> str:
    return f"{PYAGRUM}, {'reused' if bench.reusable else 'fresh'}"


def many(bench: Bench, work: str, masks: np.ndarray, told: Sequence[Evidence]) -> None:
    """One posterior for each evidence set; engines are kept where that is correct."""
    batch = bench.batch()

    def ours() -> np.ndarray:
        return ask_in_chunks(lambda b: (bench.ask(b),), batch.over(masks))[0][..., 0].T

    expected, spans = ours(), {OURS: clock(ours, 9)}
    way = bench.pyagrum.again if bench.reusable else bench.pyagrum.fresh
    ways = {Pgmpy.name: bench.pgmpy.again, f"{PYAGRUM}, fresh": bench.pyagrum.fresh}
    for name, ask in (ways | {_pyagrum(bench): way}).items():
        bench.pyagrum.fresh(told[0])
        bench.check(name, expected, [ask(evidence) for evidence in told])
        spans[name] = clock(lambda ask=ask: [ask(evidence) for evidence in told], 3)
    bench.report(f"{work} ({len(told)} evidence sets)", spans)
