"""A network of the scenario -> a pgmpy model, every counted report a leaf, and its evidence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rivals.batch import Batch
from rivals.engine import Array
from rivals.gates import build_table
from rivals.judgements import Values
from rivals.network import Network
from rivals.pgmpy_bridge.library import DiscreteBayesianNetwork, TabularCPD
from rivals.pgmpy_bridge.names import Namer
from rivals.stories import (
    Reliability,
    Statement,
    made_up_story,
    prior_reliability,
    state_a_story,
    story_given_truth,
)

NO_YES = ("no", "yes")


def build_model(network: Network, values: Values) -> tuple[DiscreteBayesianNetwork, dict[str, str]]:
    """The model at the first draw of the values, and the evidence in the order of the log.

    Nodes are the variables under their own names (one under `do` has no parents and is certain),
    `reliable_SOURCE` (with `_on_TOPIC`), `story_SOURCE_on_VARIABLE`, and the leaves: for each
    counted report `report_ID_on_VARIABLE`, state yes, `silence_NAME_on_VARIABLE` for each expected
    report that has not come, and `given_VARIABLE` where several states are given. What is observed
    or given as one state is evidence on the variable itself. The probability of the evidence is
    that of the network.
    """
    draft = _Draft(network, {path: value[..., :1] for path, value in values.items()})
    for name in network.scenario.variables:
        draft.add_variable(name)
    for reliability in network.reliabilities:
        draft.add_reliability(reliability)
    for (source, variable), claims in network.statements.items():
        draft.add_story(source, variable, claims)
    for item, variable, weights in network.leaves:
        draft.add_finding(item, variable, np.array(weights))
    draft.add_silences()
    draft.model.check_model()
    return draft.model, {node: state for _, node, state in sorted(draft.evidence, key=_by_item)}


def _by_item(finding: tuple[int, str, str]) -> int:
    return finding[0]


class _Draft:
    """A model that grows node by node, parents first in each table."""

    def __init__(self, network: Network, values: Values) -> None:
        self.network, self.values = network, values
        self.model = DiscreteBayesianNetwork()
        self.model.add_nodes_from(network.scenario.variables)  # keeps the order of the file
        self.states: dict[str, Sequence[str]] = {
            name: noun.states for name, noun in network.scenario.variables.items()
        }
        self.evidence: list[tuple[int, str, str]] = []
        self._namer = Namer(network.scenario.variables)
        self._reliable: dict[Reliability, str] = {}

    def add_variable(self, name: str) -> None:
        """A variable under its parents, or set by `do`."""
        imposed = self.network.what_if.do.get(name)
        if imposed is not None:
            table = np.array([float(state == imposed) for state in self.states[name]])
        else:
            table = build_table(name, self.network.scenario.variables, self.values)[..., 0]
        self._add(name, self.states[name], self.network.parents[name], table)

    def add_reliability(self, node: Reliability) -> None:
        """Whether a source is reliable on a topic."""
        source = self.network.scenario.sources[node.source]
        p = float(prior_reliability(node.source, source, self.values)[0])
        topic = ("on", node.topic) if node.topic else ()
        name = self._namer.name("reliable", node.source, *topic)
        self._reliable[node] = name
        self._add(name, NO_YES, (), np.array([1 - p, p]))

    def add_story(self, source: str, variable: str, claims: Sequence[Statement]) -> None:
        """What a source has to tell of a variable, and a leaf for each time that it was told."""
        noun = self.network.scenario.variables[variable]
        accuracy = float(self.values["settings.accuracy"][0])
        who = self.network.scenario.sources[source]
        reliable = story_given_truth(noun.states, accuracy)
        made_up = made_up_story(who, variable, noun, self.values)
        story = self._namer.name("story", source, "on", variable)
        parents = (self._reliable[self.network.reliability(source, variable)], variable)
        table = np.stack([np.broadcast_to(made_up, reliable.shape), reliable])
        self._add(story, noun.states, parents, table)
        for claim in claims:
            fidelity = self.values[f"settings.fidelity.{claim.directness}"]
            chances = state_a_story(claim.states, noun.states, fidelity)[:, 0]
            self._add_leaf(claim.item, variable, story, chances)

    def add_finding(self, item: int, variable: str, weights: Array) -> None:
        """A variable that is seen itself, or a leaf with the weight of each of its states."""
        known = {node: state for _, node, state in self.evidence}
        state = self.states[variable][int(weights.argmax())]
        certain = np.count_nonzero(weights) == 1 and not self._is_likelihood(item, variable)
        if certain and known.get(variable, state) == state:
            self.evidence.append((item, variable, state))
        else:  # a likelihood, several states, or a second sight that contradicts the first
            self._add_leaf(item, variable, variable, weights)

    def add_silences(self) -> None:
        """A leaf for each expected report that has not come, unless another one ended the wait."""
        stated = Batch(self.network, self.network.masks(None), self.values)
        for i, (silence, [share]) in enumerate(
            zip(self.network.silences, stated.silent, strict=True)
        ):
            if share > 0:
                missed = share * float(self.values[silence.path][0])
                states = self.states[silence.variable]
                chances = np.array([1 - missed * (state in silence.states) for state in states])
                item = self.network.first_silence + i
                self._add_leaf(item, silence.variable, silence.variable, chances)

    def _is_likelihood(self, item: int, variable: str) -> bool:
        start = self.network.first_report
        if item < start:
            return False
        return variable in self.network.evidence.counted[item - start].report.likelihood

    def _add_leaf(self, item: int, variable: str, parent: str, chances: Array) -> None:
        """A leaf that says yes with a chance for each state of its parent; yes it is."""
        kind, _, name = self.network.items[item].rpartition(":")
        words = ("given",) if kind == "given" else (kind or "report", name, "on")
        leaf = self._namer.name(*words, variable)
        yes = np.clip(chances, 0.0, 1.0)
        self._add(leaf, NO_YES, (parent,), np.stack([1 - yes, yes], axis=-1))
        self.evidence.append((item, leaf, "yes"))

    def _add(self, name: str, states: Sequence[str], parents: Sequence[str], table: Array) -> None:
        """A node with P(node | parents): (cards of parents..., states), made to sum to 1."""
        self.states[name] = states
        rows = table.reshape(-1, len(states))
        self.model.add_node(name)
        self.model.add_edges_from((parent, name) for parent in parents)
        cpd = TabularCPD(
            name,
            len(states),
            (rows / rows.sum(axis=1, keepdims=True)).T,
            evidence=list(parents),
            evidence_card=[len(self.states[parent]) for parent in parents],
            state_names={node: list(self.states[node]) for node in (name, *parents)},
        )
        self.model.add_cpds(cpd)
