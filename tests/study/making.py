"""Models drawn at random: hypotheses, what they lead to, and who would speak of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from study.model import Model, NoisyOr, Source, Table, Variable
from study.speaking import INSIDER

TWO, THREE = ("no", "yes"), ("none", "some", "much")
TOPICS = ("ground", "money")
OUTLETS = 60

Rng = np.random.Generator


def make_model(rng: Rng) -> Model:
    """Hypotheses -> paths (noisy-or) -> effect, traces (tables) beside them, and two trifles."""
    hypotheses = tuple(f"h{i}" for i in range(1, int(rng.integers(3, 5)) + 1))
    variables = {name: _variable(rng, _prior(rng, 0.1, 0.5)) for name in hypotheses}
    variables |= _paths(rng, hypotheses)
    paths = tuple(name for name in variables if name not in hypotheses)
    variables |= _traces(rng, hypotheses, paths)
    behind = {p for name in paths for p in variables[name].gate.parents}
    causes = (*paths, *(h for h in hypotheses if h not in behind))
    variables["effect"] = _variable(rng, _noisy(rng, causes, (0.01, 0.10)))
    trifles = ("trifle1", "trifle2")
    variables |= {
        name: _variable(rng, _prior(rng, 0.3, 0.7), TOPICS[i]) for i, name in enumerate(trifles)
    }
    sources = dict(_sources(rng, variables)) | {INSIDER: Source("B")}
    letters = rng.choice(["B", "C", "D"], OUTLETS, p=[0.3, 0.5, 0.2])
    outlets = {f"outlet{i}": Source(str(letter)) for i, letter in enumerate(letters)}
    return Model(variables, hypotheses, "effect", trifles, sources, outlets)


def _number(rng: Rng, low: float, high: float) -> float:
    """A chance as an analyst writes it: in whole percentages."""
    return round(float(rng.uniform(low, high)), 2)


def _row(weights: Sequence[float] | np.ndarray) -> tuple[float, ...]:
    """A distribution in whole percentages, none below 1%."""
    p = np.maximum(np.round(np.asarray(weights) / np.sum(weights), 2), 0.01)
    p[int(p.argmax())] += 1 - p.sum()
    return tuple(round(float(x), 2) for x in p)


def _prior(rng: Rng, low: float, high: float) -> Table:
    p = _number(rng, low, high)
    return Table((), (_row((1 - p, p)),))


def _variable(rng: Rng, gate: Table | NoisyOr, topic: str | None = None) -> Variable:
    """With a topic and, one in three, with something that everybody would say."""
    states = THREE if isinstance(gate, Table) and len(gate.rows[0]) == 3 else TWO
    chosen = str(rng.choice(TOPICS)) if topic is None else topic
    k = len(states)
    talk = _row(rng.dirichlet(np.full(k, 4.0)))
    return Variable(states, gate, chosen, talk if rng.random() < 1 / 3 else (1 / k,) * k)


def _some(rng: Rng, names: Sequence[str], fewest: int, most: int) -> tuple[str, ...]:
    """So many of the names, in their order."""
    count = min(int(rng.integers(fewest, most + 1)), len(names))
    chosen = set(rng.choice(len(names), count, replace=False).tolist())
    return tuple(name for i, name in enumerate(names) if i in chosen)


def _noisy(rng: Rng, causes: Sequence[str], leak: tuple[float, float]) -> NoisyOr:
    links = {cause: _number(rng, 0.4, 0.95) for cause in causes}
    return NoisyOr(_number(rng, *leak), links)


def _paths(rng: Rng, hypotheses: Sequence[str]) -> dict[str, Variable]:
    """One or two ways through which hypotheses work."""
    return {
        f"path{i + 1}": _variable(rng, _noisy(rng, _some(rng, hypotheses, 1, 2), (0.01, 0.10)))
        for i in range(int(rng.integers(1, 3)))
    }


def _traces(rng: Rng, hypotheses: Sequence[str], paths: Sequence[str]) -> dict[str, Variable]:
    """Two to four things that hypotheses leave behind, each with a table over one or two causes."""
    found = {}
    for i in range(int(rng.integers(2, 5))):
        parents = _some(rng, (*hypotheses, *paths), 1, 2)
        states = 3 if rng.random() < 0.4 else 2
        rows = tuple(_trace_row(rng, on, states) for on in _count_on(len(parents)))
        found[f"trace{i + 1}"] = _variable(rng, Table(parents, rows))
    return found


def _count_on(parents: int) -> tuple[int, ...]:
    """How many causes are there in each combination of them, the last running fastest."""
    return (0, 1) if parents == 1 else (0, 1, 1, 2)


def _trace_row(rng: Rng, on: int, states: int) -> tuple[float, ...]:
    """Rarely there without a cause, mostly there with one, nearly always with two."""
    low, high = ((0.03, 0.30), (0.45, 0.90), (0.65, 0.97))[on]
    there = rng.uniform(low, high)
    if states == 2:
        return _row((1 - there, there))
    much = there * rng.uniform(0.3, 0.7)
    return _row((1 - there, there - much, much))


def _sources(rng: Rng, variables: Mapping[str, Variable]) -> Iterator[tuple[str, Source]]:
    """9 to 39 beside the insider, of grades A to E; three in ten with an interest or two."""
    count = int(rng.integers(9, 40))
    for i, letter in enumerate(rng.choice(list("ABCDE"), count, p=[0.1, 0.2, 0.3, 0.25, 0.15])):
        interest = {}
        if rng.random() < 0.3:
            for name in _some(rng, list(variables), 1, 2):
                interest[name] = int(rng.integers(len(variables[name].states)))
        yield f"source{i}", Source(str(letter), interest)
