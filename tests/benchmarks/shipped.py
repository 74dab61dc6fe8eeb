"""Networks that everybody has, as pgmpy ships them: one posterior with evidence on a few leaves."""

from __future__ import annotations

import gzip
from importlib.resources import files
from typing import Any

import numpy as np
from bench import CLOSE
from peers import PYAGRUM, Pgmpy, Pyagrum, gum
from timing import OURS, Row, clock, compare, note

from rivals.engine.compiler import forget
from rivals.pgmpy_bridge import PlainNetwork, from_pgmpy

NAMES = ("alarm", "win95pts", "hailfinder", "insurance", "andes", "water")
LEAVES = 5


def time_shipped(name: str) -> list[Row]:
    """A root's posterior: structure new to every engine, then engines reused."""
    model = _read(name)
    plain = from_pgmpy(model)
    target, evidence = _question(model, plain)
    pgmpy = Pgmpy(model, target)
    pyagrum = Pyagrum(model, target, ())
    cells = sum(table.size for table in plain.tables.values())
    label = f"{name} ({len(plain.states)} nodes, {cells:,} cells)"

    def ours() -> np.ndarray:
        return plain.joint((target,), evidence).to_numpy()

    for peer in (pgmpy, pyagrum):
        _check(name, peer, ours(), peer.fresh(evidence))
    spans = {p.name: clock(lambda p=p: p.fresh(evidence)) for p in (pgmpy, pyagrum)}
    mine = clock(ours, 9, forget)
    work = f"one posterior, {len(evidence)} leaves seen"
    rows = compare(label, f"{work}, structure new", {OURS: mine, **spans})
    spans = {OURS: clock(ours, 15), Pgmpy.name: clock(lambda: pgmpy.again(evidence))}
    span = _reuse(pyagrum, evidence, name)
    _check(name, pyagrum, ours(), pyagrum.again(evidence))
    spans |= span
    return rows + compare(label, f"{work}, structure known", spans)


def _check(name: str, peer: Pgmpy | Pyagrum, ours: np.ndarray, theirs: np.ndarray) -> None:
    apart = float(np.abs(ours - theirs).max())
    if not apart <= CLOSE:
        raise SystemExit(f"{name}: {peer.name} and rivals differ by {apart:.2g}")


def _reuse(pyagrum: Pyagrum, evidence: dict[str, str], name: str) -> dict[str, float]:
    """The last leaf is seen otherwise, and as before, in turn."""
    leaf = list(evidence)[-1]
    other = next(s for s in pyagrum.states[leaf] if s != evidence[leaf])
    both = [{**evidence, leaf: other}, evidence]

    def again() -> np.ndarray:
        both.reverse()
        return pyagrum.again(both[0])

    try:
        return {f"{PYAGRUM}, reused": clock(again, 14)}
    except gum.GumException as error:
        note(f"{name}: pyAgrum raises when reused, so it is made anew: {error}")
        return {PYAGRUM: clock(lambda: pyagrum.fresh(evidence))}


def _read(name: str) -> Any:
    from pgmpy.readwrite import BIFReader

    packed = files("pgmpy") / "utils" / "example_models" / f"{name}.bif.gz"
    return BIFReader(string=gzip.decompress(packed.read_bytes()).decode()).get_model()


def _question(model: Any, plain: PlainNetwork) -> tuple[str, dict[str, str]]:
    """The root with most descendants, and leaves below it at states that can be."""
    children: dict[str, set[str]] = {str(n): set(map(str, model.successors(n))) for n in model}
    below = {n: _below(n, children) for n in children}
    roots = [n for n in children if not plain.parents[n]]
    target = max(roots, key=lambda n: len(below[n]))
    leaves = [n for n in children if n in below[target] and not children[n]]
    spread = leaves[:: max(1, len(leaves) // LEAVES)][:LEAVES]
    chances = plain.posteriors()
    return target, {leaf: str(chances[leaf].idxmax()) for leaf in spread}


def _below(node: str, children: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [node]
    while waiting:
        fresh = children[waiting.pop()] - found
        found |= fresh
        waiting.extend(fresh)
    return found
