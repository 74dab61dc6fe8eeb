"""What entries did: how they count, what they changed in others, and what they did to belief."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pandas as pd

from rivals.analysis.beliefs import believe
from rivals.analysis.comparison import compare_logs, contrast
from rivals.appending import entry_text
from rivals.cli.show import note, working, write, write_table
from rivals.desk import Kept
from rivals.entries import Report
from rivals.errors import ImpossibleEvidence, RivalsError
from rivals.evidence import Standing
from rivals.phrases import count, list_all
from rivals.premises import Premises

SHARES = ("prior", "posterior", "before", "after", "because before", "because after")
MOST, SHOWN = 40, 12
"""How many entries are told one by one, and how many other reports that are heard otherwise."""


def show_effect(kept: Kept, *, written: bool) -> None:
    """How each entry counts, the entries themselves, and what they do to the beliefs."""
    end = "appended to the log" if written else "nothing was written"
    changes = compare_logs(kept.before.evidence, kept.after.evidence)
    for line in _tell(kept, changes, end):
        note(line)
    for entry in kept.entries:
        write(entry_text(entry))
    _show_beliefs(kept.before, kept.after)


def _show_beliefs(before: Premises, after: Premises) -> None:
    """The beliefs before and after; where there were none before, those of now."""
    title = "What it does to the beliefs"
    try:
        with working("Weighing what it does"):
            table = contrast(before.stated, after.stated)
    except ImpossibleEvidence as error:
        note(f"before, there was nothing to believe: {error}")
        title, table = (
            "What to believe now",
            believe(after.stated, None).drop(columns=["low", "high"]),
        )
    except RivalsError as error:  # the log is written, and in order: this is no failure
        note(f"what it does to the beliefs cannot be shown: {error}")
        return
    write_table(table, title, tuple(name for name in table if name in SHARES))


def _tell(kept: Kept, changes: pd.DataFrame, end: str) -> Iterator[str]:
    named = {_about(entry): isinstance(entry, Report) for entry in kept.entries}
    standings = {s.report.id: s for s in kept.after.evidence.standings}
    for name, new in list(named.items())[:MOST]:
        yield f"{name}: {_part(name, changes, new=new)}; {end}"
        yield from _strays(standings[name])
    if len(named) > 1:
        kinds = Counter(standings[name].status for name in named)
        shares = [f"{number:,} {kind}" for kind, number in kinds.items()]
        yield f"{count(len(named), 'report')}, {list_all(shares)}; {end}"
    others = changes.drop(index=[name for name in named if name in changes.index])
    for other, change, _, part in others.head(SHOWN).itertuples():
        yield f"{other}: {part} now; {change}"
    if len(others) > SHOWN:
        yield f"and {count(len(others) - SHOWN, 'other report')} heard otherwise than before"


def _about(entry: Any) -> str:
    """The id of the report that an entry is, takes back or amends."""
    return str(getattr(entry, "id", "") or getattr(entry, "retracts", "") or entry.amends)


def _part(name: str, changes: pd.DataFrame, *, new: bool) -> str:
    if name not in changes.index:
        return "as it was"
    row = changes.loc[name]
    return str(row["part"]) if new else f"{row['part']}; {row['change']}"


def _strays(standing: Standing) -> Iterator[str]:
    """How a repetition differs from what it repeats."""
    repeated = list_all(list(dict.fromkeys(standing.repeats.values())))
    if standing.drift:
        yield f"drift: it says {list_all(standing.drift)}, against {repeated}"
    if standing.addition:
        yield f"addition: it says {list_all(standing.addition)}, beyond {repeated}"
