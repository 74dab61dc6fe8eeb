"""Belief that swings from one side to the other by more than a float can hold."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rivals
from conftest import BUDGET
from rivals.engine import Array, compile_tape


def plain(*values: float) -> Array:
    return np.array(values)[:, np.newaxis, np.newaxis]


def read(folder: Path, sources: dict[str, Any], entries: list[dict[str, Any]]) -> rivals.Case:
    scenario = {
        "title": "t",
        "question": "q?",
        "hypotheses": {"h": {"claim": "c=yes"}, "g": {"claim": "o=yes"}},
        "variables": {"c": {"prior": {"yes": 0.5}}, "o": {"prior": {"yes": 0.5}}},
        "sources": sources,
    }
    fixed = {"published": "2026-01-01", "summary": "x"}
    log = [{"id": f"r{i}", **fixed, **entry} for i, entry in enumerate(entries)]
    (folder / "scenario.yaml").write_text(json.dumps(scenario), encoding="utf-8")
    (folder / "reports.yaml").write_text(json.dumps(log), encoding="utf-8")
    return rivals.read(folder)


@pytest.mark.parametrize("half", [300, 310, 400, 990])
def test_factors_that_swing_far_and_back_leave_no_mark(half: int) -> None:
    tables = [plain(1, 0.1)] * half + [plain(0.1, 1)] * half

    answer = compile_tape({"a": 2}, [("a",)] * 2 * half, ("a",)).run(tables)

    assert answer.log_total[0, 0] == pytest.approx(math.log(2) + half * math.log(0.1), rel=1e-12)
    assert answer.distribution.ravel() == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("half", [300, 330, 990])
def test_likelihoods_that_swing_far_and_back_leave_no_mark(half: int, tmp_path: Path) -> None:
    ways = [{"yes": 1, "no": 0.1}] * half + [{"yes": 0.1, "no": 1}] * half
    case = read(tmp_path, {}, [{"likelihood": {"c": way}} for way in ways])

    assert case.beliefs(draws=0)["posterior"]["h"] == pytest.approx(0.5, abs=1e-10)
    assert case.log_evidence() == pytest.approx(half * math.log(0.1), rel=1e-12)


@pytest.mark.parametrize("half", [150, 160, 400])
def test_a_source_that_swings_far_and_back_leaves_no_mark(half: int, tmp_path: Path) -> None:
    said = [{"claims": {"c": state}} for state in ["yes"] * half + ["no"] * half]
    entries = [{"source": "s", "directness": "direct", **one} for one in said]
    case = read(tmp_path, {"s": {"grade": "B"}}, entries)

    assert case.beliefs(draws=0)["posterior"]["h"] == pytest.approx(0.5, abs=1e-10)
    assert case.log_evidence() == pytest.approx(half * math.log(0.99 * 0.01), rel=1e-12)


@pytest.mark.parametrize("half", [300, 600, 990] if BUDGET == "full" else [300, 500])
def test_sources_that_swing_far_and_back_leave_no_mark(half: int, tmp_path: Path) -> None:
    states = ["yes"] * half + ["no"] * (half + 1)
    entries = [
        {"source": f"s{i}", "directness": "direct", "claims": {"c": state}}
        for i, state in enumerate(states)
    ]
    case = read(tmp_path, {f"s{i}": {"grade": "A"} for i in range(len(states))}, entries)

    right = 0.95 * (0.95 * 0.99 + 0.05 * 0.01) + 0.05 * 0.5
    assert case.beliefs(draws=0)["posterior"]["h"] == pytest.approx(1 - right, abs=1e-10)
    expected = half * math.log(right * (1 - right)) + math.log(0.5)
    assert case.log_evidence() == pytest.approx(expected, rel=1e-12)


def test_likelihoods_that_all_speak_one_way_can_still_be_outweighed(tmp_path: Path) -> None:
    likely = [{"likelihood": {"c": {"yes": 1, "no": 0.1}}}] * 400
    doubt = [{"source": f"s{i}", "directness": "direct", "claims": {"c": "no"}} for i in range(500)]
    case = read(tmp_path, {f"s{i}": {"grade": "A"} for i in range(500)}, [*likely, *doubt])

    right = 0.95 * (0.95 * 0.99 + 0.05 * 0.01) + 0.05 * 0.5
    odds = 400 * math.log(10) - 500 * math.log(right / (1 - right))
    assert odds < 0
    table = case.beliefs(draws=0)
    p = table["posterior"]["h"]
    assert math.log(p) == pytest.approx(odds, rel=1e-10)


def test_a_source_that_speaks_often_and_one_that_speaks_once_are_asked_together(
    tmp_path: Path,
) -> None:
    often = [{"source": "s", "claims": {"c": "yes"}} for _ in range(100)]
    case = read(
        tmp_path,
        {"s": {"grade": "B"}, "t": {"grade": "C"}},
        [*often, {"source": "t", "claims": {"c": "no"}}],
    )

    trail = case.trail(draws=0)["posterior"]["h"]

    for steps in (1, 40, 100):
        rest = case.without(*trail.index[steps:])
        assert trail.iloc[steps - 1] == pytest.approx(rest.beliefs(draws=0)["posterior"]["h"])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("count", [36, 400])
def test_what_is_seen_against_overwhelming_doubt_is_no_nan(count: int, tmp_path: Path) -> None:
    weight = 1e-9 if count == 36 else 0.1
    doubt = [{"likelihood": {"c": {"yes": weight, "no": 1}}}] * count
    case = read(tmp_path, {}, [*doubt, {"observes": {"c": "yes"}}])

    states, shares = case.variables(), case.robustness(draws=0)
    seen = case.given(c="yes").without(f"r{count}")

    assert states.loc[("c", "yes"), "posterior"] == 1
    assert states.loc[("o", "yes"), "posterior"] == pytest.approx(0.5)
    assert seen.variables().loc[("c", "yes"), "posterior"] == 1
    assert shares.loc["h", "leads"] == pytest.approx((count + 1) / (count + 2))
    assert shares.attrs["reports"].loc[f"r{count}", "leader"] == "g"


@pytest.mark.parametrize("name", ["wanted", "tape", "tables", "draws"])
def test_a_variable_may_be_called_anything(name: str, tmp_path: Path) -> None:
    scenario = {
        "title": "t",
        "question": "q?",
        "effects": {"e": f"{name}=yes"},
        "hypotheses": {"h": {"claim": "c=yes"}, "g": {"claim": "o=yes"}},
        "variables": {
            "c": {"prior": {"yes": 0.5}},
            "o": {"prior": {"yes": 0.5}},
            name: {"noisy_or": {"causes": {"c": 0.8, "o": 0.3}}},
        },
    }
    (tmp_path / "scenario.yaml").write_text(json.dumps(scenario), encoding="utf-8")
    (tmp_path / "reports.yaml").write_text("[]", encoding="utf-8")
    case = rivals.read(tmp_path)

    case.causes(draws=20)
    case.trail(draws=20)

    assert case.robustness(draws=20)["leads"]["h"] > 0.5
