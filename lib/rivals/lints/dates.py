"""Dates in an order that they cannot have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from rivals.codes import find_code
from rivals.entries import Entry, Report, Retraction
from rivals.evidence import logged_at, weigh_up
from rivals.lints.finding import Finding
from rivals.premises import Premises

DATES = find_code("dates")


def find_disorder(premises: Premises) -> Iterator[Finding]:
    """Entries and outcomes whose dates contradict each other."""
    log = [
        (_path(i, e), e, logged_at(e, premises.zone)) for i, e in enumerate(premises.dossier.log)
    ]
    yield from _logged_before_published(premises)
    for (_, above, earlier), (path, entry, at) in pairwise(log):
        if at < earlier:
            text = (
                f"logged {_logged(entry)}, below an entry logged {_logged(above)}; the log is in "
                f"the order in which things were had"
            )
            yield Finding(DATES, path, text)
    yield from _before_they_were_had(log)
    if log:
        yield from _known_before(premises, min(at for *_, at in log))


def _path(i: int, entry: Entry) -> str:
    return f"reports.{entry.id}" if isinstance(entry, Report) else f"reports[{i}]"


def _logged(entry: Entry) -> str:
    return str(entry.logged or entry.published if isinstance(entry, Report) else entry.logged)


def _logged_before_published(premises: Premises) -> Iterator[Finding]:
    """Reports, as amended, that were had before they were published."""
    for report in (s.report for s in weigh_up(premises.dossier, None).standings):
        published = report.published.start(premises.zone)
        if report.logged is not None and report.logged.end(premises.zone) < published:
            text = f"logged {report.logged}, before it was published on {report.published}"
            yield Finding(DATES, f"reports.{report.id}", text)


def _before_they_were_had(log: list[tuple[str, Entry, datetime]]) -> Iterator[Finding]:
    had = {entry.id: at for _, entry, at in log if isinstance(entry, Report)}
    for path, entry, at in log:
        if isinstance(entry, Report):
            continue
        target = entry.retracts if isinstance(entry, Retraction) else entry.amends
        if at < had.get(target, at):
            done = "taken back" if isinstance(entry, Retraction) else "put right"
            yield Finding(
                DATES, path, f"{target} is {done} on {entry.logged}, before it was logged"
            )


def _known_before(premises: Premises, first: datetime) -> Iterator[Finding]:
    """Outcomes that are due or resolved before anything was logged: nothing foretold them."""
    begins = first.astimezone(premises.zone).date()
    for name, outcome in premises.scenario.outcomes.items():
        for key, when in (("by", outcome.by), ("resolved_on", outcome.resolved_on)):
            if when is not None and when.end(premises.zone) < first:
                text = f"{key} is {when}, and the log begins on {begins}: no belief came before it"
                yield Finding(DATES, f"outcomes.{name}.{key}", text)
