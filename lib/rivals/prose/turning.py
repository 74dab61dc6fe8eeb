"""What would change who leads, in sentences: reports, origins, a source, one more report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import pandas as pd
from scipy.special import logit

from rivals.analysis.discredit import EXACT, GREEDY
from rivals.analysis.turning import TurningPoints
from rivals.phrases import count, list_all, quoted, say_percent
from rivals.prose.measures import NOBODY, capital, find_most, say_decibels

LISTED = 3
"""Of a larger set so many members are named."""

Names = Mapping[str, str]


def say_turning_points(found: TurningPoints, labels: Names, sources: Names | None = None) -> str:
    """The smallest set of reports, the source and the further report that would change the lead.

    From `case.turning_points()`. labels: by hypothesis; sources: names by source.
    """
    if not found.chance > 0:
        return NOBODY
    leader = quoted(labels[found.leader])
    said = [_say_sets(found.sets, leader, labels)]
    if _is_less(found.origins, found.sets):
        said.append(_say_origins(found.origins))
    if len(found.sources):
        said.append(_say_fall(found.sources, labels))
    return " ".join([*said, _say_needed(found, leader, labels, sources)])


def say_what_would_turn(found: TurningPoints, labels: Names) -> str:
    """In one sentence, what it would take for another explanation to lead.

    From `case.turning_points()`: the smallest set of reports, or of origins where fewer of these
    are enough, and the source whose reliability need fall least. labels: by hypothesis.
    """
    if not found.chance > 0:
        return NOBODY
    fall = _find_fall(found.sources)
    level = ""
    if fall is not None:
        level = f"if {_say_lower(fall)}, {quoted(labels[fall['leader']])} would draw level"
    if found.sets.empty and found.origins.empty:
        none = "no set of reports was found without which another explanation would lead"
        return f"{capital('; '.join(filter(None, [level, none])))}."
    if _is_less(found.origins, found.sets):
        rows, members = found.origins, _list_origins(found.origins["origins"].iloc[0])
    else:
        rows, members = found.sets, _list_members(found.sets["reports"].iloc[0], "report")
    lost = (
        f"Without {members.removesuffix(',')}, {quoted(labels[rows['leader'].iloc[0]])} would lead"
    )
    if rows["how"].iloc[0] == "greedy":
        lost += ", and perhaps without fewer"
    return f"{'; '.join(filter(None, [lost, level]))}."


def _is_less(origins: pd.DataFrame, sets: pd.DataFrame) -> bool:
    """Whether fewer origins than reports are enough."""
    if origins.empty:
        return False
    return bool(sets.empty or origins["size"].iloc[0] < sets["size"].iloc[0])


def _list_origins(members: tuple[str, ...]) -> str:
    names = [name.removeprefix("origin:") for name in members]
    if len(names) <= LISTED:
        return f"what goes back to {list_all(names)}"
    return f"what goes back to {len(names)} origins, among them {list_all(names[:LISTED])},"


def _say_sets(sets: pd.DataFrame, leader: str, labels: Names) -> str:
    if sets.empty and sets.attrs.get("tried") == 0:
        return f"{leader} leads, and no report counts that could be left out."
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


def _find_fall(sources: pd.DataFrame) -> pd.Series[Any] | None:
    """The source whose reliability must fall least, in log odds, for another to draw level."""
    falls = sources[sources["falls_to"].notna()]
    if falls.empty:
        return None
    # a reliability that is certain, or must fall to 0, lies infinitely far away
    drops = logit(falls["value"].to_numpy(float)) - logit(falls["falls_to"].to_numpy(float))
    return falls.iloc[int(drops.argmin())]


def _say_lower(row: pd.Series[Any]) -> str:
    """The reliability of a row of sources, put where another draws level."""
    value, falls_to = say_percent(float(row["value"])), say_percent(float(row["falls_to"]))
    topic = cast("tuple[str, str]", row.name)[1]
    on = f" on {topic}" if topic else ""
    return f"the reliability of {quoted(row['name'])}{on} were put at {falls_to} instead of {value}"


def _say_fall(sources: pd.DataFrame, labels: Names) -> str:
    row = _find_fall(sources)
    if row is None:
        return "No source's reliability, lowered by itself, would change the lead."
    told = f"If {_say_lower(row)}, {quoted(labels[row['leader']])} would draw level"
    falls = int(sources["falls_to"].notna().sum())
    others = "" if falls == 1 else f"; of {falls} that could fall so, it is the nearest"
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
