"""The engines that ours is timed against, each used as well as it can be.

pgmpy: VariableElimination by its tensor contraction (`greedy`): on cuba-venezuela, the made case,
alarm, win95pts and hailfinder it was 3 to 20 times faster than MinFill, MinWeight and
WeightedMinFill. It reads the model's tables at each query, so one engine serves although tables
change.

pyAgrum: LazyPropagation with the question as its only target. A leaf that only ever says yes is
handed over as soft evidence on its parent, which spares a node and lets evidence change without
new triangulation. It must be made anew when a table changes.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pgmpy
import pyagrum as gum

with warnings.catch_warnings():
    # pgmpy 1.1 warns that its own pgmpy.estimators is deprecated
    warnings.simplefilter("ignore", FutureWarning)
    from pgmpy.inference import VariableElimination

Evidence = Mapping[str, str]
Tables = Mapping[str, np.ndarray]
"""Tables as pgmpy has them: (states, cards of the parents...)."""

PGMPY = f"pgmpy {pgmpy.__version__}"
PYAGRUM = f"pyAgrum {gum.__version__}"
gum.setNumberOfThreads(1)  # as numpy here; two threads were slower on networks of this size


class Pgmpy:
    """A pgmpy model and what is asked of it."""

    name = PGMPY

    def __init__(self, model: Any, target: str) -> None:
        self.model, self.target = model, target
        self.cpds = {cpd.variable: cpd for cpd in model.get_cpds()}
        self.engine = VariableElimination(model)

    def fresh(self, evidence: Evidence) -> np.ndarray:
        """The posterior by a new engine."""
        self.engine = VariableElimination(self.model)
        return self.again(evidence)

    def again(self, evidence: Evidence) -> np.ndarray:
        """The posterior by the engine that is there."""
        found = self.engine.query([self.target], evidence=dict(evidence), show_progress=False)
        states = self.cpds[self.target].state_names[self.target]
        order = [found.state_names[self.target].index(state) for state in states]
        return np.asarray(found.values)[order]

    def put(self, tables: Tables) -> None:
        """Other numbers in the same model."""
        for name, table in tables.items():
            self.cpds[name].values = table

    after_put = again


class Pyagrum:
    """The same model in pyAgrum."""

    name = PYAGRUM

    def __init__(self, model: Any, target: str, evidence: Iterable[str]) -> None:
        self.cpds = {cpd.variable: cpd for cpd in model.get_cpds()}
        self.states = {name: list(cpd.state_names[name]) for name, cpd in self.cpds.items()}
        parents = {parent for cpd in self.cpds.values() for parent in cpd.variables[1:]}
        self.leaves = {
            name: self.cpds[name].variables[1]
            for name in evidence
            if name not in parents and len(self.cpds[name].variables) == 2
        }
        self.net, self.ids = gum.BayesNet(), {}
        for name, states in self.states.items():
            # what has one state is certain; pyAgrum 3.3 now and then fails beside it
            if name not in self.leaves and len(states) > 1:
                labels = [str(k) for k in range(len(states))]
                variable = gum.LabelizedVariable(f"n{len(self.ids)}", "", labels)
                self.ids[name] = self.net.add(variable)
        for name, node in self.ids.items():
            for parent in self.cpds[name].variables[1:]:
                if parent in self.ids:
                    self.net.addArc(self.ids[parent], node)
        self.tables = {name: np.asarray(cpd.values) for name, cpd in self.cpds.items()}
        self.put(self.tables)
        self.target = self.ids[target]
        self.engine = gum.LazyPropagation(self.net)
        self.held: dict[int, Any] = {}

    def put(self, tables: Tables) -> None:
        """Other numbers in the same network; an engine made before is stale."""
        self.tables = {**self.tables, **tables}
        for name in tables.keys() & self.ids.keys():
            table = np.squeeze(tables[name]).transpose()
            self.net.cpt(self.ids[name])[:] = np.ascontiguousarray(table)

    def findings(self, evidence: Evidence) -> dict[int, Any]:
        """Hard evidence by position of the state, soft evidence where leaves speak."""
        found: dict[int, Any] = {}
        for leaf, parent in self.leaves.items():
            if parent in self.ids and leaf in self.leaves:
                weight = self._said(leaf, evidence)
                found[self.ids[parent]] = found.get(self.ids[parent], 1.0) * weight
        hard = {n: s for n, s in evidence.items() if n in self.ids}
        found |= {self.ids[n]: self.states[n].index(s) for n, s in hard.items()}
        return {n: w if isinstance(w, int) else w.tolist() for n, w in found.items()}

    def _said(self, leaf: str, evidence: Evidence) -> np.ndarray:
        if leaf not in evidence:
            return np.ones(len(self.states[self.leaves[leaf]]))
        return np.asarray(self.tables[leaf][self.states[leaf].index(evidence[leaf])])

    def fresh(self, evidence: Evidence) -> np.ndarray:
        """The posterior by a new engine."""
        self.engine = gum.LazyPropagation(self.net)
        self.engine.setTargets({self.target})
        self.held = self.findings(evidence)
        self.engine.setEvidence(self.held)
        return self._ask()

    after_put = fresh

    def again(self, evidence: Evidence) -> np.ndarray:
        """The posterior by the engine that is there, with only what differs changed."""
        wanted = self.findings(evidence)
        for node in self.held.keys() - wanted.keys():
            self.engine.eraseEvidence(node)
        for node, value in wanted.items():
            if node not in self.held:
                self.engine.addEvidence(node, value)
            elif self.held[node] != value:
                self.engine.chgEvidence(node, value)
        self.held = wanted
        return self._ask()

    def _ask(self) -> np.ndarray:
        self.engine.makeInference()
        return np.array(self.engine.posterior(self.target).tolist())
