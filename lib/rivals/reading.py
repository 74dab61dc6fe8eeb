"""A folder with scenario.yaml and reports.yaml -> a Dossier, or every problem at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rivals.docket import Docket, locate, path_of
from rivals.entries import Amendment, Entry, Report, Retraction
from rivals.errors import Problem, ReadingError
from rivals.fields import number_list
from rivals.logrules import amended, check_amendment, check_copy, check_references, check_report
from rivals.marked import Loc, Marked, parse_bytes
from rivals.rules import (
    Complaint,
    check_claim,
    check_claims,
    check_expected,
    check_keys,
    check_sources,
    check_variables,
    step_to,
)
from rivals.scenario import (
    Dossier,
    Effect,
    Expected,
    Files,
    Hypothesis,
    Labelled,
    Outcome,
    Place,
    Scenario,
    Settings,
    Source,
)
from rivals.shape import AnyNoun, expect_list, expect_mapping, shape
from rivals.variables import Variable
from rivals.words import SCALES

SCENARIO_FILE, LOG_FILE = "scenario.yaml", "reports.yaml"
SIZE_LIMIT = 8_000_000
"""How many bytes a file may have, but for a log."""

LOG_LIMIT = 64_000_000
"""How many bytes a log may have: 100,000 reports with their summaries."""

SECTION_LIMIT = 2_000
"""How many variables there may be, how many sources, hypotheses and so on."""

_SECTIONS: dict[str, type[Labelled | Variable | Source]] = {
    "effects": Effect,
    "hypotheses": Hypothesis,
    "outcomes": Outcome,
    "expected": Expected,
    "variables": Variable,
    "sources": Source,
}


def read_dossier(folder: str | Path, log: Marked | None = None) -> Dossier:
    """Read a scenario's folder; raises ReadingError with every problem of its files.

    A missing reports.yaml is an empty log; `log` is the log for who has read it already.
    """
    root = Path(folder)
    if not _is_folder(root):
        raise ReadingError([Problem("a scenario is a folder; there is none here", str(folder))])
    scenario_path, log_path = root / SCENARIO_FILE, root / LOG_FILE
    there = log_path.exists() or log_path.is_symlink()
    files = Files(
        load_marked(scenario_path),
        log or (load_marked(log_path, LOG_LIMIT) if there else Marked(data=[])),
    )
    found = compose(files)
    problems = locate(files.scenario, found.wrong_scenario, scenario_path)
    problems += locate(files.log, found.wrong_log, log_path)
    if problems or found.scenario is None:
        raise ReadingError(problems)
    name = root.resolve().name
    return Dossier(name, found.scenario, found.log, place_all(files), str(folder), files)


@dataclass(frozen=True)
class Composed:
    """What two files come to: nouns that hold, and complaints about what does not."""

    scenario: Scenario | None
    log: tuple[Entry, ...]
    wrong_scenario: Docket
    wrong_log: Docket


def compose(files: Files) -> Composed:
    """The nouns of both files, held to every rule; what breaks one is among the complaints."""
    desk = _Desk(files.scenario)
    desk.read_scenario()
    log = _LogDesk(files.log, desk)
    log.read_entries()
    return Composed(desk.scenario, tuple(log.entries), desk.complaints, log.complaints)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def load_marked(path: Path, limit: int = SIZE_LIMIT) -> Marked:
    """One file as marked data; one that cannot be read at all has a problem and no data."""
    try:
        size = path.stat().st_size
        if size > limit:
            return Marked(problems=[(1, f"a file has {limit:,} bytes at most, got {size:,}")])
        return parse_bytes(path.read_bytes())
    except OSError as error:
        return Marked(problems=[(0, f"cannot be read: {error.strerror}")])


@dataclass
class _Desk:
    """Where scenario.yaml lies while it is read: nouns that hold, complaints about the rest."""

    marked: Marked
    complaints: Docket = field(default_factory=Docket)
    scenario: Scenario | None = None
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, None]] = field(default_factory=dict)
    scale: str = "icd203"
    scales: tuple[str, ...] = tuple(SCALES)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def read_scenario(self) -> None:
        data = self.marked.data
        if self.marked.problems and data is None:
            return
        data = expect_mapping({} if data is None else data, (), self.complaints)
        settings = shape(
            Settings, data.get("settings", {}), ("settings",), self.scale, self.complaints
        )
        if settings:
            self.scale, self.scales = settings.scale, (settings.scale,)
            self.zone = ZoneInfo(settings.timezone)
        raw = {key: self._section(key, data[key]) for key in _SECTIONS if key in data}
        self.names = {key: dict.fromkeys(raw.get(key, ())) for key in _SECTIONS}
        self.parts = {key: self._shape_section(key, raw.get(key, {})) for key in _SECTIONS}
        self._check_rules(data)
        rest = {key: value for key, value in data.items() if key not in (*_SECTIONS, "settings")}
        whole = {**rest, **{key: self.parts[key] for key in raw}, "settings": settings or {}}
        self.scenario = shape(Scenario, whole, (), self.scale, self.complaints)
        self._check_implications()

    def _section(self, key: str, data: object) -> Mapping[str, Any]:
        """A section's nouns as plain data by name; what is expected may also be a list."""
        if key != "expected" or not isinstance(data, list):
            found = expect_mapping(data, (key,), self.complaints)
            self.complaints.extend(check_keys(found, (key,)) if key == "expected" else ())
            return found
        return expect_mapping(number_list(data), (key,), self.complaints)

    def _shape_section(self, key: str, raw: Mapping[str, Any]) -> dict[str, Any]:
        nouns: dict[str, Any] = {}
        if len(raw) > SECTION_LIMIT:
            text = f"a section has {SECTION_LIMIT:,} entries at most, got {len(raw):,}"
            self.complaints.append(((key,), text))
            return nouns
        for name, data in raw.items():
            if self.complaints.full:
                break
            noun = shape(_SECTIONS[key], data, (key, step_to(name)), self.scale, self.complaints)
            if noun is not None:
                nouns[name] = noun
        return nouns

    def _check_rules(self, data: Mapping[str, Any]) -> None:
        variables, names = self.parts["variables"], self.names["variables"]
        self.complaints.extend(check_variables(variables, names))
        for section in ("effects", "hypotheses", "outcomes"):
            self.complaints.extend(check_claims(section, self.parts[section], variables, names))
        self.complaints.extend(check_sources(self.parts["sources"], variables, names))
        expected = self.parts["expected"]
        self.complaints.extend(check_expected(expected, variables, names, self.zone))
        hypotheses = list(self.names["hypotheses"])
        if "hypotheses" in data and len(hypotheses) < 2:
            self.complaints.append(
                (
                    ("hypotheses",),
                    f"two rival hypotheses at least are needed, got {len(hypotheses)}",
                )
            )

    def _check_implications(self) -> None:
        for i, implication in enumerate(self.scenario.implications if self.scenario else ()):
            at: Loc = ("implications", i, "rests_on")
            variables, names = self.parts["variables"], self.names["variables"]
            self.complaints.extend(check_claim(implication.rests_on, variables, at, names))


@dataclass
class _LogDesk:
    """Where reports.yaml lies while it is read."""

    marked: Marked
    desk: _Desk
    complaints: Docket = field(default_factory=Docket)
    entries: list[Entry] = field(default_factory=list)

    def read_entries(self) -> None:
        data = self.marked.data
        listed = expect_list([] if data in (None, "") else data, (), self.complaints)
        shaped: list[tuple[Loc, Entry | None]] = []
        for i, raw in enumerate(listed):
            if self.complaints.full:
                return
            shaped.append(((i,), self._shape_entry(i, raw)))
        placed = [(at, entry) for at, entry in shaped if entry is not None]
        ids = (raw.get("id") for raw in listed if isinstance(raw, dict))
        known = dict.fromkeys(one for one in ids if isinstance(one, str))
        self.complaints.extend(check_references(placed, known, self._tell_place))
        for at, entry in placed:
            if isinstance(entry, Report):
                self._check(entry, at)
        self._check_amendments(placed)
        self.entries = [entry for _, entry in placed]

    def _tell_place(self, at: Loc) -> str:
        return f"; the first is on line {self.marked.line(at)}"

    def _shape_entry(self, i: int, raw: object) -> Entry | None:
        keys = raw if isinstance(raw, Mapping) else {}
        noun: type[Report | Retraction | Amendment] = (
            Retraction if "retracts" in keys else Amendment if "amends" in keys else Report
        )
        return self._shape(noun, raw, (i,))

    def _shape(self, noun: type[AnyNoun], raw: object, at: Loc) -> AnyNoun | None:
        """The noun; in words of any scale where scenario.yaml does not tell which."""
        wrong: list[Complaint] = []
        for scale in self.desk.scales:
            here: list[Complaint] = []
            found = shape(noun, raw, at, scale, here)
            if found is not None:
                return found
            wrong = wrong or here
        self.complaints.extend(wrong)
        return None

    def _check(self, report: Report, at: Loc) -> None:
        variables = self.desk.parts.get("variables", {})
        if self.desk.scenario is None and not variables:
            return
        names, sources = self.desk.names["variables"], self.desk.names["sources"]
        self.complaints.extend(check_report(report, variables, names, sources, at))

    def _check_amendments(self, placed: Sequence[tuple[Loc, Entry]]) -> None:
        latest = {e.id: e for _, e in placed if isinstance(e, Report)}
        for at, entry in self._in_order(placed):
            wrong = list(check_amendment(entry, at))
            self.complaints.extend(wrong)
            if wrong or entry.amends not in latest:
                continue
            data = amended(latest[entry.amends], entry.set)
            report = self._shape(Report, data, (*at, "set"))
            if report is not None:
                self._check(report, (*at, "set"))
                latest[entry.amends] = report
                if "copy_of" in entry.set:
                    self.complaints.extend(check_copy(report, latest, (*at, "set")))

    def _in_order(self, placed: Sequence[tuple[Loc, Entry]]) -> list[tuple[Loc, Amendment]]:
        """The amendments in the order in which they are applied."""
        scenario = self.desk.scenario
        zone = ZoneInfo(scenario.settings.timezone if scenario else "UTC")
        amendments = [(at, entry) for at, entry in placed if isinstance(entry, Amendment)]
        return sorted(amendments, key=lambda pair: pair[1].logged.end(zone))


def place_all(files: Files) -> dict[str, Place]:
    """Where each value of scenario.yaml and each report stands, by its path."""
    return {**_places(files.scenario, SCENARIO_FILE), **_report_places(files.log)}


def _places(marked: Marked, file: str) -> dict[str, Place]:
    return {path_of(loc): Place(file, line, marked.text(loc)) for loc, line in marked.lines.items()}


def _report_places(marked: Marked) -> dict[str, Place]:
    places = {}
    for i, entry in enumerate(marked.data or ()):
        name = f"reports.{entry['id']}" if "id" in entry else f"reports[{i}]"
        places[name] = Place(LOG_FILE, marked.line((i,)))
    return places
