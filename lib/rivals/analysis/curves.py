"""P(hypothesis | evidence) with judgements elsewhere than stated: points, curves, two at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rivals.analysis.beliefs import hypothesis_variables
from rivals.analysis.spread import chance_of
from rivals.batch import CHUNK, Batch, ask_in_chunks
from rivals.engine import Array
from rivals.errors import QuestionError, quote, suggest
from rivals.judgements import Judgement, Statement, list_judgements, place, statements
from rivals.scenario import Scenario

Known = TypeVar("Known")


CHECKS = (0.381966, 0.763932)
"""Where it is seen whether what is drawn as a straight line is one."""

STRAIGHT = 1e-10
"""By what part of the probability of the evidence a line may be missed."""

Setting = Mapping[Judgement, Array]
"""Where judgements are put instead, point by point; each array (points,)."""


class Points(NamedTuple):
    """What was found: P(hypothesis | e), (hypotheses, points), and log P(e), (points,).

    NaN and -inf where the evidence is impossible.
    """

    chances: Array
    log_evidence: Array


class Lines(NamedTuple):
    """P(hypothesis, e), (hypotheses, 2), and P(e), (2,), at 0 and at 1, up to a common factor."""

    held: Array
    evidence: Array


def ask_elsewhere(stated: Batch, settings: Sequence[Setting]) -> list[Points]:
    """The points of each setting, everything else as stated; many settings share a batch."""
    found: list[Points] = []
    for block in _blocks(settings):
        sizes = [_count(setting) for setting in block]
        whole = _ask(stated, block, sizes)
        stops = np.cumsum(sizes)[:-1]
        chances = np.split(whole.chances, stops, axis=1)
        found += map(Points, chances, np.split(whole.log_evidence, stops))
    return found


def _count(setting: Setting) -> int:
    return len(next(iter(setting.values())))


def _blocks(settings: Sequence[Setting]) -> Iterator[list[Setting]]:
    """Settings in a row whose points about fill a chunk."""
    block: list[Setting] = []
    for setting in settings:
        block.append(setting)
        if sum(map(_count, block)) >= CHUNK:
            yield block
            block = []
    if block:
        yield block


def _ask(stated: Batch, settings: Sequence[Setting], sizes: Sequence[int]) -> Points:
    network = stated.network
    names = hypothesis_variables(network.scenario)
    values = {**stated.values, **move_all(network.scenario, settings, sizes)}
    batch = Batch(network, stated.masks, values)
    joint, log_evidence = ask_in_chunks(lambda b: b.joint_and_evidence(names), batch)
    claims = [noun.claim for noun in network.scenario.hypotheses.values()]
    found = [chance_of(claim, names, network, joint)[0] for claim in claims]
    return Points(np.minimum(np.stack(found), 1.0), log_evidence[0])


def move_all(
    scenario: Scenario, settings: Sequence[Setting], sizes: Sequence[int]
) -> dict[str, Array]:
    """The statements of whatever is moved, at all points; a table's statements go together."""
    moved = {_owner(judgement.path) for setting in settings for judgement in setting}
    values = {
        statement.path: np.repeat(np.array(statement.stated)[:, np.newaxis], sum(sizes), axis=1)
        for statement in statements(scenario)
        if _owner(statement.path) in moved
    }
    for setting, size, stop in zip(settings, sizes, np.cumsum(sizes), strict=True):
        together: dict[Statement, dict[int, Array]] = {}
        for judgement, t in setting.items():
            together.setdefault(judgement.statement, {})[judgement.place] = t
        for statement, numbers in together.items():
            values[statement.path][:, stop - size : stop] = place(statement, numbers)
    chances = {s.path for s in statements(scenario) if s.is_chance}
    return {path: value[0] if path in chances else value for path, value in values.items()}


def _owner(path: str) -> str:
    """What is built from a statement: the table of its variable, or all that sources say."""
    section, name, *_ = path.split(".")
    return name if section == "variables" else ""


def curve(stated: Batch, path: str, hypothesis: str, points: int = 101) -> pd.DataFrame:
    """A row for each value t of a judgement in [0, 1]: P(h | e) of the hypothesis, then the others.

    NaN where the evidence is impossible. attrs: value, as stated; hypothesis; judgement. Raises
    QuestionError for a judgement or a hypothesis that the scenario does not have.
    """
    scenario = stated.network.scenario
    judgement = find(path, list_judgements(scenario), "a judgement")
    find(hypothesis, scenario.hypotheses, "a hypothesis")
    t = np.linspace(0.0, 1.0, points)
    (found,) = ask_elsewhere(stated, [{judgement: t}])
    table = pd.DataFrame(found.chances.T, pd.Index(t, name="t"), list(scenario.hypotheses))
    table.insert(0, hypothesis, table.pop(hypothesis))
    table.attrs |= {"value": judgement.value, "hypothesis": hypothesis, "judgement": path}
    return table


def grid(stated: Batch, path: str, other: str, hypothesis: str, points: int = 21) -> pd.DataFrame:
    """P(h | e) with two judgements elsewhere: rows by the value of `path`, columns by `other`.

    NaN where the evidence is impossible, and where two numbers of one distribution would not fit
    into it. attrs: values, the two as stated; hypothesis. Raises QuestionError as `curve` does,
    and for twice the same judgement.
    """
    scenario = stated.network.scenario
    judgements = list_judgements(scenario)
    first, second = (find(name, judgements, "a judgement") for name in (path, other))
    if first is second:
        raise QuestionError(f"two different judgements are expected, got {quote(path)} twice")
    find(hypothesis, scenario.hypotheses, "a hypothesis")
    t = np.linspace(0.0, 1.0, points)
    down, across = (axis.ravel() for axis in np.meshgrid(t, t, indexing="ij"))
    (found,) = ask_elsewhere(stated, [{first: down, second: across}])
    chances = found.chances[list(scenario.hypotheses).index(hypothesis)]
    fits = _fit(first, second, down + across)
    table = pd.DataFrame(np.where(fits, chances, np.nan).reshape(points, points))
    table.index, table.columns = pd.Index(t, name=path), pd.Index(t, name=other)
    table.attrs |= {"values": (first.value, second.value), "hypothesis": hypothesis}
    return table


def _fit(first: Judgement, second: Judgement, total: Array) -> NDArray[np.bool_]:
    """Whether two numbers of so large a sum can stand in their statements."""
    if first.statement.path != second.statement.path:
        return np.ones(total.shape, bool)
    full = np.isclose(total, 1.0, rtol=0.0, atol=1e-12)
    return np.asarray(full if len(first.statement.stated) == 2 else full | (total < 1.0))


def find(name: str, known: Mapping[str, Known], what: str) -> Known:
    """What a name stands for; raises QuestionError for one that is not known."""
    if name not in known:
        raise QuestionError(f"{what} is expected, got {quote(name)}{suggest(name, known)}")
    return known[name]


def draw_lines(points: Points) -> Lines | None:
    """The lines through points at 0 and at 1, if those at CHECKS, which follow, lie on them."""
    evidence = np.exp(points.log_evidence - points.log_evidence.max())
    held = np.nan_to_num(points.chances) * evidence
    both = np.vstack([held, evidence])
    at = np.array(CHECKS)
    drawn = both[:, [0]] * (1 - at) + both[:, [1]] * at
    if (np.abs(drawn - both[:, 2:4]) > STRAIGHT * evidence[2:4]).any():
        return None
    return Lines(held[:, :2], evidence[:2])


def coefficients(lines: Lines | None, hypothesis: int) -> tuple[float, float, float, float]:
    """The (a, b, c, d) of P(h | e)(t) = (a t + b) / (c t + d); NaN without lines."""
    if lines is None:
        return (np.nan,) * 4
    b, top = lines.held[hypothesis]
    d, whole = lines.evidence
    return float(top - b), float(b), float(whole - d), float(d)
