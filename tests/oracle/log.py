"""What counts of the log at a moment: section 4, "The log at moment D" and "What counts"."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from oracle.texts import several

SAYINGS = ("claims", "likelihood", "observes")


@dataclass(frozen=True)
class Weighed:
    """One report at the moment: its status, and on which variables what it says counts."""

    id: str
    fields: dict[str, Any]
    status: str  # counted | echo | background | retracted | left out
    counts: frozenset[str]

    @property
    def in_force(self) -> bool:
        """Neither retracted nor left out."""
        return self.status in ("counted", "echo", "background")


def instant(text: str, zone: str) -> datetime:
    """The moment that a day, a month or a time with offset means."""
    if "T" in text or ":" in text:
        moment = datetime.fromisoformat(text)
        assert moment.tzinfo is not None
        return moment
    year, month, *rest = (int(part) for part in text.split("-"))
    day = rest[0] if rest else calendar.monthrange(year, month)[1]
    return datetime.combine(date(year, month, day), time.max, ZoneInfo(zone))


def logged(entry: dict[str, Any], zone: str) -> datetime:
    """When we had an entry."""
    return instant(entry.get("logged", entry.get("published")), zone)


def says(report: dict[str, Any]) -> set[str]:
    """The variables that a report says something of."""
    return {variable for key in SAYINGS for variable in report.get(key, {})}


def origins(report: dict[str, Any]) -> set[str]:
    """What a report goes back to."""
    return set(several(report.get("origin", report["id"])))


def weigh_log(
    log: list[dict[str, Any]], zone: str, as_of: str | None, without: Iterable[str]
) -> list[Weighed]:
    """Every report logged by the moment, in order."""
    end = instant(as_of, zone) if as_of else None
    known = [entry for entry in log if end is None or logged(entry, zone) <= end]
    known.sort(key=lambda entry: logged(entry, zone))
    reports = {entry["id"]: dict(entry) for entry in known if "id" in entry}
    for entry in known:
        if "amends" in entry:
            reports[entry["amends"]].update(entry["set"])
    retracted = {entry["retracts"] for entry in known if "retracts" in entry}

    settled: set[tuple[str, str]] = set()
    weighed = []
    for name, report in reports.items():
        counts = _what_counts(report, settled)
        status = _status(report, counts)
        if _left_out(report, without):
            status = "left out"
        if name in retracted:
            status = "retracted"
        weighed.append(Weighed(name, report, status, frozenset(counts)))
    return weighed


def _what_counts(report: dict[str, Any], settled: set[tuple[str, str]]) -> set[str]:
    """The variables on which a report counts; adds what it settles."""
    if report.get("status") == "draft":
        return set()
    observed = set(report.get("observes", {}))
    if "copy_of" in report:
        return observed
    counts = {
        variable
        for variable in says(report)
        if variable in observed or not any((o, variable) in settled for o in origins(report))
    }
    settled.update((o, variable) for o in origins(report) for variable in says(report))
    return counts


def _status(report: dict[str, Any], counts: set[str]) -> str:
    if counts:
        return "counted"
    if says(report) and report.get("status") != "draft":
        return "echo"
    return "background"


def _left_out(report: dict[str, Any], without: Iterable[str]) -> bool:
    names = {report["id"], f"source:{report['source']}"}
    names |= {f"origin:{origin}" for origin in origins(report)}
    return bool(names & set(without))
