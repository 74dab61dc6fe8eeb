"""One case in the hands of every engine, and what each is told when reports come and go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from peers import Evidence, Pgmpy, Pyagrum, gum
from timing import Row, compare, note

import rivals
from rivals.batch import Batch
from rivals.engine import Tape, compile_tape
from rivals.factors import Factor
from rivals.judgements import Values
from rivals.pgmpy_bridge import build_model

CLOSE = 1e-9


@dataclass
class Bench:
    """A case, the variable that is asked about, and the peers that hold the same model."""

    name: str
    case: rivals.Case
    rows: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.target = next(iter(self.case.scenario.hypotheses.values())).claim.variable
        self.network, self.values = self.case.network, self.case.values
        model, self.evidence = self.case.to_pgmpy()
        self.nodes = list(model.nodes())
        self.pgmpy = Pgmpy(model, self.target)
        self.pyagrum = Pyagrum(model, self.target, self.evidence)
        self.peers = (self.pgmpy, self.pyagrum)

    def report(self, work: str, spans: dict[str, float]) -> None:
        """One row an engine."""
        self.rows += compare(self.name, work, spans)

    def check(self, engine: str, ours: np.ndarray, theirs: Sequence[np.ndarray]) -> None:
        """Nothing is timed that is not the same answer."""
        apart = float(np.abs(ours - np.array(theirs)).max())
        if not apart <= CLOSE:
            raise SystemExit(f"{self.name}: {engine} and rivals differ by {apart:.2g}")

    def batch(self, values: Values | None = None) -> Batch:
        """All reports, on the judgements as stated or as drawn."""
        return Batch(self.network, self.network.masks(None), values or self.values)

    def ask(self, batch: Batch) -> np.ndarray:
        """P(target | evidence): (states, sets, draws)."""
        return batch.joint((self.target,))

    def model_tables(self, values: Values) -> dict[str, np.ndarray]:
        """Every table of the peers' model, at the first draw of the values."""
        model, _ = build_model(self.network, values)
        return {cpd.variable: np.asarray(cpd.values) for cpd in model.get_cpds()}

    @cached_property
    def reusable(self) -> bool:
        """Whether a pyAgrum engine can go on from here: on some networks 3.3.1 then raises."""
        try:
            self.pyagrum.fresh(self.evidence)
            for evidence in (*self.left_out()[:3], *self.prefixes()[:3]):
                self.pyagrum.again(evidence)
        except gum.GumException as error:
            note(f"{self.name}: pyAgrum raises when reused, so it is made anew: {error}")
            return False
        return True

    def prefixes(self) -> list[Evidence]:
        """What peers are told along the trail."""
        return [self._told(range(n)) for n in range(len(self._by_item) + 1)]

    def left_out(self) -> list[Evidence]:
        """What peers are told when one item of evidence is left out."""
        every = range(len(self._by_item))
        return [self._told(i for i in every if i != out) for out in every]

    def _told(self, items: Iterable[int]) -> dict[str, str]:
        return {n: s for i in items for n, s in self._by_item[i].items()}

    @cached_property
    def _by_item(self) -> list[dict[str, str]]:
        """What peers are told for each item of evidence."""
        found: list[dict[str, str]] = [{} for _ in self.network.items]
        for item, (node, state) in zip(self._findings(), self.evidence.items(), strict=True):
            found[item][node] = state
        return found

    def _findings(self) -> Iterator[int]:
        """The item of each finding: the bridge hands them over in the order of the log."""
        said = [claim.item for claims in self.network.statements.values() for claim in claims]
        yield from sorted([*said, *(item for item, _, _ in self.network.leaves)])


def compiled(factors: list[Factor], target: str) -> tuple[Tape, list[np.ndarray]]:
    """The tape that leaves the target, and what runs through it."""
    sizes = {n: k for f in factors for n, k in zip(f.scope, f.table.shape, strict=False)}
    return compile_tape(sizes, [f.scope for f in factors], (target,)), [f.table for f in factors]
