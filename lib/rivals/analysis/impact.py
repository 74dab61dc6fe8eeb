"""What moved us: the decibels of each report, and what the repetitions would have weighed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Literal

import numpy as np
import pandas as pd

from rivals.analysis.beliefs import hypothesis_variables
from rivals.analysis.shapley import Game, Tell, share_out
from rivals.analysis.spread import chance_of, choose
from rivals.batch import Batch, ask_in_chunks
from rivals.engine import Array
from rivals.entries import Report
from rivals.evidence import COUNTED, Evidence, Standing, weigh_up
from rivals.factors import log_sum
from rivals.judgements import as_stated
from rivals.moments import When
from rivals.network import Network, WhatIf
from rivals.scenario import Claim, Dossier, Scenario
from rivals.stories import Mask

KINDS = ("arrival", "left_out", "shapley", "error")

ADDING_UP = ("arrival", "shapley")
"""The kinds of decibels whose sum over all reports is the shift from first to last."""

FAINT = 1e-290
"""A share of a joint table below which its smallest cells may have been lost."""


def impact(stated: Batch, *, seed: int = 0, tell: Tell | None = None) -> pd.DataFrame:
    """A row per report in force, in order; the columns have two levels, decibels for each h.

    ("report", ...): counted, source, and origin, the names of what it goes back to. Of the odds of
    h against not-h: ("arrival", h), after this report against before it; ("left_out", h), with
    everything against everything but it; ("shapley", h), what it adds on average over all orders of
    arrival, and ("error", h), its standard error: 0 up to 12 counted reports, else below 0.1. What
    is given comes before every report, as do silences; one holds, as it is by now, wherever no
    report that ends it has come or is left. A report that does not count has 0; infinite decibels
    are NaN, and so are then all Shapley values of that h. attrs: shift, the decibels of all reports
    together by h, to which `arrival` and `shapley` sum (`left_out` does not); pairs, how many pairs
    of orders were sampled, 0 when exact. After each round `tell` hears how many pairs are done and
    how many it may take in all.
    """
    standings = stated.network.evidence.in_force
    game, players = play(stated), len(stated.network.evidence.counted)
    found = _measure(game, players)
    share, error, pairs = share_out(game, players, seed, tell)
    found |= {"shapley": share, "error": error}
    counted = np.array([s.weighs for s in standings], bool)
    columns: dict[tuple[str, str], object] = {
        ("report", "counted"): counted,
        ("report", "source"): [s.report.source or "" for s in standings],
        ("report", "origin"): pd.Series([s.origins for s in standings], dtype=object).to_numpy(),
    }
    names = list(stated.network.scenario.hypotheses)
    for kind in KINDS:
        columns |= {(kind, h): _spread_out(found[kind][:, i], counted) for i, h in enumerate(names)}
    table = pd.DataFrame(columns, index=pd.Index([s.report.id for s in standings], name="report"))
    table.columns = pd.MultiIndex.from_tuples(columns)
    table.attrs["shift"] = dict(zip(names, found["shift"][0].tolist(), strict=True))
    table.attrs["pairs"] = pairs
    return table


def _spread_out(values: Array, counted: Mask) -> Array:
    """The values of the counted reports in the rows of all; 0 for the others."""
    column = np.zeros(len(counted))
    column[counted] = values
    return column


def _measure(game: Game, players: int) -> dict[str, Array]:
    """Decibels on arrival and when left out, (counted, hypotheses); and of all, (1, hypotheses)."""
    order = np.arange(players)[:, np.newaxis]
    prefixes, rest = order < np.arange(players + 1), order != np.arange(players)
    worth = game(np.concatenate([prefixes, rest], axis=1))
    came, left = worth[: players + 1], worth[players + 1 :]
    return {
        "arrival": subtract(came[1:], came[:-1]),
        "left_out": subtract(came[[-1]], left),
        "shift": subtract(came[[-1]], came[[0]]),
    }


def subtract(after: Array, before: Array) -> Array:
    """How many decibels lie between; NaN where they are infinitely many."""
    with np.errstate(invalid="ignore"):
        shift = after - before
    return np.where(np.isfinite(shift), shift, np.nan)


def play(stated: Batch) -> Game:
    """The game whose players are the counted reports: the decibels of the odds of each hypothesis.

    What is given is always known, and a silence holds as long as nothing in a coalition ends it.
    """
    standing = stated.network.first_report

    def game(sets: Mask) -> Array:
        masks = np.concatenate([np.ones((standing, sets.shape[1]), bool), sets])
        [odds] = ask_in_chunks(lambda chunk: (weigh_odds(chunk),), stated.over(masks))
        return np.asarray(odds[..., 0].T)

    return game


def weigh_odds(batch: Batch) -> Array:
    """The odds of each hypothesis in decibels: (hypotheses, sets, draws); they may be infinite."""
    network, scenario = batch.network, batch.network.scenario
    names = hypothesis_variables(scenario)
    joint = batch.joint(names)
    found = []
    for noun in scenario.hypotheses.values():
        axis = names.index(noun.claim.variable)
        marginal = joint.sum(axis=tuple(i for i in range(len(names)) if i != axis))
        chosen = choose(noun.claim, network)
        held, failed = marginal[chosen].sum(axis=0), marginal[~chosen].sum(axis=0)
        if (np.minimum(held, failed) < FAINT).any():
            found.append(_weigh_closely(batch, noun.claim))
        else:
            found.append(10 * (np.log10(held) - np.log10(failed)))
    return np.stack(found)


def _weigh_closely(batch: Batch, claim: Claim) -> Array:
    """The odds of a claim in decibels from two sums, where one lies deep below the other."""
    states = batch.network.scenario.variables[claim.variable].states
    others = [state for state in states if state not in claim.states]
    plain = batch.factors([claim.variable])
    logs = [
        batch.fill(log_sum([*plain, batch.indicate(claim.variable, named)]))
        for named in (claim.states, others)
    ]
    with np.errstate(invalid="ignore"):
        return np.asarray(10 * (logs[0] - logs[1]) / np.log(10))


def impact_by(table: pd.DataFrame, key: Literal["source", "origin"]) -> pd.DataFrame:
    """The impact of all reports of each source, or of each origin, in order of first appearance.

    ("report", "counted") is how many of its reports count; ("arrival", h) and ("shapley", h) are
    summed. The others are not there as they do not add up: without two reports at once the odds
    are not those without the one and those without the other, nor are standard errors
    independent. A report with several origins is shared equally among them, and counted with each.
    """
    named = [_names_of(one) for one in table["report", key]]
    every = list(dict.fromkeys(chain.from_iterable(named)))
    parts = np.array([[(n in own) / len(own) for own in named] for n in every])
    parts = parts.reshape(len(every), len(named))
    counts = table["report", "counted"].to_numpy(bool)
    columns: dict[tuple[str, str], object] = {("report", "counted"): ((parts > 0) & counts).sum(1)}
    for kind in ADDING_UP:
        for h, values in table[kind].items():
            decibels = values.to_numpy(float)
            columns[kind, str(h)] = [_sum_parts(part, decibels) for part in parts]
    grouped = pd.DataFrame(columns, index=pd.Index(every, name=key))
    grouped.columns = pd.MultiIndex.from_tuples(columns)
    return grouped


def _names_of(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _sum_parts(parts: Array, values: Array) -> float:
    """The weighted sum over what has a part; NaN there stays NaN, elsewhere it does not matter."""
    return float((parts[parts > 0] * values[parts > 0]).sum())


def count_naively(
    dossier: Dossier, moment: When | None, left_out: Sequence[str], what_if: WhatIf
) -> pd.DataFrame:
    """A row per hypothesis: what had been believed, had every echo and copy been news of its own.

    Whatever a report in force repeats then counts as the word of another source, with the grade or
    reliability and the interests of its own, on a story that nobody else tells; that goes for the
    part of a counted report that repeats, too. Columns: prior; posterior, as it is; naive, as it
    would have been; and in decibels of the odds, after what is given and silent: shift, by all
    reports as they count; naive_shift, by all of them counted naively; dB, from the posterior to
    the naive one. NaN where infinite; naive is NaN where repetitions contradict for certain what
    counts.
    attrs["origins"]: a row per origin: reports, how many in force go back to it and say something;
    counted, how many of them count; factor, how many times its story would have counted for once,
    NaN where none does.
    """
    scenario, evidence = dossier.scenario, weigh_up(dossier, moment, left_out)
    network = Network(scenario, evidence, what_if)
    standing = network.items[: network.first_report]
    batch = Batch(network, network.masks((), standing, None), as_stated(scenario))
    found = [_weigh(batch), _weigh(_believe_all(scenario, evidence, what_if))]
    prior, _, posterior, naive = np.hstack([chances for chances, _ in found]).T
    _, start, end, naive_end = np.hstack([odds for _, odds in found]).T
    columns = {"prior": prior, "posterior": posterior, "naive": naive}
    columns |= {"shift": subtract(end, start), "naive_shift": subtract(naive_end, start)}
    columns |= {"dB": subtract(naive_end, end)}
    table = pd.DataFrame(columns, index=pd.Index(list(scenario.hypotheses), name="hypothesis"))
    table.attrs["origins"] = _count_origins(evidence)
    return table


def _weigh(batch: Batch) -> tuple[Array, Array]:
    """P(hypothesis | evidence), and its odds in decibels: (hypotheses, sets)."""
    names = hypothesis_variables(batch.network.scenario)
    joint = batch.joint(names)
    nouns = batch.network.scenario.hypotheses.values()
    chances = [chance_of(noun.claim, names, batch.network, joint)[:, 0] for noun in nouns]
    odds = weigh_odds(batch)[..., 0]
    uncertain = np.isfinite(odds) & (np.stack(chances) >= 1)  # 1 by rounding alone
    return np.where(uncertain, np.nextafter(1, 0), chances), odds


def _believe_all(scenario: Scenario, evidence: Evidence, what_if: WhatIf) -> Batch:
    """The network in which what is repeated counts as the word of sources of their own."""
    repeated = [s for s in evidence.in_force if s.repeats]
    clones = {
        _clone_name(s.report): scenario.sources[s.report.source]
        for s in repeated
        if s.report.source is not None
    }
    credulous = scenario.model_copy(update={"sources": {**scenario.sources, **clones}})
    every = (*evidence.standings, *map(_hear_again, repeated))
    network = Network(credulous, replace(evidence, standings=every), what_if)
    return Batch(network, network.masks(None), as_stated(credulous))


def _clone_name(report: Report) -> str:
    """What the source of a repetition is called; no file can hold such a name."""
    return f"{report.source}:{report.id}"


def _hear_again(standing: Standing) -> Standing:
    """What a report repeats, as a report of its own."""
    report = standing.report
    source = None if report.source is None else _clone_name(report)
    again = report.model_copy(update={"id": f"{report.id}:repeated", "source": source})
    return Standing(again, standing.logged, COUNTED, (again.id,), tuple(standing.repeats))


def _count_origins(evidence: Evidence) -> pd.DataFrame:
    """A row per origin: reports that go back to it, those counted, and the factor between."""
    rows: dict[str, list[float]] = {}
    for standing in evidence.in_force:
        for origin in standing.origins if standing.counts or standing.repeats else ():
            row = rows.setdefault(origin, [0, 0])
            row[0] += 1
            row[1] += standing.weighs
    counts = pd.DataFrame.from_dict(rows, orient="index", columns=["reports", "counted"], dtype=int)
    counts.index.name = "origin"
    counts["factor"] = counts["reports"] / counts["counted"].where(counts["counted"] > 0)
    return counts
