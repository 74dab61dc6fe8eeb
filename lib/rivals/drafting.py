"""Fields as an analyst gives them -> entries that hold in a log, or all that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rivals.entries import Amendment, Entry, Report, Retraction
from rivals.errors import Problem, QuestionError, quote, suggest
from rivals.evidence import logged_at
from rivals.logrules import amended, check_amendment, check_copy, check_references, check_report
from rivals.marked import Loc, compose_all
from rivals.rules import Complaint
from rivals.scenario import Dossier
from rivals.shape import AnyNoun, shape


@dataclass(frozen=True)
class Drafts:
    """Reports that hold, and what is wrong with which row, by its number."""

    reports: tuple[Report, ...]
    complaints: tuple[Complaint, ...]


def draft_reports(dossier: Dossier, rows: Sequence[Mapping[str, Any]]) -> Drafts:
    """Each row of fields as a report that could be logged after those before it."""
    complaints: list[Complaint] = []
    scale = dossier.scenario.settings.scale
    composed = [compose_all(row) for row in rows]
    shaped = [(i, shape(Report, row, (i,), scale, complaints)) for i, row in enumerate(composed)]
    held: list[tuple[Loc, Report]] = [((i,), report) for i, report in shaped if report is not None]
    for at, report in held:
        complaints.extend(_check(dossier, report, at))
    logged: list[tuple[Loc, Report]] = [
        (("reports", report.id), report) for report in dossier.reports()
    ]
    names = {report.id for _, report in logged} | {str(row.get("id")) for row in composed}

    def tell_place(at: Loc) -> str:
        place = dossier.places.get(".".join(map(str, at)))
        return f"; the first is at {place}" if place else ""

    found = check_references([*logged, *held], names, tell_place)
    complaints.extend((at, text) for at, text in found if isinstance(at[0], int))
    return Drafts(tuple(report for _, report in held), tuple(complaints))


def draft_retraction(dossier: Dossier, fields: Mapping[str, Any]) -> Retraction:
    """The entry that takes a report back; raises QuestionError for what breaks a rule."""
    complaints: list[Complaint] = []
    entry = _shape(dossier, Retraction, fields, complaints)
    report = _find(dossier, entry.retracts, "retracts")
    complaints.extend(_check_order(dossier, entry, report))
    name = report.id
    earlier = (e for e in dossier.log if isinstance(e, Retraction) and e.retracts == name)
    complaints.extend(
        (
            ("retracts",),
            f"a report is taken back once, got {quote(name)}, as on {e.logged}",
        )
        for e in earlier
    )
    _refuse(complaints, "retraction")
    return entry


def draft_amendment(dossier: Dossier, fields: Mapping[str, Any]) -> Amendment:
    """The entry that sets a report's fields anew; raises QuestionError for what breaks a rule."""
    complaints: list[Complaint] = []
    entry = _shape(dossier, Amendment, fields, complaints)
    report = _find(dossier, entry.amends, "amends")
    complaints.extend(check_amendment(entry, ()))
    complaints.extend(_check_order(dossier, entry, report))
    _refuse(complaints, "amendment")
    _refuse(_check_amended(dossier, entry), "amendment")
    return entry


def _shape(
    dossier: Dossier, noun: type[AnyNoun], fields: Mapping[str, Any], complaints: list[Complaint]
) -> AnyNoun:
    scale = dossier.scenario.settings.scale
    entry = shape(noun, compose_all(fields), (), scale, complaints)
    if entry is None:
        raise _refusal(complaints, noun.__name__.lower())
    return entry


def _find(dossier: Dossier, name: str, key: str) -> Report:
    known = {report.id: report for report in dossier.reports()}
    if name not in known:
        raise QuestionError(f"{key}: no report has the id {quote(name)}{suggest(name, known)}")
    return known[name]


def _check(dossier: Dossier, report: Report, at: Loc) -> Iterator[Complaint]:
    scenario = dossier.scenario
    variables, sources = scenario.variables, list(scenario.sources)
    return check_report(report, variables, list(variables), sources, at)


def _check_order(
    dossier: Dossier, entry: Retraction | Amendment, report: Report
) -> Iterator[Complaint]:
    """What is said of a report was not had before the report."""
    had = logged_at(report, _zone(dossier))
    if logged_at(entry, _zone(dossier)) < had:
        first = report.logged or report.published
        text = f"not before its report was logged ({first}), got {quote(str(entry.logged))}"
        yield ("logged",), text


def _check_amended(dossier: Dossier, entry: Amendment) -> list[Complaint]:
    """What breaks a rule in the report with this and all its other amendments, in their order."""
    complaints: list[Complaint] = []
    latest = {report.id: report for report in dossier.reports()}
    for one in _in_order((*dossier.log, entry), _zone(dossier)):
        if complaints:
            break
        data = amended(latest[one.amends], one.set)
        report = shape(Report, data, ("set",), dossier.scenario.settings.scale, complaints)
        if report is not None:
            complaints.extend(_check(dossier, report, ("set",)))
            latest[one.amends] = report
            complaints.extend(check_copy(report, latest, ("set",)))
    return complaints


def _in_order(log: Iterable[Entry], zone: ZoneInfo) -> list[Amendment]:
    """The amendments in the order in which they are applied."""

    def had(amendment: Amendment) -> datetime:
        return logged_at(amendment, zone)

    return sorted((entry for entry in log if isinstance(entry, Amendment)), key=had)


def _zone(dossier: Dossier) -> ZoneInfo:
    return ZoneInfo(dossier.scenario.settings.timezone)


def _refuse(complaints: Iterable[Complaint], what: str) -> None:
    listed = list(complaints)
    if listed:
        raise _refusal(listed, what)


def _refusal(complaints: Iterable[Complaint], what: str) -> QuestionError:
    return QuestionError(
        Problem(f"the {what}'s {'.'.join(map(str, at))}: {text}" if at else text)
        for at, text in complaints
    )


def sole_report(drafts: Drafts) -> Report:
    """The report of drafts of one row; raises QuestionError for what breaks a rule."""
    _refuse(((at[1:], text) for at, text in drafts.complaints), "report")
    return drafts.reports[0]


def stated_fields(report: Report) -> dict[str, Any]:
    """The fields of a report that were stated, as they are given to draft it again."""
    return {name: getattr(report, name) for name in report.model_fields_set}
