"""How belief moved as the reports came in, one row a report."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from rivals.analysis.beliefs import hypothesis_variables
from rivals.analysis.causes import because, why
from rivals.analysis.spread import Spread, chance_of
from rivals.batch import Batch, ask_in_chunks
from rivals.draws import weigh, weighted_range
from rivals.engine import Array
from rivals.network import Network

BAND_DRAWS = 350
"""How many draws, thinned from all, the bands rest on: there are as many steps as reports."""


@dataclass(frozen=True)
class _Walk:
    """Belief after 0, 1, 2 ... counted reports: (steps, draws) each."""

    posterior: dict[str, Array]
    because: dict[str, Array]
    log_evidence: Array


def follow(stated: Batch, spread: Spread | None) -> pd.DataFrame:
    """A row per report in force, in order; the columns have two levels.

    ("report", ...): logged, source, outlet, status, summary and surprise, -log2 P(report | those
    before) in bits. ("posterior", h) and, with effects, ("because", h) of the first effect: belief
    after the report. ("low", h) and ("high", h): the range of the headline's number.
    """
    network = stated.network
    walk = _walk(stated)
    steps = np.cumsum([s.weighs for s in network.evidence.in_force], dtype=int)
    columns = _describe(network, walk.log_evidence[:, 0], steps.tolist())
    for kind, found in (("posterior", walk.posterior), ("because", walk.because)):
        columns |= {(kind, h): series[steps, 0] for h, series in found.items()}
    if spread is not None:
        for end, found in _bands(network, spread).items():
            columns |= {(end, h): series[steps] for h, series in found.items()}
    ids = pd.Index([s.report.id for s in network.evidence.in_force], name="report")
    table = pd.DataFrame(columns, index=ids)
    table.columns = pd.MultiIndex.from_tuples(columns)
    table.attrs["start"] = {
        kind: {h: float(series[0, 0]) for h, series in found.items()}
        for kind, found in (("posterior", walk.posterior), ("because", walk.because))
    }
    table.attrs["draws"] = spread.describe() if spread else None
    return table


def _walk(batch: Batch) -> _Walk:
    network = batch.network
    scenario, names = network.scenario, hypothesis_variables(network.scenario)
    contrasts = []
    if scenario.effect is not None:
        effect = scenario.effects[scenario.effect].claim
        contrasts = [why(scenario, effect, [h]) for h in scenario.hypotheses]

    def ask(chunk: Batch) -> tuple[Array, ...]:
        return (*chunk.joint_and_evidence(names), *because(chunk, contrasts))

    joint, log_evidence, *explained = ask_in_chunks(ask, batch.over(network.prefixes()))
    posterior = {
        h: chance_of(noun.claim, names, network, joint) for h, noun in scenario.hypotheses.items()
    }
    return _Walk(posterior, dict(zip(scenario.hypotheses, explained, strict=False)), log_evidence)


def _describe(
    network: Network, log_evidence: Array, steps: list[int]
) -> dict[tuple[str, str], object]:
    standings = network.evidence.in_force
    zone = ZoneInfo(network.scenario.settings.timezone)
    bits = -np.diff(log_evidence) / np.log(2)
    surprise = [bits[i - 1] if s.weighs else 0.0 for i, s in zip(steps, standings, strict=True)]
    return {
        ("report", "logged"): [s.logged.astimezone(zone).date().isoformat() for s in standings],
        ("report", "source"): [s.report.source or "" for s in standings],
        ("report", "outlet"): [s.report.outlet for s in standings],
        ("report", "status"): [s.status for s in standings],
        ("report", "summary"): [s.report.summary for s in standings],
        ("report", "surprise"): [max(0.0, float(b)) for b in surprise],
    }


def _bands(network: Network, spread: Spread) -> dict[str, dict[str, Array]]:
    """The range of the headline's number after each step, draws weighted by what came so far."""
    shares = spread.weights + 1 / spread.size  # the first steps weigh evenly, the last as all do
    values, factors = spread.thin(BAND_DRAWS, shares)
    walk = _walk(Batch(network, network.masks(None), values))
    weights = np.stack([weigh(row + np.log(factors)) for row in walk.log_evidence])
    bands: dict[str, dict[str, Array]] = {"low": {}, "high": {}}
    for h, series in (walk.because or walk.posterior).items():
        found = zip(np.nan_to_num(series), weights, strict=True)
        ends = np.array([weighted_range(samples, weight) for samples, weight in found])
        bands["low"][h], bands["high"][h] = ends.T
    return bands
