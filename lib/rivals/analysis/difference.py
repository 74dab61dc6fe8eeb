"""What two analysts put differently, in pieces that can be switched one by one.

What is drawn together is one piece, a distribution or one chance; so is what a source's word is
worth, all that is said otherwise of one report, and a variable's whole gate where more than numbers
differ. Pieces of which one without the other would close a circle of causes or copies are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from rivals.dissent import Analyst
from rivals.docket import path_of
from rivals.entries import Amendment, Entry, Report
from rivals.judgements import statements
from rivals.marked import Loc
from rivals.moments import When
from rivals.overriding import Override, distribution_of, find_overruling
from rivals.paths import CODING
from rivals.rules import step_to
from rivals.scenario import Dossier, Scenario
from rivals.variables import GATES

Kind = Literal["judgement", "structure", "coding"]
GATE = "gate"


@dataclass(frozen=True)
class Difference:
    """One piece that two analysts put differently; `numbers` are the statements that it is made of.

    `locs` name it: ("variables", v, "gate", ...), ("sources", s, "reliability") and so on.
    """

    kind: Kind
    locs: tuple[Loc, ...]
    numbers: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called: the path of the piece in the files."""
        return " with ".join(map(_path_of, self.locs))

    def covers(self, override: Override, scenario: Scenario) -> bool:
        """Whether it is about what an analyst puts otherwise."""
        piece = _piece_of(override, scenario)
        return piece is not None and any(piece[: len(loc)] == loc for loc in self.locs)


@dataclass(frozen=True)
class Sides:
    """Two dossiers of one scenario, and what each puts otherwise than its files do.

    What an amendment sets by the moment is the same for both, however they code it.
    """

    house: Dossier
    first: Dossier
    second: Dossier
    overrides: tuple[tuple[Override, ...], tuple[Override, ...]]

    @classmethod
    def of(
        cls, house: Dossier, first: Analyst | None, second: Analyst | None, moment: When | None
    ) -> Sides:
        """The sides of two analysts at a moment, None for the scenario's own view."""
        dossiers = [house if one is None else one.dossier for one in (first, second)]
        own, other = (
            tuple(o for o in one.overrides if not find_overruling(o, house, moment)) if one else ()
            for one in (first, second)
        )
        return cls(house, dossiers[0], dossiers[1], (own, other))


def list_differences(sides: Sides) -> list[Difference]:
    """Every piece that weighs otherwise for one than for the other, in the order of the files.

    How firm a number is moves ranges and no belief as stated: it is none of them.
    """
    pieces = [_piece_of(one, sides.house.scenario) for side in sides.overrides for one in side]
    chosen = _outermost(piece for piece in pieces if piece is not None)
    structural = {loc[:3] for loc in chosen if _is_structural(loc, sides)}
    chosen = _outermost([*chosen, *structural])
    found = [_tell(loc, sides) for loc in chosen]
    joined = _join_circles([one for one in found if _differs(one, sides)], sides)
    return sorted(joined, key=lambda one: _rank(one, sides.house))


def _piece_of(one: Override, scenario: Scenario) -> Loc | None:
    """The piece that an override belongs to; None for firmness."""
    section, owner, *rest = one.loc
    if section in ("reports", "settings"):
        return one.loc[:2] if section == "reports" else one.loc
    if rest[0] == "firmness":
        return None
    if section == "expected":
        return one.loc
    if section == "sources" or rest[0] == "chatter":
        worth = "reliability" if rest[0] == "grade" else rest[0]
        return (section, owner, worth)
    if getattr(scenario.variables[str(owner)], str(rest[0])) is None:
        return (section, owner, GATE)
    inside = distribution_of(one.loc, scenario) or one.loc
    return (section, owner, GATE, *(rest[:1] if rest[0] == "ranked" else inside[2:]))


def _path_of(loc: Loc) -> str:
    return path_of((*loc[:2], *loc[3:]) if GATE in loc[2:3] else loc)


def _outermost(pieces: Iterable[Loc]) -> list[Loc]:
    """Each piece once; those that lie inside another are part of it."""
    kept: list[Loc] = []
    for piece in sorted(set(pieces), key=lambda loc: (len(loc), path_of(loc))):
        if not any(piece[: len(one)] == one for one in kept):
            kept.append(piece)
    return kept


def _numbers(loc: Loc, scenario: Scenario) -> dict[str, tuple[float, ...]]:
    """The statements of a piece with their values."""
    path = _path_of(loc)
    return {
        s.path: s.stated
        for s in statements(scenario)
        if s.path == path or s.path.startswith((f"{path}.", f"{path}["))
    }


def _is_structural(loc: Loc, sides: Sides) -> bool:
    """Whether more than the numbers of a gate differ in a piece of it."""
    if GATE not in loc[2:3]:
        return False
    first, second = (_shape_of(loc, side.scenario) for side in (sides.first, sides.second))
    return first != second or not _numbers(loc, sides.first.scenario)


def _shape_of(loc: Loc, scenario: Scenario) -> object:
    """What of a gate is no number: which one, its parents, when its rows hold, weights."""
    variable = scenario.variables[str(loc[1])]
    gate = next(gate for gate in GATES if getattr(variable, gate) is not None)
    rows = [row.when for row in variable.table or ()]
    return gate, variable.parents, rows, variable.ranked, list(_numbers(loc, scenario))


def _tell(loc: Loc, sides: Sides) -> Difference:
    if loc[0] == "reports":
        return Difference("coding", (loc,))
    first, second = (_numbers(loc, side.scenario) for side in (sides.first, sides.second))
    whole = loc[0] == "variables" and len(loc) == 3
    if not whole and first and list(first) == list(second):
        return Difference("judgement", (loc,), tuple(first))
    return Difference("judgement" if loc[0] == "sources" else "structure", (loc,))


def _differs(one: Difference, sides: Sides) -> bool:
    """Whether it is not the same for both after all."""
    [loc] = one.locs
    first, second = sides.first, sides.second
    if one.kind == "coding":
        return _coding(first, str(loc[1])) != _coding(second, str(loc[1]))
    if one.numbers:
        return _numbers(loc, first.scenario) != _numbers(loc, second.scenario)
    return _noun(loc, first.scenario) != _noun(loc, second.scenario)


def _noun(loc: Loc, scenario: Scenario) -> object:
    """What a piece that is more than numbers says."""
    if loc[0] == "sources":
        source = scenario.sources[str(loc[1])]
        own = {"grade", "reliability"} if loc[2] == "reliability" else {"interest"}
        return source.model_dump(include=own)
    own = {"chatter"} if loc[2] == "chatter" else set(GATES)
    return scenario.variables[str(loc[1])].model_dump(include=own)


def _coding(dossier: Dossier, name: str) -> object:
    [report] = [report for report in dossier.reports() if report.id == name]
    return report.model_dump(include=set(CODING))


def _rank(one: Difference, house: Dossier) -> tuple[object, ...]:
    """Variables, sources and settings as the file has them, then reports."""
    section, owner = one.locs[0][:2]
    scenario, ids = house.scenario, [report.id for report in house.reports()]
    lists: Mapping[str, Sequence[str]] = {
        "variables": list(scenario.variables), "sources": list(scenario.sources),
        "expected": [str(step_to(name)) for name in scenario.expected],
        "settings": ["accuracy", "spin", "fidelity", "grades"], "reports": ids,
    }  # fmt: skip
    return list(lists).index(str(section)), lists[str(section)].index(str(owner)), one.name


def _join_circles(found: list[Difference], sides: Sides) -> list[Difference]:
    """Those that form a circle together, and on neither side alone, as one."""
    arrows = [*_arrows_of_causes(sides), *_arrows_of_copies(sides)]
    whole = {one.locs[0][:2]: one for one in found if one.kind == "coding" or GATE in one.locs[0]}
    if sum(one.kind != "judgement" for one in whole.values()) < 2:
        return found
    joined = list(found)
    for circle in _circles(arrows):
        part = [one for one in joined if any(loc[:2] in circle and (
            loc[0] == "reports" or GATE in loc[2:3]) for loc in one.locs)]  # fmt: skip
        if len(part) > 1:
            locs = tuple(loc for one in part for loc in one.locs)
            joined = [one for one in joined if one not in part]
            joined.append(Difference(part[0].kind, locs))
    return joined


Arrow = tuple[Loc, Loc]


def _arrows_of_causes(sides: Sides) -> Iterator[Arrow]:
    for side in (sides.first, sides.second):
        for name, variable in side.scenario.variables.items():
            yield from ((("variables", parent), ("variables", name)) for parent in variable.parents)


def _arrows_of_copies(sides: Sides) -> Iterator[Arrow]:
    """From what is copied to its copy, as first coded or as amended."""
    for side in (sides.first, sides.second):
        for entry in side.log:
            if isinstance(entry, Report) and entry.copy_of is not None:
                yield ("reports", entry.copy_of), ("reports", entry.id)
            if isinstance(entry, Amendment) and entry.set.get("copy_of"):
                yield ("reports", str(entry.set["copy_of"])), ("reports", entry.amends)


def _circles(arrows: Iterable[Arrow]) -> list[set[Loc]]:
    """The sets of nodes that lead round to each other."""
    import networkx as nx  # (slow to load, and needed only where structures differ)

    graph = nx.DiGraph(list(arrows))
    return [set(part) for part in nx.strongly_connected_components(graph) if len(part) > 1]


def mix_scenario(sides: Sides, switched: AbstractSet[Difference]) -> Scenario:
    """The first one's scenario with some pieces, none of numbers, as the second has them."""
    variables, sources = dict(sides.first.scenario.variables), dict(sides.first.scenario.sources)
    other = sides.second.scenario
    for section, name, *part in (loc for one in switched for loc in one.locs):
        if section == "variables":
            keys = ("chatter",) if part[0] == "chatter" else GATES
            update = {key: getattr(other.variables[str(name)], key) for key in keys}
            variables[str(name)] = variables[str(name)].model_copy(update=update)
        elif section == "sources":
            ways = ("interest",) if part[0] == "interest" else ("grade", "reliability")
            update = {key: getattr(other.sources[str(name)], key) for key in ways}
            sources[str(name)] = sources[str(name)].model_copy(update=update)
    return sides.first.scenario.model_copy(update={"variables": variables, "sources": sources})


def mix_log(sides: Sides, switched: AbstractSet[Difference]) -> tuple[Entry, ...]:
    """The first one's log with some reports as the second codes them."""
    names = {str(loc[1]) for one in switched for loc in one.locs if loc[0] == "reports"}
    pairs = zip(sides.first.log, sides.second.log, strict=True)
    return tuple(b if isinstance(a, Report) and a.id in names else a for a, b in pairs)
