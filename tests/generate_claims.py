"""Made hypotheses, effects, outcomes, sources, settings and what-ifs."""

from __future__ import annotations

from typing import Any

from generate_choices import Choices
from generate_numbers import between, chance, share


def settings_of(c: Choices) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if c.flag(0.2):
        found["scale"] = c.pick(["icd203", "phia"])
    if c.flag(0.3):
        found["timezone"] = c.pick(["UTC", "America/Caracas", "Europe/Berlin", "Asia/Kathmandu"])
    if c.flag(0.3):
        found["accuracy"] = c.pick(["0.9", "1", "0.5", "4/5", "99%"])
    if c.flag(0.3):
        found["spin"] = c.pick(["0", "0.3", "90%"])
    if c.flag(0.3):
        directness = c.some(["direct", "relayed", "inferred"], 1, 3)
        found["fidelity"] = {key: c.pick(["1", "0.9", "75%", "1/2"]) for key in directness}
    if c.flag(0.3):
        grades = c.some(["A", "B", "C", "D", "E", "F"], 1, 4)
        found["grades"] = {grade: c.pick(["0.8", "0.6", "1/3", "5%"]) for grade in grades}
    return found


def source(c: Choices, states: dict[str, list[str]], scale: str) -> dict[str, Any]:
    source: dict[str, Any] = {"name": "Someone"}
    if c.flag(0.5):
        source["grade"] = c.pick(["A", "B", "C", "D", "E", "F"])
    else:
        source["reliability"] = c.pick(["1", "0", "2/3"]) if c.flag(0.2) else chance(c, scale)
    if c.flag(0.3):
        source["firmness"] = c.pick(["low", "30"])
    if c.flag(0.4):
        wanted = c.some(list(states), 1, 2)
        source["interest"] = {name: c.pick(states[name]) for name in wanted}
    return source | ({"why": "Was there."} if c.flag(0.3) else {})


def _proper(c: Choices, states: list[str]) -> list[str]:
    """Some states, not all, in file order; most often the higher ones."""
    if c.flag(0.6):
        return states[c.integer(1, len(states) - 1) :]
    chosen = c.some(states, 1, len(states) - 1)
    return [state for state in states if state in chosen]


def named_claims(c: Choices, kind: str, names: list[str], states: dict[str, list[str]]) -> Any:
    found: dict[str, Any] = {}
    for n in range(c.integer(1, 2)):
        variable = names[-1] if c.flag(0.7) else c.pick(names[-2:])
        stated = f"{variable}={'|'.join(_proper(c, states[variable]))}"
        found[f"{kind}{n}"] = stated if c.flag(0.5) else {"claim": stated, "label": "It was so"}
    return found


def hypotheses(c: Choices, names: list[str], states: dict[str, list[str]]) -> dict[str, Any]:
    """Two to four; those on one variable exclude one another."""
    found: dict[str, Any] = {}
    taken: dict[str, set[str]] = {}
    for n in range(c.integer(2, 4)):
        variable = c.pick(names)
        free = [s for s in states[variable] if s not in taken.get(variable, set())]
        if not free or (len(found) >= 2 and variable in taken):
            variable = next((v for v in names if v not in taken), variable)
            free = [s for s in states[variable] if s not in taken.get(variable, set())]
        if not free:
            break
        claimed = _proper(c, free) if len(free) > 1 else free
        taken[variable] = taken.get(variable, set()) | set(claimed)
        stated: dict[str, Any] = {"claim": f"{variable}={'|'.join(claimed)}"}
        if c.flag(0.3):
            stated["off"] = c.pick([s for s in states[variable] if s not in claimed])
        if c.flag(0.5):
            stated["label"] = "Because of it"
        found[f"h{n}"] = stated if len(stated) > 1 or c.flag(0.3) else stated["claim"]
    return found


def expected(c: Choices, names: list[str], states: dict[str, list[str]]) -> Any:
    """Up to three reports that would come were something true: by name, or as a list."""
    found = []
    for variable in c.some([*names, *names[-1:]], 1, 3):
        stated = {"claim": f"{variable}={'|'.join(_proper(c, states[variable]))}"}
        stated["since"] = c.pick(["2026-01-15", "2026-02-01", "2026-02", "2026-03-02"])
        stated["by"] = c.pick(["2026-03-04", "2026-03-20", "2026-03-06T10:00:00-03:00", "2026-04"])
        stated["chance"] = c.pick(["0.9", "20%", "1/7", "likely", "0"])
        if c.flag(0.5):
            stated |= {"why": "It would be told.", "firmness": c.pick(["low", "50"])}
        found.append(stated)
    if c.flag(0.3):
        return found
    return {f"{c.pick(['told', 'no'])}{n}": one for n, one in enumerate(found)}


def what_if(c: Choices, states: Any, scenario: Any, log: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if c.flag(0.4):
        found["as_of"] = between(c)
    loose = list(states)
    if c.flag(0.25):
        variable = loose.pop(c.integer(0, len(loose) - 1))
        found["do"] = {variable: c.pick(states[variable])}
    if loose and c.flag(0.25):
        variable = c.pick(loose)
        found["given"] = {variable: c.pick(states[variable])}
    reports = [entry for entry in log if "id" in entry]
    if reports and c.flag(0.3):
        left = c.pick(reports)
        origin = share(left)
        names = [left["id"], f"origin:{origin}", f"source:{left['source']}"]
        found["without"] = tuple(c.some(names, 1, 2))
    return found
