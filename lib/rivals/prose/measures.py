"""Decibels, bits and nats as they are said, and reports and items as they are named.

Decibels (dB) are 10 log10 of a ratio of odds: +3.0 dB doubles the odds, −3.0 dB halves them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from rivals.phrases import quoted

NOBODY = "No explanation leads: each of their numbers is 0."

SUPPOSED = {
    "given": "what is given of",
    "do": "what is done to",
    "silence": "the silence about",
}


def say_signed(value: float, digits: int) -> str:
    """A number with its sign, 0 without.

    >>> [say_signed(v, 1) for v in (4.52, -0.26, -0.04)]
    ['+4.5', '−0.3', '0.0']
    """
    text = f"{value:+.{digits}f}"
    return text.replace("-", "−") if float(text) else text[1:]


def say_decibels(value: float) -> str:
    """Decibels, one digit; what is certain has none.

    >>> say_decibels(-3.01), say_decibels(np.nan)
    ('−3.0 dB', 'not defined')
    """
    return f"{say_signed(value, 1)} dB" if np.isfinite(value) else "not defined"


def say_nats(value: float) -> str:
    """Nats, two digits.

    >>> say_nats(0.5)
    '+0.50 nats'
    """
    return f"{say_signed(value, 2)} nats"


def say_bits(value: float) -> str:
    """Bits, two digits; never 0 for what is not.

    >>> say_bits(0.354), say_bits(0.001)
    ('0.35 bits', 'under 0.01 bits')
    """
    return "under 0.01 bits" if 0 < value < 0.005 else f"{value:.2f} bits"


def say_points(value: float) -> str:
    """Percentage points, whole.

    >>> [say_points(v) for v in (12.3, -1.2, 0.2)]
    ['+12 points', '−1 point', '0 points']
    """
    told = say_signed(value, 0)
    return f"{told} point{'' if told[1:] == '1' else 's'}"


def say_times(number: int) -> str:
    """How often.

    >>> [say_times(n) for n in (0, 1, 2, 36)]
    ['not at all', 'once', 'twice', '36 times']
    """
    return {0: "not at all", 1: "once", 2: "twice"}.get(number, f"{number:,} times")


def name_report(report: str, source: str, names: Mapping[str, str] | None) -> str:
    """A report by its id, and by what its source is called where that is told.

    Parentheses in parentheses are brackets.

    >>> name_report("petrol", "brigade", {"brigade": "Fire brigade"})
    'petrol (Fire brigade)'
    """
    name = names.get(source, "") if names else ""
    return f"{report} ({name.replace('(', '[').replace(')', ']')})" if name else report


def name_item(item: str, source: str = "", names: Mapping[str, str] | None = None) -> str:
    """A report or another item of what a case rests on, as the subject of a sentence.

    >>> name_item("petrol"), name_item("given:arson"), name_item("do:arson"), name_item("model")
    ('the report petrol', 'what is given of arson', 'what is done to arson', 'the model')
    """
    kind, _, variable = item.partition(":")
    if item == "model":
        return "the model"
    if variable and kind in SUPPOSED:
        return f"{SUPPOSED[kind]} {variable}"
    return f"the report {name_report(item, source, names)}"


def name_place(row: pd.Series[Any]) -> str:
    """A judgement by its path and where it stands, from a row that has its place in `at`.

    >>> name_place(pd.Series({"at": "scenario.yaml:7"}, name="settings.spin"))
    'settings.spin (scenario.yaml:7)'
    """
    at = "a default" if row["at"] == "default" else row["at"]
    return f"{row.name} ({at})"


def find_most(values: pd.Series[Any]) -> int:
    """The first place of the highest number; NaN counts lowest."""
    return int(values.astype(float).fillna(-np.inf).to_numpy().argmax())


def capital(text: str) -> str:
    """With the first letter of a sentence."""
    return text[:1].upper() + text[1:]


def name_setting(setting: Mapping[str, str]) -> list[str]:
    """What each variable is set to.

    >>> name_setting({"arson": "no"})
    ['arson been “no”']
    """
    return [f"{variable} been {quoted(state)}" for variable, state in setting.items()]
