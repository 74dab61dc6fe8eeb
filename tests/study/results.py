"""The study's tables as they were written, and what of them is shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from study.sample import ALL_METHODS, RIVALS, RIVALS_CAPPED, SIDE_BY_SIDE
from study.tables import ALL
from study.views import KINDS, RIGHT

FOLDER = Path(__file__).resolve().parent / "results"

SHOWN = ALL_METHODS
"""The methods in the order of every table that is shown."""

CLEAR = 2.0
"""How many standard errors a difference has at least before it is spoken of."""


def read(name: str, folder: Path = FOLDER) -> pd.DataFrame:
    """A table by the name of its file."""
    return pd.read_csv(folder / f"{name}.csv", dtype={"echo": str})


def describe(folder: Path = FOLDER) -> dict[str, Any]:
    """How large the study was, and by which seed it comes out again."""
    found: dict[str, Any] = json.loads((folder / "meta.json").read_text("utf-8"))
    return found


def by_echo(table: pd.DataFrame, kind: str = RIGHT, column: str = "log") -> pd.DataFrame:
    """A column under one kind of error: methods by mean number of copies."""
    own = table[table["kind"] == kind]
    found = own.pivot_table(index="method", columns="echo", values=column, sort=False)
    return found.rename(columns={ALL: "all worlds"})


def by_kind(table: pd.DataFrame, column: str = "log", echo: str = ALL) -> pd.DataFrame:
    """A column at one echo rate: kinds of error by method."""
    own = table[(table["echo"] == echo) & table["method"].isin(SHOWN)]
    found = own.pivot_table(index="kind", columns="method", values=column, sort=False)
    return found.loc[list(KINDS), list(SHOWN)]


def others_ahead(compared: pd.DataFrame, column: str = "log") -> pd.DataFrame:
    """Where another method has the better score, by more than two standard errors.

    Rows by kind and method; columns: echo rates, by how much, above 0; NaN where not.
    """
    ahead = compared[compared[column] < -CLEAR * compared[f"{column}_se"]]
    ahead = ahead[ahead["method"] != RIVALS_CAPPED]
    found = ahead.assign(by=-ahead[column]).pivot_table(
        index=["kind", "method"], columns="echo", values="by", sort=False
    )
    rates = [echo for echo in dict.fromkeys(compared["echo"]) if echo in found]
    return found[rates].rename(columns={ALL: "all worlds"})


def leading(scores: pd.DataFrame, echo: str = ALL) -> pd.DataFrame:
    """Which of those side by side are within two standard errors of the best: kinds by method."""
    own = scores[(scores["echo"] == echo) & scores["behind"].notna()]
    near = own.assign(near=own["behind"] <= CLEAR * own["behind_se"])
    found = near.pivot(index="kind", columns="method", values="near")
    return found.loc[list(KINDS), list(SIDE_BY_SIDE)]


def sizes(losses: pd.DataFrame) -> pd.DataFrame:
    """What each kind of error costs `rivals` in bits: kinds by echo rate."""
    return by_method(losses, RIVALS)


def by_method(table: pd.DataFrame, method: str, column: str = "log") -> pd.DataFrame:
    """A column of one method: kinds of error by echo rate."""
    own = table[table["method"] == method]
    found = own.pivot_table(index="kind", columns="echo", values=column, sort=False)
    return found.rename(columns={ALL: "all worlds"})
