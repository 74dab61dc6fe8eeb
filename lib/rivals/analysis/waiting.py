"""What we are waiting for: what the absence of expected reports weighs, and what if they came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from rivals.analysis.beliefs import lead
from rivals.analysis.headline import headline
from rivals.analysis.impact import subtract, weigh_odds
from rivals.batch import Batch, ask_in_chunks
from rivals.engine import Array
from rivals.network import Network, WhatIf
from rivals.scenario import Expected, label_of
from rivals.silence import Silence

AWAITED, OVERDUE, NOT_YET = "awaited", "overdue", "not yet"
ENDED, GIVEN, UNDER_DO = "ended", "given", "under do"


def await_reports(stated: Batch) -> pd.DataFrame:
    """A row per expected report, in the order of the file; the columns have two levels.

    ("expected", ...): label; claim; ask, of its variable; since, by; chance; share, how much of the
    time is over; state: awaited, overdue (all of its time is over), not yet, ended (by a counted
    report on its variable: ended_by, the first one), given or under do; posterior, P(claim | e);
    to_come, the chance that it comes in what is left of its time, 0 where that is not awaited;
    leader, who would lead the headline were the claim known to hold, "" where that is impossible.
    ("decibels", h): what its absence weighs now, in dB of the odds of h with it and without; NaN
    where infinite. ("came", h): the headline's number of h were the claim known to hold. attrs:
    leader and now, the headline's numbers by h, as it stands.
    """
    network = stated.network
    scenario, expected = network.scenario, network.scenario.expected
    silences = {silence.name: silence for silence in network.evidence.silences}
    now = headline(stated)[:, 0, 0]
    weighs = _weigh_absence(stated)
    came = {name: _suppose(stated, noun) for name, noun in expected.items()}
    names = list(scenario.hypotheses)
    rows = [
        [
            *_describe(stated, silences[name], noun),
            names[int(lead(came[name]))] if np.isfinite(came[name]).all() else "",
            *weighs.get(name, np.zeros(len(names))),
            *came[name],
        ]
        for name, noun in expected.items()
    ]
    told = ["label", "claim", "ask", "since", "by", "chance", "share", "state", "ended_by",
            "posterior", "to_come", "leader"]  # fmt: skip
    columns = [("expected", one) for one in told]
    columns += [(kind, h) for kind in ("decibels", "came") for h in names]
    table = pd.DataFrame(rows, pd.Index(list(expected), name="expected"), columns)
    table.columns = pd.MultiIndex.from_tuples(columns)
    table.attrs["leader"] = names[int(lead(now))]
    table.attrs["now"] = dict(zip(names, now.tolist(), strict=True))
    return table


def _describe(stated: Batch, silence: Silence, noun: Expected) -> Iterator[object]:
    scenario = stated.network.scenario
    claim, share = noun.claim, silence.share
    yield from (label_of(silence.name, noun), str(claim), scenario.variables[claim.variable].ask)
    yield from (str(noun.since), str(noun.by), noun.chance, share)
    state, ended_by = _stand(stated.network, silence)
    yield from (state, ended_by)
    holds = stated.chance([stated.indicate(claim.variable, claim.states)])[0, 0]
    yield float(holds)
    open_yet = state in (AWAITED, NOT_YET)
    missed = 1 - noun.chance * share
    yield float(holds * noun.chance * (1 - share) / missed) if open_yet and missed > 0 else 0.0


def _stand(network: Network, silence: Silence) -> tuple[str, str]:
    """The state of an expected report, and the counted report that ended the wait for it."""
    if silence.variable in network.what_if.do:
        return UNDER_DO, ""
    if silence.variable in network.what_if.given:
        return GIVEN, ""
    on = (s.report.id for s in network.evidence.counted if silence.variable in s.counts)
    first = next(on, "")
    if first:
        return ENDED, first
    return (NOT_YET if silence.share == 0 else OVERDUE if silence.share == 1 else AWAITED), ""


def _weigh_absence(stated: Batch) -> dict[str, Array]:
    """The decibels of each silence that holds, (hypotheses,): all evidence against all but it."""
    network = stated.network
    holds = np.flatnonzero(stated.silent[:, 0] > 0)
    if not len(holds):
        return {}
    masks = np.repeat(stated.masks, 1 + len(holds), axis=1)
    masks[network.first_silence + holds, 1 + np.arange(len(holds))] = False
    [odds] = ask_in_chunks(lambda chunk: (weigh_odds(chunk),), stated.over(masks))
    shift = subtract(odds[:, :1, 0], odds[:, 1:, 0])
    return {network.silences[i].name: shift[:, at] for at, i in enumerate(holds.tolist())}


def _suppose(stated: Batch, noun: Expected) -> Array:
    """The headline's numbers were a claim known to hold: (hypotheses,); NaN if it cannot."""
    network, claim = stated.network, noun.claim
    supposed = network.what_if
    if claim.variable in supposed.do:
        return np.full(len(network.scenario.hypotheses), np.nan)
    known: Sequence[str] = supposed.given.get(claim.variable, claim.states)
    states = tuple(state for state in claim.states if state in known)
    if not states:
        return np.full(len(network.scenario.hypotheses), np.nan)
    given = {**supposed.given, claim.variable: states}
    so = Network(network.scenario, network.evidence, WhatIf(given, supposed.do))
    batch = Batch(so, so.masks(None), stated.values)
    if not np.isfinite(batch.log_evidence).all():
        return np.full(len(network.scenario.hypotheses), np.nan)
    return np.asarray(headline(batch)[:, 0, 0])
