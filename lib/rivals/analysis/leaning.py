"""On which stated numbers the headline leans most, and where another hypothesis would lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rivals.analysis.beliefs import lead
from rivals.analysis.curves import move_all
from rivals.analysis.headline import headline
from rivals.analysis.sensitivity import find_ends, is_open
from rivals.batch import Batch
from rivals.engine import Array
from rivals.judgements import Judgement, list_judgements
from rivals.scenario import Place

MOST = 10
"""So many numbers are looked at closely."""

GRID, PARTS, ROUNDS = np.linspace(0.0, 1.0, 65), 9, 10
"""Where a change of lead is looked for, and into how many points a bracket is cut how often."""


class Bracket(NamedTuple):
    """A judgement, a value at which the leader leads, and one beyond at which another does."""

    judgement: Judgement
    leads: float
    lost: float


def lean(stated: Batch, places: Mapping[str, Place], most: int = MOST) -> pd.DataFrame:
    """The stated numbers whose own uncertainty moves the headline's number most, a row each.

    Unlike `sensitivity.examine`, which asks whether an explanation was present, this asks for the
    headline's number: `because` for the first effect. Columns: value; at, its place ("default" for
    what nobody wrote); why, its stated reason; low and high, the leader's number with the judgement
    at the 5% and 95% ends of its own uncertainty; lead, the nearest value at which another
    hypothesis leads by that number, and leader, which: NaN and "" where a search over [0, 1] in
    64ths finds none. attrs: hypothesis (the leader), chance (its number as stated), because
    (whether that is `because`).
    """
    scenario = stated.network.scenario
    names, now = list(scenario.hypotheses), headline(stated)[:, 0, 0]
    leader = int(lead(now))
    judged = [j for j in list_judgements(scenario).values() if is_open(j)]
    found = _ask(stated, [(j, np.array(find_ends(j))) for j in judged])
    ends = np.array([chances[leader] for chances in found]).reshape(len(judged), 2)
    swing = np.nan_to_num(np.abs(np.diff(ends)[:, 0]))
    first = np.argsort(-swing, kind="stable")[:most].tolist()
    turns = _find_turns(stated, [judged[i] for i in first], leader)
    rows = {}
    for i in first:
        j = judged[i]
        t, other = turns.get(j.path, (np.nan, -1))
        at = str(places.get(j.path, "default"))
        rival = names[other] if other >= 0 else ""
        rows[j.path] = [j.value, at, j.statement.why, *ends[i].tolist(), t, rival]
    columns = ["value", "at", "why", "low", "high", "lead", "leader"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    table.index.name = "judgement"
    because = scenario.effect is not None
    table.attrs |= {"hypothesis": names[leader], "chance": float(now[leader]), "because": because}
    return table


def _ask(stated: Batch, settings: Sequence[tuple[Judgement, Array]]) -> list[Array]:
    """The headline's numbers with each judgement elsewhere: (hypotheses, points) for each.

    NaN where the evidence is impossible.
    """
    if not settings:
        return []
    sizes = [len(t) for _, t in settings]
    moved = move_all(stated.network.scenario, [{j: t} for j, t in settings], sizes)
    values = {**stated.values, **moved}
    batch = Batch(stated.network, stated.masks, values)
    with np.errstate(invalid="ignore", divide="ignore"):
        chances = np.where(np.isfinite(batch.log_evidence[0]), headline(batch)[:, 0], np.nan)
    return np.split(chances, np.cumsum(sizes)[:-1], axis=1)


def _find_turns(
    stated: Batch, judged: Sequence[Judgement], leader: int
) -> dict[str, tuple[float, int]]:
    """The nearest value of each judgement at which another leads, and who, where one does."""
    grids = [(j, np.union1d(GRID, j.value)) for j in judged]
    found = _ask(stated, grids)
    brackets = [
        bracket
        for (j, t), chances in zip(grids, found, strict=True)
        for bracket in _bracket(j, t, _turned(chances, leader))
    ]
    for _ in range(ROUNDS):
        cuts = [(b.judgement, np.linspace(b.leads, b.lost, PARTS)) for b in brackets]
        turned = [_turned(chances, leader) for chances in _ask(stated, cuts)]
        brackets = [_narrow(j, t, where) for (j, t), where in zip(cuts, turned, strict=True)]
    # the nearer of two comes last, and stays
    brackets.sort(key=lambda b: -abs(b.lost - b.judgement.value))
    last = _ask(stated, [(b.judgement, np.array([b.lost])) for b in brackets])
    return {
        b.judgement.path: (b.lost, int(lead(chances[:, 0])))
        for b, chances in zip(brackets, last, strict=True)
    }


def _turned(chances: Array, leader: int) -> NDArray[np.bool_]:
    """Where another hypothesis leads: not where all is 0, or the evidence impossible."""
    known = np.nan_to_num(chances)
    return np.asarray((lead(known) != leader) & (known.max(axis=0) > 0))


def _bracket(judgement: Judgement, t: Array, turned: NDArray[np.bool_]) -> Iterator[Bracket]:
    """The nearest change of lead above the value as stated, and below."""
    start = int(np.searchsorted(t, judgement.value))
    above, below = (np.flatnonzero(part) for part in (turned[start:], turned[: start + 1][::-1]))
    for places, step in ((above, 1), (below, -1)):
        if len(places) and places[0] > 0:
            far = start + step * int(places[0])
            yield Bracket(judgement, float(t[far - step]), float(t[far]))


def _narrow(judgement: Judgement, t: Array, turned: NDArray[np.bool_]) -> Bracket:
    """The first part of a bracket in which the lead changes; its far end is known to."""
    first = max(int(turned.argmax()), 1) if turned.any() else len(t) - 1
    return Bracket(judgement, float(t[first - 1]), float(t[first]))
