"""Made variables: every gate, one to four states, oddly named ones among them."""

from __future__ import annotations

from typing import Any

from generate_choices import Choices
from generate_numbers import chance, spread

STATES: list[list[str]] = [
    ["none", "hall", "site"],
    ["off", "on"],
    ["32", "33"],
    ["true", "null", "3"],
    ["yes", "no"],
    ["low", "mid", "high", "top"],
]


def variable(c: Choices, earlier: dict[str, Any], scale: str, explained: bool) -> Any:
    """One variable after the earlier ones; in explained scenarios the later hang on many."""
    variable: dict[str, Any] = {"ask": "Was it so on 3 May?"}
    states = ["no", "yes"]
    if c.flag(0.04) and len(earlier) > 1:
        states = ["only"]
    elif c.flag(0.5):
        states = c.pick(STATES)
    if states != ["no", "yes"] or c.flag(0.1):
        variable["states"] = states
    gates = _gates(states, earlier)
    roots = 2 if explained else 1
    gate = c.pick(gates) if len(earlier) >= roots and (explained or c.flag(0.8)) else _prior
    variable |= gate(c, states, earlier, scale)
    if c.flag(0.3):
        variable["topic"] = c.pick(["money", "toll"])
    if c.flag(0.3) and len(states) > 1:
        whole = spread(c, states, scale)
        variable["chatter"] = {s: whole[s] for s in c.some(list(whole), 1, len(whole))}
    if c.flag(0.2):
        variable["observable"] = {"how": "ask", "cost": c.pick(["1", "2.5"])}
    if c.flag(0.2):
        variable["firmness"] = c.pick(["low", "medium", "high", "12"])
    return variable | ({"why": "A guess."} if c.flag(0.3) else {})


def _gates(states: list[str], earlier: dict[str, Any]) -> list[Any]:
    """The gates that can stand here."""
    if not earlier:
        return []
    acting = any(len(v.get("states", "ny")) > 1 for v in earlier.values())
    noisy = [_noisy_max] if acting and len(states) > 1 else []
    return [
        _table,
        _ranked,
        *noisy,
        *([_noisy_or, _noisy_or] if noisy and len(states) == 2 else []),
    ]


def _parents(c: Choices, earlier: dict[str, Any], *, acting: bool) -> dict[str, list[str]]:
    states = {name: v.get("states", ["no", "yes"]) for name, v in earlier.items()}
    fitting = [name for name in states if len(states[name]) > 1 or not acting]
    return {name: states[name] for name in c.some(fitting, min(2, len(fitting)), 3)}


def _prior(c: Choices, states: list[str], earlier: dict[str, Any], scale: str) -> dict[str, Any]:
    return {"prior": spread(c, states, scale)}


def _table(c: Choices, states: list[str], earlier: dict[str, Any], scale: str) -> dict[str, Any]:
    parents = _parents(c, earlier, acting=False)
    worlds: list[dict[str, str]] = [{}]
    for name, options in parents.items():
        worlds = [{**world, name: state} for world in worlds for state in options]
    rows: list[dict[str, Any]] = []
    for _ in range(c.integer(1, 4)):
        when: dict[str, Any] = {}
        for name in c.some(list(parents), 1, len(parents)):
            wanted = c.some(parents[name], 1, max(1, len(parents[name]) - 1))
            when[name] = wanted[0] if len(wanted) == 1 and c.flag(0.7) else wanted
        left = [w for w in worlds if not all(w[n] in _listed(s) for n, s in when.items())]
        if len(left) < len(worlds):
            rows.append({"when": when, "then": spread(c, states, scale)})
            worlds = left
    if worlds:
        rows.append({"then": spread(c, states, scale)})
    return {"table": rows}


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _noisy_or(c: Choices, states: list[str], earlier: dict[str, Any], scale: str) -> dict[str, Any]:
    causes: dict[str, Any] = {}
    for name, options in _parents(c, earlier, acting=True).items():
        if len(options) == 2:
            causes[name] = chance(c, scale)
        else:
            causes[name] = {s: chance(c, scale) for s in c.some(options[1:], 1, len(options) - 1)}
    leak = {"leak": c.pick(["0.001", "0.1", "5%", "1e-2"])} if c.flag(0.7) else {}
    return {"noisy_or": {**leak, "causes": causes}}


def _noisy_max(
    c: Choices, states: list[str], earlier: dict[str, Any], scale: str
) -> dict[str, Any]:
    causes = {
        name: {state: spread(c, states, scale) for state in options[1:]}
        for name, options in _parents(c, earlier, acting=True).items()
    }
    leak = {"leak": spread(c, states, scale)} if c.flag(0.6) else {}
    return {"noisy_max": {**leak, "causes": causes}}


def _ranked(c: Choices, states: list[str], earlier: dict[str, Any], scale: str) -> dict[str, Any]:
    weights = {
        name: c.pick(["1", "2", "-1", "0.5", "3"]) for name in _parents(c, earlier, acting=False)
    }
    return {"ranked": {"weights": weights, "sd": c.pick(["0.1", "0.3", "1", "0.05", "4"])}}
