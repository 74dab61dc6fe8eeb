"""Several analysts: who differs, how far, what they believe together, and what it comes down to."""

from __future__ import annotations

from typing import Any

import pandas as pd

from rivals.analysis.opinions import Opinions
from rivals.phrases import count, list_all, quoted, say_percent
from rivals.prose.measures import say_points


def say_analysts(found: Opinions) -> str:
    """How far the analysts are apart on the leader of the pool, and what accounts for most of it.

    From `case.analysts()`; nobody is said to be right.
    """
    said = [_say_spread(found), _say_leads(found), _say_gap(found)]
    return " ".join(filter(None, said))


def _label(found: Opinions, hypothesis: str) -> str:
    return quoted(str(found.beliefs["label"].xs(hypothesis, level="hypothesis").iloc[0]))


def _what(found: Opinions, hypothesis: str) -> str:
    label = _label(found, hypothesis)
    return f"that {label} was why" if found.measure == "because" else f"of {label}"


def _say_spread(found: Opinions) -> str:
    row: Any = found.pools[found.measure].loc[found.leader]
    what = _what(found, found.leader)
    asked = list(found.names)
    pools = _say_pools(row)
    if len(asked) == 1:
        told = say_percent(float(row["linear"]))
        return f"One analyst was asked, who puts the probability {what} at {told}."
    low, high = say_percent(row["lowest"]), say_percent(row["highest"])
    told = f"{count(len(asked), 'analyst')} were asked. They put the probability {what} "
    if low == high:
        return f"{told}at {low}, all of them. {pools}"
    who = [found.names[str(row[end])] for end in ("lowest_by", "highest_by")]
    return f"{told}between {low} ({who[0]}) and {high} ({who[1]}). {pools}"


def _say_pools(row: pd.Series) -> str:
    linear = say_percent(row["linear"])
    if pd.isna(row["log_odds"]):
        return (
            f"Together, weighed, they come to {linear}; the pool of log-odds is not defined, as "
            "some of them are certain of opposite things."
        )
    other = say_percent(row["log_odds"])
    same = "by both ways of pooling" if other == linear else f"by the mean, {other} by log-odds"
    return f"Together, weighed, they come to {linear} {same}."


def _say_leads(found: Opinions) -> str:
    """Who puts another explanation first."""
    each = found.beliefs[found.measure].unstack("hypothesis", sort=False)
    best = each.idxmax(axis=1)
    others = best[(best != found.leader) & (each.max(axis=1) > each[found.leader] + 1e-12)]
    if len(each) < 2:
        return ""
    if others.empty:
        return f"All put {_label(found, found.leader)} first."
    told = [f"{found.names[n]} puts {_label(found, h)} first" for n, h in _by_name(others)]
    return f"{list_all(told)}."


def _by_name(best: pd.Series[Any]) -> list[tuple[str, str]]:
    return [(str(name), str(hypothesis)) for name, hypothesis in best.items()]


def _say_gap(found: Opinions) -> str:
    """What accounts for most of the gap between the two."""
    names = {"house": "the scenario’s own view", **found.names}
    first, second = (names[name] for name in found.between)
    game = "because" if found.measure == "because" else "points"
    gap = float(found.gap[game][found.leader])
    if found.account.empty:
        return f"Nothing that weighs is put differently by {first} and {second}."
    shares = found.account[game, found.leader].astype(float)
    if shares.isna().any():
        return (
            f"What accounts for the gap between {first} and {second} cannot be told: on the way "
            "from one to the other something is impossible."
        )
    number = count(len(shares), "thing")
    told = f"{first} and {second} put {number} differently"
    told = f"{told[:1].upper()}{told[1:]}"
    whole = f"{told}, which come to {_say_come(gap)} on {_label(found, found.leader)}"
    return f"{whole}. {_say_shares(shares, gap)}".strip()


def _say_come(gap: float) -> str:
    return say_points(gap) if abs(gap) >= 0.5 else "less than a point"


def _say_shares(shares: pd.Series[float], gap: float) -> str:
    """What accounts for most, and where there is such a thing, what pulls the other way."""
    along = shares if gap >= 0 else -shares
    first, last = str(along.idxmax()), str(along.idxmin())
    if len(shares) == 1:
        return f"It is {first}."
    if shares.abs().max() < 0.5:
        return "None of them moves it by a point."
    told = f"{first} accounts for the largest part: {say_points(float(shares[first]))}"
    if along[last] <= -0.5:
        return f"{told}; the other way pulls most {last}: {say_points(float(shares[last]))}."
    if 2 * along[first] > along.sum():
        told = told.replace("the largest part", "most of it")
    return f"{told}."
