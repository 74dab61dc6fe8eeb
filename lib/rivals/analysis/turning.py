"""What would change our mind: reports to discredit, sources to trust less, one more report.

The leader is the hypothesis with the highest `because` for the first effect, without effects the
highest posterior; here this is called its number. Ties go by the order of the file.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rivals.analysis.beliefs import TIE, lead
from rivals.analysis.discredit import discredit_origins, discredit_reports
from rivals.analysis.headline import headline, headline_factors, headline_makes
from rivals.analysis.inquiry import claim_more, foretell, rely
from rivals.analysis.spread import choose
from rivals.batch import Batch
from rivals.engine import Array
from rivals.factors import log_sum, scale_of, settle, tape_of
from rivals.leaving import Make
from rivals.scenario import Claim
from rivals.twin import negate


@dataclass(frozen=True)
class TurningPoints:
    """What would change the leader; its chance is its number, 0 where nobody leads.

    sets: a row per smallest set of counted reports whose leaving out does, the clearest change
    first: reports; size; how ("exact": no smaller one does; "greedy": perhaps a smaller one does);
    leader (who leads then); chance (its number then); before (that of the present leader then).
    origins: the same for whole origins, as origin:NAME; size counts origins.
    sources: by (source, topic): name, value (the prior reliability), falls_to (the nearest lower
    one at which another draws level), leader (the other); NaN and "" where none does.
    needed: by rival, the highest first: chance (its number), rise and fall, the dB of one more
    report on the rival's claim alone, or against the leader's alone, that would make them level.
    supply: by (hypothesis, source): dB that one more direct claim of the source would carry, for
    the rival's claim or, of the leader, against it; enough: whether that is the rise, or the least
    fall.
    """

    leader: str
    chance: float
    sets: pd.DataFrame
    origins: pd.DataFrame
    sources: pd.DataFrame
    needed: pd.DataFrame
    supply: pd.DataFrame


def turning_points(stated: Batch) -> TurningPoints:
    """The smallest changes that would make another hypothesis lead."""
    chances = headline(stated)[:, 0, 0]
    leader = int(lead(chances))  # if nobody leads, the first
    needed = _need(stated, chances, leader)
    name = list(stated.network.scenario.hypotheses)[leader]
    return TurningPoints(
        name,
        float(chances[leader]),
        discredit_reports(stated, leader),
        discredit_origins(stated, leader),
        _tabulate_sources(stated, leader),
        needed,
        _supply(stated, needed, name),
    )


# --- reliabilities ---


def _tabulate_sources(stated: Batch, leader: int) -> pd.DataFrame:
    network, names = stated.network, list(stated.network.scenario.hypotheses)
    sources, priors = network.scenario.sources, stated.evidence
    shares = np.stack([_rely(make, stated) for make in headline_makes(network.scenario)])
    rows = []
    for i, node in enumerate(network.reliabilities):
        value = float(priors[i].table[1, 0, 0])
        falls_to, other = _fall(shares[:, i], value, leader)
        name = sources[node.source].name or node.source
        rows.append([name, value, falls_to, names[other] if other >= 0 else ""])
    nodes = [tuple(node) for node in network.reliabilities]
    index = pd.MultiIndex.from_tuples(nodes, names=["source", "topic"])
    table = pd.DataFrame(rows, index=index, columns=["name", "value", "falls_to", "leader"])
    return table.sort_values("falls_to", ascending=False, kind="stable")


def _rely(make: Make | None, stated: Batch) -> Array:
    """A sum, by P(evidence), with each reliability known to be 0 and 1: (reliabilities, 2)."""
    count = len(stated.network.reliabilities)
    if make is None or not count:
        return np.zeros((count, 2))
    factors = make(stated)
    places = {id(factor): i for i, factor in enumerate(factors)}
    factors = settle(factors)
    answer, gradients = tape_of(factors).run_with_gradients(
        [f.table for f in factors], np.ones((1, 1))
    )
    scale = np.exp(answer.log_scale + scale_of(factors) - stated.log_evidence)
    priors = stated.evidence[:count]
    return np.stack([(gradients[places[id(prior)]] * scale)[:, 0, 0] for prior in priors])


def _fall(shares: Array, value: float, leader: int) -> tuple[float, int]:
    """The nearest lower reliability at which another draws level, and who; NaN and -1 if none.

    shares: P(evidence) and then the numbers times it, with reliability 0 and 1. Both are linear in
    the reliability, so the difference of two numbers is linear over linear.
    """
    found = (np.nan, -1)
    at_zero, sums = shares[0, 0], shares[1:]
    if not (value > 0 and at_zero > 0):
        return found
    for other in range(len(sums)):
        ahead = sums[leader] - sums[other]
        level = TIE if other < leader else -TIE
        if other != leader and ahead[0] / at_zero <= level and ahead[1] != ahead[0]:
            root = float(np.clip(ahead[0] / (ahead[0] - ahead[1]), 0.0, value))
            found = (root, other) if not root <= found[0] else found
    return found


# --- one more report ---


def _need(stated: Batch, chances: Array, leader: int) -> pd.DataFrame:
    """A row per rival: how many dB one more report needs."""
    nouns = stated.network.scenario.hypotheses
    names, rows = list(nouns), {}
    order = [h for h in np.argsort(-chances, kind="stable").tolist() if h != leader]
    for other in order:
        claim, against = nouns[names[other]].claim, nouns[names[leader]].claim
        heard, ahead = _hear(stated, claim, chances, (leader, other))
        failed = _without(heard, names[leader], claim)
        rise = _say_dB(failed, failed - ahead)
        heard, ahead = _hear(stated, against, chances, (leader, other))
        failed = _without(heard, names[other], against)
        fall = _say_dB(failed + ahead, failed)
        rows[names[other]] = [float(chances[other]), rise, fall]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["chance", "rise", "fall"])
    table.index.name = "hypothesis"
    return table


def _hear(
    stated: Batch, claim: Claim, chances: Array, pair: tuple[int, int]
) -> tuple[Batch, float]:
    """The evidence as one more report on the claim finds it, and how far one is then ahead."""
    heard = stated.hearing(claim.variable)
    found = chances if heard is stated else headline(heard)[:, 0, 0]
    return heard, float(found[pair[0]] - found[pair[1]])


def _say_dB(above: float, below: float) -> float:  # noqa: N802 - the unit's own spelling
    """A ratio in decibels; NaN where no report is enough."""
    return float(10 * np.log10(above / below)) if min(above, below) > TIE else np.nan


def _without(stated: Batch, hypothesis: str, claim: Claim) -> float:
    """The part of a hypothesis's number in which a claim is false."""
    scenario = stated.network.scenario
    denied = negate(claim, scenario.variables[claim.variable].states)
    make = headline_factors(hypothesis, scenario, denied) if denied else None
    return float(stated.share(log_sum(make(stated)))[0, 0]) if make else 0.0


def _supply(stated: Batch, needed: pd.DataFrame, leader: str) -> pd.DataFrame:
    """A row per (hypothesis, source): what one more direct claim of the source would carry."""
    scenario, rows = stated.network.scenario, {}
    wanted = {str(rival): float(rise) for rival, rise in needed["rise"].items()}
    for name, least in {**wanted, leader: float(needed["fall"].min())}.items():
        own = scenario.hypotheses[name].claim
        denied = negate(own, scenario.variables[own.variable].states)
        claim = denied if name == leader else own
        for source, carried in _carry(stated, claim).items() if claim else ():
            rows[name, source] = [carried, bool(carried >= least)]
    index = pd.MultiIndex.from_tuples(rows, names=["hypothesis", "source"])
    return pd.DataFrame(list(rows.values()), index=index, columns=["dB", "enough"])


def _carry(stated: Batch, claim: Claim) -> dict[str, float]:
    """The dB by which one more direct claim of each source would move the odds of the claim.

    That the report ends a silence on the variable is not its own weight, and left aside.
    """
    network, variable = stated.network, claim.variable
    stated = stated.hearing(variable)
    if variable in network.what_if.do:
        return dict.fromkeys(network.scenario.sources, np.nan)
    foretold = foretell(stated, variable)
    relied = rely(stated, variable, foretold)
    states, named = foretold.chances.sum(axis=0), choose(claim, network)
    found = {}
    for source, [chance] in claim_more(stated, variable, [claim.states]).items():
        said = (relied[source].sum(axis=1) * chance).sum(axis=0)
        parts = [part[chosen].sum() for part in (said, states) for chosen in (named, ~named)]
        possible = min(parts) > 0
        ratio = parts[0] / parts[1] * parts[3] / parts[2] if possible else np.nan
        found[source] = float(10 * np.log10(ratio))
    return found
