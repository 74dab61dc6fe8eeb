"""What the answer rests on and what would tell more: stated numbers, and open questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from rivals.phrases import count, quoted, say_percent
from rivals.prose.measures import capital, find_most, name_place, say_bits

FAINT_SHARE = 0.005
"""What would tell less than this share of what is open is not worth asking in a plan."""

Names = Mapping[str, str]


def say_sensitivity(table: pd.DataFrame, labels: Names) -> str:
    """Which stated number moves the answer most, and how many could bring it to the threshold.

    From `case.sensitivity()`: most within its own uncertainty, nearest in log odds. labels: by
    hypothesis.
    """
    row = table.iloc[find_most((table["high"] - table["low"]).abs())]
    low, high = say_percent(float(row["low"])), say_percent(float(row["high"]))
    what = f"the probability of {quoted(labels[table.attrs['hypothesis']])}"
    if low == high:
        said = (
            f"{capital(what)} stays at {low}, whichever stated number moves within its own "
            f"uncertainty."
        )
    else:
        said = (
            f"The number that moves {what} most is {name_place(row)}: its own uncertainty takes "
            f"the answer from {low} to {high}."
        )
    return f"{said} {_say_flips(table, '' if low == high else str(row.name))}"


def _say_flips(table: pd.DataFrame, told: str) -> str:
    """How many numbers could flip the answer, and the nearest; `told` was just spoken of."""
    threshold = say_percent(float(table.attrs["threshold"]))
    turning = table[table["flip"].notna()]
    if turning.empty:
        return f"No single number alone brings it to {threshold}."
    # a number that must go to 0 or 1, or stands there, has no distance in log odds
    row = turning.iloc[find_most(-turning["log_odds_moved"])]
    value, flip = say_percent(float(row["value"])), say_percent(float(row["flip"]))
    which = "the same one" if row.name == told else name_place(row)
    which = f"{which}, at {flip} instead of {value}"
    if len(turning) == 1:
        return f"A single number alone could bring it to {threshold}: {which}."
    return (
        f"{len(turning)} of the {len(table)} numbers could each alone bring it to {threshold}; "
        f"the nearest is {which}."
    )


def plan_collection(table: pd.DataFrame) -> str:
    """What to find out first, in two or three sentences, from `case.inquiry()`."""
    told = table["variable"]
    if told.empty:
        return "No variable is marked as observable. There is nothing to plan."
    worth = told[told["share_of_entropy"].fillna(0.0) >= FAINT_SHARE]
    if worth.empty:
        return (
            "Nothing that could be found out would tell much of the explanations. "
            "What is left open has to be settled by other evidence, or to stay open."
        )
    first = worth.iloc[0]
    cheap = worth.iloc[find_most(worth["bits_per_cost"])]
    sentences = [f"Ask first: {_name(first)}; the answer is expected to tell {_measure(first)}."]
    if cheap.name == first.name:
        sentences.append("Nothing tells more for what it costs.")
    else:
        sentences.append(f"For what it costs, most is told by {_name(cheap)}: {_measure(cheap)}.")
    idle = len(told) - len(worth)
    if idle:
        sentences.append(f"The rest, {count(idle, 'question')}, would tell next to nothing.")
    return " ".join(sentences)


def _name(row: pd.Series[Any]) -> str:
    how = f" ({row['how']})" if row["how"] else ""
    return quoted(str(row["ask"] or row.name)) + how


def _measure(row: pd.Series[Any]) -> str:
    share = say_percent(float(row["share_of_entropy"]))
    return f"{say_bits(float(row['bits']))}, {share} of what is open about the explanations"
