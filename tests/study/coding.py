"""A made world as the analyst's files would have it: the library's own nouns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from rivals.entries import Report
from rivals.moments import When
from rivals.scenario import Dossier, Scenario
from study.faults import Told
from study.model import Model, NoisyOr, Source, Variable

FIRST_DAY = date(2026, 5, 1)

HEARD_OF = 0.9
"""How likely something that is there is to be reported on, as the analyst puts it in round numbers.

In 4,000 other worlds of the same kind, 92% of what is there is said to be there first-hand.
"""


@dataclass(frozen=True)
class Page:
    """A report as the analyst has coded it; `copy_of` is what it is marked as repeating."""

    id: str
    source: str
    outlet: str
    variable: str
    said: tuple[int, ...]
    directness: str
    day: int
    copy_of: str | None = None
    repeats: str | None = None
    """What it really repeats, whether that is marked or not."""


def code(told: Sequence[Told], model: Model) -> tuple[Page, ...]:
    """Every page, each copy marked as one of the report that it repeats."""
    pages = []
    for i, (statement, copies) in enumerate((one.statement, one.copies) for one in told):
        turn, first = statement.turn, f"r{i}"
        pages.append(
            Page(first, turn.source, "", turn.variable, statement.said, turn.directness, turn.day)
        )
        for j, copy in enumerate(copies):
            said, day = copy.repeat(statement, model), turn.day + copy.delay
            pages.append(
                Page(
                    f"{first}c{j}", turn.source, copy.outlet, turn.variable, said, "relayed", day,
                    first, first,
                )
            )  # fmt: skip
    return tuple(pages)


def miscode(told: Sequence[Told], pages: Sequence[Page]) -> tuple[Page, ...]:
    """The same where copies that are not marked are taken for the outlet's own word."""
    silent = {
        f"r{i}c{j}"
        for i, one in enumerate(told)
        for j, copy in enumerate(one.copies)
        if not copy.marked
    }
    return tuple(
        replace(page, source=page.outlet, copy_of=None) if page.id in silent else page
        for page in pages
    )


def scenario_of(model: Model, *, awaits: bool = False) -> Scenario:
    """What the analyst writes down, with the outlets as sources, since some are taken for such.

    awaits: a report is expected of everything that is there, but for the effect, which is known.
    """
    written: dict[str, Any] = {
        "title": "A made world",
        "question": "Why did it happen?",
        "effects": {"it": f"{model.effect}=yes"},
        "hypotheses": {name: f"{name}=yes" for name in model.hypotheses},
        "variables": {n: _write_variable(v, model) for n, v in model.variables.items()},
        "sources": {
            name: _write_source(source, model)
            for name, source in (model.sources | model.outlets).items()
        },
    }
    if awaits:
        written["expected"] = dict(_await_all(model))
    return Scenario.model_validate(written)


def _await_all(model: Model) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, variable in model.variables.items():
        if name != model.effect:
            claim = f"{name}={'|'.join(variable.states[1:])}"
            since, by = _day(-1), _day(0)  # so that the time of each is over
            yield name, {"claim": claim, "since": since, "by": by, "chance": HEARD_OF}


def _write_variable(variable: Variable, model: Model) -> dict[str, Any]:
    states, gate = variable.states, variable.gate
    written: dict[str, Any] = {"states": list(states), "topic": variable.topic}
    written["chatter"] = dict(zip(states, variable.chatter, strict=True))
    if isinstance(gate, NoisyOr):
        return written | {"noisy_or": {"leak": gate.leak, "causes": dict(gate.links)}}
    rows = [dict(zip(states, row, strict=True)) for row in gate.rows]
    if not gate.parents:
        return written | {"prior": rows[0]}
    combinations = [{}]
    for parent in gate.parents:
        known = model.variables[parent].states
        combinations = [{**one, parent: state} for one in combinations for state in known]
    table = [{"when": when, "then": row} for when, row in zip(combinations, rows, strict=True)]
    return written | {"table": table}


def _write_source(source: Source, model: Model) -> dict[str, Any]:
    interest = {name: model.variables[name].states[i] for name, i in source.interest.items()}
    return {"grade": source.grade, "interest": interest}


def dossier_of(scenario: Scenario, model: Model, pages: Iterable[Page]) -> Dossier:
    """The scenario with its log: that the effect came about, and all pages."""
    known = Report(id="known", published=_day(0), observes={model.effect: "yes"})
    return Dossier(
        "made", scenario, (known, *(write_page(page, model) for page in in_order(pages)))
    )


def in_order(pages: Iterable[Page]) -> list[Page]:
    """The pages by their day, first-hand reports before copies of the same day."""
    return sorted(pages, key=lambda page: (page.day, page.repeats is not None))


def write_page(page: Page, model: Model, summary: str = "", link: str | None = None) -> Report:
    """A page as an entry of the log; it is not validated anew, since it cannot break a rule."""
    bare = _write_bare(page, model.variables[page.variable].states)
    if not (summary or link):
        return bare
    return bare.model_copy(update={"summary": summary, "link": link})


@lru_cache(maxsize=4096)
def _write_bare(page: Page, states: tuple[str, ...]) -> Report:
    """A page without words; most pages are in the log of several kinds of error."""
    written = {
        "id": page.id,
        "published": _day(page.day),
        "source": page.source,
        "outlet": page.outlet,
        "copy_of": page.copy_of,
        "claims": {page.variable: tuple(states[i] for i in page.said)},
        "directness": page.directness,
    }
    return _blank().model_copy(update=written)


@lru_cache
def _blank() -> Report:
    return Report(id="blank", published=_day(0))


@lru_cache
def _day(number: int) -> When:
    return When((FIRST_DAY + timedelta(days=number)).isoformat())
