"""What cannot bear on the question: reports that are cut off, variables and sources unheard of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from rivals.codes import find_code
from rivals.lints.finding import Finding
from rivals.network import Network
from rivals.phrases import count
from rivals.premises import Premises

if TYPE_CHECKING:
    import networkx as nx

CANNOT_MATTER, UNREPORTED, UNUSED = map(find_code, ("cannot-matter", "unreported", "unused-source"))


class Hold(NamedTuple):
    """What an item of evidence takes hold of: a source's story of a variable, or the variable."""

    variable: str
    source: str = ""
    settles: bool = False


class Structure:
    """The network as a graph: variables, reliabilities, stories, and the evidence on them."""

    def __init__(self, network: Network) -> None:
        self.network = network

    @cached_property
    def holds(self) -> dict[str, frozenset[Hold]]:
        """What each item of evidence takes hold of."""
        found: dict[str, set[Hold]] = {item: set() for item in self.network.items}
        for (source, variable), statements in self.network.statements.items():
            for statement in statements:
                found[self.network.items[statement.item]].add(Hold(variable, source))
        for i, variable, weights in self.network.leaves:
            settles = sum(weight > 0 for weight in weights) == 1
            found[self.network.items[i]].add(Hold(variable, settles=settles))
        return {item: frozenset(holds) for item, holds in found.items()}

    @cached_property
    def targets(self) -> frozenset[str]:
        """The hypotheses' variables, and with effects all that can make a cause idle or needed."""
        scenario = self.network.scenario
        claimed = {h.claim.variable for h in scenario.hypotheses.values()}
        effects = {e.claim.variable for e in scenario.effects.values()}
        return frozenset(claimed | self.network.ancestors(effects))

    @cached_property
    def graph(self) -> nx.DiGraph[Any]:
        """Everything but the evidence: an arrow from what bears to what it bears on."""
        import networkx as nx

        graph: nx.DiGraph[Any] = nx.DiGraph()
        graph.add_nodes_from(self.network.scenario.variables)
        for name, parents in self.network.parents.items():
            graph.add_edges_from((parent, name) for parent in parents)
        for source, variable in self.network.statements:
            story = Hold(variable, source)
            graph.add_edge(variable, story)
            graph.add_edge(self.network.reliability(source, variable), story)
        return graph

    def idle(self) -> frozenset[str]:
        """The items that are d-separated from all targets, given all other evidence."""
        times = Counter(hold for holds in self.holds.values() for hold in holds)
        verdicts: dict[tuple[frozenset[Hold], frozenset[Hold]], bool] = {}
        found = set()
        for item, holds in self.holds.items():
            alone = frozenset(hold for hold in holds if times[hold] == 1)
            if (holds, alone) not in verdicts:
                others = frozenset(times) - alone
                verdicts[holds, alone] = self._is_cut_off(holds, others)
            if verdicts[holds, alone]:
                found.add(item)
        return frozenset(found)

    def _is_cut_off(self, own: Collection[Hold], others: Collection[Hold]) -> bool:
        """Whether evidence that holds these is d-separated from the targets, given the others."""
        import networkx as nx

        known = {hold.variable for hold in others if hold.settles} | {*self.network.what_if.do}
        targets = self.targets - known
        if not own or not targets:
            return True
        graph = self.graph.copy()
        for kind, holds in (("own", own), ("others", others)):
            graph.add_edges_from((_held(hold), (kind, hold)) for hold in holds)
        heard: set[Any] = {("own", hold) for hold in own}
        given: set[Any] = {*known, *(("others", hold) for hold in others)}
        return bool(nx.is_d_separator(graph, heard, set[Any](targets), given))


def _held(hold: Hold) -> object:
    """The node that evidence is a child of."""
    return Hold(hold.variable, hold.source) if hold.source else hold.variable


def find_idle(premises: Premises) -> Iterator[Finding]:
    """Counted reports that move neither a hypothesis nor a `because`, whatever the numbers."""
    structure = Structure(premises.stated.network)
    idle = structure.idle()
    for standing in premises.evidence.counted:
        if standing.report.id in idle:
            about = ", ".join(standing.counts)
            text = (
                f"it speaks of {about}, which all other evidence cuts off from every hypothesis "
                f"and effect: they stay without it; add the link that is missing, if one is"
            )
            yield Finding(CANNOT_MATTER, f"reports.{standing.report.id}", text)


def find_unreported(premises: Premises) -> Iterator[Finding]:
    """Variables that nothing counted, expected or observable touches; outcomes wait for time.

    A log in which nothing counts yet has nothing to tell, here and of sources.
    """
    scenario = premises.scenario
    if not premises.evidence.counted:
        return
    touched = {v for standing in premises.evidence.counted for v in standing.counts}
    touched |= {outcome.claim.variable for outcome in scenario.outcomes.values()}
    touched |= {name for name, variable in scenario.variables.items() if variable.observable}
    touched |= {noun.claim.variable for noun in scenario.expected.values()}
    for name in scenario.variables:
        if name not in touched:
            text = (
                "no report on it counts, none is expected, and nobody is set to find it out; "
                "say how it could be (`observable`)"
            )
            yield Finding(UNREPORTED, f"variables.{name}", text)


def find_unused(premises: Premises) -> Iterator[Finding]:
    """Sources that are graded though no claim of them counts."""
    if not premises.evidence.counted:
        return
    heard = {
        standing.report.source
        for standing in premises.evidence.counted
        if any(variable in standing.counts for variable in standing.report.claims)
    }
    named = Counter(s.report.source for s in premises.evidence.standings if s.report.source)
    for name, source in premises.scenario.sources.items():
        if name in heard:
            continue
        judged = f"graded {source.grade}" if source.grade else f"given {source.reliability:g}"
        reports = count(named[name], "report")
        why = f"no claim in its {reports} counts" if named[name] else "no report names it"
        text = f"it is {judged}, and {why}; log what it said, or take it out"
        yield Finding(UNUSED, f"sources.{name}", text)
