"""What a briefing says in figures is what the engine answers, section by section."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import rivals
from rivals import briefing
from rivals.briefing import Findings
from rivals.case import Case
from rivals.errors import QuestionError
from rivals.phrases import say_percent

ROOT = Path(__file__).parents[1]
MOMENTS = [
    ("warehouse-fire", None),
    ("warehouse-fire", "2026-05-05"),
    ("cuba-venezuela", "2026-02-22"),
]
DRAWS = 60


@pytest.fixture(scope="module", params=MOMENTS, ids=lambda at: f"{at[0]} {at[1]}")
def found(request: pytest.FixtureRequest) -> Findings:
    """A briefing's tables, of each scenario at some moment."""
    name, moment = request.param
    return briefing.find(rivals.read(ROOT / "scenarios" / name).as_of(moment), draws=DRAWS)


def percentages(part: briefing.Part) -> list[str]:
    """What is said in percent, in running text and tables; a chart's own scale is left out."""
    text = re.sub(r"<svg.*?</svg>|<span class=\"end\">.*?</span>", " ", part.html, flags=re.DOTALL)
    text = " ".join(re.sub(r"<[^>]*>", " ", text).split())
    text = text.replace("need not add to 100%", "")
    return re.findall(r"(?:(?:under|over) )?\d+%", text)


def numbers_in(*tables: pd.DataFrame) -> set[str]:
    """Every number of some tables as a whole percentage."""
    found: set[str] = set()
    for table in tables:
        numbers = table.select_dtypes("number").to_numpy(float).ravel()
        found |= {say_percent(p) for p in numbers if 0 <= p <= 1}
    return found


def starts(trail: pd.DataFrame) -> pd.DataFrame:
    """Where the trail begins."""
    return pd.DataFrame(trail.attrs["start"])


def answers(case: Case) -> Iterator[pd.DataFrame]:
    """The tables from which the judgement is told, asked of the case anew."""
    causes, trail = case.causes(DRAWS), case.trail(DRAWS)
    yield from (causes, causes.attrs["effects"] and pd.DataFrame([causes.attrs["effects"]]))
    yield from (trail[["posterior", "because"]], starts(trail))
    yield case.robustness(DRAWS)


def test_each_percentage_of_the_judgement_is_in_a_table(found: Findings) -> None:
    case = found.case
    told = percentages(briefing.judgement(found))
    then = case.compare(case.as_of(found.since))

    alike = {say_percent(p) for p in found.alike["headline"]}
    assert len(told) > 20
    assert set(told) - numbers_in(*answers(case), then) - alike == set()


def test_each_percentage_of_the_changes_is_in_their_table(found: Findings) -> None:
    case = found.case

    told = percentages(briefing.changes(found))

    assert len(told) > 8
    assert set(told) - numbers_in(case.compare(case.as_of(found.since))) == set()


def test_each_percentage_of_what_would_change_our_mind_is_in_a_table(found: Findings) -> None:
    case, leader = found.case, found.leader
    turning, robust = case.turning_points(), case.robustness(DRAWS)
    numbers = case.sensitivity(leader)[["value", "low", "high", "flip"]]
    leaning = found.assumptions[["value", "low", "high", "lead"]]
    tables = [turning.sets, turning.origins, turning.sources, turning.needed, numbers, leaning]

    told = percentages(briefing.doubts(found))

    tables += [case.cause_bounds(), case.causes(DRAWS)[["low", "high"]], robust]
    known = numbers_in(*tables, robust.attrs["reports"]) | {say_percent(robust.attrs["ranking"])}
    assert len(told) > 15
    assert set(told) - known - {"50%"} == set()  # the threshold


def test_the_key_assumption_is_put_where_the_table_says_and_turns_the_answer(
    found: Findings,
) -> None:
    turning = found.assumptions[found.assumptions["lead"].notna()]

    assert found.assumptions.attrs["chance"] == pytest.approx(found.standing["headline"].iloc[0])
    for path, row in turning.iterrows():
        assert found.case.judgements().at[path, "at"] == row["at"]


def test_what_all_sources_alike_would_give_is_what_a_file_that_says_so_gives(
    tmp_path: Path,
) -> None:
    folder = ROOT / "scenarios" / "warehouse-fire"
    text = (folder / "scenario.yaml").read_text("utf-8")
    text = re.sub(r"grade: [A-F]", "grade: C", text)
    text = re.sub(r"reliability: 0.5 .*\n +firmness: low", "grade: C", text)
    (tmp_path / "scenario.yaml").write_text(f"{text}\nsettings: {{spin: 0}}\n", "utf-8")
    shutil.copy(folder / "reports.yaml", tmp_path)

    found = briefing.find(rivals.read(folder), draws=0)
    level = rivals.read(tmp_path).causes(draws=0).loc["fire", "because"]

    assert text.count("grade: C") == 3
    assert found.alike["headline"].to_dict() == pytest.approx(level.to_dict(), abs=1e-12)
    assert found.alike["headline"].to_dict() != pytest.approx(found.standing["headline"].to_dict())


def test_changes_are_told_since_the_evening_before_the_answer_last_moved() -> None:
    case = rivals.read(ROOT / "scenarios" / "warehouse-fire")

    found = briefing.find(case, draws=0)
    before, now = case.as_of(found.since).causes(draws=0), case.causes(draws=0)

    assert found.since == "2026-05-07"
    assert before["because"].map(say_percent).tolist() != now["because"].map(say_percent).tolist()


def test_changes_are_told_since_the_day_that_was_asked_for() -> None:
    case = rivals.read(ROOT / "scenarios" / "warehouse-fire")

    found = briefing.find(case, draws=0, since="2026-05-04")
    text = briefing.changes(found).html

    assert "at the end of 4 May 2026." in text
    assert "--since 2026-05-04" in briefing.method(found).html


@pytest.mark.parametrize("since", ["2026-05-05", "2026-06"])
def test_changes_are_told_from_the_past(since: str) -> None:
    case = rivals.read(ROOT / "scenarios" / "warehouse-fire").as_of("2026-05-05")

    with pytest.raises(QuestionError, match="since is before the moment 2026-05-05"):
        briefing.find(case, since=since)
