"""A log for a made scenario: reports of every form, copies, drafts, amendments, retractions."""

from __future__ import annotations

from math import prod
from typing import Any

from generate_numbers import LATER, LATEST, MOMENTS


class Budget:
    """How large the full joint gets as sources say more; keeps brute.py possible."""

    def __init__(self, scenario: dict[str, Any], states: dict[str, list[str]], cells: int) -> None:
        self.variables, self.states = scenario["variables"], states
        self.room = cells / prod(len(s) for s in states.values())
        self.known: set[tuple[str, str, str]] = set()

    def admits(self, source: str, variable: str) -> bool:
        """Whether the source may speak of the variable; if so, it is counted."""
        topic = self.variables[variable].get("topic", "")
        needed = {("topic", source, topic): 2, ("story", source, variable): 0}
        needed["story", source, variable] = len(self.states[variable])
        cost = prod(size for key, size in needed.items() if key not in self.known)
        if cost > self.room:
            return False
        self.room /= cost
        self.known |= set(needed)
        return True


def write_log(
    c: Any, scenario: dict[str, Any], states: dict[str, list[str]], cells: int
) -> list[dict[str, Any]]:
    """Up to eight reports and what is later said of them."""
    budget = Budget(scenario, states, cells)
    sources = list(scenario["sources"])
    log: list[dict[str, Any]] = []
    reports: list[dict[str, Any]] = []
    for n in range(c.integer(0, 8)):
        report = _report(c, f"{c.pick(['r', 'on-', ''])}{n}", sources, reports)
        report |= _content(c, report["source"], states, budget)
        log.append(report)
        reports.append(report)
        if c.flag(0.15):
            log.append(_later(c, report, {"retracts": report["id"], "why": "Withdrawn."}))
        if c.flag(0.2):
            changes = _changes(c, report, sources, states, budget)
            log.append(_later(c, report, {"amends": report["id"], "set": changes}))
    return log


def _report(c: Any, name: str, sources: list[str], reports: list[dict[str, Any]]) -> dict[str, Any]:
    report: dict[str, Any] = {"id": name, "published": c.pick(MOMENTS), "source": c.pick(sources)}
    if c.flag(0.3):
        report["logged"] = c.pick(LATER)
    if c.flag(0.3):
        report["outlet"] = "The Gazette"
    if c.flag(0.5):
        origin = c.some(["wire", "call", "memo"], 1, 2)
        report["origin"] = origin[0] if len(origin) == 1 and c.flag(0.7) else origin
    if reports and c.flag(0.12):
        report["copy_of"] = c.pick(reports)["id"]
    if c.flag(0.06):
        report["status"] = "draft"
    if c.flag(0.5):
        report["directness"] = c.pick(["direct", "relayed", "inferred"])
    if c.flag(0.2):
        report |= {"summary": "It was said.", "link": "https://example.org/a?b=1"}
    return report


def _content(
    c: Any, source: str, states: dict[str, list[str]], budget: Budget
) -> dict[str, dict[str, Any]]:
    """What a report says: nothing, or one of the three forms per variable."""
    found: dict[str, dict[str, Any]] = {}
    if c.flag(0.08):
        return found
    for variable in c.some(list(states), 1, 3):
        form = c.pick(["claims"] * 7 + ["likelihood"] * 2 + ["observes"])
        if form == "claims" and budget.admits(source, variable):
            found.setdefault("claims", {})[variable] = _states(c, states[variable])
        elif form == "observes" and c.flag(0.5):
            found.setdefault("observes", {})[variable] = c.pick(states[variable])
        else:
            found.setdefault("likelihood", {})[variable] = _likelihood(c, states[variable])
    return found


def _states(c: Any, states: list[str]) -> str | list[str]:
    chosen = c.some(states, 1, len(states)) if c.flag(0.3) else [c.pick(states)]
    return chosen[0] if len(chosen) == 1 and c.flag(0.8) else chosen


def _likelihood(c: Any, states: list[str]) -> dict[str, str]:
    values = {s: c.pick(["1", "0.2", "3", "10", "0.05", "1/3", "7.5"]) for s in states}
    if len(states) > 1 and c.flag(0.1):
        values[c.pick(states)] = "0"
    return values


def _later(c: Any, report: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    """The entry, logged with the report or after every report."""
    own = report.get("logged", report["published"])
    return {**entry, "logged": own if c.flag(0.25) else c.pick(LATEST)}


def _changes(
    c: Any,
    report: dict[str, Any],
    sources: list[str],
    states: dict[str, list[str]],
    budget: Budget,
) -> dict[str, Any]:
    """Whole fields of a report anew, so that it stays a report."""
    what = c.pick(["outlet", "origin", "directness", "status", "source", "content"])
    if what == "origin":
        return {"origin": c.some(["wire", "call", "memo", "new"], 1, 2)}
    if what == "directness":
        return {"directness": c.pick(["direct", "inferred"])}
    if what == "status":
        return {"status": "draft"}
    if what == "source":
        source = c.pick(sources)
        if all(budget.admits(source, variable) for variable in report.get("claims", {})):
            return {"source": source}
    if what == "content":
        variable = c.pick(list(states))
        elsewhere = {v for key in ("observes", "likelihood") for v in report.get(key, {})}
        if variable not in elsewhere and budget.admits(report["source"], variable):
            return {"claims": {variable: _states(c, states[variable])}}
    return {"outlet": "Gazette"}
