"""The key assumption: which stated number moves the headline most, and what would turn it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from rivals.phrases import quoted, say_percent
from rivals.prose.measures import name_place

LONGEST = 200
"""Characters of a reason that are quoted."""

SINGLE = str.maketrans("“”", "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}")

Names = Mapping[str, str]


def say_key_assumption(table: pd.DataFrame, labels: Names) -> str:
    """The stated number on which the headline leans most, where and why it stands, what turns it.

    Two sentences from `case.assumptions()`. labels: by hypothesis.
    """
    label = quoted(labels[table.attrs["hypothesis"]])
    what = (
        f"the probability that {label} was why"
        if table.attrs["because"]
        else (f"the probability of {label}")
    )
    row = table.iloc[0] if len(table) else None
    if row is None or not abs(float(row["high"]) - float(row["low"])) >= 0.01:
        return f"No stated number, within its own uncertainty, moves {what} by a whole point."
    low, high = say_percent(float(row["low"])), say_percent(float(row["high"]))
    return (
        f"The answer leans most on {name_place(row)}, put at {say_percent(float(row['value']))}"
        f"{_say_reason(str(row['why']))}. Its own uncertainty takes {what} from {low} to {high}; "
        f"{_say_turn(row, labels)}."
    )


def _say_reason(why: str) -> str:
    """The reason as stated, cut where it is long; quotation marks inside become single ones."""
    said = textwrap.shorten(why, LONGEST, placeholder=" …").translate(SINGLE)
    return f": {quoted(said.removesuffix('.'))}" if said else ", for which no reason is stated"


def _say_turn(row: pd.Series[Any], labels: Names) -> str:
    if np.isnan(float(row["lead"])):
        return "no value of it alone was found at which another explanation would lead"
    value, turn = float(row["value"]), float(row["lead"])
    rival, told = quoted(labels[str(row["leader"])]), say_percent(turn)
    if told == say_percent(value):
        told = f"{'a little more' if turn > value else 'a little less'} than that"
    return f"at {told} {rival} would lead"
