"""Does the answer stand? Who leads when the judgements vary and each report is left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rivals.analysis.beliefs import TIE, lead
from rivals.analysis.headline import headline_by
from rivals.analysis.spread import Spread
from rivals.batch import Batch
from rivals.draws import weigh
from rivals.engine import Array
from rivals.leaving import Make, leave_each_out
from rivals.scenario import label_of

DRAWS = 800
"""On how many draws, thinned by weight from all, the shares rest."""


def shake(stated: Batch, spread: Spread | None) -> pd.DataFrame:
    """A row per hypothesis: label, leads, whole, worst, report.

    Leads is the share of all weighted draws, with each counted report left out in turn and with
    none, in which the hypothesis leads; whole, the share with none left out; worst, the lowest
    share of all these, and report the one without which it comes, if any. attrs: leader, as
    stated, None where every number is 0; ranking, the share in which the order of all hypotheses
    is as stated; reports, a table by report left out (who leads most often, the shares of the
    leader and of the ranking); draws, and kept, on how many of them, which stand for all, the
    shares rest.
    """
    network, names = stated.network, list(stated.network.scenario.hypotheses)
    now = _chances(stated)
    leads, ranking = (_snap(shares) for shares in _shares(stated, spread, now))
    reports = pd.Index(network.items[network.first_report :], name="report")
    stated_numbers = now[0][:, 0]
    leader = int(lead(stated_numbers)[0])
    without = leads[1:] if len(reports) else leads
    worst = without.argmin(axis=0)
    nouns = stated.network.scenario.hypotheses
    table = pd.DataFrame(
        {
            "label": [label_of(name, noun) for name, noun in nouns.items()],
            "leads": _snap(leads.mean(axis=0)),
            "whole": leads[0],
            "worst": np.minimum(without.min(axis=0), leads[0]),
            "report": np.where(without.min(axis=0) < leads[0] - TIE, _named(reports, worst), ""),
        },
        index=pd.Index(names, name="hypothesis"),
    )
    led = names[leader] if stated_numbers.max() > 0 else None
    table.attrs |= {"leader": led, "ranking": float(_snap(ranking.mean()))}
    most = [names[i] for i in leads[1:].argmax(axis=1)]
    columns = {"leader": most, "share": leads[1:, leader], "ranking": ranking[1:]}
    table.attrs["reports"] = pd.DataFrame(columns, index=reports)
    table.attrs["draws"] = spread.describe() if spread else None
    table.attrs["kept"] = min(DRAWS, spread.size) if spread else 0
    return table


def _snap(shares: Array) -> Array:
    """Shares without the dust of sums: never above 1, and 1 itself where next to it."""
    return np.where(shares > 1 - TIE, 1.0, shares)


def _named(reports: pd.Index, places: NDArray[np.int64]) -> NDArray[np.object_]:
    names = np.array([*reports, ""], dtype=object)
    return np.asarray(names[places])


def _shares(stated: Batch, spread: Spread | None, now: tuple[Array, Array]) -> tuple[Array, Array]:
    """The weighted share of draws in which each hypothesis leads: (1 + reports, hypotheses).

    And that in which all stand in the order that the stated judgements give: (1 + reports,).
    """
    (chances, log_evidence), factors = now, np.ones(1)
    if spread is not None:
        values, factors = spread.thin(DRAWS)
        chances, log_evidence = _chances(Batch(stated.network, stated.masks, values))
    weights = np.stack([_weigh(row + np.log(factors)) for row in log_evidence])
    order = _rank(chances)
    as_stated = _rank(now[0])[:, :1]
    leads = np.stack([((order[0] == h) * weights).sum(axis=1) for h in range(len(order))], axis=1)
    return leads, ((order == as_stated).all(axis=0) * weights).sum(axis=1)


def _weigh(log_evidence: Array) -> Array:
    """The weights of draws; none where a silence that holds again makes the rest impossible."""
    return weigh(log_evidence) if np.isfinite(log_evidence).any() else np.exp(log_evidence)


def _chances(batch: Batch) -> tuple[Array, Array]:
    """The headline's number of each hypothesis, and log P(evidence).

    (hypotheses, 1 + reports, draws) and (1 + reports, draws): nothing left out, then each report.
    """
    standing = slice(1, 1 + batch.network.first_report)

    def without_each(makes: Sequence[Make], chunk: Batch) -> Iterable[Array]:
        sums = leave_each_out(makes, chunk)
        return (np.delete(one, standing, 0)[:, np.newaxis] for one in sums)

    chances, log_evidence = headline_by(without_each, batch)
    return np.nan_to_num(chances[:, :, 0]), log_evidence[:, 0]


def _rank(chances: Array) -> NDArray[np.int64]:
    """The hypotheses by their number, the highest first; ties in the order of the file."""
    left, places = chances.copy(), []
    for _ in range(len(chances)):
        first = lead(left)
        np.put_along_axis(left, first[np.newaxis], -np.inf, axis=0)
        places.append(first)
    return np.stack(places)
