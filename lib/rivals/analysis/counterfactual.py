"""What would have been, given all that we know, had some variables been otherwise.

From the twin network (Balke and Pearl 1994; Pearl 2009, section 7.1.4): the evidence speaks of the
world as it is, and the other world shares every chance with it but for what is set there.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from rivals.batch import Batch
from rivals.engine import Array
from rivals.scenario import Claim, label_of
from rivals.twin import Contrast, contrast_all

KINDS = {"effect": "effects", "hypothesis": "hypotheses", "outcome": "outcomes"}


def imagine(stated: Batch, setting: Mapping[str, str]) -> pd.DataFrame:
    """A row per (kind, name), for effects, hypotheses and outcomes: label, posterior, had.

    posterior is P(claim | evidence); had, the same in the world in which each variable of the
    setting was in its state, given the evidence on this one. attrs: setting; set, the rows
    whose variable is in it; variables, a table of posterior and had by (variable, state).
    """
    scenario, found = stated.network.scenario, stated.marginals()
    actual = {name: found[name][:, 0, 0] for name in scenario.variables}
    other = _look_across(stated, actual, setting)
    nouns = {
        (kind, name): noun
        for kind, plural in KINDS.items()
        for name, noun in getattr(scenario, plural).items()
    }
    rows = {
        place: [
            label_of(place[1], noun),
            *(_add_up(stated, world, noun.claim) for world in (actual, other)),
        ]
        for place, noun in nouns.items()
    }
    columns = ["label", "posterior", "had"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    table.index = pd.MultiIndex.from_tuples(rows, names=["kind", "name"])
    settled = [place for place, noun in nouns.items() if noun.claim.variable in setting]
    table.attrs |= {"setting": dict(setting), "set": settled}
    table.attrs["variables"] = _tabulate(stated, actual, other)
    return table


def _look_across(
    stated: Batch, actual: Mapping[str, Array], setting: Mapping[str, str]
) -> dict[str, Array]:
    """P(state) of every variable in the other world; those that cannot differ stay as they are."""
    variables = stated.network.scenario.variables
    other = dict(actual)
    for name, state in setting.items():
        other[name] = np.array([float(s == state) for s in variables[name].states])
    asked = {
        name: [
            Contrast((), setting, Claim(variable=name, states=(state,)))
            for state in variables[name].states
        ]
        for name in variables
        if name not in setting
    }
    differing = {n: own for n, own in asked.items() if own[0].copied(stated.network)}
    for name, contrasts in differing.items():
        other[name] = np.array([chance[0, 0] for chance in contrast_all(stated, contrasts)])
    return other


def _add_up(stated: Batch, world: Mapping[str, Array], claim: Claim) -> float:
    states = stated.network.scenario.variables[claim.variable].states
    return float(sum(world[claim.variable][states.index(s)] for s in claim.states))


def _tabulate(
    stated: Batch, actual: Mapping[str, Array], other: Mapping[str, Array]
) -> pd.DataFrame:
    """Every state of every variable, in this world and in the other."""
    rows = {
        (name, state): [actual[name][i], other[name][i]]
        for name, variable in stated.network.scenario.variables.items()
        for i, state in enumerate(variable.states)
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["posterior", "had"])
    table.index = pd.MultiIndex.from_tuples(rows, names=["variable", "state"])
    return table
