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

    Nodes go by number and states by position, so that no name can be mangled.
    """
    cpds = {cpd.variable: cpd for cpd in model.get_cpds()}
    network, ids = gum.BayesNet(), {}
    for name, cpd in cpds.items():
        labels = [str(k) for k in range(len(cpd.state_names[name]))]
        ids[name] = network.add(gum.LabelizedVariable(f"n{len(ids)}", "", labels))
    for name, cpd in cpds.items():
        for parent in cpd.variables[1:]:
            network.addArc(ids[parent], ids[name])
    for name, cpd in cpds.items():
        network.cpt(ids[name])[:] = np.ascontiguousarray(cpd.values.transpose())
    engine = gum.LazyPropagation(network)
    engine.setEvidence(
        {ids[name]: cpds[name].state_names[name].index(state) for name, state in evidence.items()}
    )
    engine.makeInference()
    found = {
        name: dict(
            zip(cpds[name].state_names[name], engine.posterior(ids[name]).tolist(), strict=True)
        )
        for name in variables
    }
    return found, log(engine.evidenceProbability())
