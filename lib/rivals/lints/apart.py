"""Hypotheses that the evidence treats as one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from rivals.analysis.beliefs import hypothesis_variables
from rivals.analysis.spread import chance_of
from rivals.codes import find_code
from rivals.engine import Array
from rivals.lints.finding import Finding
from rivals.premises import Premises

NOT_TOLD_APART = find_code("not-told-apart")
LEAST = 0.1
"""Decibels: what is shown to a tenth and moves less is shown as unmoved."""


def find_alike(premises: Premises) -> Iterator[Finding]:
    """Pairs of hypotheses whose odds no item of evidence moves, alone or with all the others.

    A pair that all evidence together leaves as it was, one item cancelling another, is told apart.
    Without evidence there is nothing to tell by, and nothing is found.
    """
    items = premises.stated.network.items
    if not items:
        return
    together = _moved(premises, [None])
    near = [pair for pair in combinations(together, 2) if _unmoved(together, *pair)]
    alone = _moved(premises, [(item,) for item in items]) if near else {}
    for first, second in near:
        if _unmoved(alone, first, second):
            text = (
                f"nothing in the log moves the odds between it and {second} by {LEAST:g} dB; look "
                f"for a trace that only one of them would leave, and model it"
            )
            yield Finding(NOT_TOLD_APART, f"hypotheses.{first}", text)


def _unmoved(moved: dict[str, Array], first: str, second: str) -> bool:
    """Whether the odds between two stay; a chance of 0 before or after tells them apart."""
    with np.errstate(invalid="ignore"):
        return bool((np.abs(moved[first] - moved[second]) < LEAST).all())


def _moved(premises: Premises, sets: list[tuple[str, ...] | None]) -> dict[str, Array]:
    """How far each set of evidence moves each hypothesis' chance, in decibels: (sets,)."""
    network = premises.stated.network
    names = hypothesis_variables(premises.scenario)
    joint = premises.stated.over(network.masks((), *sets)).joint(names)
    found = {}
    for name, noun in premises.scenario.hypotheses.items():
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = 10 * np.log10(chance_of(noun.claim, names, network, joint)[:, 0])
            found[name] = logs[1:] - logs[0]
    return found
