"""What two analysts put differently as a table: how each puts it, where, why, and what it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from rivals.analysis.difference import Difference, Sides
from rivals.analysis.dispute import Dispute
from rivals.overriding import Override, other_ways, write_flow
from rivals.rules import step_to
from rivals.scenario import Dossier, Place


def itemise(dispute: Dispute, seed: int) -> pd.DataFrame:
    """A row per piece that two put differently, as `Opinions` has it; attrs: gap and pairs."""
    names = list(dispute.sides.house.scenario.hypotheses)
    shares = dispute.share(seed)
    rows = [_tell(one, dispute.sides) for one in dispute.differences]
    items = ("kind", "first", "first_at", "first_why", "second", "second_at", "second_why")
    labels = [(game, name) for game in dispute.games for name in names]
    columns: dict[tuple[str, str], object] = {
        ("item", key): pd.Series([row[key] for row in rows], dtype=object) for key in items
    }
    columns |= dict(zip(labels, shares.share.T, strict=True))
    columns |= {(f"{g}_error", h): e for (g, h), e in zip(labels, shares.error.T, strict=True)}
    account = pd.DataFrame(columns)
    account.index = pd.Index([one.name for one in dispute.differences], name="item", dtype=object)
    ends = dispute.play(np.array([[False, True]] * len(rows), bool).reshape(len(rows), 2))
    gap = dict(zip(labels, dispute.scale(ends[1] - ends[0]), strict=True))
    account.attrs["gap"] = pd.DataFrame(
        {game: [gap[game, name] for name in names] for game in dispute.games},
        index=pd.Index(names, name="hypothesis", dtype=object),
    )
    account.attrs["pairs"] = shares.pairs
    return account


def _tell(one: Difference, sides: Sides) -> dict[str, str]:
    """What a piece is to both, where that stands and why."""
    scenario = sides.house.scenario
    own = [[o for o in side if one.covers(o, scenario)] for side in sides.overrides]
    told: dict[str, str] = {"kind": one.kind}
    for key, mine, others in (("first", own[0], own[1]), ("second", own[1], own[0])):
        shown = mine or others
        texts = (_shorten(o, one, o.written if mine else _in_house(o, sides.house)) for o in shown)
        told[key] = "; ".join(dict.fromkeys(texts))
        places = (o.place if mine else _place_of(o, sides.house) for o in shown)
        told[f"{key}_at"] = ", ".join(dict.fromkeys(str(place or "default") for place in places))
        whys = [o.why for o in mine if o.why] or ([] if mine else _reasons(one, sides.house))
        told[f"{key}_why"] = "; ".join(dict.fromkeys(whys))
    return told


def _shorten(override: Override, one: Difference, text: str) -> str:
    """What is put otherwise within a piece, and as what."""
    inside = override.path.removeprefix(one.name).removeprefix(".")
    known = text.startswith(tuple(f"{way}: " for way in other_ways(override.loc)))
    if known or not inside:
        return text
    return f"{override.path.split('.')[-1] if inside == override.path else inside}: {text}"


def _in_house(override: Override, house: Dossier) -> str:
    """What the scenario's files have in the place of what an analyst puts otherwise."""
    assert house.files is not None  # analysts have a folder
    loc = override.loc
    here: Any = house.files.scenario.data
    for way in other_ways(loc):
        if len(loc) == 3 and way in here[loc[0]][loc[1]]:
            return f"{way}: {write_flow(here[loc[0]][loc[1]][way])}"
    if override.is_coding:
        here = next(e for e in house.files.log.data if e.get("id") == loc[1])
        loc = loc[2:]
    for step in loc:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            return _unwritten(override, house)
    return write_flow(here)


def _unwritten(override: Override, house: Dossier) -> str:
    """What holds where nothing is written."""
    if override.loc[-1] == "directness":
        return "relayed"
    if override.loc[0] != "settings":
        return "nothing"
    here: Any = house.scenario.settings.model_dump()
    for step in override.loc[1:]:
        here = here[step]
    return write_flow(here) if isinstance(here, dict) else f"{here:g}"


def _place_of(override: Override, house: Dossier) -> Place | None:
    if override.is_coding:
        return house.places.get(f"reports.{override.loc[1]}")
    near = (override.path, *_parents(override.path))
    return next((house.places[path] for path in near if path in house.places), None)


def _parents(path: str) -> Iterator[str]:
    while "." in path:
        path = path.rpartition(".")[0]
        if path.count("."):
            yield path


def _reasons(one: Difference, house: Dossier) -> Sequence[str]:
    """Why the scenario's files have it as they do."""
    variables, sources = house.scenario.variables, house.scenario.sources
    owners = [(str(section), str(owner)) for section, owner, *_ in one.locs]
    found = [variables[owner].why for section, owner in owners if section == "variables"]
    found += [sources[owner].why for section, owner in owners if section == "sources"]
    expected = {str(step_to(name)): noun for name, noun in house.scenario.expected.items()}
    found += [expected[owner].why for section, owner in owners if section == "expected"]
    found += [r.why for r in house.reports() if ("reports", r.id) in owners]
    return [why for why in found if why]
