"""What would change who leads, in sentences: reports, origins, a source, one more report."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import logit

from rivals.analysis.discredit import EXACT, GREEDY
from rivals.analysis.turning import TurningPoints
from rivals.phrases import count, list_all, quoted, say_percent
from rivals.prose.measures import find_most, say_decibels

LISTED = 3
"""Of a larger set so many members are named."""

Names = Mapping[str, str]


def say_turning_points(found: TurningPoints, labels: Names, sources: Names | None = None) -> str:
    """The smallest set of reports, the source and the further report that would change the lead.

    From `case.turning_points()`. labels: by hypothesis; sources: names by source.
    """
    leader = quoted(labels[found.leader])
    sets, origins = found.sets, found.origins
    said = [_say_sets(sets, leader, labels)]
    if len(origins) and (sets.empty or origins["size"].iloc[0] < sets["size"].iloc[0]):
        said.append(_say_origins(origins))
    if len(found.sources):
        said.append(_say_fall(found.sources, labels))
    return " ".join([*said, _say_needed(found, leader, labels, sources)])


def _say_sets(sets: pd.DataFrame, leader: str, labels: Names) -> str:
    if sets.empty:
        return (
            f"{leader} leads, and no set of reports was found without which another would: all of "
            f"up to {EXACT} were tried, unless there are too many, and larger ones, up to "
            f"{GREEDY}, put together one report at a time."
        )
    row = sets.iloc[0]
    chances = f"{say_percent(row['chance'])} to {say_percent(row['before'])}"
    told = (
        f"{leader} leads, but without {_list_members(row['reports'], 'report')} "
        f"{quoted(labels[row['leader']])} would lead by {chances}"
    )
    return f"{told}; {_say_search(sets, 'report')}."


def _list_members(members: tuple[str, ...], noun: str) -> str:
    if len(members) <= LISTED:
        return f"the {noun if len(members) == 1 else noun + 's'} {list_all(members)}"
    return f"{count(len(members), noun)}, among them {list_all(members[:LISTED])},"


def _say_search(sets: pd.DataFrame, noun: str) -> str:
    """Whether a smaller or another set would do."""
    size, rows = int(sets["size"].iloc[0]), len(sets)
    if sets["how"].iloc[0] == "greedy":
        return "they were picked one at a time, so a smaller set may do"
    if size == 1:
        return f"it is the clearest of {rows} such {noun}s" if rows > 1 else f"no other {noun} does"
    if rows == 1:
        return f"no other set of {size}, and no smaller one, does that"
    return f"it is the clearest of {rows} such sets of {size}, and no smaller one does that"


def _say_origins(origins: pd.DataFrame) -> str:
    names = [name.removeprefix("origin:") for name in origins["origins"].iloc[0]]
    told = "is" if len(names) == 1 else "are"
    members = f": {list_all(names)}"
    if len(names) > LISTED:
        members = f", among them {list_all(names[:LISTED])}"
    found = _say_search(origins, "origin")
    return f"Counted by origin, {len(names)} {told} enough{members}; {found}."


def _say_fall(sources: pd.DataFrame, labels: Names) -> str:
    falls = sources[sources["falls_to"].notna()]
    if falls.empty:
        return "No source's reliability, lowered by itself, would change the lead."
    drops = logit(falls["value"].to_numpy(float)) - logit(falls["falls_to"].to_numpy(float))
    nearest = int(drops.argmin())
    row, topic = falls.iloc[nearest], falls.index.get_level_values("topic")[nearest]
    value, falls_to = say_percent(float(row["value"])), say_percent(float(row["falls_to"]))
    on = f" on {topic}" if topic else ""
    told = (
        f"If the reliability of {quoted(row['name'])}{on} were put at {falls_to} instead of "
        f"{value}, {quoted(labels[row['leader']])} would draw level"
    )
    others = "" if len(falls) == 1 else f"; of {len(falls)} that could fall so, it is the nearest"
    return f"{told}{others}."


def _say_needed(found: TurningPoints, leader: str, labels: Names, sources: Names | None) -> str:
    """How much one more report would have to weigh, and who could supply it."""
    needed = found.needed[["rise", "fall"]].astype(float).fillna(np.inf)
    rise, fall = (needed.iloc[find_most(-needed[way])] for way in ("rise", "fall"))
    if np.isinf(needed.to_numpy()).all():
        return "No one more report on a single explanation would change the lead."
    if rise["rise"] <= fall["fall"]:
        least, rival, on, sign = rise["rise"], str(rise.name), str(rise.name), 1
    else:
        least, rival, on, sign = fall["fall"], str(fall.name), found.leader, -1
    what = "its own odds" if sign > 0 else f"the odds of {leader}"
    who = _say_supply(found.supply, on, sign, sources)
    return (
        f"For {quoted(labels[rival])} to draw level, one more report would have to move {what} by "
        f"{say_decibels(sign * least)}; {who}."
    )


def _say_supply(supply: pd.DataFrame, on: str, sign: int, sources: Names | None) -> str:
    enough = supply[supply["enough"].astype(bool)]
    if len(enough):
        enough = enough[enough.index.get_level_values("hypothesis") == on]
    if enough.empty:
        return "no source could do that with one direct claim"
    place = find_most(enough["dB"])
    source = enough.index.get_level_values("source")[place]
    told = say_decibels(sign * float(enough["dB"].iloc[place]))
    most = f"{quoted((sources or {}).get(source) or source)}: {told}"
    if len(enough) == 1:
        return f"only a direct claim by one source would do, {most}"
    return f"a direct claim by any of {len(enough)} sources would do, most of all by {most}"
