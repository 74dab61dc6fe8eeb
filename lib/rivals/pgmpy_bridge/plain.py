"""Any pgmpy model on the engine of this library."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rivals.engine import Array, Node, Tape, compile_tape
from rivals.errors import ImpossibleEvidence, QuestionError, quote, suggest
from rivals.pgmpy_bridge.library import DiscreteBayesianNetwork, TabularCPD

State = Hashable
Evidence = Mapping[Node, State]
Factor = tuple[tuple[Node, ...], Array]

EXACT = 1e-12
"""How far a conditional distribution may be from 1 for what is below it not to matter."""


def from_pgmpy(model: DiscreteBayesianNetwork) -> PlainNetwork:
    """The model's tables, ready to be asked; later changes of the model are not seen.

    Raises QuestionError when it is no DiscreteBayesianNetwork or its own check_model fails.
    """
    if not isinstance(model, DiscreteBayesianNetwork):
        raise QuestionError(
            f"a DiscreteBayesianNetwork of pgmpy is expected, got {quote(type(model).__name__)}"
        )
    try:
        model.check_model()
    except ValueError as error:
        raise QuestionError(f"the model is not sound: {error}") from None
    cpds = {node: model.get_cpds(node) for node in model.nodes()}
    other = next((node for node, cpd in cpds.items() if not isinstance(cpd, TabularCPD)), None)
    if other is not None:
        raise QuestionError(f"every node needs a TabularCPD, got another kind for {_show(other)}")
    return PlainNetwork(
        {node: tuple(cpd.state_names[node]) for node, cpd in cpds.items()},
        {node: tuple(cpd.variables[1:]) for node, cpd in cpds.items()},
        {node: np.moveaxis(np.array(cpd.values, float), 0, -1) for node, cpd in cpds.items()},
    )


@dataclass(frozen=True)
class PlainNetwork:
    """States, parents and tables by node; a table is (cards of the parents..., states).

    Evidence is a state for some of the nodes. Every answer raises QuestionError for a name that
    the model does not know and ImpossibleEvidence for evidence of probability 0. Tables whose
    distributions do not quite add to 1 are taken as they stand: an answer is then, as in pgmpy,
    that of the nodes on which the question and the evidence depend.
    """

    states: Mapping[Node, tuple[State, ...]]
    parents: Mapping[Node, tuple[Node, ...]]
    tables: Mapping[Node, Array]

    def posteriors(self, evidence: Evidence | None = None) -> pd.Series[float]:
        """P(variable = state | evidence), indexed by (variable, state)."""
        known = self._checked(evidence)
        sums = (table.sum(axis=-1) for table in self.tables.values())
        if all((abs(one - 1) <= EXACT).all() for one in sums):
            beliefs = self._sweep(known)
        else:
            beliefs = {node: self._joint((node,), known) for node in self.states}
        pairs = [(node, state) for node, states in self.states.items() for state in states]
        return pd.Series(
            np.concatenate([beliefs[node] for node in self.states]) if pairs else [],
            _index(pairs, ("variable", "state")),
            dtype=float,
            name="posterior",
        )

    def joint(
        self, variables: Iterable[Node], evidence: Evidence | None = None
    ) -> pd.Series[float]:
        """P(variables | evidence) of every combination; one level of the index a variable."""
        keep = tuple(dict.fromkeys(self._known(node) for node in variables))
        if not keep:
            raise QuestionError("the joint of one variable at least is expected, got none")
        table = self._joint(keep, self._checked(evidence))
        axes = np.indices(table.shape).reshape(len(keep), -1)
        rows = [[self.states[n][i] for n, i in zip(keep, at, strict=True)] for at in axes.T]
        return pd.Series(table.ravel(), _index(rows, keep), name="posterior")

    def log_evidence(self, evidence: Evidence | None = None) -> float:
        """The natural logarithm of the probability of the evidence."""
        known = self._checked(evidence)
        if not known:
            return 0.0
        factors = self._factors(self._ancestors(known), known)
        answer = _compile(factors).run([table for _, table in factors])
        return self._possible(float(answer.log_total.item()), known)

    def _joint(self, keep: tuple[Node, ...], known: Mapping[Node, int]) -> Array:
        """P(keep | evidence): (cards of keep...)."""
        factors = self._factors(self._ancestors((*keep, *known)), known, keep)
        answer = _compile(factors, keep).run([table for _, table in factors])
        self._possible(float(answer.log_total.item()), known)
        return np.asarray(answer.distribution[..., 0, 0])

    def _sweep(self, known: Mapping[Node, int]) -> dict[Node, Array]:
        """The posterior of every node by one pass there and back."""
        factors = self._factors(set(self.states), known)
        tables = [table for _, table in factors]
        answer, gradients = _compile(factors).run_with_gradients(tables)
        self._possible(float(answer.log_total.item()), known)
        found = {node: np.eye(len(self.states[node]))[at] for node, at in known.items()}
        for node, (scope, table), gradient in zip(self.states, factors, gradients, strict=True):
            if node not in known:
                others = tuple(i for i, name in enumerate(scope) if name != node)
                share = (table * gradient)[..., 0, 0].sum(axis=others)
                found[node] = share / share.sum()
        return found

    def _factors(
        self, nodes: set[Node], known: Mapping[Node, int], keep: Sequence[Node] = ()
    ) -> list[Factor]:
        """The tables of the nodes, cut down to what is known; a known node that is kept stays."""
        cut = {node: at for node, at in known.items() if node not in keep}
        found: list[Factor] = []
        for node in (n for n in self.states if n in nodes):
            scope = (*self.parents[node], node)
            table = self.tables[node][tuple(cut.get(name, slice(None)) for name in scope)]
            left = tuple(name for name in scope if name not in cut)
            found.append((left, table[..., np.newaxis, np.newaxis]))
        for node in (n for n in keep if n in known):
            one = np.eye(len(self.states[node]))[known[node]]
            found.append(((node,), one[:, np.newaxis, np.newaxis]))
        return found

    def _ancestors(self, nodes: Iterable[Node]) -> set[Node]:
        found: set[Node] = set()
        waiting = list(nodes)
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting.extend(self.parents[node])
        return found

    def _known(self, node: Node) -> Node:
        if node not in self.states:
            hint = suggest(str(node), map(str, self.states))
            raise QuestionError(f"a variable of the model is expected, got {_show(node)}{hint}")
        return node

    def _checked(self, evidence: Evidence | None) -> dict[Node, int]:
        """The position of the state of every node that is known."""
        found = {}
        for node, state in (evidence or {}).items():
            states = self.states[self._known(node)]
            if state not in states:
                hint = ", ".join(map(str, states))
                raise QuestionError(
                    f"a state of {_show(node)} is one of {hint}, got {_show(state)}"
                )
            found[node] = states.index(state)
        return found

    def _possible(self, log_total: float, known: Mapping[Node, int]) -> float:
        if not np.isfinite(log_total):
            shown = ", ".join(f"{node}={self.states[node][at]}" for node, at in known.items())
            raise ImpossibleEvidence(
                f"the evidence has probability 0 under the model, got {quote(shown)}"
            )
        return log_total


def _show(name: Hashable) -> str:
    return quote(name if isinstance(name, str) else repr(name))


def _index(rows: Sequence[Sequence[Hashable]], names: Sequence[Hashable]) -> pd.MultiIndex:
    """A labelled index; labels may be of any kind, tuples too."""
    levels = []
    for column in range(len(names)):
        level = np.empty(len(rows), dtype=object)
        for i, row in enumerate(rows):
            level[i] = row[column]
        levels.append(level)
    return pd.MultiIndex.from_arrays(levels, names=list(names))


def _compile(factors: Sequence[Factor], keep: Sequence[Node] = ()) -> Tape:
    cards = {n: k for scope, table in factors for n, k in zip(scope, table.shape, strict=False)}
    return compile_tape(cards, [scope for scope, _ in factors], keep)
