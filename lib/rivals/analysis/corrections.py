"""What was corrected between two cases, apart from what is only new, and what that moved."""

from __future__ import annotations

import math
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rivals.entries import Report
from rivals.evidence import DRAFT, RETRACTED, Standing
from rivals.judgements import list_judgements
from rivals.premises import Premises
from rivals.scenario import Expected, Scenario

WITHDRAWN, PUT_OTHERWISE, TAKEN_OUT, JUDGED = "retracted", "put otherwise", "taken out", "judged"
"""The kinds of corrections: a report taken back, read or counting otherwise, gone; the model."""

BOOKKEEPING = {"handling", "status", "coded_by", "checked_by", "note"}
"""Fields that say nothing of the world."""


@dataclass(frozen=True)
class Corrections:
    """What was corrected, and its part of what moved the leader's number.

    items: a row per correction: kind; share, in percentage points of `because` where both cases
    have effects, else in decibels, NaN where it cannot be shared out. judged: a row per stated
    number that differs, by its path: before, after, NaN where it is not there. moved is the sum of
    those shares, and news that of all else. The leader is that of the case after, or of what both
    cases have; before and after are its numbers.
    """

    items: pd.DataFrame
    judged: pd.DataFrame
    leader: str
    before: float
    after: float
    moved: float
    news: float
    explained: bool

    @property
    def count(self) -> Mapping[str, int]:
        """How many reports of each kind, and stated numbers."""
        kinds = self.items["kind"].value_counts()
        found = {kind: int(kinds.get(kind, 0)) for kind in (WITHDRAWN, PUT_OTHERWISE, TAKEN_OUT)}
        return found | {JUDGED: len(self.judged) if JUDGED in set(self.items["kind"]) else 0}


def find_corrections(
    before: Premises, after: Premises, compared: pd.DataFrame, leader: str
) -> Corrections | None:
    """What was corrected between two cases; None for nothing.

    compared: the table of `compare`. A report that is new, its own retraction with it, is news; so
    is a draft that was coded, and all that time alone moves. A report that stood before and is
    retracted, reads or counts otherwise or is gone, and a stated number or a structure that
    differs, is a correction. Where the leader is new, the first of both cases is followed.
    """
    explained = "because before" in compared
    if leader not in compared.index:
        leader = str(compared["because after" if explained else "after"].astype(float).idxmax())
    items = compared.attrs["items"]
    kinds = _sort(items, before, after)
    if not kinds:
        return None
    column = ("because" if explained else "decibels", leader)
    shares = items[column].astype(float) if column in items else pd.Series(dtype=float)
    own = shares.reindex(list(kinds))
    old, new = ("because before", "because after") if explained else ("before", "after")
    return Corrections(
        pd.DataFrame({"kind": pd.Series(kinds, dtype=object), "share": own}).loc[list(kinds)],
        tabulate_judged(before.scenario, after.scenario),
        leader,
        float(compared[old].astype(float)[leader]),
        float(compared[new].astype(float)[leader]),
        float(own.sum(skipna=False)),
        float(shares.drop(list(kinds)).sum(skipna=False)),
        explained,
    )


def _sort(items: pd.DataFrame, before: Premises, after: Premises) -> dict[str, str]:
    """The items that are corrections, each with its kind."""
    old = {s.report.id: s for s in before.evidence.standings}
    new = {s.report.id: s for s in after.evidence.standings}
    found = {}
    for name in map(str, items.index):
        if name in old:
            kind = _compare(old[name], new.get(name))
        elif name.startswith("silence:"):  # no report is called so: names hold no colon
            awaited = name.removeprefix("silence:")
            told = [_expect(side.scenario.expected.get(awaited)) for side in (before, after)]
            kind = JUDGED if told[0] != told[1] else ""
        else:
            weighs = items.loc[name, ("item", "part")] != "nothing that weighs"
            kind = JUDGED if name == "model" and name not in new and weighs else ""
        if kind:
            found[name] = kind
    return found


def _compare(old: Standing, new: Standing | None) -> str:
    if new is None:
        return TAKEN_OUT
    if new.status != old.status:
        if new.status == RETRACTED:
            return WITHDRAWN
        return "" if old.status == DRAFT else PUT_OTHERWISE
    same = _content(old.report) == _content(new.report) and old.counts == new.counts
    return "" if same else PUT_OTHERWISE


def _expect(noun: Expected | None) -> dict[str, Any] | None:
    """What of an expected report weighs, once time has come."""
    return noun.model_dump(include={"claim", "since", "by", "chance"}) if noun else None


def _content(report: Report) -> dict[str, Any]:
    """What a report says; who may see it and who worked on it is no part of that."""
    return report.model_dump(exclude=BOOKKEEPING)


def tabulate_judged(before: Scenario, after: Scenario) -> pd.DataFrame:
    """A row per stated number that differs, by its path: before and after, NaN where it is not.

    A source that only one of them has comes or goes with its reports: its numbers are not told.
    """
    known = before.sources.keys() & after.sources.keys()
    old, new = (_number(scenario, known) for scenario in (before, after))
    rows = {
        path: [old.get(path, math.nan), new.get(path, math.nan)]
        for path in {**new, **old}
        if old.get(path) != new.get(path)
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["before", "after"], dtype=float)


def _number(scenario: Scenario, known: AbstractSet[str]) -> dict[str, float]:
    """The stated numbers by their path, without those of sources that are not known."""
    return {
        path: judgement.value
        for path, judgement in list_judgements(scenario).items()
        if not path.startswith("sources.") or path.split(".")[1] in known
    }
