"""A scenario at a moment as one tensor, and the factors that multiply into it (section 4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import product
from pathlib import Path

import numpy as np

from oracle import gates, silence, texts
from oracle.log import Weighed, weigh_log

Axis = tuple[str, ...]  # ("variable", v), ("reliable", source, topic) or ("story", source, v)
Factor = tuple[tuple[Axis, ...], np.ndarray]


class World:
    """The scenario at a moment as one tensor and the factors that multiply into it."""

    def __init__(
        self,
        where: Path | tuple[str, str],
        as_of: str | None = None,
        do: Mapping[str, str] | None = None,
        without: Iterable[str] = (),
    ) -> None:
        self.scenario, entries = texts.load(where)
        self.settings = texts.settings(self.scenario)
        self.gates = gates.build(self.scenario, self.settings["scale"])
        self.do = dict(do or {})
        self.log = weigh_log(entries, self.settings["timezone"], as_of, tuple(without))
        self.moment = silence.moment_of(entries, self.settings["timezone"], as_of)
        self.axes: dict[Axis, int] = {("variable", v): len(g.states) for v, g in self.gates.items()}
        for report in self.counted():
            for variable in self.claimed(report):
                source = report.fields["source"]
                self.axes[("reliable", source, self.topic(variable))] = 2
                self.axes[("story", source, variable)] = len(self.states(variable))
        self.size = int(np.prod([float(n) for n in self.axes.values()]))

    def states(self, variable: str) -> list[str]:
        """A variable's states."""
        return self.gates[variable].states

    def topic(self, variable: str) -> str:
        """The topic of a variable, "" for the common one."""
        return self.scenario["variables"][variable].get("topic", "")

    def in_force(self) -> list[Weighed]:
        """The reports in force, in order."""
        return [report for report in self.log if report.in_force]

    def counted(self) -> list[Weighed]:
        """The counted reports, in order."""
        return [report for report in self.log if report.status == "counted"]

    def claimed(self, report: Weighed) -> list[str]:
        """The variables of a report's counted claims."""
        return [v for v in report.fields.get("claims", {}) if v in report.counts]

    def prior(self) -> np.ndarray:
        """The joint of everything before any report."""
        return self.times(np.ones([1] * len(self.axes)), self.foundations())

    def times(self, tensor: np.ndarray, factors: Iterable[Factor]) -> np.ndarray:
        """The tensor with factors multiplied in."""
        places = list(self.axes)
        for axes, values in factors:
            order = sorted(range(len(axes)), key=lambda i: places.index(axes[i]))
            shape = [self.axes[axis] if axis in axes else 1 for axis in places]
            tensor = tensor * np.transpose(values, order).reshape(shape)
        return tensor

    def onto(self, tensor: np.ndarray, axes: Iterable[Axis]) -> np.ndarray:
        """The sum over all other axes, in the order asked for."""
        full = np.broadcast_to(tensor, list(self.axes.values()))
        kept = list(axes)
        places = list(self.axes)
        others = tuple(i for i, axis in enumerate(places) if axis not in kept)
        summed = full.sum(axis=others)
        remaining = [axis for axis in places if axis in kept]
        return np.transpose(summed, [remaining.index(axis) for axis in kept])

    def says(self, report: Weighed) -> list[Factor]:
        """The factors of what counts in a report; nothing on a variable under do."""
        factors: list[Factor] = []
        for variable in report.counts - set(self.do):
            states, axis = self.states(variable), ("variable", variable)
            for key in ("claims", "observes", "likelihood"):
                if variable not in report.fields.get(key, {}):
                    continue
                stated = report.fields[key][variable]
                if key == "observes":
                    factors.append(self.seen(variable, stated))
                elif key == "likelihood":
                    values = [float(texts.number(stated[s])) for s in states]
                    factors.append(((axis,), np.array(values) / max(values)))
                else:
                    factors.append(self._statement(report, variable, texts.several(stated)))
        return factors

    def silent(
        self,
        given: Collection[str] = (),
        heard: Iterable[Weighed] | None = None,
        moment: datetime | None = None,
    ) -> dict[str, Factor]:
        """The factor of each expected report that has not come by a moment, by its name.

        None of those whose variable is given or under do, or has a report that counts on it.
        """
        heard = self.counted() if heard is None else heard
        known = {*given, *self.do}.union(*(report.counts for report in heard))
        zone, scale = self.settings["timezone"], self.settings["scale"]
        found: dict[str, Factor] = {}
        for name, stated in silence.expected(self.scenario).items():
            variable = texts.claim(stated)[0]
            over = silence.share(stated, zone, moment or self.moment)
            if variable not in known and over > 0:
                weights = silence.weights(stated, self.states(variable), over, scale)
                found[name] = (("variable", variable),), np.array(weights)
        return found

    def seen(self, variable: str, state: str) -> Factor:
        """An observation as a factor."""
        return (("variable", variable),), np.array(
            [s == state for s in self.states(variable)]
        ) * 1.0

    def foundations(self) -> Iterable[Factor]:
        """Every table, reliability and story."""
        for variable, gate in self.gates.items():
            if variable in self.do:
                yield self.seen(variable, self.do[variable])
            else:
                axes = tuple(("variable", v) for v in (*gate.parents, variable))
                yield axes, gate.table
        for axis in self.axes:
            if axis[0] == "reliable":
                r = self._reliability(axis[1])
                yield (axis,), np.array([1 - r, r])
            if axis[0] == "story":
                yield self._story(axis[1], axis[2])

    def _reliability(self, source: str) -> float:
        stated = self.scenario["sources"][source]
        if "grade" in stated:
            return float(texts.number(self.settings["grades"][stated["grade"]]))
        return float(texts.number(stated["reliability"], self.settings["scale"]))

    def _story(self, source: str, variable: str) -> Factor:
        states = self.states(variable)
        k, a = len(states), float(texts.number(self.settings["accuracy"]))
        unreliable = self._unreliable(source, variable)
        values = np.zeros([k, 2, k])  # truth, reliable, story
        for truth, story in product(range(k), range(k)):
            values[truth, 0, story] = unreliable[story]
            if k == 1:
                values[truth, 1, story] = 1.0
            else:
                values[truth, 1, story] = a if truth == story else (1 - a) / (k - 1)
        reliable = ("reliable", source, self.topic(variable))
        return (("variable", variable), reliable, ("story", source, variable)), values

    def _unreliable(self, source: str, variable: str) -> list[float]:
        """b(y): what a source that doesn't know would say."""
        states, scale = self.states(variable), self.settings["scale"]
        stated = self.scenario["variables"][variable].get("chatter", {})
        chatter = {state: texts.number(p, scale) for state, p in stated.items()}
        silent = [state for state in states if state not in chatter]
        rest = 1 - sum(chatter.values())
        chatter |= {state: rest / len(silent) for state in silent}
        wanted = self.scenario["sources"][source].get("interest", {}).get(variable)
        if wanted is None:
            return [float(chatter[state]) for state in states]
        spin = texts.number(self.settings["spin"])
        return [float(spin * (s == wanted) + (1 - spin) * chatter[s]) for s in states]

    def _statement(self, report: Weighed, variable: str, said: list[str]) -> Factor:
        states = self.states(variable)
        k, size = len(states), len(set(said))
        directness = report.fields.get("directness", "relayed")
        f = float(texts.number(self.settings["fidelity"][directness]))
        if size == k:  # the formula gives 1; with one state it would divide by 0
            values = np.ones(k)
        else:
            within, beyond = f + (1 - f) * (size - 1) / (k - 1), (1 - f) * size / (k - 1)
            values = np.array([within if state in said else beyond for state in states])
        return (("story", report.fields["source"], variable),), values
