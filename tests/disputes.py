"""Made disputes: what two analysts put otherwise, piece by piece, written out a second way.

A piece is what is switched at once. `Views.mixed` writes the two files of somebody who sees some
pieces as one analyst does and the others as the other; nothing of the library's way to override is
used.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from oracle import texts
from plain_yaml import QuotingDumper

Data = dict[str, Any]
Path_ = tuple[Any, ...]
Said = Mapping[str, Any]


@dataclass(frozen=True)
class Piece:
    """One difference: its name, and what each side says of it by path; nothing for the file's."""

    name: str
    first: Said
    second: Said


@dataclass(frozen=True)
class Views:
    """A scenario's two files as data, and what two analysts put otherwise."""

    scenario: Data
    log: list[Data]
    pieces: tuple[Piece, ...]

    def write(self, folder: Path) -> Path:
        """The scenario with a file for each of the two."""
        write_files(folder, self.scenario, self.log)
        (folder / "analysts").mkdir()
        for name, side in (("ann", "first"), ("bob", "second")):
            said = {k: v for piece in self.pieces for k, v in getattr(piece, side).items()}
            dump(folder / "analysts" / f"{name}.yaml", said)
        return folder

    def mixed(self, switched: frozenset[str], folder: Path) -> Path:
        """The two files as somebody sees them who has the named pieces from the second."""
        scenario, log = copy.deepcopy(self.scenario), copy.deepcopy(self.log)
        for piece in self.pieces:
            impose(scenario, log, piece.second if piece.name in switched else piece.first)
        return write_files(folder, scenario, log)


def impose(scenario: Data, log: list[Data], said: Said) -> None:
    """Write what is said into the data, one thing at a time, states of a distribution together."""
    moved: dict[str, dict[str, str]] = {}
    for path, value in said.items():
        section, owner, *rest = path.replace("[", ".[", 1).split(".")
        if section == "expected":
            here = scenario["expected"]
            here[int(owner[1:-1]) if isinstance(here, list) else owner][rest[0]] = value
        elif section == "reports":
            entry = next(e for e in log if e.get("id") == owner)
            entry.pop(rest[0], None) if value == "" else entry.__setitem__(rest[0], value)
        elif section == "settings":
            scenario.setdefault("settings", {}).setdefault(owner, {})
            if rest:
                scenario["settings"][owner][rest[0]] = value
            else:
                scenario["settings"][owner] = value
        elif section == "sources":
            source = scenario["sources"][owner]
            for other in ("grade", "reliability") if rest[0] != "interest" else ():
                source.pop(other, None)
            source[rest[0]] = value
        elif rest[-2:-1] == ["prior"] or rest[-2:-1] == ["then"]:
            moved.setdefault(path.rpartition(".")[0], {})[rest[-1]] = value
        else:
            impose_gate(scenario["variables"][owner], rest, value)
    for path, states in moved.items():
        move_states(scenario, path, states)


def impose_gate(variable: Data, rest: list[str], value: Any) -> None:
    """A link, a leak, or a whole gate in the place of the one that was there."""
    if len(rest) == 1:
        for gate in ("prior", "table", "noisy_or", "noisy_max", "ranked"):
            variable.pop(gate, None)
        variable[rest[0]] = value
        return
    here = variable
    for step in rest[:-1]:
        here = here[step]
    here[rest[-1]] = value


def move_states(scenario: Data, path: str, said: dict[str, str]) -> None:
    """States put otherwise, the others in their old ratios, all as exact fractions."""
    _, owner, kind, *_ = path.split(".")
    variable = scenario["variables"][owner]
    scale = texts.settings(scenario)["scale"]
    row = int(kind[6:-1]) if kind.startswith("table[") else None
    given = variable["prior"] if row is None else variable["table"][row]["then"]
    states = variable.get("states", ["no", "yes"])
    old = dict(zip(states, texts.distribution(given, states, scale), strict=True))
    new = {state: texts.number(text, scale) for state, text in said.items()}
    left, others = 1 - sum(new.values()), [s for s in states if s not in new]
    total = sum(old[s] for s in others)
    for state in others:
        share = old[state] / total if total else Fraction(1, len(others))
        new[state] = left * share
    written = {s: f"{p.numerator}/{p.denominator}" for s, p in new.items()}
    if row is None:
        variable["prior"] = written
    else:
        variable["table"][row]["then"] = written


def write_files(folder: Path, scenario: Data, log: list[Data]) -> Path:
    """The two files in a new folder."""
    folder.mkdir(parents=True)
    dump(folder / "scenario.yaml", scenario)
    dump(folder / "reports.yaml", log)
    return folder


def dump(path: Path, data: Any) -> None:
    """Data as YAML in which every scalar is text."""
    path.write_text(yaml.dump(data, Dumper=QuotingDumper, sort_keys=False), encoding="utf-8")


def make_views(scenario: Data, log: list[Data], rng: np.random.Generator, most: int) -> Views:
    """Some pieces at random: numbers, what a source is worth, conventions, codings, silences."""
    found = [*_of_variables(scenario, rng), *_of_sources(scenario, rng), *_of_settings(rng)]
    found += [*_of_reports(scenario, log, rng), *_of_expected(scenario, rng)]
    chosen = rng.permutation(len(found))[:most]
    return Views(scenario, log, tuple(found[i] for i in sorted(chosen)))


def _one_side(name: str, said: Said, rng: np.random.Generator) -> Piece:
    return Piece(name, *((said, {}) if rng.random() < 0.5 else ({}, said)))


def _chance(rng: np.random.Generator) -> str:
    return str(rng.choice(["0.15", "30%", "2/3", "0.9", "likely"]))


def _of_variables(scenario: Data, rng: np.random.Generator) -> list[Piece]:
    found = []
    for name, variable in scenario["variables"].items():
        states = variable.get("states", ["no", "yes"])
        if len(states) < 2:
            continue
        state = str(rng.choice(states))
        if "prior" in variable:
            path = f"variables.{name}.prior"
            found.append(
                Piece(path, {f"{path}.{state}": _chance(rng)}, {f"{path}.{state}": _chance(rng)})
            )
        if "table" in variable:
            path = f"variables.{name}.table[{rng.integers(len(variable['table']))}].then"
            found.append(_one_side(path, {f"{path}.{state}": _chance(rng)}, rng))
        for parent, link in variable.get("noisy_or", {}).get("causes", {}).items():
            if isinstance(link, str):
                path = f"variables.{name}.noisy_or.causes.{parent}"
                found.append(_one_side(path, {path: _chance(rng)}, rng))
    return found


def _of_sources(scenario: Data, rng: np.random.Generator) -> list[Piece]:
    found = []
    for name in scenario["sources"]:
        path = f"sources.{name}"
        said = [{f"{path}.grade": str(rng.choice(list("ABCDE")))}, {f"{path}.reliability": "0.6"}]
        found.append(Piece(f"{path}.reliability", said[0], said[1]))
        variable = str(rng.choice(list(scenario["variables"])))
        states = scenario["variables"][variable].get("states", ["no", "yes"])
        interest = {variable: str(rng.choice(states))}
        if interest != scenario["sources"][name].get("interest"):
            found.append(_one_side(f"{path}.interest", {f"{path}.interest": interest}, rng))
    return found


def _of_settings(rng: np.random.Generator) -> list[Piece]:
    return [
        Piece("settings.accuracy", {"settings.accuracy": "0.8"}, {"settings.accuracy": "0.97"}),
        _one_side("settings.grades.C", {"settings.grades.C": "0.77"}, rng),
        _one_side("settings.fidelity.relayed", {"settings.fidelity.relayed": "0.66"}, rng),
    ]


def _of_reports(scenario: Data, log: list[Data], rng: np.random.Generator) -> list[Piece]:
    """Another claim, another origin, a copy, a draft; of reports that claim something."""
    amended = {entry["amends"] for entry in log if "amends" in entry}
    coded = [e for e in log if e.get("claims") and e["id"] not in amended]
    found = []
    for i, entry in enumerate(coded[:4]):
        path, variable = f"reports.{entry['id']}", next(iter(entry["claims"]))
        states = scenario["variables"][variable].get("states", ["no", "yes"])
        claim = {**entry["claims"], variable: str(rng.choice(states))}
        said: list[Data] = [{f"{path}.claims": claim}, {f"{path}.directness": "inferred"}]
        said += [{f"{path}.origin": "one-call"}, {f"{path}.status": "draft"}]
        if i:
            said.append({f"{path}.copy_of": coded[0]["id"]})
        one, other = (said[int(k)] for k in rng.permutation(len(said))[:2])
        found.append(Piece(path, one, other) if rng.random() < 0.5 else _one_side(path, one, rng))
    return found


def _of_expected(scenario: Data, rng: np.random.Generator) -> list[Piece]:
    """Another chance that what has not come would have."""
    stated = scenario.get("expected", {})
    names = [f"[{i}]" for i in range(len(stated))] if isinstance(stated, list) else stated
    paths = [f"expected{'' if name[0] == '[' else '.'}{name}.chance" for name in names]
    return [_one_side(path, {path: _chance(rng)}, rng) for path in paths]
