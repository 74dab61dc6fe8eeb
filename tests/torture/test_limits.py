"""The limits of files: what is beyond them is refused in a line, and before it costs anything."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import rivals
from rivals.docket import SHOWN
from rivals.marked import PROBLEM_LIMIT
from torture.readers import hold_to_form

MODEL = """\
title: T
question: Q?
hypotheses: {a: a=yes, b: b=yes}
variables:
  a: {ask: A?, prior: {yes: 0.3}}
  b: {ask: B?, prior: {yes: 0.3}}
"""
SOURCES = "sources: {s: {grade: B}}\n"


def written(place: Path, variables: str = "", log: str = "", rest: str = SOURCES) -> Path:
    """A folder with a small model and some more of it."""
    (place / "scenario.yaml").write_text(MODEL + variables + rest, encoding="utf-8")
    (place / "reports.yaml").write_text(log, encoding="utf-8")
    return place


def refused(folder: Path, within: float = 10) -> rivals.ReadingError:
    """How reading the folder is refused, and in time."""
    start = time.process_time()
    with pytest.raises(rivals.ReadingError) as caught:
        rivals.read(folder)
    assert time.process_time() - start < within
    hold_to_form(caught.value)
    return caught.value


def made(number: int, name: str = "p") -> str:
    """So many variables without parents."""
    return "".join(f"  {name}{i}: {{prior: {{yes: 0.5}}}}\n" for i in range(number))


def test_a_table_of_thirty_parents_is_refused_before_its_rows_are_looked_at(tmp_path: Path) -> None:
    when = ", ".join(f"p{i}: yes" for i in range(30))
    table = f"  y: {{table: [{{when: {{{when}}}, then: {{yes: 1}}}}, {{then: {{yes: 0}}}}]}}\n"

    error = refused(written(tmp_path, made(30) + table), within=1)

    assert "variables.y.table: a variable has 24 parents at most, got 30" in str(error)


def test_a_table_of_too_many_cells_is_refused(tmp_path: Path) -> None:
    states = ", ".join(f"s{i}" for i in range(100))
    wide = "".join(f"  w{i}: {{states: [{states}], prior: {{s0: 1}}}}\n" for i in range(4))
    weights = ", ".join(f"w{i}: 1" for i in range(4))
    ranked = f"  y: {{ranked: {{weights: {{{weights}}}, sd: 1}}}}\n"

    error = refused(written(tmp_path, wide + ranked), within=1)

    assert "10,000,000 cells at most, got 200,000,000 over 4 parents" in str(error)


def test_thousands_of_parents_are_counted_and_not_multiplied_out(tmp_path: Path) -> None:
    causes = ", ".join(f"p{i}: 0.1" for i in range(1_900))

    error = refused(
        written(tmp_path, made(1_900) + f"  y: {{noisy_or: {{causes: {{{causes}}}}}}}\n")
    )

    assert "24 parents at most, got 1,900" in str(error)


def test_a_variable_of_too_many_states_is_refused(tmp_path: Path) -> None:
    states = ", ".join(f"s{i}" for i in range(50_000))

    error = refused(written(tmp_path, f"  y: {{states: [{states}], prior: {{s0: 1}}}}\n"))

    assert "variables.y.states: 1,000 states are named at most, got 50,000" in str(error)


def test_too_many_variables_are_refused_as_a_whole(tmp_path: Path) -> None:
    error = refused(written(tmp_path, made(5_000)))

    assert [p.line for p in error.problems] == [4]
    assert "variables: a section has 2,000 entries at most, got 5,002" in str(error)


def test_a_table_is_read_in_step_with_its_size_whatever_its_rows(tmp_path: Path) -> None:
    """A million combinations, twenty rows: the first that fits each is found without a loop."""
    rows = "".join(f"{{when: {{p{i}: yes}}, then: {{yes: 0.{i + 1}}}}}, " for i in range(19))
    table = f"  y: {{table: [{rows}{{then: {{yes: 0}}}}]}}\n"
    start = time.process_time()

    case = rivals.read(written(tmp_path, made(19) + table))

    assert time.process_time() - start < 5
    assert len(case.scenario.variables["y"].parents) == 19


@pytest.mark.parametrize(
    ("line", "text", "said"),
    [
        (1, "[" * 3_000_000, "nests 40 deep at most"),
        (1, "{a: " * 1_000_000, "nests 40 deep at most"),
        (1, "a0: &a0 [x, x]\na1: &a1 [*a0, *a0]\n" + "a2: [" + "*a1, " * 100_000, "'a0'"),
        (1, "a: &a [*a]\n", "anchors and aliases are not used here"),
        (2, "a: 1\n<<: *a\n", "anchors and aliases are not used here"),
        (1, "? " * 2_000_000, "plain text"),
        (1, "title: " + "'" * 3_000_001, "not YAML"),
    ],
    ids=["brackets", "braces", "a bomb", "a loop", "a merge", "keys of keys", "one quote"],
)
def test_what_would_grow_is_refused_before_it_grows(
    line: int, text: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "scenario.yaml").write_text(text, encoding="utf-8")

    error = refused(tmp_path, within=5)

    assert [p.line for p in error.problems] == [line]
    assert said in str(error)


def test_a_file_of_too_many_bytes_is_not_opened(tmp_path: Path) -> None:
    with (tmp_path / "scenario.yaml").open("wb") as file:
        file.truncate(5_000_000_000)  # a file of holes, which takes no room

    error = refused(tmp_path, within=1)

    assert "bytes at most, got 5,000,000,000" in str(error)


def test_of_very_many_problems_the_first_are_told_and_how_many_more(tmp_path: Path) -> None:
    unknown = "".join(f"k{i}: 1\n" for i in range(400))

    error = refused(written(tmp_path, rest=SOURCES + unknown))

    assert len(error.problems) == SHOWN + 1
    assert [p.line for p in error.problems[:SHOWN]] == list(range(8, 8 + SHOWN))
    assert str(error.problems[-1]).endswith("scenario.yaml: and 300 more problems")


@pytest.mark.parametrize(
    "log",
    [
        pytest.param("- {}\n" * 60_000, id="empty entries"),
        pytest.param("- {id: a, published: 2026-05-01, colour: red}\n" * 30_000, id="unknown keys"),
        pytest.param(
            "".join(f"- {{id: r{i}, published: 2026-05, copy_of: s{i}}}\n" for i in range(3_000)),
            id="copies of nothing",
        ),
    ],
)
def test_a_file_that_is_wrong_all_over_is_read_no_further_than_some_thousand_problems(
    log: str, tmp_path: Path
) -> None:
    error = refused(written(tmp_path, log=log), within=20)

    assert len(error.problems) == SHOWN + 1
    assert f"and at least {PROBLEM_LIMIT - SHOWN:,} more problems" in str(error.problems[-1])


def test_keys_that_are_repeated_all_over_are_read_no_further(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text("title: one\n" * 600_000, encoding="utf-8")

    error = refused(tmp_path, within=5)

    assert len(error.problems) == SHOWN + 1


def test_a_long_chain_of_copies_is_followed_once(tmp_path: Path) -> None:
    """Were each copy followed to its origin, this would be twelve million steps."""
    rows = [f"- {{id: r{i}, published: 2026-05, copy_of: r{i - 1}}}\n" for i in range(1, 5_000)]
    log = "- {id: r0, published: 2026-05, origin: harbour}\n" + "".join(reversed(rows))
    start = time.process_time()

    case = rivals.read(written(tmp_path, log=log))

    assert {standing.origins for standing in case.evidence.standings} == {("harbour",)}
    assert time.process_time() - start < 15


def test_a_long_circle_of_copies_is_told_once(tmp_path: Path) -> None:
    size = 5_000
    rows = [f"- {{id: r{i}, published: 2026-05, copy_of: r{i - 1}}}\n" for i in range(1, size)]
    log = f"- {{id: r0, published: 2026-05, copy_of: r{size - 1}}}\n" + "".join(rows)

    error = refused(written(tmp_path, log=log))

    assert len(error.problems) == 1
    assert "copies form no circle, got 'r0 -> r4999 -> r4998" in str(error)


def test_names_that_are_too_long_are_cut_where_they_are_told(tmp_path: Path) -> None:
    states = ", ".join(f"{'x' * 100}{i}" for i in range(900))
    long = f"  y: {{states: [{states}], prior: {{nothing: 1}}}}\n  {'k' * 900}: {{prior: {{}}}}\n"

    error = refused(written(tmp_path, long))

    assert "got 900" in str(error)
    assert max(map(len, map(str, error.problems))) < 1_200
