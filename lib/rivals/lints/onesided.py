"""Logs in which every claim says that something is so, and none that anything is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rivals.batch import Batch
from rivals.codes import find_code
from rivals.entries import Report
from rivals.judgements import Values
from rivals.lints.finding import Finding
from rivals.network import Network
from rivals.phrases import count
from rivals.premises import Premises
from rivals.variables import Variable

ONE_SIDED = find_code("one-sided")
UNLIKELY = 0.05
"""Below which chance of the model it is remarked upon that all is there that was spoken of."""
ABSENT = ("no", "none")


def find_one_sided(premises: Premises) -> Iterator[Finding]:
    """A log without a denial, where the model holds it for unlikely that there is nothing to deny.

    Only variables count that can be absent. The chance is that of all of them being there at once,
    given what reports settle without a claim. A silence that is `expected` and holds denies.
    """
    affirmed, chance = weigh_affirmed(premises.stated.network, premises.values)
    if chance < UNLIKELY:
        text = (
            f"every claim that counts says that something is there: of "
            f"{count(len(affirmed), 'variable')}, which the model, before any claim, has all at "
            f"once {_say_rare(chance)}; if denials go unreported, log what is known to be absent "
            f"and say what else should have come by now (`expected`)"
        )
        yield Finding(ONE_SIDED, "sources", text)


def weigh_affirmed(network: Network, values: Values) -> tuple[list[str], float]:
    """What is said to be there and how likely all of it is before any claim; 1 after a denial."""
    affirmed = _list_affirmed(network)
    return affirmed, _chance_of_all(affirmed, network, values) if affirmed else 1.0


def _list_affirmed(network: Network) -> list[str]:
    """The variables that are said to be there, in the order of the model; none after a denial."""
    if network.silences:
        return []
    found = set()
    variables = network.scenario.variables
    for standing in network.evidence.counted:
        said = _says(standing.report)
        for name in standing.counts:
            if name in said and _can_be_absent(variables[name]):
                if variables[name].states[0] in said[name]:
                    return []
                found.add(name)
    return [name for name in variables if name in found]


def _chance_of_all(affirmed: Iterable[str], network: Network, values: Values) -> float:
    """The probability that all of these are there, by what reports settle without a claim."""
    bare = tuple(s for s in network.evidence.counted if not _says(s.report))
    calm = replace(network, evidence=replace(network.evidence, standings=bare))
    batch, variables = Batch(calm, calm.masks(None), values), network.scenario.variables
    there = [batch.indicate(name, variables[name].states[1:]) for name in affirmed]
    return float(batch.chance(there)[0, 0])


def _says(report: Report) -> dict[str, tuple[str, ...]]:
    """The states that a report claims, or holds for likeliest, by variable."""
    likeliest = {
        name: tuple(state for state, p in given.items() if p == max(given.values()))
        for name, given in report.likelihood.items()
    }
    return likeliest | dict(report.claims)


def _can_be_absent(variable: Variable) -> bool:
    """Whether the lowest state is that nothing is there: by its name, or since causes add to it."""
    return variable.states[0] in ABSENT or bool(variable.noisy_or or variable.noisy_max)


def _say_rare(chance: float) -> str:
    """How often, to two digits.

    >>> _say_rare(0.00023), _say_rare(0.0)
    ('in one case of 4,300', 'in no case')
    """
    return f"in one case of {float(f'{1 / chance:.2g}'):,.0f}" if chance else "in no case"
