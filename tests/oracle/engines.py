"""The case's own network, as it leaves the library, put to two engines written by others."""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np
import pyagrum as gum

Beliefs = dict[str, dict[str, float]]


def by_pgmpy(model: Any, evidence: dict[str, str], variables: list[str]) -> Beliefs:
    """Posteriors by pgmpy's variable elimination; what is itself evidence is certain."""
    from pgmpy.inference import VariableElimination

    engine = VariableElimination(model)
    found: Beliefs = {}
    for variable in variables:
        states = model.get_cpds(variable).state_names[variable]
        if variable in evidence:
            found[variable] = {state: float(state == evidence[variable]) for state in states}
            continue
        values = engine.query([variable], evidence=evidence, show_progress=False)
        order = values.state_names[variable]
        found[variable] = dict(zip(order, map(float, values.values), strict=True))
    return found


def by_pyagrum(model: Any, evidence: dict[str, str], variables: list[str]) -> tuple[Beliefs, float]:
    """Posteriors and log evidence by pyAgrum's lazy propagation.

    Nodes go by number and states by position, so that no name can be mangled. A variable with one
    state is left out: it is certain, and pyAgrum 3.3 now and then returns an empty posterior of
    a variable beside one.
    """
    cpds = {cpd.variable: cpd for cpd in model.get_cpds()}
    states = {name: cpd.state_names[name] for name, cpd in cpds.items()}
    network, ids = gum.BayesNet(), {}
    for name in cpds:
        if len(states[name]) > 1:
            labels = [str(k) for k in range(len(states[name]))]
            ids[name] = network.add(gum.LabelizedVariable(f"n{len(ids)}", "", labels))
    for name, node in ids.items():
        for parent in cpds[name].variables[1:]:
            if parent in ids:
                network.addArc(ids[parent], node)
        table = np.squeeze(cpds[name].values)
        network.cpt(node)[:] = np.ascontiguousarray(table.transpose())
    engine = gum.LazyPropagation(network)
    engine.setEvidence(
        {ids[name]: states[name].index(state) for name, state in evidence.items() if name in ids}
    )
    engine.makeInference()
    found: Beliefs = {}
    for name in variables:
        posterior = engine.posterior(ids[name]).tolist() if name in ids else [1.0]
        found[name] = dict(zip(states[name], posterior, strict=True))
    return found, log(engine.evidenceProbability())
