"""The headline's number of each hypothesis, and who leads by it.

It is `because` for the first effect; without effects, the posterior.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from rivals.analysis.beliefs import hypothesis_variables
from rivals.analysis.causes import because, why
from rivals.analysis.spread import chance_of
from rivals.batch import Batch, ask_in_chunks
from rivals.engine import Array
from rivals.leaving import Make
from rivals.scenario import Claim, Scenario
from rivals.twin import Contrast, contrast_factors

Sums = Callable[[Sequence[Make], Batch], Iterable[Array]]
"""The logarithm of what each product of factors sums to, over whatever sets are asked about."""


def headline(batch: Batch) -> Array:
    """The number of each hypothesis: (hypotheses, sets, draws)."""
    network, scenario = batch.network, batch.network.scenario
    if scenario.effect is not None:
        contrasts = [_contrast(name, scenario) for name in scenario.hypotheses]
        return np.stack(ask_in_chunks(lambda b: because(b, contrasts), batch))
    names = hypothesis_variables(scenario)
    [joint] = ask_in_chunks(lambda b: (b.joint(names),), batch)
    nouns = scenario.hypotheses.values()
    return np.stack([chance_of(noun.claim, names, network, joint) for noun in nouns])


def headline_factors(name: str, scenario: Scenario, *held: Claim) -> Make | None:
    """The factors whose sum is the number of a hypothesis, where claims hold, times P(evidence).

    None where the number is 0 whatever the evidence.
    """
    if scenario.effect is None:
        return _present((scenario.hypotheses[name].claim, *held))
    contrast = _contrast(name, scenario)
    if contrast is None:
        return None
    narrower = replace(contrast, actual=(*contrast.actual, *held))
    return lambda batch: contrast_factors(batch, narrower)


def _present(claims: Sequence[Claim]) -> Make:
    names = tuple(dict.fromkeys(claim.variable for claim in claims))
    return lambda batch: [
        *batch.factors(names),
        *(batch.indicate(claim.variable, claim.states) for claim in claims),
    ]


def _contrast(name: str, scenario: Scenario) -> Contrast | None:
    assert scenario.effect is not None  # asked only then
    return why(scenario, scenario.effects[scenario.effect].claim, [name])


def headline_makes(scenario: Scenario) -> list[Make | None]:
    """What sums to P(evidence), then to the number of each hypothesis times it."""
    numbers = (headline_factors(name, scenario) for name in scenario.hypotheses)
    return [lambda batch: batch.factors(()), *numbers]


def headline_by(sums: Sums, batch: Batch) -> tuple[Array, Array]:
    """The numbers, and log P(evidence), by another way to sum them: (hypotheses, ...) and (...).

    The numbers are NaN where the evidence is impossible, and not finite where a sum is not.
    """
    makes = headline_makes(batch.network.scenario)
    possible = [make for make in makes if make is not None]
    log_evidence, *found = ask_in_chunks(lambda chunk: tuple(sums(possible, chunk)), batch)
    left, never = iter(found), np.full_like(log_evidence, -np.inf)
    logs = np.stack([never if make is None else next(left) for make in makes[1:]])
    with np.errstate(invalid="ignore", over="ignore"):
        return np.exp(logs - log_evidence), log_evidence
