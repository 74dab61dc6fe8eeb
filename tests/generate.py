"""Scenarios over the whole format, from a seed or from Hypothesis, through one builder.

`seeded(7)` is always the same scenario; `scenarios()` is a strategy that shrinks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from generate_choices import Choices, Drawn, Seeded
from generate_claims import expected, hypotheses, named_claims, settings_of, source, what_if
from generate_log import write_log
from generate_variables import variable
from plain_yaml import text

CELLS = 100_000  # the full joint of brute.py stays under this


@dataclass(frozen=True)
class Made:
    """A scenario's two texts and the case to look at."""

    scenario: str
    reports: str
    as_of: str | None = None
    do: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, str]:
        """The two YAML texts."""
        return self.scenario, self.reports

    @property
    def what_if(self) -> dict[str, Any]:
        """The arguments for the oracle."""
        return {"as_of": self.as_of, "do": self.do, "given": self.given, "without": self.without}

    def write(self, folder: Path) -> Path:
        """The folder with the two files in it."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "scenario.yaml").write_text(self.scenario, encoding="utf-8")
        (folder / "reports.yaml").write_text(self.reports, encoding="utf-8")
        return folder


@lru_cache(maxsize=2000)
def seeded(seed: int, *, explained: bool = False, cells: int = CELLS) -> Made:
    """The scenario of a seed; `explained` ones have effects."""
    return build(Seeded(np.random.default_rng([seed, int(explained)])), explained, cells)


@st.composite
def scenarios(draw: Any, *, explained: bool = False, cells: int = CELLS) -> Made:
    """Scenarios over the whole format; `explained` ones have effects."""
    return build(Drawn(draw), explained, cells)


def build(c: Choices, explained: bool, cells: int) -> Made:
    """One scenario, its log and a what-if."""
    settings = settings_of(c)
    scale = settings.get("scale", "icd203")
    names = c.some(
        ["arson", "wiring", "on", "spread", "payout", "null"], *((4, 5) if explained else (2, 6))
    )
    variables: dict[str, Any] = {}
    for name in names:
        variables[name] = variable(c, variables, scale, explained)
    states = {name: v.get("states", ["no", "yes"]) for name, v in variables.items()}
    claimable = [name for name in names if len(states[name]) > 1]
    scenario = {
        "title": "A made scenario",
        "question": "Why?",
        "hypotheses": hypotheses(c, claimable[:-1] if explained else claimable, states),
        "variables": {name: variables[name] for name in c.some(names, len(names), len(names))},
        "sources": {f"s{n}": source(c, states, scale) for n in range(c.integer(1, 3))},
    }
    if explained or c.flag(0.3):
        scenario["effects"] = named_claims(c, "effect", claimable, states)
    if c.flag(0.3):
        scenario["outcomes"] = named_claims(c, "outcome", claimable, states)
        told = {"for": "Nobody", "rests_on": f"{names[0]}={states[names[0]][0]}", "text": "So."}
        scenario["implications"] = [told]
    if settings:
        scenario["settings"] = settings
    log = write_log(c, scenario, states, cells)
    first, second = text(scenario, c), text(log, c)
    tried = what_if(c, states, scenario, log)
    if c.flag(0.4):  # last, so that all else stays as it was
        first += text({"expected": expected(c, claimable, states)}, c)
    return Made(first, second, **tried)
