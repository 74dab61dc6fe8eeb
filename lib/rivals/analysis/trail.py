"""How belief moved as the reports came in, and as others failed to: one row a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from rivals.analysis.beliefs import hypothesis_variables
from rivals.analysis.causes import because, why
from rivals.analysis.spread import Spread, chance_of
from rivals.batch import Batch, ask_in_chunks
from rivals.draws import weigh, weighted_range
from rivals.engine import Array
from rivals.errors import ImpossibleEvidence, quote
from rivals.network import Network

BAND_DRAWS = 350
"""How many draws, thinned from all, the bands rest on: there are as many steps as reports."""


@dataclass(frozen=True)
class _Walk:
    """Belief on the evidence sets that a trail passes: (sets, draws) each."""

    posterior: dict[str, Array]
    because: dict[str, Array]
    log_evidence: Array


Place = tuple[int, tuple[float, ...]]
"""An evidence set of a trail: how many counted reports have come, and what is silent how far."""


@dataclass(frozen=True)
class _Path:
    """The evidence sets that a trail passes, the first of them the start, and where they belong.

    rows: of each report, the set when it has come. arrivals: just before that, at its moment.
    befores: the same, but with what is silent after it, so that of a report that ends a silence
    its words alone tell how surprising it is. end: at the moment of the case.
    """

    network: Network
    sets: tuple[Place, ...]
    rows: list[int]
    arrivals: list[int]
    befores: list[int]
    end: int

    def over(self, batch: Batch, places: Sequence[int]) -> Batch:
        """The batch on some of the sets."""
        chosen = [self.sets[place] for place in places]
        masks = self.network.prefixes()[:, [step for step, _ in chosen]]
        return batch.over(masks, np.array([due for _, due in chosen]).reshape(len(chosen), -1).T)


def follow(stated: Batch, spread: Spread | None) -> pd.DataFrame:
    """A row per report in force, in order; the columns have two levels.

    ("report", ...): logged, source, outlet, status, summary and surprise, -log2 P(report | those
    before) in bits. ("posterior", h) and, with effects, ("because", h) of the first effect: belief
    after the report. ("low", h) and ("high", h): the range of the headline's number. A row has
    what is silent as it was when its report was logged; surprise, with the same silences before and
    after. attrs: start, belief before anything had come or could have, by kind and hypothesis;
    before, the same just before each report, by its id; end, the same at the moment of the case,
    with its day, low and high. Raises ImpossibleEvidence where nothing was possible at some report.
    """
    network = stated.network
    path = _plan(network)
    walk = _walk(stated, path, range(len(path.sets)))
    columns = _describe(network, _surprise(path, walk.log_evidence[:, 0]))
    beliefs: dict[str, dict[str, Array]] = {"posterior": walk.posterior, "because": walk.because}
    series = {(kind, h): one[:, 0] for kind, found in beliefs.items() for h, one in found.items()}
    if spread is not None:
        series |= _bands(network, path, spread)
    columns |= {key: one[path.rows] for key, one in series.items()}
    ids = pd.Index([s.report.id for s in network.evidence.in_force], name="report")
    table = pd.DataFrame(columns, index=ids)
    table.columns = pd.MultiIndex.from_tuples(columns)
    held = {key: one for key, one in series.items() if key[0] in beliefs}
    table.attrs["start"] = {"posterior": {}, "because": {}} | _pick(held, 0)
    table.attrs["before"] = {
        kind: {h: dict(zip(ids, values, strict=True)) for h, values in found.items()}
        for kind, found in _pick(held, path.arrivals).items()
    }
    table.attrs["end"] = {"day": _say_day(network), **_pick(series, path.end)}
    table.attrs["draws"] = spread.describe() if spread else None
    return table


def _pick(
    series: Mapping[tuple[str, str], Array], at: int | list[int]
) -> dict[str, dict[str, Any]]:
    """By kind and hypothesis the number at one set, or a list of those at several."""
    found: dict[str, dict[str, Any]] = {}
    for (kind, h), one in series.items():
        found.setdefault(kind, {})[h] = one[at].tolist()
    return found


def _say_day(network: Network) -> str:
    """The day of the case's moment, "" where there is neither a moment nor a log."""
    zone, moment = ZoneInfo(network.scenario.settings.timezone), network.evidence.moment
    return moment.astimezone(zone).date().isoformat() if moment else ""


def _plan(network: Network) -> _Path:
    silences, now = network.silences, network.evidence.moment
    ends = [
        int(items.min(initial=len(network.items))) - network.first_report + 1
        for items in network.breakers
    ]
    sets: dict[Place, int] = {(0, (0.0,) * len(silences)): 0}

    def pass_by(come: int, ended_by: int, moment: datetime) -> int:
        pairs = zip(silences, ends, strict=True)
        due = tuple(s.share_at(moment) if ended_by < end else 0.0 for s, end in pairs)
        return sets.setdefault((come, due), len(sets))

    rows, arrivals, befores, step = list[int](), list[int](), list[int](), 0
    for standing in network.evidence.in_force:
        last, step = step, step + standing.weighs
        arrivals.append(pass_by(last, last, standing.logged))
        befores.append(pass_by(last, step, standing.logged))
        rows.append(pass_by(step, step, standing.logged))
    end = pass_by(step, step, now) if now else 0
    return _Path(network, tuple(sets), rows, arrivals, befores, end)


def _walk(batch: Batch, path: _Path, places: Sequence[int]) -> _Walk:
    """Belief on some of the sets of a path."""
    network = batch.network
    scenario, names = network.scenario, hypothesis_variables(network.scenario)
    contrasts = []
    if scenario.effect is not None:
        effect = scenario.effects[scenario.effect].claim
        contrasts = [why(scenario, effect, [h]) for h in scenario.hypotheses]

    def ask(chunk: Batch) -> tuple[Array, ...]:
        return (*chunk.joint_and_evidence(names), *because(chunk, contrasts))

    joint, log_evidence, *explained = ask_in_chunks(ask, path.over(batch, places))
    posterior = {
        h: chance_of(noun.claim, names, network, joint) for h, noun in scenario.hypotheses.items()
    }
    return _Walk(posterior, dict(zip(scenario.hypotheses, explained, strict=False)), log_evidence)


def _surprise(path: _Path, log_evidence: Array) -> list[float]:
    """-log2 P(report | those before) of each row, in bits.

    Raises ImpossibleEvidence where, with what had not come then, nothing was possible.
    """
    after = log_evidence[path.rows]
    if not np.isfinite(after).all():
        standings = path.network.evidence.in_force
        report = standings[int(np.argmin(np.isfinite(after)))].report.id
        raise ImpossibleEvidence(
            f"when the report {quote(report)} was logged, the evidence had probability 0 under the "
            f"model, since a report that was certain to have come by then had not",
            report,
        )
    return [max(0.0, float(b)) for b in (log_evidence[path.befores] - after) / np.log(2)]


def _describe(network: Network, surprise: list[float]) -> dict[tuple[str, str], object]:
    standings = network.evidence.in_force
    zone = ZoneInfo(network.scenario.settings.timezone)
    return {
        ("report", "logged"): [s.logged.astimezone(zone).date().isoformat() for s in standings],
        ("report", "source"): [s.report.source or "" for s in standings],
        ("report", "outlet"): [s.report.outlet for s in standings],
        ("report", "status"): [s.status for s in standings],
        ("report", "summary"): [s.report.summary for s in standings],
        ("report", "surprise"): surprise,
    }


def _bands(network: Network, path: _Path, spread: Spread) -> dict[tuple[str, str], Array]:
    """The range of the headline's number at each set, draws weighted by what came so far.

    NaN at the sets that are neither start nor row nor end.
    """
    shares = spread.weights + 1 / spread.size  # the first steps weigh evenly, the last as all do
    values, factors = spread.thin(BAND_DRAWS, shares)
    places = sorted({0, *path.rows, path.end})
    walk = _walk(Batch(network, network.masks(None), values), path, places)
    weights = np.stack([weigh(row + np.log(factors)) for row in walk.log_evidence])
    low, high = dict[tuple[str, str], Array](), dict[tuple[str, str], Array]()
    for h, series in (walk.because or walk.posterior).items():
        found = zip(np.nan_to_num(series), weights, strict=True)
        ends = np.full((2, len(path.sets)), np.nan)
        ends[:, places] = np.array([weighted_range(samples, one) for samples, one in found]).T
        low["low", h], high["high", h] = ends
    return low | high
