"""The names of what analysts may judge otherwise -> the place of each in the data of the files.

A judgement is named by its path in scenario.yaml, how a report is coded by `reports.ID.FIELD`.
States and ids may hold dots, so that a name is read along what the scenario knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from rivals.errors import quote, suggest
from rivals.marked import Loc
from rivals.rules import step_to
from rivals.scenario import Scenario
from rivals.variables import GATES, Variable
from rivals.words import FIDELITY, GRADES, Directness

CODING = (
    "claims", "origin", "directness", "source", "copy_of", "likelihood", "observes", "status",
)  # fmt: skip
"""The fields of a report that say how it is coded."""

REACH = {"variables": 3, "sources": 3, "expected": 3, "settings": 2, "reports": 3}
"""How many steps a name has at least, by its first."""

_SETTINGS = {
    "accuracy": (),
    "spin": (),
    "fidelity": get_args(Directness) or tuple(FIDELITY),
    "grades": tuple(GRADES),
}
Steps = Sequence[str | int]


@dataclass(frozen=True)
class Known:
    """What a name may speak of: the scenario as it stands in its file, and the ids of its log."""

    scenario: Scenario
    reports: tuple[str, ...]
    _texts: dict[Loc, dict[str, str | int]] = field(default_factory=dict, compare=False)

    def find(self, path: str) -> tuple[Loc, str]:
        """The place that a name stands for; or none, and what is wrong with the name."""
        furthest: list[tuple[Loc, str]] = []
        for loc in self._read(path, (), furthest):
            return loc, ""
        loc, rest = max(furthest, key=lambda one: len(one[0]), default=((), path))
        return (), self._complain(path, loc, rest)

    def _read(self, rest: str, loc: Loc, furthest: list[tuple[Loc, str]]) -> Iterator[Loc]:
        """Every way to read what is left of a name, the longest steps first."""
        if not rest:
            if loc and len(loc) >= REACH[str(loc[0])]:
                yield loc
            return
        furthest.append((loc, rest))
        known = self._by_text(loc)
        ends = [m.start() for m in re.finditer(r"(?<!^)[.\[]|$", rest)]
        for end in reversed(ends):
            if rest[:end] in known:
                left = rest[end:].removeprefix(".")
                yield from self._read(left, (*loc, known[rest[:end]]), furthest)

    def _by_text(self, loc: Loc) -> Mapping[str, str | int]:
        """What a name may go on with, as it is written there."""
        if loc not in self._texts:
            self._texts[loc] = {
                f"[{step}]" if isinstance(step, int) else step: step for step in self.steps(loc)
            }
        return self._texts[loc]

    def _complain(self, path: str, loc: Loc, rest: str) -> str:
        steps = list(self._by_text(loc))
        wanted = (
            "a judgement (variables, sources, expected, settings) or a coding (reports.ID.FIELD)"
        )
        if not steps:
            return f"{wanted} is named, and nothing lies below {quote(path[: -len(rest)])}"
        if rest in self._by_text(loc):  # so it ends too early
            below = self._by_text((*loc, self._by_text(loc)[rest]))
            return f"{wanted} is named, got {quote(path)}, which goes on{suggest('', below)}"
        piece = rest if loc == ("reports",) else rest.split(".", maxsplit=1)[0]
        if loc == ("reports",) and "." in rest:
            piece = rest.rpartition(".")[0]
        return f"{wanted} is named, got {quote(piece)}{suggest(piece, steps)}"

    def steps(self, loc: Loc) -> Steps:
        """What a name may go on with."""
        if not loc:
            return tuple(REACH)
        section, *rest = loc
        follow = {
            "settings": self._in_settings,
            "sources": self._in_sources,
            "expected": self._in_expected,
            "variables": self._in_variables,
            "reports": self._in_reports,
        }[str(section)]
        return follow(rest)

    def _in_settings(self, rest: Steps) -> Steps:
        if not rest:
            return tuple(_SETTINGS)
        return _SETTINGS[str(rest[0])] if len(rest) == 1 else ()

    def _in_sources(self, rest: Steps) -> Steps:
        if not rest:
            return tuple(self.scenario.sources)
        if len(rest) == 1:
            return ("grade", "reliability", "firmness", "interest")
        return tuple(self.scenario.variables) if list(rest[1:]) == ["interest"] else ()

    def _in_expected(self, rest: Steps) -> Steps:
        if not rest:
            return tuple(map(step_to, self.scenario.expected))
        return ("chance", "firmness") if len(rest) == 1 else ()

    def _in_reports(self, rest: Steps) -> Steps:
        if not rest:
            return self.reports
        if len(rest) == 1:
            return CODING
        if len(rest) == 2 and rest[1] in ("claims", "likelihood", "observes"):
            return tuple(self.scenario.variables)
        if len(rest) == 3 and rest[1] == "likelihood":
            return self._states(rest[2])
        return ()

    def _in_variables(self, rest: Steps) -> Steps:
        if not rest:
            return tuple(self.scenario.variables)
        variable = self.scenario.variables[str(rest[0])]
        if len(rest) == 1:
            return (*GATES, "chatter", "firmness")
        part, inside = str(rest[1]), list(rest[2:])
        if part == "chatter":
            return () if inside else variable.states
        if part == "firmness" or getattr(variable, part) is None:
            return ()  # a way of putting it that the file does not use is given whole
        return self._in_gate(variable, part, inside)

    def _in_gate(self, variable: Variable, gate: str, inside: Steps) -> Steps:
        states, depth = variable.states, len(inside)
        if gate == "prior":
            return () if depth else states
        if gate == "table":
            return (tuple(range(len(variable.table or ()))), ("then",), states, ())[min(depth, 3)]
        if gate == "ranked":
            weights = list(inside) == ["weights"]
            return ("weights", "sd") if not depth else tuple(variable.parents) if weights else ()
        if not depth:
            return ("leak", "causes")
        if inside[0] == "leak":
            return states if gate == "noisy_max" and depth == 1 else ()
        return self._in_causes(variable, gate, inside[1:])

    def _in_causes(self, variable: Variable, gate: str, inside: Steps) -> Steps:
        if not inside:
            return tuple(self.scenario.variables)
        noisy = variable.noisy_or or variable.noisy_max
        parent, depth = str(inside[0]), len(inside)
        links = noisy.causes.get(parent) if noisy else None
        if not isinstance(links, dict) or depth > 2:
            return ()
        if depth == 1:
            return self._states(parent)
        return variable.states if gate == "noisy_max" and inside[1] in links else ()

    def _states(self, variable: str | int) -> Steps:
        return self.scenario.variables[str(variable)].states
