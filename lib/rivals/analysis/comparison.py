"""What moved between two cases, and which of the items that differ account for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd

from rivals.analysis.accounting import (
    MODEL,
    Change,
    Key,
    Missed,
    explain_first,
    share_change,
)
from rivals.analysis.beliefs import believe
from rivals.analysis.impact import subtract, weigh_odds
from rivals.analysis.shapley import Tell
from rivals.batch import Batch
from rivals.engine import Array
from rivals.errors import QuestionError
from rivals.evidence import Evidence, Standing
from rivals.phrases import say_percent

SHARES, ERRORS = ("decibels", "because"), ("error", "because_error")


def decibels(before: float, after: float) -> float:
    """10 log10 of the ratio of odds; NaN where a belief is 0 or 1.

    >>> round(decibels(0.5, 10 / 11), 9)
    10.0
    """
    if not (0 < before < 1 and 0 < after < 1):
        return np.nan
    ratio = after / (1 - after) * (1 - before) / before
    return float(10 * np.log10(ratio))


def compare(before: Batch, after: Batch, seed: int = 0, tell: Tell | None = None) -> pd.DataFrame:
    """A row per hypothesis of both cases: label, before, after, dB, because before, because after.

    before and after are posteriors, dB the decibels between their odds, NaN where infinite; the
    last two are of the first effect, and there only when both cases have effects. attrs: items,
    what differs (see `tabulate_items`); pairs, how many pairs of orders were sampled to account
    for the change, 0 when exact; reports, the reports that differ, by themselves.

    Seed is that of the sampling, and `tell` hears after each round how many pairs are done and how
    many it may take in all. Raises TooLarge where what was said in both is too much to be weighed
    at once, and QuestionError for two cases without a hypothesis in common.
    """
    table = contrast(before, after)
    change = Change(before, after, tuple(table.index))
    items = tabulate_items(change, seed, tell)
    table.attrs |= {"items": items, "pairs": items.attrs["pairs"]}
    return table


def contrast(before: Batch, after: Batch) -> pd.DataFrame:
    """The same table by itself, without what accounts for it; attrs: reports."""
    sides = (before, after)
    old, new = (believe(side, None) for side in sides)
    names = [name for name in old.index if name in new.index]
    if not names:
        sides_told = " / ".join(", ".join(map(str, side.index)) for side in (old, new))
        raise QuestionError(f"two cases share a hypothesis to be compared, got {sides_told}")
    odds = [_weigh(side, names) for side in sides]
    columns = {
        "label": new.loc[names, "label"],
        "before": old.loc[names, "posterior"],
        "after": new.loc[names, "posterior"],
        "dB": subtract(odds[1], odds[0]),
    }
    table = pd.DataFrame(columns, index=pd.Index(names, name="hypothesis", dtype=object))
    if Change(before, after, tuple(names)).explained:
        for column, side in zip(("before", "after"), sides, strict=True):
            chances = [float(chance[0, 0]) for chance in explain_first(side, names)]
            table[f"because {column}"] = np.array(chances)
    table.attrs["reports"] = compare_logs(before.network.evidence, after.network.evidence)
    return table


def _weigh(side: Batch, names: Sequence[str]) -> Array:
    """The decibels of the odds of the named hypotheses: not from chances, lest digits be lost."""
    places = list(side.network.scenario.hypotheses)
    return np.asarray(weigh_odds(side)[[places.index(name) for name in names], 0, 0])


def tabulate_items(change: Change, seed: int = 0, tell: Tell | None = None) -> pd.DataFrame:
    """A row per item that differs: a report by its id, `given:V`, `do:V`, `silence:NAME`, `model`.

    The model is scenario.yaml; of an expected report that has not come it differs how much of its
    time is over. The columns have two levels. ("item", ...): change, how it was before; source;
    part, how it is after, or was where it is gone. Shapley values: ("decibels", h), which sum to
    the decibels between the cases, and ("because", h), in percentage points, which sum to 100
    times what `because` of the first effect moved; the latter with effects in both. Their standard
    errors: ("error", h) and ("because_error", h), 0 up to 12 items that weigh otherwise, beyond
    below 0.1 dB and 0.25 points. An item that differs and weighs alike has 0. All others of a
    hypothesis are NaN where its odds are infinite on the way, or something there is impossible.
    attrs: pairs, 0 when exact.
    """
    differing = dict(_differ(change))
    shares = share_change(change, seed, tell)
    told = pd.DataFrame(list(differing.values()), columns=["change", "source", "part"])
    columns: dict[tuple[str, str], object] = {("item", str(key)): told[key] for key in told}
    places = [list(differing).index(player) for player in change.players]
    for kinds, values in ((SHARES, shares.share), (ERRORS, shares.error)):
        spread_out = np.zeros((len(differing), values.shape[1]))
        spread_out[places] = values
        labels = product(kinds[: 1 + change.explained], change.hypotheses)
        columns |= dict(zip(labels, spread_out.T, strict=True))
    table = pd.DataFrame(columns)
    table.index = pd.Index([str(key) for key in differing], name="item", dtype=object)
    table.attrs["pairs"] = shares.pairs
    return table


def _differ(change: Change) -> Iterator[tuple[Key, tuple[str, str, str]]]:
    """What differs between two cases: change, source and part of each item."""
    before, after = change.before.network, change.after.network
    for report, *told in compare_logs(before.evidence, after.evidence).itertuples():
        yield Key("report", report), (told[0], told[1], told[2])
    old = {v: "|".join(states) for v, states in before.what_if.given.items()}
    new = {v: "|".join(states) for v, states in after.what_if.given.items()}
    yield from _differ_in("given", old, new)
    yield from _differ_in("do", before.what_if.do, after.what_if.do)
    missed = [
        {key.name: one for key, one in basis.items() if isinstance(one, Missed)}
        for basis in change.premises
    ]
    for key in (one for one in change.players if one.kind == "silence"):
        yield key, _differ_in_silence(missed[0].get(key.name), missed[1].get(key.name))
    if before.scenario != after.scenario:
        weighs = MODEL in change.players
        part = "other numbers or another structure" if weighs else "nothing that weighs"
        yield MODEL, ("another scenario.yaml", "", part)


def _differ_in_silence(old: Missed | None, new: Missed | None) -> tuple[str, str, str]:
    if old is None or new is None:
        return ("added" if old is None else "no longer there", "", _say_missed(new or old))
    return f"{_say_missed(old)} before", "", _say_missed(new)


def _say_missed(one: Missed | None) -> str:
    if one is None:
        return ""
    claim = f"{one.variable}={'|'.join(sorted(one.states))}"
    return f"no report of {claim}, {say_percent(one.share)} of its time over"


def _differ_in(
    kind: str, old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[tuple[Key, tuple[str, str, str]]]:
    for name in {**new, **old}:
        if name not in old:
            yield Key(kind, name), ("added", "", f"{name}={new[name]}")
        elif name not in new:
            yield Key(kind, name), ("no longer there", "", f"{name}={old[name]}")
        elif set(old[name].split("|")) != set(new[name].split("|")):
            yield Key(kind, name), (f"{name}={old[name]} before", "", f"{name}={new[name]}")


def compare_logs(before: Evidence, after: Evidence) -> pd.DataFrame:
    """The reports that count, stand or read otherwise in one of two logs: change, source, part."""
    old = {s.report.id: s for s in before.standings}
    new = {s.report.id: s for s in after.standings}
    rows = [
        [name, change, standing.report.source or "", _part(standing)]
        for name, change, standing in _changes(old, new)
    ]
    return pd.DataFrame(rows, columns=["report", "change", "source", "part"]).set_index("report")


def _changes(
    old: dict[str, Standing], new: dict[str, Standing]
) -> Iterator[tuple[str, str, Standing]]:
    for name, standing in new.items():
        if name not in old:
            yield name, "added", standing
        elif old[name].status != standing.status:
            yield name, f"{old[name].status} before", standing
        elif old[name].report != standing.report:
            yield name, "reads otherwise", standing
        elif old[name].counts != standing.counts:
            yield name, "counts otherwise", standing
    for name, standing in old.items():
        if name not in new:
            yield name, "no longer there", standing


def _part(standing: Standing) -> str:
    repeated = ", ".join(dict.fromkeys(standing.repeats.values()))
    if standing.status == "echo":
        return f"echo of {repeated}"
    if standing.status == "copy":
        return f"copy of {standing.report.copy_of}"
    if standing.repeats and standing.weighs:
        return f"counted; in part an echo of {repeated}"
    return standing.status
