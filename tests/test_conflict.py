"""`measure_conflicts` against enumeration, by items and by pairs.

The oracle multiplies the factors of some items into the full joint of all variables,
reliabilities and stories, and sums: the probability of any set of items.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

import rivals
from conftest import BUDGET
from generate import Made, seeded
from oracle.world import Factor, World
from plain_yaml import QuotingDumper
from rivals.analysis.conflict import MOST, measure_conflict, measure_conflicts
from test_agreement import asked, is_impossible

SHIPPED = Path(__file__).parent.parent / "scenarios"
SEEDS = 1000 if BUDGET == "full" else 120  # half of them with effects
BLOCK = 40
CELLS = 5000
CLOSE = 1e-9


class Oracle:
    """The probability of any items together, by full enumeration."""

    def __init__(self, made: Made) -> None:
        self.world = World(made.texts, made.as_of, made.do, made.without)
        self.prior = self.world.prior()
        self.says: dict[str, list[Factor]] = {
            f"given:{v}": [self.world.seen(v, s)] for v, s in made.given.items()
        }
        silent = self.world.silent(made.given)
        self.says |= {f"silence:{name}": [one] for name, one in silent.items()}
        self.says |= {report.id: self.world.says(report) for report in self.world.counted()}
        self.sources = {report.id: report.fields["source"] for report in self.world.counted()}

    def log(self, items: Iterable[str]) -> float:
        """The logarithm of the probability of some items."""
        tensor = self.prior
        for item in items:
            tensor = self.world.times(tensor, self.says[item])
        return log(tensor.sum())

    def rest(self, item: str) -> float:
        """How far an item disagrees with all the others together."""
        others = [one for one in self.says if one != item]
        return self.log([item]) + self.log(others) - self.log(self.says)

    def pair(self, first: str, second: str) -> float:
        """How far two items disagree."""
        return self.log([first]) + self.log([second]) - self.log([first, second])

    def overall(self) -> float:
        """How far all items disagree."""
        return sum(self.log([item]) for item in self.says) - self.log(self.says)


def cases(start: int, stop: int, folder: Path) -> Iterator[tuple[int, Made, Any]]:
    """Made cases, none of them impossible."""
    for seed in range(start, stop):
        made = seeded(seed, explained=seed % 2 == 1, cells=CELLS)
        case = asked(made, folder / str(seed))
        if case is not None and not is_impossible(case):
            yield seed, made, case


def differences(table: pd.DataFrame, oracle: Oracle) -> Iterator[tuple[float, str]]:
    """How far each number of a table is from the oracle's; all that there is to tell is in it."""
    items, pairs = list(oracle.says), table.attrs["pairs"]
    assert set(table.index) == set(items)
    assert len(table) == len(items)
    told = [frozenset(pair) for pair in pairs[["first", "second"]].to_numpy().tolist()]
    assert Counter(told) == Counter(map(frozenset, combinations(items, 2)))
    yield abs(table.attrs["overall"] - oracle.overall()), "overall"
    for item, row in table.iterrows():
        assert row["source"] == oracle.sources.get(str(item), "")
        yield abs(row["nats"] - oracle.rest(str(item))), f"{item} and the rest"
    for first, second, nats in pairs.itertuples(index=False):
        assert items.index(first) < items.index(second)
        yield abs(nats - oracle.pair(first, second)), f"{first} and {second}"


@pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))
def test_conflicts_agree_with_full_enumeration(
    block: int, tmp_path: Path, record_property: Any
) -> None:
    worst, pairs, given = (0.0, "nothing"), 0, 0
    for seed, made, case in cases(block, block + BLOCK, tmp_path):
        found = measure_conflicts(case.stated)

        for error, what in differences(found, Oracle(made)):
            assert error <= CLOSE, f"seed {seed}: {what}"
            worst = max(worst, (float(error), f"seed {seed}: {what}"))
        assert found.attrs["overall"] == measure_conflict(case.stated)
        assert (np.diff(found["nats"]) <= 1e-12).all()
        assert (np.diff(found.attrs["pairs"]["nats"]) <= 1e-12).all()
        pairs += len(found.attrs["pairs"])
        given += any(item.startswith("given:") for item in found.index)

    assert pairs >= BLOCK
    assert given >= 1
    record_property("largest error of conflicts", worst)


# --- by hand ---

FLAG = {"ask": "Was it so?", "prior": {"yes": "0.5"}}
SURE = {"accuracy": "1", "spin": "0", "fidelity": {"relayed": "1"}}


def written(folder: Path, log: list[dict[str, Any]], **more: Any) -> Any:
    """A case of two flags that have nothing to do with each other, and a log."""
    scenario = {
        "title": "By hand",
        "question": "Which?",
        "hypotheses": {"first": "a=yes", "second": "b=yes"},
        "variables": {"a": FLAG, "b": FLAG},
        "sources": {"s": {"reliability": "0.8"}, "t": {"reliability": "0.8"}},
        **more,
    }
    parts = (yaml.dump(one, Dumper=QuotingDumper, sort_keys=False) for one in (scenario, log))
    return rivals.read(Made(*parts).write(folder / "hand"))


def says(name: str, **content: Any) -> dict[str, Any]:
    """A report of source s unless another is named."""
    return {"id": name, "published": "2026-02-01", "source": "s", **content}


def test_two_items_conflict_with_each_other_as_overall(tmp_path: Path) -> None:
    log = [says("for", claims={"a": "yes"}), says("against", source="t", claims={"a": "no"})]

    found = measure_conflicts(written(tmp_path, log, settings=SURE).stated)

    # each is right with 0.9, so they say the opposite with 2 * 0.9 * 0.1 / 2
    expected = log_ratio(0.5 * 0.5, 0.09)
    [pair] = found.attrs["pairs"]["nats"]
    assert found.attrs["overall"] == pytest.approx(expected)
    assert pair == pytest.approx(expected)
    assert found["nats"].tolist() == pytest.approx([expected, expected])
    assert found.index.tolist() == ["for", "against"]  # a tie, by the order of the log


def log_ratio(above: float, below: float) -> float:
    return log(above) - log(below)


def test_what_agrees_lies_below_0(tmp_path: Path) -> None:
    log = [says("one", claims={"a": "yes"}), says("two", source="t", claims={"a": "yes"})]

    found = measure_conflicts(written(tmp_path, log, settings=SURE).stated)

    assert found.attrs["overall"] == pytest.approx(log_ratio(0.5 * 0.5, 0.41))


def test_what_is_given_is_an_item_of_nobody(tmp_path: Path) -> None:
    case = written(tmp_path, [says("for", claims={"a": "yes"})], settings=SURE).given(a="no")

    found = measure_conflicts(case.stated)

    assert dict(found["source"]) == {"given:a": "", "for": "s"}
    [pair] = found.attrs["pairs"].to_numpy().tolist()
    assert pair == ["given:a", "for", pytest.approx(log_ratio(0.5 * 0.5, 0.05))]


def odd_ones(rng: np.random.Generator, variable: str, count: int) -> list[dict[str, Any]]:
    """Reports on one variable, with likelihoods whose logarithms are rounded."""
    drawn = rng.uniform(0.01, 1, (count, 2))
    weights = [{"no": f"{no:.3f}", "yes": f"{yes:.3f}"} for no, yes in drawn]
    return [says(f"{variable}{n}", likelihood={variable: w}) for n, w in enumerate(weights)]


@pytest.mark.parametrize("seed", range(5))
def test_what_shares_nothing_is_exactly_0_however_numbers_are_rounded(
    seed: int, tmp_path: Path
) -> None:
    rng = np.random.default_rng(seed)
    flags = {v: {**FLAG, "prior": {"yes": f"{rng.uniform(0.05, 0.95):.3f}"}} for v in "ab"}
    log = [*odd_ones(rng, "a", 6), *odd_ones(rng, "b", 6)]

    pairs = measure_conflicts(written(tmp_path, log, variables=flags).stated).attrs["pairs"]

    apart = pairs["first"].str[0] != pairs["second"].str[0]
    assert apart.sum() == 36
    assert (pairs.loc[apart, "nats"] == 0).all()
    assert (pairs.loc[~apart, "nats"] != 0).all()


def test_the_scale_of_a_likelihood_is_no_matter(tmp_path: Path) -> None:
    def weighed(factor: int) -> pd.DataFrame:
        weights = {"no": str(factor), "yes": str(5 * factor)}
        log = [says("coded", likelihood={"a": weights}), says("said", claims={"a": "no"})]
        return measure_conflicts(written(tmp_path / str(factor), log).stated)

    pd.testing.assert_frame_equal(weighed(1), weighed(1000), rtol=1e-12)
    assert weighed(1)["nats"].min() > 0


def test_one_item_disagrees_with_nothing(tmp_path: Path) -> None:
    found = measure_conflicts(written(tmp_path, [says("for", claims={"a": "yes"})]).stated)

    assert found.loc["for"].tolist() == ["s", 0.0]
    assert found.attrs["pairs"].empty
    assert found.attrs["overall"] == pytest.approx(0.0)


def test_without_evidence_there_is_no_conflict(tmp_path: Path) -> None:
    found = measure_conflicts(written(tmp_path, []).stated)

    assert found.empty
    assert list(found.columns) == ["source", "nats"]
    assert list(found.attrs["pairs"].columns) == ["first", "second", "nats"]
    assert found.attrs["overall"] == 0.0
    assert found.attrs["limited"] is None


# --- long logs ---


def test_of_a_long_log_the_pairs_are_of_those_that_conflict_most(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    size = 400
    log = [
        says(
            f"r{n}",
            source="st"[n % 2],
            claims={"ab"[n % 3 > 0]: "yes" if rng.random() < 0.6 else "no"},
        )
        for n in range(size)
    ]
    case = written(tmp_path, log)

    found = measure_conflicts(case.stated)

    pairs = found.attrs["pairs"]
    assert found.attrs["limited"] == MOST
    assert len(found) == size
    assert set(pairs["first"]) | set(pairs["second"]) == set(found.index[:MOST])
    assert len(pairs) == MOST * (MOST - 1) // 2
    assert np.isfinite(found["nats"]).all()
    assert np.isfinite(pairs["nats"]).all()
    for item in (*found.index[:2], *found.index[-2:]):
        network = case.stated.network
        masks = network.masks([item], [one for one in network.items if one != item], None)
        alone, rest, whole = case.stated.over(masks).log_evidence[:, 0]
        assert found.loc[item, "nats"] == pytest.approx(alone + rest - whole, abs=CLOSE)


@pytest.mark.parametrize("seed", range(4))
def test_what_shares_nothing_with_a_long_log_is_exactly_0(seed: int, tmp_path: Path) -> None:
    """There the logarithms are large, and so is what is rounded off."""
    rng = np.random.default_rng(seed)
    flags = {v: {**FLAG, "prior": {"yes": f"{rng.uniform(0.05, 0.95):.3f}"}} for v in "ab"}
    log = [*odd_ones(rng, "a", 500), *odd_ones(rng, "b", 1)]

    found = measure_conflicts(written(tmp_path, log, variables=flags).stated)

    assert found.loc["b0", "nats"] == 0.0


def test_the_shipped_scenarios_tell_every_pair() -> None:
    for folder in sorted(file.parent for file in SHIPPED.glob("*/scenario.yaml")):
        case = rivals.read(folder)

        found = measure_conflicts(case.stated)

        items = len(case.stated.network.items)
        assert len(found) == items
        assert len(found.attrs["pairs"]) == items * (items - 1) // 2
        assert found.attrs["limited"] is None
        assert found.attrs["overall"] == measure_conflict(case.stated)
        assert np.isfinite(found.attrs["pairs"]["nats"]).all()
