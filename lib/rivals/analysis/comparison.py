"""What differs between two cases, and which reports stand in one and not the other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from rivals.evidence import Evidence, Standing


def decibels(before: float, after: float) -> float:
    """10 log10 of the ratio of odds; NaN where a belief is 0 or 1.

    >>> round(decibels(0.5, 10 / 11), 9)
    10.0
    """
    if not (0 < before < 1 and 0 < after < 1):
        return np.nan
    ratio = after / (1 - after) * (1 - before) / before
    return float(10 * np.log10(ratio))


def compare_beliefs(before: pd.DataFrame, after: pd.DataFrame, column: str) -> pd.DataFrame:
    """Before, after and decibels of one column of two tables, by hypothesis of both."""
    shared = [name for name in before.index if name in after.index]
    old, new = before.loc[shared, column], after.loc[shared, column]
    moved = [decibels(a, b) for a, b in zip(old, new, strict=True)]
    return pd.DataFrame({"before": old, "after": new, "dB": moved})


def compare_logs(before: Evidence, after: Evidence) -> pd.DataFrame:
    """The reports that count, or stand, in only one of two logs: what each says, and its part."""
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
        elif old[name].status != standing.status or old[name].report != standing.report:
            yield name, f"{old[name].status} before", standing
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
