"""What moved us: what each report weighs, what repetitions would have, and who disagrees."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from rivals.phrases import count, list_all, quoted, say_percent
from rivals.prose.basis import say_conflict
from rivals.prose.measures import (
    capital,
    find_most,
    name_item,
    name_report,
    say_decibels,
    say_nats,
    say_times,
)

FAINT_DECIBELS, FAINT_NATS = 0.05, 0.005
"""What is less is said as 0."""

ALIKE = 1e-9
"""Reports whose decibels differ by less weigh the same."""

LISTED = 3
"""More reports that weigh the same are counted, not named."""

Names = Mapping[str, str]


def say_impact(
    table: pd.DataFrame, hypothesis: str, labels: Names, sources: Names | None = None
) -> str:
    """Which report speaks most for a hypothesis, which most against it, and what all do together.

    From `case.impact()`, by Shapley values. labels: by hypothesis; sources: names by source.
    """
    label = quoted(labels[hypothesis])
    heard = table[table["report", "counted"].astype(bool)]
    worth = heard["shapley", hypothesis].astype(float)
    if heard.empty:
        return f"No report counts, so none speaks for or against {label}."
    shift = float(table.attrs["shift"][hypothesis])
    if np.isnan(shift) or worth.isna().any():
        return (
            f"Some of the reports settle {label} for certain, which no number of decibels says; "
            f"so its odds cannot be shared out among them."
        )
    if worth.abs().max() < FAINT_DECIBELS:
        return f"No counted report says anything to speak of for or against {label}."
    moved = say_decibels(shift)
    named = _name_all(heard["report", "source"], sources)
    if len(worth) == 1:
        return f"The one counted report, {named.iloc[0]}, moves the odds of {label} by {moved}."
    return (
        f"{_say_most(worth, named, f'for {label}')} {_say_most(-worth, named, 'against it', -1)} "
        f"Together the {len(worth)} counted reports move its odds by {moved}. "
        f"{_say_method(table.attrs['pairs'])}"
    )


def _name_all(voices: pd.Series[str], sources: Names | None) -> pd.Series[str]:
    names = [name_report(str(r), source, sources) for r, source in voices.items()]
    return pd.Series(names, voices.index, dtype=object)


def _say_most(worth: pd.Series[float], named: pd.Series[str], side: str, sign: int = 1) -> str:
    """Who speaks most for one side; worth is in that direction."""
    most = float(worth.max())
    if most < FAINT_DECIBELS:
        return f"No report speaks noticeably {side}."
    first = named[worth > most - ALIKE]
    told = say_decibels(sign * most)
    if len(first) == 1:
        return f"Most {side} speaks the report {first.iloc[0]}: {told}."
    who = f"the reports {list_all(list(first))}"
    if len(first) > LISTED:
        who = f"{len(first)} reports alike"
    return f"Most {side} speak {who}: {told} each."


def _say_method(pairs: int) -> str:
    averaged = "Each report's figure is an average over all orders in which they could have come"
    if pairs == 0:
        return f"{averaged}, worked out exactly."
    sampled = count(pairs, "sampled pair")
    return f"{averaged}, estimated from {sampled} of orders: its last digit may be off."


def say_naive(table: pd.DataFrame, labels: Names) -> str:
    """What one would have believed, had every page that repeats another counted as a witness.

    From `case.naively()`: of the hypothesis whose probability would swing furthest, in percentage
    points. Decibels would choose by what is nearly certain anyhow. labels: by hypothesis.
    """
    if table["naive"].isna().any():
        told = (
            "Had every echo and copy counted as a witness of its own, the log would contradict "
            "itself for certain."
        )
        return f"{told} {_say_repeated(table.attrs['origins'])}"
    return f"{_say_swing(table, labels)} {_say_repeated(table.attrs['origins'])}"


def _say_swing(table: pd.DataFrame, labels: Names) -> str:
    row = table.iloc[find_most((table["naive"] - table["posterior"]).abs())]
    now, then = say_percent(float(row["posterior"])), say_percent(float(row["naive"]))
    had = "Had every echo and copy counted as a witness of its own,"
    if now == then:
        return f"{had} no explanation would be put at another whole percentage."
    label = quoted(labels[str(row.name)])
    told = f"{had} the probability of {label} would be put at {then}, not {now}."
    first, other = (table.iloc[find_most(table[c])] for c in ("posterior", "naive"))
    if other["naive"] > first["naive"]:
        passed, passing = (quoted(labels[str(one.name)]) for one in (first, other))
        told += f" {passing} would then seem more probable than {passed}."
    return told


def _say_repeated(origins: pd.DataFrame) -> str:
    """How often the story that is repeated most would have counted."""
    repeated = origins["reports"] - origins["counted"]
    if origins.empty or repeated.max() == 0:
        return "No report merely repeats another."
    row = origins.iloc[find_most(repeated)]
    return (
        f"The origin repeated most is {row.name}, which would have counted "
        f"{say_times(int(row['reports']))} instead of {say_times(int(row['counted']))}."
    )


def say_conflicts(table: pd.DataFrame, sources: Names | None = None) -> str:
    """Whether the reports hang together, which disagrees most with the rest, and which two most.

    From `case.conflicts()`. sources: names by source.
    """
    overall = say_conflict(float(table.attrs["overall"]))
    if len(table) < 2:
        return f"{overall} It takes two to disagree."
    return " ".join([overall, _say_odd_one(table, sources), _say_pair(table, sources)])


def _say_odd_one(table: pd.DataFrame, sources: Names | None) -> str:
    row = table.iloc[find_most(table["nats"])]
    nats = float(row["nats"])
    if nats < FAINT_NATS:
        return "None disagrees with all the rest together."
    who = name_item(str(row.name), row["source"], sources)
    return f"{capital(who)} disagrees most with all the rest together: {say_nats(nats)}."


def _say_pair(table: pd.DataFrame, sources: Names | None) -> str:
    pairs = table.attrs["pairs"]
    if pairs.empty or float(pairs["nats"].max()) < FAINT_NATS:
        return "No two of them, taken by themselves, disagree."
    row = pairs.iloc[find_most(pairs["nats"])]
    voices = table["source"]
    two = [name_item(i, voices[i], sources) for i in (row["first"], row["second"])]
    return f"The two that disagree most are {list_all(two)}: {say_nats(float(row['nats']))}."
