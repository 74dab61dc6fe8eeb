"""What we are waiting for, in sentences: what has not come, what that tells, what if it came."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from rivals.phrases import count, list_all, quoted, say_date, say_percent
from rivals.prose.measures import capital, say_decibels

FAINT = 0.05
"""Decibels of an absence that are not told from none."""

SILENT = ("awaited", "overdue")


def say_waiting(table: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Which expected reports have not come, what that weighs most, and what if one came.

    From `case.expected()`. labels: by hypothesis.
    """
    if table.empty:
        return "Nothing is named that would have been reported by now, were it so."
    told = table["expected"]
    silent = told[told["state"].isin(SILENT)]
    missing = [f"{quoted(str(r['label']))} ({say_due(r)})" for _, r in silent.iterrows()]
    expected = f"{count(len(told), 'report')} that would come by some day, were it so"
    first = f"of {expected}, none is missed by now"
    if len(told) == 1:
        state = f"has not come: {missing[0]}" if missing else "is not missed by now"
        first = f"one report would come by some day, were it so, and it {state}"
    elif len(silent):
        which = "none" if len(silent) == len(told) else str(len(silent))
        verb = "has not" if which == "1" else "has" if which == "none" else "have not"
        first = f"of {expected}, {which} {verb} come: {list_all(missing)}"
    others = [say_other(r) for _, r in told[~told["state"].isin(SILENT)].iterrows()]
    parts = [first, *others, *_say_weight(table, labels), _say_coming(table, labels)]
    return " ".join(f"{capital(part)}." for part in parts if part)


def say_due(row: pd.Series) -> str:
    """By when it is due, or was, and how much of its time is over."""
    by = say_date(str(row["by"]))
    if row["state"] == "overdue":
        return f"due by {by}, all of its time over"
    return f"due by {by}, {say_percent(float(row['share']))} of its time over"


def say_other(row: pd.Series) -> str:
    """Why an expected report is not missed."""
    label = quoted(str(row["label"]))
    return {
        "not yet": f"{label} is not due before {say_date(str(row['since']))}",
        "ended": f"{label} is waited for no more, since the report {row['ended_by']} speaks of it",
        "given": f"{label} is not waited for, since what it would tell of is given",
        "under do": f"{label} is not waited for, since what it would tell of is set",
    }[str(row["state"])]


def _say_weight(table: pd.DataFrame, labels: Mapping[str, str]) -> list[str]:
    """The absence that weighs most, and on which explanation."""
    silent = table[table["expected", "state"].isin(SILENT)]
    if silent.empty:
        return []
    weights = silent["decibels"].to_numpy(float)
    most = np.nan_to_num(np.abs(weights), nan=-1.0)
    at, h = divmod(int(most.argmax()), most.shape[1])
    if not most[at, h] >= FAINT:
        return ["That nothing of this has come moves no explanation by a tenth of a decibel"]
    label = quoted(str(silent["expected", "label"].iloc[at]))
    name, value = labels[str(silent["decibels"].columns[h])], float(weights[at, h])
    return [f"the absence of {label} weighs most: {say_decibels(value)} on {quoted(name)}"]


def _say_coming(table: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Who would lead, were what is still waited for known to hold."""
    told = table["expected"]
    open_yet = told[~told["state"].isin(("ended", "given", "under do")) & (told["leader"] != "")]
    leader = str(table.attrs["leader"])
    turning = open_yet[open_yet["leader"] != leader]
    if len(open_yet) == 1:
        (label,), (then,) = open_yet["label"], open_yet["leader"]
        still = " still" if turning.empty else ""
        return f"were {quoted(label)} known to hold, {quoted(labels[then])} would{still} lead"
    if turning.empty:
        return f"Whichever came true, {quoted(labels[leader])} would lead" if len(open_yet) else ""
    parts = [
        f"{quoted(labels[str(rival)])} if {_list_claims(part)}"
        for rival, part in turning.groupby("leader", sort=False)
    ]
    return f"were one of them known to hold, another explanation would lead: {list_all(parts)}"


def _list_claims(part: pd.DataFrame) -> str:
    return list_all([f"{quoted(str(label))} did" for label in part["label"]])
