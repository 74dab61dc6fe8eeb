"""One analyst's file -> what it puts otherwise, applied to the two files and read anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from rivals.docket import Docket, first_of, path_of
from rivals.errors import Problem, quote
from rivals.fields import check_name
from rivals.marked import Loc, Marked
from rivals.overriding import (
    Override,
    apply,
    apply_coding,
    check_apart,
    distribution_of,
    sort_parts,
)
from rivals.paths import Known
from rivals.reading import compose, load_marked
from rivals.rules import Complaint
from rivals.scenario import Dossier, Files, Place
from rivals.shape import expect_mapping
from rivals.words import parse_number

FOLDER, ENDING = "analysts", ".yaml"
HOUSE = "house"
"""What the judgements of the scenario's own files are called among the analysts'."""

LIMIT = 1_000
"""How many things an analyst may put otherwise."""

RESERVED = ("name", "weight", "why")


@dataclass(frozen=True)
class Analyst:
    """Somebody who judges some things otherwise, and the dossier as they see it."""

    name: str
    label: str
    weight: float
    why: str
    overrides: tuple[Override, ...]
    dossier: Dossier


@dataclass
class Desk:
    """Where an analyst's file lies while it is read."""

    path: Path
    house: Dossier
    marked: Marked = field(default_factory=Marked)
    complaints: Docket = field(default_factory=Docket)
    overrides: list[Override] = field(default_factory=list)

    @property
    def file(self) -> str:
        """The file as places name it."""
        return f"{FOLDER}/{self.path.name}"

    def read(self) -> Analyst | None:
        """The analyst; None where there is a problem."""
        self.marked = load_marked(self.path)
        if self.marked.problems and self.marked.data is None:
            return None
        data = self.marked.data
        data = expect_mapping({} if data in (None, "") else data, (), self.complaints)
        name, weight = self._read_name(), self._read_weight(data.get("weight", "1"))
        label, why = (self._read_text(data, key) for key in ("name", "why"))
        self._read_overrides({k: v for k, v in data.items() if k not in RESERVED})
        dossier = self._apply(name)
        if self.complaints or self.marked.problems or dossier is None:
            return None
        return Analyst(name, label or name, weight, why, tuple(self.overrides), dossier)

    def problems(self) -> list[Problem]:
        """Everything that is wrong, in the order of the lines."""
        told = ((self.marked.line(at), text) for at, text in self.complaints)
        found = sorted({*self.marked.problems, *told})
        return first_of([Problem(text, str(self.path), line) for line, text in found], self.path)

    def _read_name(self) -> str:
        name = self.path.name.removesuffix(ENDING)
        try:
            check_name(name)
        except ValueError as error:
            self.complaints.append(((), f"the file's name is the analyst's: {error}"))
        if name == HOUSE:
            self.complaints.append(
                ((), f"{quote(HOUSE)} is what the scenario's own judgements are called")
            )
        return name

    def _read_text(self, data: Mapping[str, Any], key: str) -> str:
        text = data.get(key, "")
        if not isinstance(text, str):
            self.complaints.append(((key,), f"{key}: text was expected, got {_kind(text)}"))
            return ""
        return text

    def _read_weight(self, text: Any) -> float:
        try:
            return parse_weight(text)
        except ValueError as error:
            self.complaints.append((("weight",), f"weight: {error}"))
            return 1.0

    def _read_overrides(self, data: Mapping[str, Any]) -> None:
        if len(data) > LIMIT:
            text = f"an analyst puts {LIMIT:,} things otherwise at most, got {len(data):,}"
            self.complaints.append(((), text))
            return
        ids = tuple(report.id for report in self._file_reports())
        known = Known(self.house.scenario, ids)
        for path, said in data.items():
            loc, wrong = known.find(path)
            wrapped = isinstance(said, Mapping) and said and set(said) <= {"value", "why"}
            value, why = (said.get("value", ""), said.get("why", "")) if wrapped else (said, "")
            within = (path, "value") if wrapped and "value" in said else (path,)
            if wrapped and "value" not in said:
                wrong = wrong or "'value' is missing beside 'why'"
            if not isinstance(why, str):
                wrong = wrong or f"why: text was expected, got {_kind(why)}"
            if value == "" and loc and not _may_be_empty(loc):
                wrong = wrong or "a value is missing; nothing stands here"
            if wrong:
                self.complaints.append(((path,), f"{path}: {wrong}"))
                continue
            place = Place(self.file, self.marked.line(within), self.marked.text(within))
            self.overrides.append(Override(path, loc, value, why, place, within))
        self.overrides = sort_parts(self.overrides, self.house.scenario)
        self.complaints.extend(check_apart(self.overrides))

    def _file_reports(self) -> Iterator[Any]:
        """The reports that stand in the file, tried ones left out."""
        assert self.house.files is not None  # it has a folder
        raw = self.house.files.log.data or ()
        return (entry for entry in self.house.log[: len(raw)] if hasattr(entry, "id"))

    def _apply(self, name: str) -> Dossier | None:
        """The dossier with all that is put otherwise; None where that breaks a rule."""
        files = self.house.files
        assert files is not None  # it has a folder
        raw = files.log.data or []
        rows = {entry["id"]: i for i, entry in enumerate(raw) if "id" in entry}
        judged = [one for one in self.overrides if not one.is_coding]
        coded = [one for one in self.overrides if one.is_coding]
        scenario = apply(judged, files.scenario.data, self.house.scenario)
        scenario = _give_reasons(scenario, name, judged)
        log = apply_coding(coded, raw, rows)
        found = compose(Files(Marked(scenario), Marked(log)))
        self._blame(found.wrong_scenario, judged, lambda at: at)
        self._blame(found.wrong_log, coded, partial(_in_log, log=log))
        if found.scenario is None:
            return None
        entries = (*found.log, *self.house.log[len(raw) :])
        places = self._places()
        return replace(
            self.house, scenario=found.scenario, log=entries, places=places, analyst=name
        )

    def _blame(self, wrong: Iterable[Complaint], overrides: Sequence[Override], place: Any) -> None:
        """Each breach of a rule on the line of what is put otherwise nearest to it."""
        for at, text in wrong:
            loc = place(at)
            nearest = max(overrides, key=partial(_nearness, loc, text))
            within = (*nearest.within, *loc[len(nearest.loc) :])
            self.complaints.append((within, f"{path_of(loc)}: {text}"))

    def _places(self) -> dict[str, Place]:
        """Where everything is stated: in the analyst's file, what it puts otherwise."""
        places = {**self.house.places, **dict(self._moved_along())}
        for one in self.overrides:
            below = [p for p in places if p.startswith((f"{one.path}.", f"{one.path}["))]
            for path in below:
                del places[path]
            places[one.path] = one.place
            for loc in self.marked.lines:
                if loc[: len(one.within)] == one.within:
                    path = path_of((*one.loc, *loc[len(one.within) :]))
                    line = self.marked.line(loc)
                    places[path] = Place(self.file, line, self.marked.text(loc))
        return places

    def _moved_along(self) -> Iterator[tuple[str, Place]]:
        """The other states of a distribution of which one was moved, on the line that moves it."""
        variables = self.house.scenario.variables
        for one in self.overrides:
            whole = distribution_of(one.loc, self.house.scenario)
            for state in variables[str(whole[1])].states if whole else ():
                along = Place(self.file, one.place.line, f"moved with {one.loc[-1]}")
                yield path_of((*whole, state)), along


def _may_be_empty(loc: Loc) -> bool:
    """Whether to say nothing there takes something away: a field, an interest, a cause."""
    if loc[0] == "reports" or "interest" in loc[2:3]:
        return True
    return loc[0] == "variables" and (
        loc[2:] == ("chatter",) or (len(loc), loc[-2]) == (5, "causes")
    )


def _give_reasons(data: Any, name: str, overrides: Sequence[Override]) -> Any:
    """The data with the analyst's reasons before those of the file, by variable and source."""
    for section, owner in dict.fromkeys(one.loc[:2] for one in overrides):
        if section not in ("variables", "sources"):
            continue
        mine = [one for one in overrides if one.loc[:2] == (section, owner)]
        reasons = ((one, one.why.rstrip(". ") or "no reason is given") for one in mine)
        told = "; ".join(f"{name} on {path_of(one.loc[2:])}: {why}" for one, why in reasons)
        noun = dict(data[section][owner])
        stated = noun.get("why", "")
        noun["why"] = f"{told}. The file: {stated}" if stated else told
        data = {**data, section: {**data[section], owner: noun}}
    return data


def _in_log(at: Loc, log: Sequence[Mapping[str, Any]]) -> Loc:
    """A place in the log as a name has it: by the id of the report, amended or not."""
    entry = log[int(at[0])]
    inside = at[2:] if "amends" in entry and at[1:2] == ("set",) else at[1:]
    return ("reports", str(entry.get("id", entry.get("amends", ""))), *inside)


def _nearness(at: Loc, text: str, one: Override) -> tuple[int, bool]:
    """How many steps what is put otherwise shares with a complaint; then, whether it is named."""
    pairs = zip(one.loc, at, strict=False)
    shared = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one.loc), len(at)))
    return shared, str(one.loc[1]) in text  # a circle is told at one of those that form it


def _kind(value: Any) -> str:
    return "a mapping" if isinstance(value, Mapping) else "a list"


def parse_weight(text: object) -> float:
    """A weight in a pool: 0 or more; raises ValueError for anything else."""
    if not isinstance(text, str):
        raise ValueError("a number was expected, got a list or a mapping")
    value = parse_number(text)
    if value < 0:
        raise ValueError(f"a weight is 0 or more, got {quote(text)}")
    return value
