"""What an analyst puts otherwise, applied to the data of the files as if it stood there.

Of a distribution whose states are moved one by one, the others keep the ratios in which they stood.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from rivals.entries import Amendment
from rivals.evidence import logged_at
from rivals.fields import Distribution
from rivals.judgements import complete
from rivals.marked import Loc
from rivals.moments import When
from rivals.rules import Complaint
from rivals.scenario import Dossier, Place, Scenario
from rivals.variables import GATES, Variable
from rivals.words import parse_probability


@dataclass(frozen=True)
class Override:
    """One thing that an analyst puts otherwise: its name, its place in the data, what is written.

    `within` is where it stands in the analyst's own file.
    """

    path: str
    loc: Loc
    value: Any
    why: str
    place: Place
    within: Loc = ()

    @property
    def is_coding(self) -> bool:
        """Whether it is about how a report is read, rather than a judgement."""
        return self.loc[0] == "reports"

    @property
    def written(self) -> str:
        """What is written, on one line."""
        return write_flow(self.value)


def write_flow(value: Any) -> str:
    """Plain data as YAML on one line, for reading.

    >>> write_flow({"yes": "0.2", "parts": ["a", "b"]}), write_flow("")
    ('{yes: 0.2, parts: [a, b]}', 'nothing')
    """
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{k}: {write_flow(v)}' for k, v in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(write_flow, value))}]"
    return str(value) if value != "" else "nothing"


def check_apart(overrides: Sequence[Override]) -> Iterator[Complaint]:
    """Nothing is given twice, whole and in part, or in two ways of which there is only one."""
    for n, one in enumerate(overrides):
        for other in overrides[:n]:
            short, long = sorted((one.loc, other.loc), key=len)
            if long[: len(short)] == short or _excludes(one.loc, other.loc):
                yield (
                    one.within,
                    f"{one.path}: a thing is put otherwise once; {other.path} on line "
                    f"{other.place.line} already does it",
                )


def _excludes(one: Loc, other: Loc) -> bool:
    """Whether both say what a variable's table is, or how reliable a source, in different ways."""
    return one[:2] == other[:2] and other[2] in other_ways(one)


def _ways(section: str | int) -> tuple[tuple[str, ...], ...]:
    """Of which keys only one stands in a part of a section."""
    return {"variables": (GATES,), "sources": (("grade", "reliability"),)}.get(str(section), ())


def other_ways(loc: Loc) -> tuple[str, ...]:
    """The other keys of which one may stand in the place of the one that a place ends in."""
    ways = next((ways for ways in _ways(loc[0]) if loc[2:3] and loc[2] in ways), ())
    return tuple(way for way in ways if way != loc[2])


def apply(overrides: Sequence[Override], data: Any, scenario: Scenario) -> Any:
    """The data of scenario.yaml with judgements put otherwise; the scenario is as it stands."""
    for whole, moved in groupby(overrides, key=lambda one: distribution_of(one.loc, scenario)):
        parts = list(moved)
        if whole:
            said = {str(one.loc[-1]): one.value for one in parts}
            data = put(data, whole, move(said, *_stated(whole, scenario), scenario.settings.scale))
            continue
        for one in parts:
            data = put(_make_way(data, one.loc), one.loc, one.value)
    return data


def sort_parts(overrides: Sequence[Override], scenario: Scenario) -> list[Override]:
    """Those of one distribution one after the other, the rest as they stood."""
    wholes = [distribution_of(one.loc, scenario) or one.loc for one in overrides]
    order = list(dict.fromkeys(wholes))
    ranked = sorted(range(len(overrides)), key=lambda i: (order.index(wholes[i]), i))
    return [overrides[i] for i in ranked]


def apply_coding(overrides: Sequence[Override], log: Any, places: Mapping[str, int]) -> Any:
    """The data of reports.yaml with reports coded otherwise; places: of each report in the log."""
    for one in overrides:
        log = put(log, (places[str(one.loc[1])], *one.loc[2:]), one.value)
    return log


def find_overruling(
    one: Override, dossier: Dossier, as_of: When | None = None
) -> tuple[int, Amendment] | None:
    """The first amendment of the log by a moment that sets a field which is coded otherwise.

    With its place in the log. From then on the coding is not heard, as amendments come after it.
    """
    zone = ZoneInfo(dossier.scenario.settings.timezone)
    found = [
        (i, entry)
        for i, entry in enumerate(dossier.log if one.is_coding else ())
        if isinstance(entry, Amendment) and entry.amends == one.loc[1] and one.loc[2] in entry.set
        if as_of is None or logged_at(entry, zone) <= as_of.end(zone)
    ]
    return min(found, key=lambda pair: logged_at(pair[1], zone), default=None)


def _make_way(data: Any, loc: Loc) -> Any:
    """Without what stands in another way for the same: another gate, a grade for a reliability."""
    for way in other_ways(loc) if len(loc) == 3 else ():
        data = put(data, (*loc[:2], way), "")
    return data


def put(data: Any, loc: Loc, value: Any) -> Any:
    """The data with a value at a place; what is empty is taken away. The data stays as it was."""
    step, *rest = loc
    if isinstance(data, list):
        assert isinstance(step, int)  # a list of the file is entered by number
        return [*data[:step], put(data[step], tuple(rest), value), *data[step + 1 :]]
    here = dict(data) if isinstance(data, Mapping) else {}
    if rest:
        here[step] = put(here.get(step, {}), tuple(rest), value)
    elif value == "":
        here.pop(step, None)
    else:
        here[step] = value
    return here


def distribution_of(loc: Loc, scenario: Scenario) -> Loc:
    """Of one state of a distribution, the place of the whole; else nothing."""
    if loc[0] != "variables" or len(loc) < 4:
        return ()
    gate = scenario.variables[str(loc[1])].noisy_max
    state_of_max = loc[2] == "noisy_max" and len(loc) == (5 if loc[3] == "leak" else 7)
    if loc[2] in ("prior", "chatter") or (loc[2] == "table" and len(loc) == 6):
        return loc[:-1]
    return loc[:-1] if gate and state_of_max else ()


def _stated(whole: Loc, scenario: Scenario) -> tuple[Distribution, tuple[float, ...], Variable]:
    """A distribution as stated, all of its states in full, and its variable."""
    variable = scenario.variables[str(whole[1])]
    given: Distribution = {}
    if whole[2] == "prior" and variable.prior:
        given = variable.prior
    elif whole[2] == "chatter":
        given = variable.chatter
    elif whole[2] == "table" and variable.table:
        given = variable.table[int(whole[3])].then
    elif variable.noisy_max and whole[3] == "leak":
        given = variable.noisy_max.leak or {variable.states[0]: 1.0}
    elif variable.noisy_max:
        given = variable.noisy_max.causes[str(whole[4])][str(whole[5])]
    return given, complete(given, variable.states), variable


def move(
    said: Mapping[str, Any],
    given: Distribution,
    stated: Sequence[float],
    variable: Variable,
    scale: str = "icd203",
) -> dict[str, Any]:
    """A distribution in which some states are as said, and the others keep their ratios.

    If what was said stood at 1, the others share equally what is left. A single state that the file
    leaves out stays left out: it gets the rest as before.
    """
    states = variable.states
    left = max(0.0, 1.0 - sum(_read(value, scale) for value in said.values()))
    others = {s: p for s, p in zip(states, stated, strict=True) if s not in said}
    total = sum(others.values())
    shares = {s: p / total if total > 0 else 1 / len(others) for s, p in others.items()}
    silent = [s for s in others if s not in given]
    kept = {s: left * shares[s] for s in others if silent != [s]}
    return {s: said.get(s, kept.get(s)) for s in states if s in said or s in kept}


def _read(value: Any, scale: str) -> float:
    """A probability, 0 for what is none: the ordinary reading will say so."""
    try:
        return parse_probability(value, scale) if isinstance(value, str) else 0.0
    except ValueError:
        return 0.0
