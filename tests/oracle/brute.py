"""Sections 3 and 4 by the full joint of all variables, reliabilities and stories.

No elimination, no trick: one tensor with an axis for each of them, multiplied together from
the defining formulas, and every answer a sum over it. For small scenarios only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from math import log, log2
from pathlib import Path
from typing import Any

import numpy as np

from oracle import texts
from oracle.log import Weighed, logged
from oracle.world import World


class Impossible(Exception):
    """Evidence of probability 0; names the first report at which it became so."""

    def __init__(self, report: str | None) -> None:
        super().__init__(report)
        self.report = report


@dataclass
class Answer:
    """What sections 3 and 4 say of a case."""

    statuses: dict[str, str]
    priors: dict[str, dict[str, float]]
    posteriors: dict[str, dict[str, float]]
    sources: dict[tuple[str, str], tuple[float, float]]  # (source, topic): before, after
    combinations: dict[tuple[bool, ...], tuple[float, float]]  # before, after
    log_evidence: float
    conflict: float
    surprise: dict[str, float]  # bits, per report in force
    trail: dict[str, dict[str, float]]  # each hypothesis after each report in force


def weigh(
    where: Path | tuple[str, str],
    as_of: str | None = None,
    do: Mapping[str, str] | None = None,
    given: Mapping[str, str] | None = None,
    without: Iterable[str] = (),
) -> Answer:
    """Everything that sections 3 and 4 define, for one case."""
    world = World(where, as_of, do, without)
    prior = world.prior()
    seen = [world.seen(v, s) for v, s in (given or {}).items()]
    tensor = world.times(prior, seen)
    if not tensor.sum() > 0:
        raise Impossible(None)
    alone = [world.times(prior, [one]).sum() for one in seen]
    surprise: dict[str, float] = {}
    trail: dict[str, dict[str, float]] = {}
    heard: list[Weighed] = []
    for report in world.in_force():
        heard.append(report)
        moment = logged(report.fields, world.settings["timezone"])
        silent = world.silent(given or (), heard, moment).values()
        before = world.times(tensor, silent).sum()
        tensor = world.times(tensor, world.says(report))
        if not tensor.sum() > 0:
            raise Impossible(report.id)
        after = world.times(tensor, silent)
        surprise[report.id] = -log2(after.sum() / before)
        alone.append(world.times(prior, world.says(report)).sum())
        trail[report.id] = _hypotheses(world, after / after.sum())
    silent = world.silent(given or ()).values()
    alone += [world.times(prior, [one]).sum() for one in silent]
    tensor = world.times(tensor, silent)
    mass = tensor.sum()
    posterior = tensor / mass
    return Answer(
        statuses={report.id: report.status for report in world.log},
        priors=_marginals(world, prior),
        posteriors=_marginals(world, posterior),
        sources=_sources(world, prior, posterior),
        combinations=_combinations(world, prior, posterior),
        log_evidence=log(mass),
        conflict=sum(log(p) for p in alone) - log(mass),
        surprise=surprise,
        trail=trail,
    )


def _marginals(world: World, tensor: np.ndarray) -> dict[str, dict[str, float]]:
    return {
        v: dict(zip(gate.states, map(float, world.onto(tensor, [("variable", v)])), strict=True))
        for v, gate in world.gates.items()
    }


def _sources(world: World, *tensors: np.ndarray) -> dict[tuple[str, str], Any]:
    return {
        axis[1:]: tuple(float(world.onto(tensor, [axis])[1]) for tensor in tensors)
        for axis in world.axes
        if axis[0] == "reliable"
    }


def _hypotheses(world: World, tensor: np.ndarray) -> dict[str, float]:
    beliefs = _marginals(world, tensor)
    claims = {h: texts.claim(stated) for h, stated in world.scenario["hypotheses"].items()}
    return {h: sum(beliefs[v][s] for s in states) for h, (v, states, _) in claims.items()}


def _combinations(world: World, *tensors: np.ndarray) -> dict[tuple[bool, ...], Any]:
    claims = [texts.claim(h)[:2] for h in world.scenario["hypotheses"].values()]
    variables = list(dict.fromkeys(variable for variable, _ in claims))
    joints = [world.onto(tensor, [("variable", v) for v in variables]) for tensor in tensors]
    found: dict[tuple[bool, ...], list[float]] = {}
    for cell in product(*(range(len(world.states(v))) for v in variables)):
        at = {v: world.states(v)[k] for v, k in zip(variables, cell, strict=True)}
        held = tuple(at[variable] in states for variable, states in claims)
        sums = found.setdefault(held, [0.0] * len(tensors))
        for i, joint in enumerate(joints):
            sums[i] += float(joint[cell])
    return {held: tuple(sums) for held, sums in found.items()}
