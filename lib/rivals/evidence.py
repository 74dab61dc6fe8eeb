"""The log at a moment -> what counts: who echoes whom, what was amended or taken back.

Design, section 4. What counts is settled on the whole log of the moment, before retractions and
what-ifs, so that discrediting a report never lets its repetitions take its place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from rivals.entries import Amendment, Entry, Report, Retraction
from rivals.errors import QuestionError, quote, suggest
from rivals.logrules import amended
from rivals.moments import When
from rivals.scenario import Dossier
from rivals.silence import Silence, fall_silent

COUNTED, ECHO, COPY, BACKGROUND = "counted", "echo", "copy", "background"
DRAFT, RETRACTED, LEFT_OUT = "draft", "retracted", "left out"


@dataclass(frozen=True)
class Standing:
    """A report as it stands at the moment, and what of it counts.

    `counts` are the variables of which it is heard; `repeats` is, for each variable of which it
    is not, the report that settled it; `origins` are its own, or for a copy that names none those
    of what it copies.
    """

    report: Report
    logged: datetime
    status: str
    origins: tuple[str, ...]
    counts: tuple[str, ...] = ()
    repeats: Mapping[str, str] = field(default_factory=dict)
    drift: tuple[str, ...] = ()
    addition: tuple[str, ...] = ()

    @property
    def in_force(self) -> bool:
        """Neither retracted nor left out."""
        return self.status not in (RETRACTED, LEFT_OUT)

    @property
    def weighs(self) -> bool:
        """In force, and something in it counts."""
        return self.status == COUNTED


@dataclass(frozen=True)
class Evidence:
    """Every report logged by the moment, in order; and what had been expected by then.

    moment: in UTC; without one named, when the last entry that may be shown was logged; None
    without any.
    """

    standings: tuple[Standing, ...]
    silences: tuple[Silence, ...] = ()
    moment: datetime | None = None

    @property
    def in_force(self) -> tuple[Standing, ...]:
        """The reports that are neither retracted nor left out."""
        return tuple(s for s in self.standings if s.in_force)

    @property
    def counted(self) -> tuple[Standing, ...]:
        """The reports in force in which something counts."""
        return tuple(s for s in self.standings if s.weighs)


def weigh_up(dossier: Dossier, as_of: When | None, without: Collection[str] = ()) -> Evidence:
    """What counts at a moment, the named reports, origins and sources left out.

    Raises QuestionError for a name that the whole log does not know.
    """
    zone = ZoneInfo(dossier.scenario.settings.timezone)
    entries = _logged_by(dossier.log, zone, as_of)
    reports = _amend(entries, dossier.scenario.settings.scale)
    retracted = {e.retracts for _, e in entries if isinstance(e, Retraction)}
    settled = list(_settle(reports))
    left_out = set(_left_out(dossier, settled, without))
    told = {id(entry) for entry in dossier.shown}
    last = next((at for at, entry in reversed(entries) if id(entry) in told), None)
    moment = as_of.end(zone) if as_of else last
    judged = [_judge(s, retracted, left_out) for s in settled]
    silences = fall_silent(dossier.scenario, moment)
    return Evidence(tuple(_withhold(judged, dossier.withheld)), silences, moment)


WITHHELD = "a withheld report"
"""What a withheld report is called where another one repeats it."""


def _withhold(standings: Iterable[Standing], withheld: Collection[str]) -> Iterator[Standing]:
    """Those that may be shown, telling of the others only that there is one that they repeat."""
    listed = list(standings)
    shown = [s for s in listed if s.report.id not in withheld]
    told = {origin for s in shown for origin in own_origins(s.report)}
    theirs = {o for s in listed if s.report.id in withheld for o in own_origins(s.report)}
    hidden = (theirs - told) | set(withheld)
    for standing in shown:
        yield _hush(standing, withheld, hidden) if withheld else standing


def _hush(standing: Standing, withheld: Collection[str], hidden: Collection[str]) -> Standing:
    """A standing in which withheld reports have no name, and nothing of what they said.

    `hidden` are names of origins that would tell of one.
    """
    report, silent = standing.report, {v for v, r in standing.repeats.items() if r in withheld}
    own = report.origin and _rename(report.origin, hidden)
    copied = WITHHELD if report.copy_of in withheld else report.copy_of
    if (own, copied) != (report.origin, report.copy_of):
        report = report.model_copy(update={"origin": own, "copy_of": copied})
    return replace(
        standing,
        report=report,
        origins=_rename(standing.origins, hidden),
        repeats={v: WITHHELD if v in silent else r for v, r in standing.repeats.items()},
        drift=tuple(said for said in standing.drift if said.partition("=")[0] not in silent),
        addition=tuple(said for said in standing.addition if said.partition("=")[0] not in silent),
    )


def _rename(origins: Iterable[str], hidden: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(WITHHELD if o in hidden else o for o in origins))


def _logged_by(
    log: Iterable[Entry], zone: ZoneInfo, as_of: When | None
) -> list[tuple[datetime, Entry]]:
    limit = as_of.end(zone) if as_of else None
    dated = [(logged_at(entry, zone), entry) for entry in log]
    return sorted(
        (pair for pair in dated if limit is None or pair[0] <= limit), key=lambda pair: pair[0]
    )


def logged_at(entry: Entry, zone: ZoneInfo) -> datetime:
    """The moment at which an entry was had, in UTC."""
    when = entry.logged or entry.published if isinstance(entry, Report) else entry.logged
    return when.end(zone)


def _amend(entries: list[tuple[datetime, Entry]], scale: str) -> list[tuple[datetime, Report]]:
    """The reports with amendments applied, each in its own place."""
    latest = {e.id: e for _, e in entries if isinstance(e, Report)}
    for _, entry in entries:
        if isinstance(entry, Amendment) and entry.amends in latest:
            data = amended(latest[entry.amends], entry.set)
            latest[entry.amends] = Report.model_validate(data, context={"scale": scale})
    return [(at, latest[e.id]) for at, e in entries if isinstance(e, Report)]


def _settle(reports: list[tuple[datetime, Report]]) -> Iterator[Standing]:
    """What each report would be, were none retracted or left out."""
    said: dict[tuple[str, str], str] = {}
    by_id = {report.id: report for _, report in reports}
    traced: dict[str, tuple[str, ...]] = {}
    for at, report in reports:
        origins = own_origins(report)
        silent = report.status == "draft"
        repeats = {} if silent else _repeated(report, origins, said)
        counts = () if silent else tuple(v for v in report.bears_on if v not in repeats)
        if not silent and report.copy_of is None:
            for variable in report.bears_on:
                for origin in origins:
                    said.setdefault((origin, variable), report.id)
        drift, addition = _compare(report, repeats, by_id) if not silent else ((), ())
        status = DRAFT if silent else _status(report, counts)
        own = _trace(report, by_id, traced)
        yield Standing(report, at, status, own, counts, repeats, drift, addition)


def _trace(
    report: Report, by_id: Mapping[str, Report], traced: dict[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """The report's own origins; a copy without any takes over those of what it copies.

    What is found is kept, so that a long chain of copies is followed once.
    """
    way = [report]
    while report.id not in traced and report.origin is None:
        copied = by_id.get(report.copy_of or "")
        if copied is None:
            break
        report = copied  # it ends: reading refuses circles, amended ones too
        way.append(report)
    found = traced.get(report.id) or own_origins(report)
    traced.update((one.id, found) for one in way)
    return found


def own_origins(report: Report) -> tuple[str, ...]:
    """What a report says that it goes back to; without a word, itself."""
    return report.origin or (report.id,)


def _repeated(
    report: Report, origins: tuple[str, ...], said: Mapping[tuple[str, str], str]
) -> dict[str, str]:
    """The variables of which a report is not heard, with the report that settled each."""
    repeats = {}
    for variable in (*report.claims, *report.likelihood):
        earlier = next((said[o, variable] for o in origins if (o, variable) in said), None)
        if report.copy_of is not None:
            repeats[variable] = report.copy_of
        elif earlier is not None:
            repeats[variable] = earlier
    return repeats


def _status(report: Report, counts: tuple[str, ...]) -> str:
    if counts:
        return COUNTED
    if not report.bears_on:
        return BACKGROUND
    return COPY if report.copy_of is not None else ECHO


def _compare(
    report: Report, repeats: Mapping[str, str], by_id: Mapping[str, Report]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Claims of a repetition that contradict what it repeats, and those that go beyond it."""
    drift, addition = [], []
    for variable, earlier in repeats.items():
        here = set(report.claims.get(variable, ()))
        there = _said(by_id[earlier], variable) if earlier in by_id else set()
        said = f"{variable}={'|'.join(report.claims.get(variable, ()))}"
        if here and there and not here & there:
            drift.append(said)
        elif here and (not there or here < there):
            addition.append(said)
    return tuple(drift), tuple(addition)


def _said(report: Report, variable: str) -> set[str]:
    """The states that a report claims or observes of a variable."""
    observed = report.observes.get(variable)
    return {observed} if observed else set(report.claims.get(variable, ()))


def _left_out(
    dossier: Dossier, settled: Iterable[Standing], without: Collection[str]
) -> Iterator[str]:
    """The ids that `without` names, one by one or through an origin or a source."""
    standings = list(settled)
    known = {s.report.id for s in standings} | {r.id for r in dossier.reports()}
    for name in without:
        kind, colon, rest = name.partition(":")
        if not colon:
            if name not in known:
                raise QuestionError(f"no report has the id {quote(name)}{suggest(name, known)}")
            yield name
        elif kind == "source":
            if rest not in dossier.scenario.sources:
                hint = suggest(rest, dossier.scenario.sources)
                raise QuestionError(f"no source is called {quote(rest)}{hint}")
            yield from (s.report.id for s in standings if s.report.source == rest)
        elif kind == "origin":
            origins = {o for r in dossier.reports() for o in own_origins(r)}
            origins |= {o for s in standings for o in own_origins(s.report)}
            if rest not in origins:
                raise QuestionError(f"no origin is called {quote(rest)}{suggest(rest, origins)}")
            yield from (s.report.id for s in standings if rest in own_origins(s.report))
        else:
            raise QuestionError(
                f"what is left out is an id, origin:NAME or source:NAME, got {quote(name)}"
            )


def _judge(settled: Standing, retracted: Collection[str], left_out: Collection[str]) -> Standing:
    if settled.report.id in retracted:
        return replace(settled, status=RETRACTED)
    return replace(settled, status=LEFT_OUT) if settled.report.id in left_out else settled
