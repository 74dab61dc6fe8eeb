"""The rules of the log: what its entries say of the scenario and of each other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from rivals.entries import Amendment, Report, Retraction
from rivals.errors import quote, suggest, suggest_near
from rivals.marked import Loc
from rivals.rules import Complaint, Variables, check_variable_name
from rivals.words import SMALLEST

FIXED = ("id", "logged")
"""Fields that an amendment leaves alone: they say which report it is and when we had it."""


def check_report(
    report: Report, variables: Variables, names: Collection[str], sources: Collection[str], at: Loc
) -> Iterator[Complaint]:
    """One report against the variables and sources that it names."""
    if report.source is not None and report.source not in sources:
        yield (
            (*at, "source"),
            f"a source is declared in scenario.yaml, got {quote(report.source)}"
            f"{suggest(report.source, sources)}",
        )
    yield from _check_said(report, variables, names, at)
    yield from _check_said_once(report, at)
    for variable, likelihood in report.likelihood.items():
        here = (*at, "likelihood", variable)
        if variable in variables:
            missing = [s for s in variables[variable].states if s not in likelihood]
            if missing:
                yield here, f"every state has a likelihood, got none for {quote(missing[0])}"
        positive = [weight for weight in likelihood.values() if weight]
        if not positive:
            yield here, "one likelihood at least is above 0, got all 0"
        elif min(positive) / max(positive) < SMALLEST:
            far = f"{min(positive):g} and {max(positive):g}"
            yield here, f"likelihoods above 0 lie within a factor of {1 / SMALLEST:g}, got {far}"


def _check_said(
    report: Report, variables: Variables, names: Collection[str], at: Loc
) -> Iterator[Complaint]:
    said: dict[str, Mapping[str, Iterable[str]]] = {
        "claims": report.claims,
        "observes": {name: (state,) for name, state in report.observes.items()},
        "likelihood": report.likelihood,
    }
    for key, by_variable in said.items():
        for variable, states in by_variable.items():
            here = (*at, key, variable)
            yield from check_variable_name(variable, names, here)
            if variable in variables:
                known = variables[variable].states
                for state in states:
                    if state not in known:
                        got = f"{quote(state)}{suggest_near(state, known)}"
                        yield here, f"a state is one of {', '.join(known)}, got {got}"


def _check_said_once(report: Report, at: Loc) -> Iterator[Complaint]:
    seen: set[str] = set()
    for variable in report.bears_on:
        if variable in seen:
            yield (
                at,
                f"one of claims, observes and likelihood speaks of a variable, got two for "
                f"{quote(variable)}",
            )
        seen.add(variable)


def check_references(
    entries: Sequence[tuple[Loc, Report | Amendment | Retraction]],
    names: Collection[str],
    tell_place: Callable[[Loc], str] = lambda at: "",
) -> Iterator[Complaint]:
    """Ids stand once, and copies, retractions and amendments point at a known report.

    tell_place: what to add of where the first of two entries stands.
    """
    first: dict[str, Loc] = {}
    for at, entry in entries:
        if isinstance(entry, Report):
            if entry.id in first:
                place = tell_place(first[entry.id])
                yield (*at, "id"), f"an id stands once, got {quote(entry.id)} again{place}"
            first.setdefault(entry.id, at)
    listed = sorted(names)
    for at, entry in entries:
        for key in ("copy_of", "retracts", "amends"):
            target = getattr(entry, key, None)
            if target is not None and target not in names:
                others = (name for name in listed if name != getattr(entry, "id", None))
                got = f"{quote(target)}{suggest(target, others)}"
                yield (*at, key), f"{key} names a report of this log, got {got}"
    reports = {entry.id: entry for _, entry in entries if isinstance(entry, Report)}
    followed: set[str] = set()
    for name in reports:
        circle = _find_circle(name, reports, followed)
        if circle:
            yield _tell_circle(circle, first[circle[0]])


def _find_circle(name: str, known: Mapping[str, Report], followed: set[str]) -> tuple[str, ...]:
    """The circle to which a report's copying leads, or nothing; where that led before is known.

    Every report is followed once, so that a long chain of copies takes no longer than its length.
    """
    trail: dict[str, None] = {}
    target: Any = name
    while target in known and not (target in trail or target in followed):
        trail[target] = None
        target = known[target].copy_of
    followed.update(trail)
    return tuple(trail)[list(trail).index(target) :] if target in trail else ()


def _tell_circle(circle: Sequence[str], at: Loc) -> Complaint:
    shown = quote(" -> ".join([*circle, circle[0]]))
    return (*at, "copy_of"), f"copies form no circle, got {shown}"


def check_copy(report: Report, known: Mapping[str, Report], at: Loc) -> Iterator[Complaint]:
    """An amended report, itself among the known, copies one of the log and forms no circle."""
    if report.copy_of is not None and report.copy_of not in known:
        got = f"{quote(report.copy_of)}{suggest(report.copy_of, known)}"
        yield (*at, "copy_of"), f"copy_of names a report of this log, got {got}"
    circle = _find_circle(report.id, known, set())
    if report.id in circle:
        yield _tell_circle(circle, at)


def check_amendment(amendment: Amendment, at: Loc) -> Iterator[Complaint]:
    """An amendment sets something, and leaves id and logged alone."""
    if not amendment.set:
        yield (*at, "set"), "an amendment sets one field at least, got none"
    for key in amendment.set:
        if key in FIXED:
            yield (*at, "set", key), f"{' and '.join(FIXED)} cannot be amended, got {quote(key)}"


def amended(report: Report, changes: Mapping[str, object]) -> dict[str, object]:
    """The report's fields as data, with whole fields replaced; one set to nothing is gone."""
    stated = {field: getattr(report, field) for field in report.model_fields_set}
    return {field: value for field, value in {**stated, **changes}.items() if value != ""}
