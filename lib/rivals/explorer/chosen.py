"""Which of the stated numbers the page lets a reader move, besides how far sources are trusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rivals.analysis.sensitivity import examine
from rivals.explorer.wording import name_judgement
from rivals.judgements import Statement, list_judgements, statements
from rivals.phrases import neutralise
from rivals.premises import Premises
from rivals.scenario import Scenario

MOST = 10
"""How many judgements are offered by how much they matter."""

Number = tuple[str, int]
"""A statement's path, and a place among its numbers."""


def choose_judgements(case: Premises, leader: str, numbers: Mapping[str, int]) -> list[list[Any]]:
    """The priors of hypotheses, the judgements that move the leader most, chances of silences.

    Of each: the place of its statement in `numbers`, its place in the statement, what it is about,
    its path, and where it stands. How far sources are trusted is not among them: each source has a
    number of its own on the page.
    """
    known = {s.path: s for s in statements(case.scenario)}
    priors = list(_priors(case.scenario, known))
    silent = [(silence.path, 0) for silence in case.evidence.silences if silence.share > 0]
    chosen = dict.fromkeys([*priors, *_weightiest(case, leader), *silent])
    return [_describe(case, known[path], place, numbers) for path, place in chosen]


def _priors(scenario: Scenario, known: Mapping[str, Statement]) -> Iterator[Number]:
    """The states that a hypothesis claims of a variable that has no causes."""
    found: dict[Number, None] = {}
    for hypothesis in scenario.hypotheses.values():
        path = f"variables.{hypothesis.claim.variable}.prior"
        if path in known:
            places = (known[path].states.index(state) for state in hypothesis.claim.states)
            found |= dict.fromkeys((path, place) for place in places)
    yield from found


def _weightiest(case: Premises, leader: str) -> list[Number]:
    """The judgements with the widest range of P(leader), widest first."""
    table = examine(case.stated, case.dossier.places, leader)
    width = (table["high"] - table["low"]).abs()
    width = width[~width.index.str.startswith("sources.") & (width > 0)]
    judgements = list_judgements(case.scenario)
    widest = width.sort_values(ascending=False, kind="stable").index[:MOST]
    return [(judgements[path].statement.path, judgements[path].place) for path in widest]


def _describe(
    case: Premises,
    statement: Statement,
    place: int,
    numbers: Mapping[str, int],
) -> list[Any]:
    state = "" if statement.is_chance else statement.states[place]
    path = f"{statement.path}.{state}" if state else statement.path
    found = case.dossier.places.get(path) or case.dossier.places.get(statement.path)
    about = name_judgement(case.scenario, statement.path, state)
    at = str(found) if found else "default"
    return [numbers[statement.path], place, neutralise(about), neutralise(path), neutralise(at)]
