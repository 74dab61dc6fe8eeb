"""10,000 draws of all judgements, and the derivative by every cell of every table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any

import numpy as np
from bench import Bench, compiled
from timing import OURS, clock

from rivals.batch import CHUNK, Batch, ask_in_chunks
from rivals.draws import cut_draws, draw_values
from rivals.engine import Answer
from rivals.judgements import Values

DRAWS, PEER_DRAWS, PEER_CELLS = 10_000, 20, 20
STEP = 0.01
"""How far the peers move a cell; the answer there is checked, not a difference quotient."""


def time_draws(bench: Bench) -> None:
    """Inference alone, then from the judgements on."""
    drawn = draw_values(bench.case.scenario, DRAWS, 0)
    parts = list(_prepare(bench, drawn))
    mine = clock(lambda: [bench.ask(part) for part in parts], 5)
    expected = bench.ask(parts[0])[:, 0, :PEER_DRAWS].T
    lent = clock(lambda: list(_prepare(bench, draw_values(bench.case.scenario, DRAWS, 0))), 5)
    models = [bench.model_tables(cut_draws(drawn, i, i + 1)) for i in range(PEER_DRAWS)]
    infer, put = {}, {}
    for peer in bench.peers:
        answers, infer[peer.name], put[peer.name] = _drive(peer, models, bench.evidence)
        bench.check(peer.name, expected, answers)
        peer.put(bench.model_tables(bench.values))
    each = f"peers: {PEER_DRAWS} draws, scaled"
    alone = {name: span * DRAWS for name, span in infer.items()}
    bench.report(f"{DRAWS:,} draws, inference alone ({each})", {OURS: mine, **alone})
    whole = {name: alone[name] + span * DRAWS + lent for name, span in put.items()}
    mine = clock(lambda: _from_judgements(bench), 5)
    work = f"{DRAWS:,} draws, with drawing, tables and weights ({each}; our draws and tables lent)"
    bench.report(work, {OURS: mine, **whole})


def _prepare(bench: Bench, values: Values) -> Iterator[Batch]:
    """Chunks with their tables made."""
    for at in range(0, DRAWS, CHUNK):
        part = bench.batch(cut_draws(values, at, at + CHUNK))
        _ = part.tables, part.evidence
        yield part


def _from_judgements(bench: Bench) -> tuple[np.ndarray, ...]:
    """As `beliefs` does: the posterior and the weight of every draw."""
    batch = bench.batch(draw_values(bench.case.scenario, DRAWS, 0))
    return ask_in_chunks(lambda b: b.joint_and_evidence((bench.target,)), batch)


def _drive(
    peer: Any, models: list[dict[str, np.ndarray]], evidence: dict[str, str]
) -> tuple[list[np.ndarray], float, float]:
    """The answers, and the median seconds of a query and of putting a model's tables in."""
    answers: list[np.ndarray] = []
    puts = [_span(lambda m=model: peer.put(m)) for model in models[:1]]
    queries = []
    for model in models:
        puts.append(_span(lambda m=model: peer.put(m)))
        queries.append(_span(lambda: answers.append(peer.after_put(evidence))))
    return answers, float(np.median(queries)), float(np.median(puts))


def _span(task: Callable[[], Any]) -> float:
    start = perf_counter()
    task()
    return perf_counter() - start


def time_sensitivities(bench: Bench) -> None:
    """Ours is one reverse pass; a peer asks again for every cell that moves."""
    stated = bench.model_tables(bench.values)
    own = bench.nodes[: len(bench.network.scenario.variables) + len(bench.network.reliabilities)]
    cells = [(name, at) for name in own for at in np.ndindex(*stated[name].shape)]
    chosen = np.random.default_rng(0).choice(len(cells), PEER_CELLS, replace=False)
    moved = [(cells[i][0], _move(stated[cells[i][0]], cells[i][1])) for i in chosen]
    expected = np.array([_predict(bench, name, table - stated[name]) for name, table in moved])
    spans = {OURS: clock(lambda: _derive(bench), 9)}
    for peer in bench.peers:
        answers: list[np.ndarray] = []
        tries = []
        for name, table in moved:
            start = perf_counter()
            peer.put({name: table})
            answers.append(peer.after_put(bench.evidence))
            tries.append(perf_counter() - start)
            peer.put({name: stated[name]})
        bench.check(peer.name, expected, answers)
        spans[peer.name] = float(np.median(tries)) * len(cells)
    scaled = f"peers: {PEER_CELLS} cells, scaled"
    bench.report(f"sensitivity to each of {len(cells):,} table cells ({scaled})", spans)


def _move(table: np.ndarray, at: tuple[int, ...]) -> np.ndarray:
    """One cell moved; the others of its distribution keep their ratios, or share equally."""
    table = table.copy()
    column = table[(slice(None), *at[1:])]
    new = column[at[0]] + (STEP if column[at[0]] < 0.5 else -STEP)
    others = np.arange(len(column)) != at[0]
    rest = column[others].sum()
    shares = column[others] / rest if rest > 0 else np.full(others.sum(), 1 / others.sum())
    column[others] = (1 - new) * shares
    column[at[0]] = new
    return table


def _derive(bench: Bench) -> list[np.ndarray]:
    """The derivative of P(first state | evidence) by every cell of every table."""
    tape, tables = compiled(bench.batch().factors((bench.target,)), bench.target)
    answer = tape.run(tables)
    return tape.run_with_gradients(tables, _seed(answer))[1]


def _seed(answer: Answer) -> np.ndarray:
    """By the quotient rule: of the first state's share in the answer's total."""
    first = np.eye(len(answer.table))[0][:, np.newaxis, np.newaxis]
    return (first - answer.distribution[:1]) / answer.table.sum(axis=0)


def _predict(bench: Bench, name: str, change: np.ndarray) -> np.ndarray:
    """The posterior after a change of one distribution, in which numerators are linear."""
    factors = bench.batch().factors((bench.target,))
    tape, tables = compiled(factors, bench.target)
    table = tape.run(tables).table
    place = bench.nodes.index(name)
    reliability = place - len(bench.network.scenario.variables)
    node = name if reliability < 0 else bench.network.reliabilities[reliability]
    parents = bench.network.parents[name] if reliability < 0 else ()
    at = next((i for i, f in enumerate(factors) if f.scope == (*parents, node)), None)
    if at is not None:  # what is not among the factors moves nothing
        step = np.moveaxis(change, 0, -1)[..., np.newaxis, np.newaxis]
        seeds = np.eye(len(table))[..., np.newaxis, np.newaxis]
        gradients = [tape.run_with_gradients(tables, seed)[1][at] for seed in seeds]
        table = table + np.array([(g * step).sum() for g in gradients])[:, np.newaxis, np.newaxis]
    return np.asarray(table / table.sum())[:, 0, 0]
