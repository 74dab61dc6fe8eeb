"""The study's tables: every score by kind of error and echo rate, as they are written to files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict

import numpy as np
import pandas as pd

from study.model import Array
from study.sample import ALL_METHODS, RIVALS, SIDE_BY_SIDE, Sample
from study.scoring import (
    average,
    brier_scores,
    calibration_error,
    chances,
    log_scores,
    sort_into_bins,
    split_brier,
    split_log,
    top_one,
)
from study.setting import RATES
from study.trial import AS_THEY_ARE, VARIANTS
from study.views import KINDS, LINTED, RIGHT, SILENCE, UNMARKED

ALL = "all"
"""What stands in place of an echo rate where all worlds are taken together."""

DIGITS = 4
TRUE_NUMBERS = "rivals, true numbers"
"""What could be known at best: the posterior by the numbers that the world was drawn from."""


def parts_of(sample: Sample) -> Iterator[tuple[str, Array]]:
    """All worlds, then those of each echo rate: a name and which worlds."""
    yield ALL, np.ones(len(sample.rates), bool)
    for rate in RATES:
        yield str(rate), sample.rates == rate


def forecasts(sample: Sample) -> Iterator[tuple[str, str, Array]]:
    """Kind of error, method and log-odds of everything that is scored."""
    for kind in KINDS:
        for method in ALL_METHODS:
            yield kind, method, sample.odds[kind, method]
    yield RIGHT, TRUE_NUMBERS, sample.known


def score(sample: Sample) -> pd.DataFrame:
    """A row per (kind, echo, method): how good its probabilities are.

    behind: of those side by side, the log score less that of the best of them in the same worlds.
    """
    rows = []
    for kind, method, odds in forecasts(sample):
        for echo, here in parts_of(sample):
            rows.append({"kind": kind, "echo": echo, "method": method, **_rate(sample, odds, here)})
    return pd.DataFrame(rows).merge(pd.DataFrame(_fall_behind(sample)), how="left")


def _fall_behind(sample: Sample) -> Iterator[dict[str, object]]:
    for kind in KINDS:
        found = {method: sample.odds[kind, method] for method in SIDE_BY_SIDE}
        bits = {method: log_scores(odds, sample.truth) for method, odds in found.items()}
        for echo, here in parts_of(sample):
            best = min(SIDE_BY_SIDE, key=lambda method: average(bits[method][here])[0])
            for method in SIDE_BY_SIDE:
                behind, error = average((bits[method] - bits[best])[here])
                at = {"kind": kind, "echo": echo, "method": method}
                yield {**at, "behind": behind, "behind_se": error}


def _rate(sample: Sample, odds: Array, here: Array) -> dict[str, float]:
    own, truth = odds[here], sample.truth[here]
    log, log_se = average(log_scores(own, truth))
    brier, brier_se = average(brier_scores(own, truth))
    error, noise = calibration_error(sort_into_bins(own, truth))
    first, first_se = average(top_one(own, truth))
    count = int((~np.isnan(truth)).sum())
    return {
        "worlds": len(truth), "forecasts": count,
        "log": log, "log_se": log_se, "brier": brier, "brier_se": brier_se,
        "calibration_error": error, "by_chance_alone": noise,
        "top_one": first, "top_one_se": first_se,
    }  # fmt: skip


def decompose(sample: Sample) -> pd.DataFrame:
    """A row per (kind, echo, method, score): reliability - resolution + uncertainty + within."""
    rows = []
    for kind, method, odds in forecasts(sample):
        for echo, here in parts_of(sample):
            own, truth = odds[here], sample.truth[here]
            bins = sort_into_bins(own, truth)
            log, _ = average(log_scores(own, truth))
            brier, _ = average(brier_scores(own, truth))
            for name, mean, parts in (
                ("log", log, split_log(bins, log)),
                ("brier", brier, split_brier(bins, brier)),
            ):
                at = {"kind": kind, "echo": echo, "method": method, "score": name}
                rows.append({**at, "mean": mean, **asdict(parts)})
    return pd.DataFrame(rows)


def calibrate(sample: Sample) -> pd.DataFrame:
    """A row per (kind, echo, method, bin): forecasts, their chance, and in what share it was so."""
    rows = []
    for kind, method, odds in forecasts(sample):
        for echo, here in parts_of(sample):
            for i, found in enumerate(sort_into_bins(odds[here], sample.truth[here]), 1):
                at = {"kind": kind, "echo": echo, "method": method, "bin": i}
                rows.append({**at, **asdict(found)})
    return pd.DataFrame(rows)


def compare(sample: Sample) -> pd.DataFrame:
    """A row per (kind, echo, method): its score less that of `rivals` in the same worlds."""
    rows = []
    for kind in KINDS:
        for echo, here in parts_of(sample):
            for method in ALL_METHODS:
                if method == RIVALS:
                    continue
                pair = sample.odds[kind, method], sample.odds[kind, RIVALS]
                at = {"kind": kind, "echo": echo, "method": method}
                rows.append({**at, **_differ(sample, *pair, here)})
    return pd.DataFrame(rows)


def lose(sample: Sample) -> pd.DataFrame:
    """A row per (kind, echo, method): what the error costs, against the same worlds without it."""
    rows = []
    for kind in KINDS[1:]:
        for echo, here in parts_of(sample):
            for method in ALL_METHODS:
                pair = sample.odds[kind, method], sample.odds[RIGHT, method]
                at = {"kind": kind, "echo": echo, "method": method}
                rows.append({**at, **_differ(sample, *pair, here)})
    return pd.DataFrame(rows)


Scores = Callable[[Array, Array], Array]


def _differ(sample: Sample, one: Array, other: Array, here: Array) -> dict[str, float]:
    """One method's scores less the other's, world by world."""
    truth = sample.truth[here]
    found = {}
    named: tuple[tuple[str, Scores], ...] = (("log", log_scores), ("brier", brier_scores))
    for name, by in named:
        mean, error = average(by(one[here], truth) - by(other[here], truth))
        found |= {name: mean, f"{name}_se": error}
    return found


def hold(sample: Sample) -> pd.DataFrame:
    """A row per (kind, echo): how often the 90% range holds what the true numbers imply.

    That is the posterior by the true numbers in the same world without the error. Beside it the
    mean width, and the log score of the mean of the draws less that of the posterior as stated.
    """
    rows = []
    for i, kind in enumerate(KINDS):
        low, high, mean = sample.ranges[:, i].transpose(1, 0, 2)
        target = chances(sample.known)
        inside = np.where(np.isnan(low), np.nan, (low <= target) & (target <= high))
        gained = log_scores(mean, sample.truth) - log_scores(
            sample.odds[kind, RIVALS], sample.truth
        )
        for echo, here in parts_of(sample):
            some = here & ~np.isnan(low[:, 0])
            held, error = average(inside[some])
            gain, gain_error = average(gained[some])
            rows.append(
                {"kind": kind, "echo": echo, "worlds": int(some.sum()), "held": held,
                 "held_se": error, "width": average((high - low)[some])[0],
                 "averaged": gain, "averaged_se": gain_error}
            )  # fmt: skip
    return pd.DataFrame(rows)


def vary(sample: Sample) -> pd.DataFrame:
    """A row per (kind, variant): the log score with other defaults, less that with these."""
    rows = []
    plain = list(VARIANTS).index(AS_THEY_ARE)
    for i, kind in enumerate(KINDS):
        own = sample.variants[:, i]
        for j, name in enumerate(VARIANTS):
            every = np.ones(len(own), bool)
            found = _differ(sample, own[:, j], own[:, plain], every)
            rows.append({"kind": kind, "variant": name, **found})
    return pd.DataFrame(rows)


def recover(sample: Sample) -> pd.DataFrame:
    """A row per echo rate: what the suspicion lint finds, and what part of the loss that saves."""
    rows = []
    names = ("unmarked", "pairs", "right_pairs", "marked", "rightly")
    for echo, here in parts_of(sample):
        counts = {name: int(sample.counts(name)[here].sum()) for name in names}
        pair = [sample.odds[kind, RIVALS] for kind in (UNMARKED, LINTED, RIGHT)]
        lost, left = (_differ(sample, one, pair[2], here) for one in pair[:2])
        saved = (lost["log"] - left["log"]) / lost["log"] if _is_clear(lost) else float("nan")
        rows.append(
            {"echo": echo, "pages": int(sample.pages[here].sum()), **counts,
             "recall": _share(counts["rightly"], counts["unmarked"]),
             "precision": _share(counts["rightly"], counts["marked"]),
             "lost": lost["log"], "lost_se": lost["log_se"],
             "left": left["log"], "left_se": left["log_se"], "recovered": saved}
        )  # fmt: skip
    return pd.DataFrame(rows)


def ask_why(sample: Sample) -> pd.DataFrame:
    """A row per (kind, echo): in which share of worlds the log is found one-sided."""
    rows = []
    for kind in (RIGHT, SILENCE):
        for echo, here in parts_of(sample):
            found, error = average(sample.one_sided[here][:, [KINDS.index(kind)]])
            rows.append({"kind": kind, "echo": echo, "found": found, "found_se": error})
    return pd.DataFrame(rows)


def _is_clear(difference: dict[str, float]) -> bool:
    """Whether a difference is more than three of its standard errors above 0."""
    return difference["log"] > 3 * difference["log_se"]


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


TABLES: dict[str, Callable[[Sample], pd.DataFrame]] = {
    "scores": score,
    "parts": decompose,
    "calibration": calibrate,
    "compared": compare,
    "losses": lose,
    "ranges": hold,
    "defaults": vary,
    "lint": recover,
    "one_sided": ask_why,
}
"""The files, each with what makes it."""


def tabulate(sample: Sample) -> dict[str, pd.DataFrame]:
    """Every table by the name of its file, rounded so that it comes out again."""
    return {name: make(sample).round(DIGITS) for name, make in TABLES.items()}
