"""What an answer owes to each judgement: how it moves, and where it or the lead would turn.

Where the probabilities of the evidence, with and without each hypothesis, are straight lines in a
judgement, P(h | e) is a quotient of two lines (Castillo, Gutiérrez and Hadi 1997; Coupé and van der
Gaag 2002) and everything follows in closed form. Where they are not, roots are bracketed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betaincinv, logit

from rivals.analysis.beliefs import TIE, lead
from rivals.analysis.curves import (
    CHECKS,
    Lines,
    Points,
    ask_elsewhere,
    coefficients,
    draw_lines,
    find,
)
from rivals.batch import Batch
from rivals.draws import sample_size
from rivals.engine import Array
from rivals.judgements import Judgement, list_judgements
from rivals.scenario import Place
from rivals.slopes import slopes

ENDS = (0.05, 0.95)

TOUCH = 1e-13
"""How near the threshold counts as on it."""

GRID = np.union1d(
    np.linspace(0.0, 1.0, 33), np.ravel([(2.0**-k, 1 - 2.0**-k) for k in range(6, 41, 2)])
)
"""Where roots are looked for: evenly, and ever closer towards the ends."""

ROUNDS, NARROW = 60, 1e-7
"""How often brackets are narrowed; how wide a dip is that is no longer looked into."""


class Question(NamedTuple):
    """Which hypothesis, which threshold; P(h | e) of all as stated, and who leads."""

    hypothesis: int
    threshold: float
    now: Array
    leader: int


def examine(
    stated: Batch, places: Mapping[str, Place], hypothesis: str, threshold: float = 0.5
) -> pd.DataFrame:
    """A row per judgement, in the order of the file.

    value; at, where it stands ("default" for what nobody wrote); derivative of P(h | e); low and
    high, P(h | e) with the judgement at the 5% and 95% ends of its own uncertainty; a, b, c, d of
    P(h | e)(t) = (a t + b) / (c t + d) where it is that, NaN elsewhere; flip, the nearest t in
    [0, 1] at which P(h | e) reaches the threshold; lead, the nearest at which another hypothesis
    leads by posterior; log_odds_moved = |logit flip - logit value|. NaN where there is none.
    When one number of a distribution moves, the others keep their ratios. attrs: hypothesis,
    threshold, chance (P(h | e) as stated). Raises QuestionError for a hypothesis that the scenario
    does not have.
    """
    scenario = stated.network.scenario
    claim = find(hypothesis, scenario.hypotheses, "a hypothesis").claim
    judged = list(list_judgements(scenario).values())
    question, found = _ask(stated, judged, list(scenario.hypotheses).index(hypothesis), threshold)
    lines = [draw_lines(points) for points in found]
    bent = _trace(stated, [j for j, line in zip(judged, lines, strict=True) if not line], question)
    speeds = slopes(stated, claim)
    rows = {}
    for j, points, line in zip(judged, found, lines, strict=True):
        flip, lead = _solve(line, points, j.value, question) if line else bent[j]
        at, ends = str(places.get(j.path, "default")), _range(j, points, question)
        ratio = coefficients(line, question.hypothesis)
        moved = _distance(flip, j.value)
        rows[j.path] = [j.value, at, speeds[j.path], *ends, *ratio, flip, lead, moved]
    columns = ["value", "at", "derivative", "low", "high", *"abcd", "flip", "lead"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=[*columns, "log_odds_moved"])
    table.index.name = "judgement"
    chance = float(question.now[question.hypothesis])
    table.attrs |= {"hypothesis": hypothesis, "threshold": threshold, "chance": chance}
    return table


def _ask(
    stated: Batch, judged: Sequence[Judgement], hypothesis: int, threshold: float
) -> tuple[Question, list[Points]]:
    """The question, and each judgement at 0, at 1, at CHECKS and at its own two ends."""
    first = judged[0]
    asked = [{j: np.array([0.0, 1.0, *CHECKS, *find_ends(j)])} for j in judged]
    present, *found = ask_elsewhere(stated, [{first: np.array([first.value])}, *asked])
    leader = int(lead(present.chances)[0])
    return Question(hypothesis, threshold, present.chances[:, 0], leader), found


def _range(judgement: Judgement, points: Points, question: Question) -> tuple[float, float]:
    """P(h | e) at the two ends of the judgement, which were asked for last."""
    ends = points.chances[question.hypothesis, -2:] if is_open(judgement) else None
    low, high = [question.now[question.hypothesis]] * 2 if ends is None else ends
    return float(low), float(high)


def is_open(judgement: Judgement) -> bool:
    """Whether a judgement has an uncertainty of its own."""
    return judgement.statement.firmness is not None and 0.0 < judgement.value < 1.0


def find_ends(judgement: Judgement) -> tuple[float, float]:
    """The 5% and 95% ends of the Beta distribution that is its share of its statement."""
    p, statement = judgement.value, judgement.statement
    if not is_open(judgement) or statement.firmness is None:
        return p, p
    numbers = (1 - p, p) if statement.is_chance else statement.stated
    size = sample_size(numbers, statement.firmness)
    low, high = betaincinv(size * p, size * (1 - p), ENDS)
    return float(low), float(high)


def _distance(flip: float, value: float) -> float:
    """In log odds; NaN at 0 and 1."""
    inside = 0.0 < flip < 1.0 and 0.0 < value < 1.0
    return float(abs(logit(flip) - logit(value))) if inside else np.nan


# --- straight lines ---


def _solve(lines: Lines, points: Points, value: float, question: Question) -> tuple[float, float]:
    """Flip and lead. The curves are monotone, and each crosses another once at most."""
    chances = points.chances[:, :2]
    gaps = chances - question.threshold
    flip = np.nan
    over, spread = gaps[question.hypothesis], np.ptp(gaps[question.hypothesis])
    if spread > TIE and (over.prod() < 0 or np.abs(over).min() <= TOUCH):
        flip = _cross(over, lines.evidence)
    leading = chances[question.leader]
    earlier = np.arange(len(chances)) < question.leader
    margin = np.where(earlier, -TIE, TIE)
    found = []
    for h, end in np.argwhere(chances - leading > margin[:, np.newaxis]):
        near, far = sorted((value, float(end)))
        found.append(float(np.clip(_cross(leading - chances[h], lines.evidence), near, far)))
    return flip, _nearest(found, value)


def _cross(gaps: Array, weights: Array) -> float:
    """Where the line through gaps times weights at 0 and at 1 is 0; the nearer end if nowhere."""
    low, high = gaps * weights
    if gaps.prod() >= 0:
        return float(np.abs(gaps).argmin())
    return float(low / (low - high))


def _nearest(found: list[float], value: float) -> float:
    return min(found, key=lambda t: abs(t - value), default=np.nan)


# --- and others ---


@dataclass(frozen=True)
class Course:
    """What is known along a judgement: t, (points,), rising; P(h | e), (hypotheses, points)."""

    t: Array
    chances: Array

    def join(self, t: Array, points: Points) -> Course:
        """With more points, those where the evidence is impossible left out."""
        possible = np.isfinite(points.log_evidence)
        t = np.concatenate([self.t, t[possible]])
        order = np.argsort(t)
        chances = np.concatenate([self.chances, points.chances[:, possible]], axis=1)
        return Course(t[order], chances[:, order])

    def watch_flip(self, value: float, question: Question) -> Watch:
        """The distance from the threshold, and where it is reached."""
        gaps = self.chances[question.hypothesis] - question.threshold
        start = int(np.searchsorted(self.t, value))
        turned = (gaps * np.sign(gaps[start]) < 0) | (np.abs(gaps) <= TOUCH)
        return Watch(self.t, gaps, turned & (np.ptp(gaps) > TIE), start)

    def watch_lead(self, value: float, question: Question) -> Watch:
        """What the present leader is ahead of all others, and where it leads no more."""
        others = np.delete(self.chances, question.leader, axis=0).max(axis=0, initial=-1.0)
        turned = lead(self.chances) != question.leader
        start = int(np.searchsorted(self.t, value))
        return Watch(self.t, self.chances[question.leader] - others, turned, start)


class Watch(NamedTuple):
    """A gap along t that should close, where it has, and the place of the value as stated."""

    t: Array
    gaps: Array
    turned: NDArray[np.bool_]
    start: int

    def brackets(self) -> list[tuple[int, int]]:
        """The nearest places on both sides between which the gap closes, the first open."""
        places = np.flatnonzero(self.turned)
        if self.turned[self.start]:
            return [(self.start, self.start)]
        above, below = places[places > self.start][:1], places[places < self.start][-1:]
        return [*((int(k) - 1, int(k)) for k in above), *((int(k) + 1, int(k)) for k in below)]

    def roots(self) -> list[float]:
        """Where the gap closes, as far as is known."""
        return [self._cut(i, k) for i, k in self.brackets()]

    def _cut(self, i: int, k: int) -> float:
        if self.gaps[i] * self.gaps[k] >= 0:
            return float(self.t[min(i, k, key=lambda at: abs(self.gaps[at]))])
        share = self.gaps[i] / (self.gaps[i] - self.gaps[k])
        return float(self.t[i] + share * (self.t[k] - self.t[i]))

    def narrow(self) -> Array:
        """The points that would tell more: in brackets, and where the gap dips but stays open."""
        wanted = [self._around(i, k) for i, k in self.brackets()]
        return np.concatenate([np.empty(0), *wanted, *map(self._inside, self._dips())])

    def _around(self, i: int, k: int) -> Array:
        """Near the root of the chord, by the square of the bracket, and its middle."""
        low, high = sorted((self.t[i], self.t[k]))
        if self.gaps[i] * self.gaps[k] >= 0:
            return np.empty(0)
        root, width = self._cut(i, k), high - low
        step = max(width * min(0.25, 8 * width), np.spacing(root))
        points = np.array([root - step, root, root + step, (low + high) / 2])
        return np.unique(points[(points > low) & (points < high)])

    def _dips(self) -> NDArray[np.int64]:
        """The places where a gap that stays open may come to close between its neighbours."""
        ends = [i for i, _ in self.brackets()]
        low = max((i for i in ends if i <= self.start), default=0)
        high = min((i for i in ends if i >= self.start), default=len(self.t) - 1)
        size = np.abs(self.gaps)
        fall = np.maximum(size[:-2], size[2:]) - size[1:-1]
        least = (size[1:-1] <= size[:-2]) & (size[1:-1] <= size[2:])
        near = (size[1:-1] <= 4 * fall) & (fall > TOUCH) & (self.t[2:] - self.t[:-2] > NARROW)
        places = 1 + np.flatnonzero(least & near)
        return places[(places > low) & (places < high)]

    def _inside(self, i: int) -> Array:
        points = np.linspace(self.t[i - 1], self.t[i + 1], 10)[1:-1]
        return points[~np.isin(points, self.t)]


def _trace(
    stated: Batch, judged: Sequence[Judgement], question: Question
) -> dict[Judgement, tuple[float, float]]:
    """Flip and lead of each judgement: brackets on a grid, narrowed for all of them together."""
    empty = Course(np.empty(0), np.empty((len(question.now), 0)))
    courses = dict.fromkeys(judged, empty)
    watches: dict[Judgement, list[Watch]] = {}
    wanted = {j: np.union1d(GRID, j.value) for j in judged}
    for _ in range(ROUNDS):
        found = ask_elsewhere(stated, [{j: t} for j, t in wanted.items()])
        for (j, t), points in zip(wanted.items(), found, strict=True):
            course = courses[j] = courses[j].join(t, points)
            watches[j] = [
                watch(j.value, question) for watch in (course.watch_flip, course.watch_lead)
            ]
        more = {j: np.unique(np.concatenate([w.narrow() for w in watches[j]])) for j in wanted}
        wanted = {j: t for j, t in more.items() if len(t)}
        if not wanted:
            break
    roots = {j: [_nearest(w.roots(), j.value) for w in watches[j]] for j in judged}
    return {j: (flip, lead) for j, (flip, lead) in roots.items()}
