"""The two YAML texts as plain dictionaries, and the numbers in them as exact fractions."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

WORDS = {
    "icd203": [
        ("almost no chance|remote", "0.01", "0.05"),
        ("very unlikely|highly improbable", "0.05", "0.20"),
        ("unlikely|improbable", "0.20", "0.45"),
        ("roughly even chance|roughly even odds", "0.45", "0.55"),
        ("likely|probable", "0.55", "0.80"),
        ("very likely|highly probable", "0.80", "0.95"),
        ("almost certain|nearly certain", "0.95", "0.99"),
    ],
    "phia": [
        ("remote chance", "0", "0.05"),
        ("highly unlikely", "0.10", "0.20"),
        ("unlikely", "0.25", "0.35"),
        ("realistic possibility", "0.40", "0.50"),
        ("likely", "0.55", "0.75"),
        ("highly likely", "0.80", "0.90"),
        ("almost certain", "0.95", "1"),
    ],
}

DEFAULTS: dict[str, Any] = {
    "scale": "icd203",
    "timezone": "UTC",
    "accuracy": "0.95",
    "spin": "0.50",
    "fidelity": {"direct": "0.99", "relayed": "0.95", "inferred": "0.80"},
    "grades": {"A": "0.95", "B": "0.85", "C": "0.70", "D": "0.50", "E": "0.30", "F": "0.50"},
}


def load(where: Path | tuple[str, str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The scenario and the log of a folder, or of the two texts, all scalars as text."""
    if isinstance(where, tuple):
        scenario, reports = where
    else:
        scenario = (where / "scenario.yaml").read_text(encoding="utf-8")
        log = where / "reports.yaml"
        reports = log.read_text(encoding="utf-8") if log.exists() else ""
    return parsed(scenario), parsed(reports) or []


def parsed(text: str) -> Any:
    """YAML with all scalars as text: this loader builds nothing else."""
    return yaml.load(text, yaml.CBaseLoader)  # noqa: S506 - it's safer than the safe one


def settings(scenario: dict[str, Any]) -> dict[str, Any]:
    """The settings with the defaults for whatever the scenario doesn't state."""
    own = scenario.get("settings") or {}
    nested = {key: {**DEFAULTS[key], **own.get(key, {})} for key in ("fidelity", "grades")}
    return {**DEFAULTS, **own, **nested}


@cache
def words(scale: str) -> dict[str, Fraction]:
    """Every word of a scale, with the middle of its band."""
    return {
        word: (Fraction(low) + Fraction(high)) / 2
        for terms, low, high in WORDS[scale]
        for word in terms.split("|")
    }


@cache
def number(text: str, scale: str = "icd203") -> Fraction:
    """A number, percentage, fraction or word of the scale."""
    text = text.strip()
    if text in words(scale):
        return words(scale)[text]
    if text.endswith("%"):
        return Fraction(text[:-1]) / 100
    return Fraction(text)


def distribution(stated: dict[str, str], states: list[str], scale: str) -> list[Fraction]:
    """The probabilities of all states, the one that is left out getting the rest.

    The design's own example, `then: {none: 1}` with three states, leaves out two: the rest is 0.
    """
    known = {state: number(text, scale) for state, text in stated.items()}
    left_out = [state for state in states if state not in known]
    rest = 1 - sum(known.values(), Fraction(0))
    assert set(known) <= set(states), stated
    assert rest >= 0, stated
    assert len(left_out) == 1 or rest == 0, stated
    return [known.get(state, rest) for state in states]


def several(value: str | list[str]) -> list[str]:
    """A state or a list of states as a list."""
    return value if isinstance(value, list) else [value]


def claim(stated: str | dict[str, Any]) -> tuple[str, list[str], str | None]:
    """The variable, the states and the named `off` state of a hypothesis, effect or outcome."""
    text = stated if isinstance(stated, str) else stated["claim"]
    off = None if isinstance(stated, str) else stated.get("off")
    variable, states = text.split("=")
    return variable, states.split("|"), off
