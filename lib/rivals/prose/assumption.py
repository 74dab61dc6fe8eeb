"""The key assumption: which stated number moves the headline most, and what would turn it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betaincinv

from rivals.analysis.beliefs import lead
from rivals.analysis.headline import headline
from rivals.batch import Batch
from rivals.case import Case
from rivals.draws import sample_size
from rivals.engine import Array
from rivals.judgements import Judgement, list_judgements, place, statements
from rivals.phrases import quoted, say_percent
from rivals.prose.measures import name_place

MOST = 10
"""So many numbers are looked at closely."""

ENDS = (0.05, 0.95)

GRID, PARTS, ROUNDS = np.linspace(0.0, 1.0, 65), 9, 10
"""Where a change of lead is looked for, and into how many points a bracket is cut how often."""

LONGEST = 200
"""Characters of a reason that are quoted."""

SINGLE = str.maketrans("“”", "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}")

Names = Mapping[str, str]


class Bracket(NamedTuple):
    """A judgement, a value at which the leader leads, and one beyond at which another does."""

    judgement: Judgement
    leads: float
    lost: float


def tabulate_assumptions(case: Case, most: int = MOST) -> pd.DataFrame:
    """The stated numbers whose own uncertainty moves the headline's number most, a row each.

    Unlike `case.sensitivity`, which asks whether an explanation was present, this asks for the
    headline's number: `because` for the first effect. Columns: value; at, its place ("default" for
    what nobody wrote); why, its stated reason; low and high, the leader's number with the judgement
    at the 5% and 95% ends of its own uncertainty; lead, the nearest value at which another
    hypothesis leads by that number, and leader, which: NaN and "" where a search over [0, 1] in
    64ths finds none. attrs: hypothesis (the leader), chance (its number as stated), because
    (whether that is `because`).
    """
    stated, names = case.stated, list(case.scenario.hypotheses)
    now = headline(stated)[:, 0, 0]
    leader = int(lead(now))
    judged = [j for j in list_judgements(case.scenario).values() if _is_open(j)]
    found = _ask(stated, [(j, _ends(j)) for j in judged])
    ends = np.array([chances[leader] for chances in found]).reshape(len(judged), 2)
    swing = np.nan_to_num(np.abs(np.diff(ends)[:, 0]))
    first = np.argsort(-swing, kind="stable")[:most].tolist()
    turns = _find_turns(stated, [judged[i] for i in first], leader)
    rows = {}
    for i in first:
        j = judged[i]
        t, other = turns.get(j.path, (np.nan, -1))
        at = str(case.dossier.places.get(j.path, "default"))
        rival = names[other] if other >= 0 else ""
        rows[j.path] = [j.value, at, j.statement.why, *ends[i].tolist(), t, rival]
    columns = ["value", "at", "why", "low", "high", "lead", "leader"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    table.index.name = "judgement"
    because = case.scenario.effect is not None
    table.attrs |= {"hypothesis": names[leader], "chance": float(now[leader]), "because": because}
    return table


def _is_open(judgement: Judgement) -> bool:
    """Whether a judgement has an uncertainty of its own."""
    return judgement.statement.firmness is not None and 0.0 < judgement.value < 1.0


def _ends(judgement: Judgement) -> Array:
    """The 5% and 95% ends of the Beta distribution that is a judgement's share of its statement."""
    p, statement = judgement.value, judgement.statement
    assert statement.firmness is not None  # asked only of what is open
    numbers = (1 - p, p) if statement.is_chance else statement.stated
    size = sample_size(numbers, statement.firmness)
    return np.asarray(betaincinv(size * p, size * (1 - p), ENDS))


def _ask(stated: Batch, settings: Sequence[tuple[Judgement, Array]]) -> list[Array]:
    """The headline's numbers with each judgement elsewhere: (hypotheses, points) for each.

    NaN where the evidence is impossible.
    """
    if not settings:
        return []
    stops = np.cumsum([len(t) for _, t in settings])
    values = {
        s.path: np.repeat(np.array(s.stated)[:, np.newaxis], stops[-1], axis=1)
        for s in statements(stated.network.scenario)
    }
    for (j, t), stop in zip(settings, stops, strict=True):
        values[j.statement.path][:, stop - len(t) : stop] = place(j.statement, {j.place: t})
    for statement in statements(stated.network.scenario):
        if statement.is_chance:
            values[statement.path] = values[statement.path][0]
    batch = Batch(stated.network, stated.masks, values)
    with np.errstate(invalid="ignore", divide="ignore"):
        chances = np.where(np.isfinite(batch.log_evidence[0]), headline(batch)[:, 0], np.nan)
    return np.split(chances, stops[:-1], axis=1)


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


def say_key_assumption(table: pd.DataFrame, labels: Names) -> str:
    """The stated number on which the headline leans most, where and why it stands, what turns it.

    Two sentences from `tabulate_assumptions(case)`. labels: by hypothesis.
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
