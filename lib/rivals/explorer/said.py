"""What was said, as plain data for the page: counted reports, and what their words weigh."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rivals.evidence import Standing, own_origins
from rivals.explorer.program import Filled
from rivals.explorer.stated import Data, Places
from rivals.network import Network
from rivals.phrases import neutralise
from rivals.premises import Premises
from rivals.scenario import label_of
from rivals.stories import DIRECTNESS

About = tuple[str, str]
"""Whose story, about which variable."""


def list_stories(network: Network) -> list[About]:
    """The stories in the order of the network's factors."""
    return [about for chorus in network.choruses for about in chorus.about]


def write_said(case: Premises, network: Network, places: Places, leaves: Sequence[Filled]) -> Data:
    """Reports with their sources and origins, stories, silences, other evidence on a variable.

    Items of evidence are numbered: what is given and silent first, then the reports. standing: how
    many are no reports.
    """
    counted = case.evidence.counted
    origins = list(dict.fromkeys(o for s in counted for o in own_origins(s.report)))
    sources = list(case.scenario.sources)
    return {
        "sources": [neutralise(noun.name or name) for name, noun in case.scenario.sources.items()],
        "origins": [neutralise(origin) for origin in origins],
        "standing": network.first_report,
        "silences": [_silence(case, network, places, i) for i in range(len(network.silences))],
        "reports": [_report(case, standing, origins) for standing in counted],
        "reliabilities": [
            [sources.index(r.source), neutralise(r.topic), _reliability(places, r.source)]
            for r in network.reliabilities
        ],
        "stories": [_story(network, places, about) for about in list_stories(network)],
        "leaves": _leaves(network, places, leaves),
    }


def _report(case: Premises, standing: Standing, origins: list[str]) -> list[Any]:
    """Id, source or -1, the day that we had it, origins, summary, outlet."""
    report = standing.report
    source = list(case.scenario.sources).index(report.source) if report.source is not None else -1
    day = standing.logged.astimezone(case.zone).date().isoformat()
    own = [origins.index(origin) for origin in own_origins(report)]
    return [
        neutralise(report.id),
        source,
        day,
        own,
        neutralise(report.summary),
        neutralise(report.outlet),
    ]


def _silence(case: Premises, network: Network, places: Places, i: int) -> list[Any]:
    """Variable, claimed states, its number, share of its time that is over, what ends it, label."""
    silence = network.silences[i]
    label = label_of(silence.name, case.scenario.expected[silence.name])
    return [
        places.variables[silence.variable],
        places.choose(silence.variable, silence.states),
        places.numbers[silence.path],
        silence.share,
        network.breakers[i].tolist(),
        neutralise(label),
    ]


def _reliability(places: Places, source: str) -> list[Any]:
    """The number that a source's reliability rests on, and its grade if it has one."""
    noun = places.scenario.sources[source]
    path = f"settings.grades.{noun.grade}" if noun.grade else f"sources.{source}.reliability"
    return [places.numbers[path], noun.grade or ""]


def _story(network: Network, places: Places, about: About) -> list[Any]:
    """Variable, the state that suits the source or -1, claims: item, states, directness."""
    source, variable = about
    wished = network.scenario.sources[source].interest.get(variable)
    claims = [
        [c.item, places.choose(variable, c.states), DIRECTNESS.index(c.directness)]
        for c in network.statements[about]
    ]
    at = -1 if wished is None else places.state(variable, wished)
    return [places.variables[variable], at, claims]


def _leaves(network: Network, places: Places, leaves: Sequence[Filled]) -> list[Any]:
    """Of each factor on a variable itself: the variable, and the weights of each item in it."""
    weights = {(item, variable): list(found) for item, variable, found in network.leaves}
    named = [(str(leaf.scope[0]), leaf.which) for leaf in leaves]
    return [
        [places.variables[variable], [[item, weights[item, variable]] for item in items]]
        for variable, items in named
    ]
