"""Made scenarios in this project's format: one model from a seed, and a log of any length.

Reports come day by day. Each source has a beat, a few neighbouring variables of which it speaks,
as agencies and desks have; now and then it speaks of something else.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

import rivals

NO_YES = ["no", "yes"]
FIRST_DAY = dt.date(2026, 1, 1)


@dataclass(frozen=True)
class Size:
    """How large a made scenario is; `stray` is the chance that a source leaves its beat."""

    variables: int = 60
    reports: int = 40
    sources: int = 6
    beat: int = 6
    stray: float = 0.0


def make_case(size: Size, seed: int = 8) -> rivals.Case:
    """The case of a made scenario, read from two files as any other is."""
    generator = np.random.default_rng(seed)
    variables = make_variables(generator, size.variables)
    names = list(variables)
    first, last = names[-1], names[-2]
    scenario = {
        "title": "A made scenario",
        "question": "Which of them?",
        "hypotheses": {"first": f"{first}={_top(variables, first)}",
                       "second": f"{last}={_top(variables, last)}"},
        "variables": variables,
        "sources": {f"s{i}": {"name": f"Source {i}", "grade": "ABCD"[i % 4]}
                    for i in range(size.sources)},
    }  # fmt: skip
    log = make_log(np.random.default_rng([seed, 1]), variables, size)
    with TemporaryDirectory() as folder:
        for name, data in (("scenario", scenario), ("reports", log)):
            # JSON is YAML too, and quotes every `yes` and every date
            (Path(folder) / f"{name}.yaml").write_text(json.dumps(data), encoding="utf-8")
        return rivals.read(folder)


def _top(variables: dict[str, Any], name: str) -> str:
    return str(_states(variables[name])[-1])


def _states(variable: dict[str, Any]) -> list[str]:
    return list(variable.get("states", NO_YES))


def make_variables(generator: np.random.Generator, count: int) -> dict[str, Any]:
    """Tables, noisy-or gates and priors, parents being among the few variables before."""
    found: dict[str, Any] = {}
    for i in range(count):
        names = list(found)[-8:]
        amount = 0 if i < 3 else int(generator.choice([0, 1, 2, 3], p=[0.12, 0.28, 0.45, 0.15]))
        chosen = generator.choice(names, min(amount, len(names)), replace=False) if names else []
        parents = sorted(map(str, chosen))
        found[f"v{i}"] = _variable(generator, found, parents)
    return found


def _variable(
    generator: np.random.Generator, known: dict[str, Any], parents: list[str]
) -> dict[str, Any]:
    states = NO_YES if generator.random() < 0.7 else ["low", "mid", "high"]
    if not parents:
        return {"states": states, "prior": _distribution(generator, states)}
    two = all(len(_states(known[p])) == 2 for p in parents)
    if two and generator.random() < 0.4:
        causes = {p: round(float(generator.uniform(0.2, 0.9)), 3) for p in parents}
        return {"noisy_or": {"leak": 0.05, "causes": causes}}
    combinations: list[dict[str, str]] = [{}]
    for parent in parents:
        combinations = [{**c, parent: s} for c in combinations for s in _states(known[parent])]
    rows = [{"when": c, "then": _distribution(generator, states)} for c in combinations]
    return {"states": states, "table": rows}


def _distribution(generator: np.random.Generator, states: list[str]) -> dict[str, float]:
    """All but the last state; the last gets the rest."""
    p = 0.9 * generator.dirichlet(np.ones(len(states))) + 0.1 / len(states)
    return {s: round(float(x), 3) for s, x in zip(states[:-1], p, strict=False)}


def make_log(
    generator: np.random.Generator, variables: dict[str, Any], size: Size
) -> list[dict[str, Any]]:
    """Every report makes one or two claims."""
    names, log = list(variables), []
    for i in range(size.reports):
        source = int(generator.integers(size.sources))
        start = source * len(names) // size.sources
        beat = [names[(start + j) % len(names)] for j in range(size.beat)]
        about = names if generator.random() < size.stray else beat
        chosen = generator.choice(about, 1 + int(generator.random() < 0.3), replace=False)
        claims = {str(n): str(generator.choice(_states(variables[str(n)]))) for n in chosen}
        day = FIRST_DAY + dt.timedelta(days=i)
        log.append(
            {
                "id": f"r{i}",
                "published": day.isoformat(),
                "source": f"s{source}",
                "summary": "A made report.",
                "claims": claims,
                "directness": str(generator.choice(["direct", "relayed", "inferred"])),
            }
        )
    return log
