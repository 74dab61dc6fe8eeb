"""Beside another world: two cases, what would have been, and other ways to couple the causes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from rivals.phrases import list_all, quoted, say_percent
from rivals.prose.measures import (
    NOBODY,
    capital,
    find_most,
    name_item,
    name_setting,
    say_decibels,
    say_points,
)

Names = Mapping[str, str]


def say_comparison(table: pd.DataFrame, sources: Names | None = None) -> str:
    """What moved most between two cases, from where to where, and what accounts for most of it.

    From `case.compare(other)`: by `because` of the first effect where there is one, with shares in
    percentage points, else by posterior, with shares in dB. sources: names by source.
    """
    why = "because before" in table
    old, new = ("because before", "because after") if why else ("before", "after")
    if table.attrs["items"].empty:
        return "Nothing differs between the two."
    change = (table[new] - table[old]).astype(float)
    row = table.iloc[find_most(change.abs())]
    before, after = say_percent(float(row[old])), say_percent(float(row[new]))
    if before == after:
        return "What differs moves no explanation to another whole percentage."
    label = quoted(row["label"])
    what = f"the probability that {label} was why" if why else f"the probability of {label}"
    told = f"What moved most is {what}: from {before} to {after}."
    shares = table.attrs["items"]["because" if why else "decibels", row.name].astype(float)
    voices = table.attrs["items"]["item", "source"]
    return f"{told} {_say_account(shares, float(row[new] - row[old]), voices, sources, why=why)}"


def _say_account(
    shares: pd.Series[float],
    change: float,
    voices: pd.Series[str],
    sources: Names | None,
    *,
    why: bool,
) -> str:
    if shares.isna().any():
        return "It cannot be shared out: on the way something is certain or impossible."
    along = shares if change > 0 else -shares
    first = str(along.idxmax())
    share = float(shares[first])
    told = say_points(share) if why else say_decibels(share)
    if told.startswith("0"):
        return "It is the sum of many small shares, none of which stands out."
    item = name_item(first, str(voices[first]), sources)
    if (shares != 0).sum() == 1:
        return f"{capital(item)} accounts for all of it."
    part = "most of it" if 2 * along[first] > along.sum() else "the largest part of it"
    return f"{capital(item)} accounts for {part}: {told}."


def say_had(table: pd.DataFrame) -> str:
    """What would have been, given all we know, had some variables been otherwise.

    From `case.had(...)`: every effect, then what else would have been most different. That is not
    `do`, under which the reports tell of a world that was different from the start.
    """
    had = f"Given all we know, had {list_all(name_setting(table.attrs['setting']))},"
    kinds = table.index.get_level_values("kind")
    effects, rest = table[kinds == "effect"], table[kinds != "effect"]
    rest = rest[~rest.index.isin(table.attrs["set"])]  # of those nobody need be told
    lead = "Of the rest," if len(effects) else had
    said = [f"{had} {_say_effects(effects)}."] if len(effects) else []
    return " ".join([*said, _say_most_different(rest, lead)])


def _say_effects(effects: pd.DataFrame) -> str:
    said = [f"{quoted(row['label'])} {_say_instead(row)}" for _, row in effects.iterrows()]
    return "the probability of " + "; that of ".join(said)


def _say_instead(row: pd.Series[Any]) -> str:
    now, then = say_percent(float(row["posterior"])), say_percent(float(row["had"]))
    return f"would still have been {now}" if now == then else f"would have been {then}, not {now}"


def _say_most_different(rest: pd.DataFrame, lead: str) -> str:
    """Of hypotheses and outcomes, the one whose probability would have been most different."""
    moved = (rest["had"] - rest["posterior"]).abs()
    row = rest.iloc[find_most(moved)] if len(rest) else None
    if row is None or say_percent(float(row["had"])) == say_percent(float(row["posterior"])):
        return f"{lead} nothing would have been put at another whole percentage."
    return f"{lead} the probability of {quoted(row['label'])} {_say_instead(row)}."


def say_bounds(table: pd.DataFrame) -> str:
    """Between which ends the leader's `because` lies, however the tables' rows are coupled.

    From `case.cause_bounds()`, for the first effect: over all couplings that the stated tables
    allow, since no data can settle which holds; and whether the leader leads under each of them.
    """
    first = table.index.get_level_values("effect")[0]
    rows = table.loc[[first]].droplevel("effect")
    row = rows.iloc[find_most(rows["because"])]
    rest = rows.drop(index=str(row.name))
    if not row["because"] > 0:
        return NOBODY
    return f"{_say_ends(row)} {_say_lead(row, rest)}"


def _say_ends(row: pd.Series[Any]) -> str:
    lowest, because, highest = (
        say_percent(float(row[c])) for c in ("lowest", "because", "highest")
    )
    what = f"the probability that {quoted(row['label'])} was why"
    if row["how"] == "settled":
        return f"The stated tables settle {what}: {because}, however their rows are coupled."
    over = f"Over all couplings that the stated tables allow, {what}"
    if lowest == highest:
        return f"{over} stays at {because}{STAYS.get(row['how'], '')}."
    return f"{over} ranges from {lowest} to {highest}{FOUND[row['how']]}; assumed is {because}."


STAYS = {"searched": " as far as was searched"}
FOUND = {"exact": " exactly", "outer": " at the very most", **STAYS}


def _say_lead(row: pd.Series[Any], rest: pd.DataFrame) -> str:
    """Whether the leader's lowest lies above every other's highest."""
    rival = rest.iloc[find_most(rest["highest"])]
    top, label = say_percent(float(rival["highest"])), quoted(rival["label"])
    if row["lowest"] > rival["highest"]:
        each = (
            "each that was searched" if "searched" in {row["how"], *rest["how"]} else "each of them"
        )
        return f"It leads under {each}: the highest of the others is {top}, for {label}."
    return f"That it leads is not settled by them: {label} may reach {top}."
