"""A small scenario, and worlds drawn from the uncertainty that it states.

True judgements are drawn by section 3 of the design, what happened and what was said of it by
section 4, and what follows from the true judgements is found by enumeration. No line is shared
with the library: it is given the log alone, as an analyst is, and its ranges are put to the test.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from scipy.stats import beta

Array = np.ndarray
Values = Mapping[str, Array]  # (states, draws) for a distribution, (draws,) for one chance
World = Mapping[str, str]  # the state of every variable

SCENARIO = """\
title: Why did the warehouse burn?
question: What set off the fire of 3 May?
hypotheses: {arson: arson=yes, wiring: wiring_fault=yes}
variables:
  arson: {ask: A?, prior: {yes: 0.1}, firmness: low}
  wiring_fault: {ask: W?, prior: {yes: 0.4}}
  fire: {ask: F?, noisy_or: {leak: 0.02, causes: {arson: 0.8, wiring_fault: 0.6}}}
  spread:
    ask: How far did it come?
    states: [none, hall, site]
    firmness: high
    chatter: {none: 0.2}
    table:
      - {when: {fire: no}, then: {none: 0.9, hall: 0.08, site: 0.02}}
      - {when: {fire: yes, arson: yes}, then: {none: 0.1, hall: 0.3, site: 0.6}}
      - {then: {none: 0.2, hall: 0.5, site: 0.3}}
  petrol:
    ask: Was there petrol in the hall?
    topic: traces
    firmness: low
    observable: {how: have the floor tested}
    table:
      - {when: {arson: yes}, then: {yes: 0.75}}
      - {then: {yes: 0.06}}
sources:
  brigade: {grade: A}
  police: {grade: B}
  gazette: {grade: C}
  neighbour: {grade: D}
  owner: {reliability: 0.6, firmness: low, interest: {arson: yes, spread: site}}
  blog: {grade: F}
"""

STATES = {
    "arson": ("no", "yes"),
    "wiring_fault": ("no", "yes"),
    "fire": ("no", "yes"),
    "spread": ("none", "hall", "site"),
    "petrol": ("no", "yes"),
}
HYPOTHESES = {"arson": "arson", "wiring": "wiring_fault"}  # the variable that is "yes"
TOPICS = {"petrol": "traces"}
CHATTER = {"spread": (0.2, 0.4, 0.4)}
INTEREST = {("owner", "arson"): "yes", ("owner", "spread"): "site"}
GRADED = {"brigade": "A", "police": "B", "gazette": "C", "neighbour": "D"}
SOURCES = (*GRADED, "owner", "blog")

DISTRIBUTIONS = {
    "variables.arson.prior": ((0.9, 0.1), 5),
    "variables.wiring_fault.prior": ((0.6, 0.4), 20),
    "variables.spread.table[0].then": ((0.9, 0.08, 0.02), 100),
    "variables.spread.table[1].then": ((0.1, 0.3, 0.6), 100),
    "variables.spread.table[2].then": ((0.2, 0.5, 0.3), 100),
    "variables.petrol.table[0].then": ((0.25, 0.75), 5),
    "variables.petrol.table[1].then": ((0.94, 0.06), 5),
}
CHANCES = {
    "variables.fire.noisy_or.leak": (0.02, 20),
    "variables.fire.noisy_or.causes.arson": (0.8, 20),
    "variables.fire.noisy_or.causes.wiring_fault": (0.6, 20),
    "sources.owner.reliability": (0.6, 5),
    "settings.spin": (0.5, 20),
}
GRADES = {"A": 0.95, "B": 0.85, "C": 0.70, "D": 0.50, "E": 0.30}
CERTAINTIES = {
    "accuracy": 0.95,
    "fidelity.direct": 0.99,
    "fidelity.relayed": 0.95,
    "fidelity.inferred": 0.80,
}


class Said(NamedTuple):
    """One report: whose word, of what, which states it names, and how near its source was."""

    source: str
    variable: str
    states: tuple[str, ...]
    directness: str


def stated() -> dict[str, tuple[tuple[float, ...], float]]:
    """What is drawn, as the scenario should state it: (probabilities, firmness) by path."""
    settings = {f"grades.{g}": p for g, p in (GRADES | {"F": 0.5}).items()} | CERTAINTIES
    chances = CHANCES | {f"settings.{name}": (p, 20) for name, p in settings.items()}
    return DISTRIBUTIONS | {path: ((p,), n) for path, (p, n) in chances.items()}


def draw(rng: np.random.Generator, draws: int, sharpness: float = 1.0) -> dict[str, Array]:
    """Judgements from their stated uncertainty, or as if n' were `sharpness` times as large."""

    def size(p: Sequence[float], firmness: float) -> float:
        return sharpness * max(firmness, 1 / min(p))

    def quantile(p: float, firmness: float, uniform: Array) -> Array:
        n = size((p, 1 - p), firmness)
        return np.asarray(beta.ppf(uniform, n * p, n * (1 - p)))

    values = {
        path: rng.dirichlet(size(p, firmness) * np.array(p), draws).T
        for path, (p, firmness) in DISTRIBUTIONS.items()
    }
    for path, (p, firmness) in CHANCES.items():
        values[path] = quantile(p, firmness, rng.random(draws))
    grades, certainty = rng.random(draws), rng.random(draws)
    for grade, p in GRADES.items():
        values[f"settings.grades.{grade}"] = quantile(p, 20, grades)
    for name, p in CERTAINTIES.items():
        values[f"settings.{name}"] = quantile(p, 20, certainty)
    values["sources.blog.grade"] = rng.random(draws)
    return values


# --- what happens and what is said, by section 4 ---


def chances(variable: str, world: World, values: Values) -> Sequence[Array]:
    """P(each state | what happened before)."""
    at = f"variables.{variable}"
    if variable == "fire":
        none = 1 - values[f"{at}.noisy_or.leak"]
        for cause in ("arson", "wiring_fault"):
            if world[cause] == "yes":
                none = none * (1 - values[f"{at}.noisy_or.causes.{cause}"])
        return none, 1 - none
    if variable == "spread":
        row = 0 if world["fire"] == "no" else 1 if world["arson"] == "yes" else 2
        return values[f"{at}.table[{row}].then"]
    if variable == "petrol":
        return values[f"{at}.table[{0 if world['arson'] == 'yes' else 1}].then"]
    return values[f"{at}.prior"]


def reliability(source: str, values: Values) -> Array:
    """P(reliable)."""
    own = {"owner": "sources.owner.reliability", "blog": "sources.blog.grade"}
    return values[own[source] if source in own else f"settings.grades.{GRADED[source]}"]


def stories(source: str, variable: str, seen: tuple[bool, str], values: Values) -> list[Any]:
    """P(each story | whether the source is reliable, the truth)."""
    (reliable, truth), states = seen, STATES[variable]
    others = len(states) - 1
    if reliable:
        accuracy = values["settings.accuracy"]
        return [accuracy if s == truth else (1 - accuracy) / others for s in states]
    chatter = CHATTER.get(variable, (1 / len(states),) * len(states))
    wished, spin = INTEREST.get((source, variable)), values["settings.spin"]
    if wished is None:
        return list(chatter)
    return [spin * (s == wished) + (1 - spin) * c for s, c in zip(states, chatter, strict=True)]


def simulate(rng: np.random.Generator, values: Values) -> list[Said]:
    """6 to 12 reports on a world that came about by the first draw of the judgements.

    Who speaks of what, how near and how finely is settled before anything happens.
    """

    def pick(states: Sequence[str], weights: Iterable[Any]) -> str:
        p = np.array([np.ravel(w)[0] for w in weights])
        return states[int(rng.choice(len(states), p=p))]

    world: dict[str, str] = {}
    for variable, states in STATES.items():
        world[variable] = pick(states, chances(variable, world, values))
    trusted: dict[tuple[str, str], bool] = {}
    told: dict[tuple[str, str], str] = {}
    log = []
    for _ in range(int(rng.integers(6, 13))):
        source, variable = str(rng.choice(SOURCES)), str(rng.choice(list(STATES)))
        directness = str(rng.choice(("direct", "relayed", "inferred")))
        states, topic = STATES[variable], TOPICS.get(variable, "")
        if (source, topic) not in trusted:
            trusted[source, topic] = bool(rng.random() < reliability(source, values)[0])
        if (source, variable) not in told:
            seen = trusted[source, topic], world[variable]
            told[source, variable] = pick(states, stories(source, variable, seen, values))
        words = told[source, variable]
        if rng.random() >= values[f"settings.fidelity.{directness}"][0]:
            words = str(rng.choice([s for s in states if s != words]))
        log.append(Said(source, variable, coarsen(rng, words, states), directness))
    return log


def coarsen(rng: np.random.Generator, words: str, states: Sequence[str]) -> tuple[str, ...]:
    """Of more than two states, half of all reports only say on which side of a line it was."""
    line = int(rng.integers(1, len(states)))
    if len(states) == 2 or rng.random() < 0.5:
        return (words,)
    return tuple(states[:line] if words in states[:line] else states[line:])


# --- what follows from it, by enumeration ---


def worlds() -> Iterator[World]:
    """Everything that can have happened."""
    return (dict(zip(STATES, states, strict=True)) for states in product(*STATES.values()))


def weigh(log: Iterable[Said], values: Values) -> tuple[dict[str, Array], Array]:
    """P(each hypothesis | the log) and P(the log), under each draw of the judgements."""
    voices: dict[tuple[str, str], dict[str, list[Said]]] = {}
    for said in log:
        voice = voices.setdefault((said.source, TOPICS.get(said.variable, "")), {})
        voice.setdefault(said.variable, []).append(said)
    whole: Any = 0.0
    held: dict[str, Any] = dict.fromkeys(HYPOTHESES, 0.0)
    heard = {
        (source, variable, reliable, truth): hear(reports, (reliable, truth), values)
        for (source, _), subjects in voices.items()
        for variable, reports in subjects.items()
        for reliable, truth in product((False, True), STATES[variable])
    }
    for world in worlds():
        mass: Any = 1.0
        for variable, states in STATES.items():
            mass = mass * chances(variable, world, values)[states.index(world[variable])]
        for (source, _), subjects in voices.items():
            good, bad = (
                np.prod([heard[source, v, reliable, world[v]] for v in subjects], axis=0)
                for reliable in (True, False)
            )
            p = reliability(source, values)
            mass = mass * (p * good + (1 - p) * bad)
        whole = whole + mass
        for name, variable in HYPOTHESES.items():
            held[name] = held[name] + mass * (world[variable] == "yes")
    return {name: mass / whole for name, mass in held.items()}, whole


def hear(reports: Sequence[Said], seen: tuple[bool, str], values: Values) -> Array:
    """P(what a source says of one variable | whether it is reliable, the truth)."""
    source, variable = reports[0].source, reports[0].variable
    total: Any = 0.0
    told = stories(source, variable, seen, values)
    for story, chance in zip(STATES[variable], told, strict=True):
        mass: Any = chance
        for said in reports:
            f, others = values[f"settings.fidelity.{said.directness}"], len(STATES[variable]) - 1
            within = f + (1 - f) * (len(said.states) - 1) / others
            beyond = (1 - f) * len(said.states) / others
            mass = mass * (within if story in said.states else beyond)
        total = total + mass
    return np.asarray(total)
