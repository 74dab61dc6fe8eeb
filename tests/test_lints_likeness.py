"""Reports that look like unmarked echoes of each other."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from rivals.entries import Report
from rivals.lints import suspect_echoes

WORDS = "A fireman said on the telephone that the hall smelt of petrol before the roof fell in."


def report(name: str, **fields: Any) -> Report:
    """A report that arson was heard of, unless fields say otherwise."""
    plain = {"published": "2026-05-04", "source": name, "claims": {"arson": "yes"}}
    return Report(**{"id": name, "summary": WORDS, **plain, **fields})


def pairs(*reports: Report, **how: float) -> list[tuple[str, str]]:
    """The pairs that are suspected."""
    table = suspect_echoes(reports, **how)
    return list(zip(table["first"], table["second"], strict=True))


def test_the_same_words_on_the_same_day_are_suspicious() -> None:
    table = suspect_echoes([report("a"), report("b", summary=WORDS.replace("said", "says"))])

    [row] = table.to_dict("records")
    assert (row["first"], row["second"]) == ("a", "b")
    assert row["score"] == pytest.approx(0.9, abs=0.01)
    assert "alike" in row["why"]
    assert "the same day" in row["why"]
    assert "both say arson=yes" in row["why"]


def test_the_score_is_the_sum_of_its_points() -> None:
    first = report("a", link="https://www.example.org/x/")
    second = report("b", published="2026-05-06", source="a", claims={"arson": "yes", "leak": "no"})
    third = report("c", published="2026-05-06", source="a", link="http://example.org/x",
                   claims={"arson": "no"}, summary="")  # fmt: skip

    score = suspect_echoes([first, second, third], least=0).set_index(["first", "second"])["score"]

    assert score["a", "b"] == pytest.approx(0.5 + 0.2 * (1 - 2 / 8) + 0.2 / 2 + 0.1)
    assert score["a", "c"] == pytest.approx((0.2 * (1 - 2 / 8) + 0.1) * 0.6 / 0.5 + 0.3)
    assert score["b", "c"] == pytest.approx((0.2 + 0.1) * 0.6 / 0.5)


@pytest.mark.parametrize(
    "fields",
    [
        {"origin": "a"},
        {"copy_of": "a"},
        {"status": "draft"},
        {"claims": {"leak": "yes"}},
        {"claims": {}, "observes": {"arson": "yes"}},
        {"published": "2026-06-04"},
        {"summary": "Nobody in the harbour office knows when the ferries will sail again."},
    ],
    ids=str,
)
def test_what_is_marked_speaks_of_something_else_or_comes_later_is_not(
    fields: dict[str, Any],
) -> None:
    assert pairs(report("a"), report("b", **fields)) == []


def test_a_report_that_goes_back_to_a_copys_origin_is_marked() -> None:
    copy = report("b", copy_of="a", origin="wire")

    assert pairs(report("a", origin="wire"), copy, report("c", origin="wire")) == []


def test_without_summaries_nothing_is_suspected_unless_asked() -> None:
    bare = [report(name, summary="", source="s") for name in "ab"]

    assert pairs(*bare) == []
    assert pairs(*bare, least=0.6) == [("a", "b")]


def test_blocks_and_pairs_one_by_one_come_to_the_same() -> None:
    rng = np.random.default_rng(7)
    reports = [
        report(
            f"r{i:03}",
            published=f"2026-05-{rng.integers(1, 29):02}",
            source=f"s{rng.integers(3)}",
            summary=" ".join(rng.choice(WORDS.split(), 8)),
            claims={f"v{rng.integers(3)}": rng.choice(["yes", "no"]).item()},
        )
        for i in range(120)
    ]
    whole = suspect_echoes(reports, least=0.5)

    single = {
        (a.id, b.id): suspect_echoes([a, b], least=0.5)["score"].tolist()
        for i, a in enumerate(reports)
        for b in reports[i + 1 : i + 4]
    }

    told = {frozenset((r["first"], r["second"])): r["score"] for r in whole.to_dict("records")}
    assert sum(map(bool, single.values())) > 3
    for (a, b), score in single.items():
        assert [told[frozenset((a, b))]] == score if score else frozenset((a, b)) not in told


def test_thousands_of_reports_of_one_week_are_compared_in_seconds(full_budget: bool) -> None:
    many, seconds = (5_000, 30) if full_budget else (1_000, 10)
    rng = np.random.default_rng(3)
    words = np.array([f"word{i}" for i in range(400)])
    reports = [
        report(
            f"r{i}",
            published=f"2026-05-{rng.integers(1, 8):02}",
            summary=" ".join(rng.choice(words, 14)),
            claims={f"v{rng.integers(30)}": "yes"},
        )
        for i in range(many)
    ]
    hidden = reports[17].model_copy(update={"id": "again", "source": "other"})

    start = time.process_time()
    table = suspect_echoes([*reports, hidden])

    assert time.process_time() - start < seconds
    assert {"r17", "again"} in [set(p) for p in zip(table["first"], table["second"], strict=True)]
