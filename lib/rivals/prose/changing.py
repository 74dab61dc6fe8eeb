"""What changed since a day, in a sentence for the first screen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from rivals.phrases import quoted, say_date, say_percent
from rivals.prose.measures import find_most, name_item, say_points

POINT = 0.01 - 1e-9
"""What moves by less has not moved: whole percentages stand on the first screen."""

WORTH = 0.5
"""A share of fewer percentage points stands for nothing by itself."""

Names = Mapping[str, str]


class Figures(NamedTuple):
    """One number of every explanation, then and now, and how it is spoken of."""

    before: pd.Series[float]
    after: pd.Series[float]
    what: str

    def moved(self) -> pd.Series[float]:
        """How far each went, up or down."""
        return (self.after - self.before).abs()


def say_change(
    table: pd.DataFrame, since: str, sources: Names | None = None, dates: Names | None = None
) -> str:
    """What moved since a day, from where to where, and what the largest part of it comes from.

    table: `case.compare(case.as_of(since))`. It speaks of the leader where its number moved by a
    whole point, else of the explanation that moved most; by `because` of the first effect, or where
    that did not move or there is none, by posterior. sources: names by source. dates: by report,
    the day on which it was had; a report that has one is named by day and source, not by its id.
    """
    day = say_date(since)
    if table.attrs["items"].empty:
        return f"Nothing was logged since {day}."
    kinds = _list_figures(table)
    overtaken = _say_overtaking(table["label"], kinds[0])
    figures = next((kind for kind in kinds if kind.moved().max() >= POINT), None)
    if figures is None:
        if overtaken:
            return f"Since {day} {overtaken}, though no figure moved by a whole point."
        return f"Nothing that was logged since {day} moved any figure by a whole point."
    leader = find_most(kinds[0].after.round(12))
    place = leader if figures.moved().iloc[leader] >= POINT else find_most(figures.moved())
    names = (sources or {}, dates or {})
    told = f"{_say_move(table, figures, place)}{_say_account(table, figures, place, names)}"
    rest = (
        ""
        if place == leader or overtaken
        else "; the leading explanation moved by less than a point"
    )
    return f"Since {day} {f'{overtaken}: ' if overtaken else ''}{told}{rest}."


def _list_figures(table: pd.DataFrame) -> list[Figures]:
    """The headline's numbers, then the others."""
    present = (table["before"].astype(float), table["after"].astype(float))
    if "because before" not in table:
        return [Figures(*present, "of {}")]
    why = (table["because before"].astype(float), table["because after"].astype(float))
    return [Figures(*why, "that {} was why"), Figures(*present, "that {} was present")]


def _say_overtaking(labels: pd.Series[str], figures: Figures) -> str:
    """Who has passed whom at the head, if anybody has; nobody leads where all is 0."""
    old, new = (find_most(chances.round(12)) for chances in (figures.before, figures.after))
    if old == new or not min(figures.before.max(), figures.after.max()) > 0:
        return ""
    return f"{quoted(labels.iloc[new])} has overtaken {quoted(labels.iloc[old])}"


def _say_move(table: pd.DataFrame, figures: Figures, place: int) -> str:
    before, after = float(figures.before.iloc[place]), float(figures.after.iloc[place])
    what = figures.what.format(quoted(table["label"].iloc[place]))
    went = "rose" if after > before else "fell"
    return f"the probability {what} {went} from {say_percent(before)} to {say_percent(after)}"


def _say_account(
    table: pd.DataFrame, figures: Figures, place: int, names: tuple[Names, Names]
) -> str:
    """What the move comes from: in points of `because`; decibels are left to say_comparison."""
    items, why = table.attrs["items"], "why" in figures.what
    shares = items["because" if why else "decibels", table.index[place]].astype(float)
    old, new = float(figures.before.iloc[place]), float(figures.after.iloc[place])
    if shares.isna().any():
        return "; it cannot be shared out among what was logged"
    along = shares if new > old else -shares
    first = str(along.idxmax())
    item = _name(items, first, *names)
    if (shares != 0).sum() == 1:
        return f"; all of it comes from {item}"
    if not why:
        return f"; the largest part comes from {item}"
    return f"; {_say_part(item, float(shares[first]), float(along[first]), (old, new))}"


def _say_part(item: str, share: float, along: float, ends: tuple[float, float]) -> str:
    """The largest share, in points: whether it stands out, and beside the whole as it is shown."""
    old, new = (math.floor(100 * end + 0.5) for end in ends)
    if along < WORTH:
        return "it is the sum of many small shares"
    if along > 100 * abs(ends[1] - ends[0]) + WORTH:
        return f"{item} by itself accounts for {say_points(share)}, against which others weigh"
    if round(along) >= abs(new - old):  # a part that looks as large as the whole would puzzle
        return f"most of it comes from {item}"
    return f"the largest part ({say_points(share)}) comes from {item}"


def _name(items: pd.DataFrame, item: str, sources: Names, dates: Names) -> str:
    """An item as it is named, and its retraction as that."""
    source = str(items.loc[item, ("item", "source")])
    name = name_item(item, source, sources)
    if item in dates and source in sources:
        name = f"the report of {say_date(dates[item])} by {sources[source]}"
    gone = str(items.loc[item, ("item", "part")]) == "retracted"
    return f"the retraction of {name}" if gone else name
