"""How belief compared with what happened: Brier and log scores, and calibration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from rivals.analysis.spread import chance_of
from rivals.batch import Batch, ask_in_chunks
from rivals.engine import Array
from rivals.evidence import Evidence, logged_at, weigh_up
from rivals.judgements import as_stated
from rivals.moments import When
from rivals.network import Network, WhatIf
from rivals.scenario import Dossier, Outcome, Scenario, label_of

RETROSPECTIVE = "today's model, retrospective"
"""The kind of what a model written later says of the past: nobody issued it as a forecast."""

SCORES = ("brier", "log", "brier_prior", "log_prior", "brier_half", "log_half")
"""The scores of the belief, of the prior, and of always saying 0.5; lower is better."""


class Forecast(NamedTuple):
    """A chance given to an outcome at a moment, by whatever model or person."""

    outcome: str
    moment: When
    chance: float


def score_beliefs(
    dossier: Dossier, moment: When | None, left_out: Sequence[str], what_if: WhatIf
) -> pd.DataFrame:
    """The scores of what this model believed on the evening of each day of the log.

    The table of `score_forecasts`, up to the moment, of kind RETROSPECTIVE. attrs["open"]: a row
    per outcome that is not resolved: label, by, chance at the moment, NaN if the log is impossible.
    """
    scenario = dossier.scenario
    evenings = _evenings(dossier, moment)
    logs = [weigh_up(dossier, one, left_out) for one in (*evenings, moment)]
    beliefs = believe(scenario, logs, what_if)
    prior = believe(scenario, [Evidence(())], WhatIf({}, what_if.do))
    forecasts = [
        Forecast(name, evening, chance)
        for name, row in zip(scenario.outcomes, beliefs.tolist(), strict=True)
        for evening, chance in zip(evenings, row, strict=False)
    ]
    priors = dict(zip(scenario.outcomes, prior[:, 0].tolist(), strict=True))
    table = score_forecasts(scenario, forecasts, priors, RETROSPECTIVE)
    now = dict(zip(scenario.outcomes, beliefs[:, -1].tolist(), strict=True))
    table.attrs["open"] = _tabulate_open(scenario, now)
    return table


def _evenings(dossier: Dossier, moment: When | None) -> list[When]:
    """The days on which something was logged and that ended by the moment."""
    zone = _zone(dossier.scenario)
    days = sorted({logged_at(entry, zone).astimezone(zone).date() for entry in dossier.shown})
    evenings = [When(day.isoformat()) for day in days]
    return [e for e in evenings if moment is None or e.end(zone) <= moment.end(zone)]


def _zone(scenario: Scenario) -> ZoneInfo:
    return ZoneInfo(scenario.settings.timezone)


def believe(scenario: Scenario, logs: Sequence[Evidence], what_if: WhatIf) -> Array:
    """P(outcome | log, what is given) on the judgements as stated: (outcomes, logs).

    NaN where the log, or what is given, is impossible.
    """
    found = np.full((len(scenario.outcomes), len(logs)), np.nan)
    for whole, members in _gather(logs) if scenario.outcomes else ():
        latest = {s.name: s for i in members for s in logs[i].silences if s.share > 0}
        network = Network(scenario, replace(whole, silences=tuple(latest.values())), what_if)
        standing = network.items[: network.first_report]
        known = ([*standing, *(s.report.id for s in logs[i].counted)] for i in members)
        due = [{s.name: s.share for s in logs[i].silences} for i in members]
        shares = np.array([[one.get(s.name, 0.0) for one in due] for s in network.silences])
        shares = shares.reshape(len(network.silences), len(members))
        batch = Batch(network, network.masks(*known), as_stated(scenario), shares)
        found[:, members] = _weigh(batch)
    return found


def _gather(logs: Sequence[Evidence]) -> list[tuple[Evidence, list[int]]]:
    """Logs, each with the logs that are parts of it: one network serves each such group."""
    heard = [{s.report.id: (s.report, s.counts) for s in log.counted} for log in logs]
    groups: dict[int, list[int]] = {}
    for i in reversed(range(len(logs))):
        whole = next((j for j in groups if heard[i].items() <= heard[j].items()), i)
        groups.setdefault(whole, []).append(i)
    return [(logs[whole], members) for whole, members in groups.items()]


def _weigh(batch: Batch) -> Array:
    """P(claim) of each outcome: (outcomes, sets)."""
    network = batch.network
    claims = [noun.claim for noun in network.scenario.outcomes.values()]

    def ask(chunk: Batch) -> tuple[Array, ...]:
        return tuple(
            chance_of(claim, [claim.variable], network, chunk.joint([claim.variable]))
            for claim in claims
        )

    return np.clip([chances[:, 0] for chances in ask_in_chunks(ask, batch)], 0, 1)


def _tabulate_open(scenario: Scenario, now: Mapping[str, float]) -> pd.DataFrame:
    rows = {
        name: [label_of(name, noun), _say(noun.by), now[name]]
        for name, noun in scenario.outcomes.items()
        if noun.resolved is None
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["label", "by", "chance"])
    table.index.name = "outcome"
    return table.astype({"chance": float})


def _say(when: When | None) -> str:
    return str(when) if when else ""


def score_forecasts(
    scenario: Scenario, forecasts: Iterable[Forecast], priors: Mapping[str, float], kind: str
) -> pd.DataFrame:
    """A row per (outcome, date) of those forecasts that count, whatever their origin.

    A forecast counts when its outcome is resolved, its day is before the day of the resolution and
    its moment is not after `by`. Columns: label, by, resolved_on, happened, chance, and for the
    chance, for the prior and for 0.5: brier, the square of its distance from what happened (1 or
    0; Brier 1950), and log, -log2 of the chance given to what happened, in bits (Good 1952), which
    is infinite when that was 0. attrs["kind"]: where the forecasts come from. Beliefs that were
    worked out afterwards, and differences to a prior that was stated afterwards, show no skill.
    """
    zone = _zone(scenario)
    valid = [f for f in forecasts if _counts(f, scenario.outcomes[f.outcome], zone)]
    index = pd.MultiIndex.from_arrays(
        [[f.outcome for f in valid], [str(f.moment) for f in valid]], names=["outcome", "date"]
    )
    nouns = [(f.outcome, scenario.outcomes[f.outcome]) for f in valid]
    columns: dict[str, object] = {
        "label": [label_of(name, noun) for name, noun in nouns],
        "by": [_say(noun.by) for _, noun in nouns],
        "resolved_on": [_say(noun.resolved_on) for _, noun in nouns],
    }
    happened = np.array([noun.happened for _, noun in nouns], bool)
    chance = np.array([f.chance for f in valid], float)
    prior = np.array([priors[f.outcome] for f in valid], float)
    columns |= {"happened": happened, "chance": chance}
    for rival, chances in (("", chance), ("_prior", prior), ("_half", np.full(len(valid), 0.5))):
        columns["brier" + rival], columns["log" + rival] = grade(chances, happened)
    table = pd.DataFrame(columns, index=index)
    table.attrs["kind"] = kind
    return table


def grade(chance: Array, happened: Array) -> tuple[Array, Array]:
    """The Brier scores, and the log scores in bits, of chances given to what did or did not happen.

    >>> grade(np.array([0.75, 0.75]), np.array([True, False]))[0].tolist()
    [0.0625, 0.5625]
    """
    with np.errstate(divide="ignore"):
        bits = -np.log2(np.where(happened, chance, 1 - chance))
    return (chance - happened) ** 2, bits + 0.0  # without -0


def _counts(forecast: Forecast, outcome: Outcome, zone: ZoneInfo) -> bool:
    if outcome.resolved_on is None:
        return False
    end = forecast.moment.end(zone)
    in_time = outcome.by is None or end <= outcome.by.end(zone)
    return in_time and end.astimezone(zone).date() < _first_day(outcome.resolved_on, zone)


def _first_day(when: When, zone: ZoneInfo) -> date:
    """The day that is meant, or the first day of the month, as it may have been that one."""
    last = when.end(zone).astimezone(zone).date()
    return last.replace(day=1) if len(when.text) == len("2026-05") else last


def average(table: pd.DataFrame) -> pd.DataFrame:
    """A row per outcome: how many forecasts, their mean chance, and the mean of each score.

    Columns: label, by, resolved_on, happened, forecasts, chance, then SCORES. Dates on which the
    log was impossible, and so the chance is NaN, are left out.
    """
    defined = table[table["chance"].notna()]
    grouped = defined.groupby(level="outcome", sort=False)
    means = grouped[["label", "by", "resolved_on", "happened"]].first()
    means["forecasts"] = grouped.size()
    means[["chance", *SCORES]] = grouped[["chance", *SCORES]].mean()
    means.attrs = {"kind": table.attrs["kind"]}
    return means


def average_all(tables: Iterable[pd.DataFrame]) -> pd.Series[float]:
    """The mean of each score over the outcomes of all tables of `average`, each counted once."""
    rows = [table[list(SCORES)].to_numpy(float) for table in tables]
    found = np.concatenate([np.zeros((0, len(SCORES))), *rows])
    means = found.mean(axis=0) if len(found) else np.full(len(SCORES), np.nan)
    return pd.Series(means, index=list(SCORES))


def calibrate(tables: Iterable[pd.DataFrame], bins: int = 10) -> pd.DataFrame:
    """Whether what was given a chance of p happened in a share p of cases, a row per band of p.

    Over the tables of `score_forecasts` of several scenarios. Columns: low, high (the band: low is
    in it, high only in the last), forecasts, outcomes (how many distinct ones they are about: the
    forecasts on one outcome are not independent), chance (their mean), happened (the share of
    forecasts whose outcome did); both NaN for an empty band. Forecasts of chance NaN are left out.
    """
    told = list(tables)
    about = [(i, name) for i, table in enumerate(told) for name, _ in table.index]
    chance, happened = (
        np.concatenate([np.zeros(0), *(table[column].to_numpy(float) for table in told)])
        for column in ("chance", "happened")
    )
    edges = np.arange(bins + 1) / bins
    band = np.minimum(np.searchsorted(edges, chance, side="right") - 1, bins - 1)
    band[np.isnan(chance)] = bins
    rows = []
    for i in range(bins):
        inside = np.flatnonzero(band == i)
        means = [a[inside].mean() if len(inside) else np.nan for a in (chance, happened)]
        rows.append([*edges[i : i + 2], len(inside), len({about[n] for n in inside}), *means])
    names = [f"{100 * low:g}-{100 * high:g}%" for low, high in pairwise(edges)]
    columns = ["low", "high", "forecasts", "outcomes", "chance", "happened"]
    found = pd.DataFrame(rows, columns=columns, index=pd.Index(names, name="bin"))
    kinds = sorted({table.attrs["kind"] for table in told if "kind" in table.attrs})
    if kinds:
        found.attrs["kind"] = "; ".join(kinds)
    return found
