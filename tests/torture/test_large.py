"""Large questions: answered within stated bounds of memory, or refused before they begin."""

from __future__ import annotations

from pathlib import Path

import pytest

import rivals
from rivals.analysis import spread
from rivals.analysis.spread import MEMORY, room_for
from rivals.engine import Plan, plan
from rivals.engine.order import TOTAL_LIMIT, find_order
from rivals.errors import TooLarge
from torture.bulk import expected_odds, write_bulk
from torture.readers import TESTS, hold_to_form
from torture.weighing import apart

CUBA = TESTS.parent / "scenarios" / "cuba-venezuela"


def rivals_many(place: Path, hypotheses: int) -> rivals.Case:
    """A case of so many hypotheses, each a variable of its own."""
    names = range(hypotheses)
    claims = ", ".join(f"h{i}: v{i}=yes" for i in names)
    text = f"title: T\nquestion: Q?\nhypotheses: {{{claims}}}\nvariables:\n"
    text += "".join(f"  v{i}: {{prior: {{yes: 0.3}}}}\n" for i in names)
    (place / "scenario.yaml").write_text(text, encoding="utf-8")
    return rivals.read(place)


@pytest.mark.parametrize("reports", [2_001, 2_010])
def test_thousands_of_reports_are_read_and_weighed_right(reports: int, tmp_path: Path) -> None:
    case = rivals.read(write_bulk(tmp_path, reports))

    chance = case.beliefs(draws=0).loc["storm", "posterior"]

    assert len(case.evidence.counted) == reports
    odds = expected_odds(reports)
    assert chance == pytest.approx(float(odds / (1 + odds)), rel=1e-9)


def test_a_question_of_each_of_very_many_reports_is_refused_before_it_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rivals.network.MASK_LIMIT", 500 * 500)
    case = rivals.read(write_bulk(tmp_path, 500))

    with pytest.raises(TooLarge, match="asking of 500 items of evidence 501 times"):
        case.trail(draws=0)
    assert case.beliefs(draws=0).loc["storm", "posterior"] > 0


def test_the_report_that_made_the_evidence_impossible_is_found_among_thousands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rivals.network.MASK_LIMIT", 10_000)  # not by trying every beginning
    place = write_bulk(tmp_path, 1_000)
    with (place / "reports.yaml").open("a", encoding="utf-8") as file:
        for i, state in enumerate(["yes", "yes", "no", "no"]):
            file.write(
                f"- {{id: seen-{i}, published: 2026-06-0{i + 1}, observes: {{strike: {state}}}}}\n"
            )

    with pytest.raises(rivals.ImpossibleEvidence, match="with the report 'seen-2'"):
        rivals.read(place).beliefs(draws=0)


@pytest.mark.parametrize("hypotheses", [20, 26])
def test_draws_of_a_joint_that_has_no_room_are_refused_and_what_has_room_is_told(
    hypotheses: int, tmp_path: Path
) -> None:
    case = rivals_many(tmp_path, hypotheses)
    room = room_for(case.network, [f"v{i}" for i in range(hypotheses)])

    with pytest.raises(TooLarge) as caught:
        case.beliefs(draws=2_000)

    hold_to_form(caught.value)
    assert "2,000 draws, each with its joint table over v0, v1, v2, v3, …," in str(caught.value)
    told = f"ask for {room:,} draws at most, or none" if room else "ask for none"
    assert told in str(caught.value)


def test_more_hypotheses_than_a_table_has_room_for_are_refused_by_name(tmp_path: Path) -> None:
    case = rivals_many(tmp_path, 40)

    with pytest.raises(TooLarge, match=r"over v0, v1, v2, .* \(40 variables\); the bound is"):
        case.beliefs(draws=0)
    assert not case.plan().fits


def test_tables_that_are_too_large_together_are_refused_by_name() -> None:
    wide = [tuple(f"{block}{i}" for i in range(25)) for block in "abcdefghijklmnop"]
    cards = {name: 2 for scope in wide for name in scope}

    with pytest.raises(TooLarge, match="cells together, the largest over a0, a1"):
        find_order(cards, wide)
    assert TOTAL_LIMIT < 16 * 2**25
    assert not plan(cards, wide).fits


def test_a_size_of_thousands_of_digits_is_told_by_its_magnitude() -> None:
    names = tuple(f"v{i}" for i in range(2_000))

    told = Plan(2_000, 1, 1_000**2_000, 1_999, names, 1_000**2_000)

    assert "some 10^6000 cells" in told.complaint
    assert "some 10^6000 cells, above the bound" in str(told)


def test_draws_are_not_doubled_beyond_the_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = rivals.read(CUBA)  # 2,000 draws are worth too few there, and are doubled
    usual = case.spread(500)
    monkeypatch.setattr(spread, "MEMORY", 8 * 2_000 * (MEMORY // 8 // room_for(case.network, [])))

    bounded = rivals.read(CUBA).spread(500)

    assert usual is not None
    assert bounded is not None
    assert bounded.size < usual.size


@pytest.mark.parametrize(
    ("call", "size", "full"),
    [("weigh_log(Path({place!r}), {size})", 500, 100_000), ("weigh_draws({size})", 500, 1_000_000)],
    ids=["reports", "draws"],
)
def test_the_largest_questions_stay_within_their_bounds(
    call: str, size: int, full: int, tmp_path: Path, full_budget: bool
) -> None:
    """A minute each: with RIVALS_BUDGET=full, and by `make torture`."""
    asked = call.format(place=str(tmp_path), size=full if full_budget else size)

    assert "GB" in apart(asked)


def test_very_uneven_likelihoods_are_refused_where_a_float_would_lose_one(tmp_path: Path) -> None:
    place = write_bulk(tmp_path, 20)
    entry = "- {id: r, published: 2026-06-01, likelihood: {storm: {no: 1e-200, yes: 1e200}}}\n"
    with (place / "reports.yaml").open("a", encoding="utf-8") as file:
        file.write(entry)

    with pytest.raises(rivals.ReadingError, match=r"within a factor of 1e\+300, got 1e-200 and"):
        rivals.read(place)
