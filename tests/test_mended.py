"""Mistakes that once were made, each held so that it is not made again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import rivals
from rivals.cli import main
from rivals.draws import weighted_range
from rivals.engine import compile_tape
from rivals.errors import TooLarge

BASE = """\
title: T
question: Q?
hypotheses: {a: a=yes, b: b=yes}
variables:
  a: {ask: A?, prior: {yes: 0.3}}
  b: {ask: B?, prior: {yes: 0.3}}
"""
REST = "sources: {s: {grade: B}}\nsettings: {scale: phia}\n"


def folder(tmp_path: Path, more: str = "", log: str = "") -> Path:
    (tmp_path / "scenario.yaml").write_text(BASE + more + REST)
    (tmp_path / "reports.yaml").write_text(log)
    return tmp_path


@pytest.mark.parametrize(("word", "p"), [("likely", 0.65), ("realistic possibility", 0.45)])
def test_an_amended_likelihood_is_read_on_the_scale_of_the_scenario(
    tmp_path: Path, word: str, p: float
) -> None:
    log = (
        "- {id: r, published: 2026-01-01, likelihood: {a: {no: 1, yes: 2}}}\n"
        "- {amends: r, logged: 2026-01-02, "
        f"set: {{likelihood: {{a: {{no: {word}, yes: {p}}}}}}}}}\n"
    )

    beliefs = rivals.read(folder(tmp_path, log=log)).beliefs(draws=0)

    assert beliefs.loc["a", "posterior"] == pytest.approx(0.3)


def test_a_noisy_max_may_have_a_parent_of_one_state(tmp_path: Path) -> None:
    more = (
        "  one: {ask: O?, states: [only], prior: {only: 1}}\n"
        "  y: {ask: Y?, noisy_max: {leak: {no: 0.5}, causes: {one: {}}}}\n"
    )

    table = rivals.read(folder(tmp_path, more)).variables()

    assert table.loc[("y", "yes"), "posterior"] == pytest.approx(0.5)


def test_a_table_to_keep_is_bounded_too() -> None:
    names = list(range(27))

    with pytest.raises(TooLarge):
        compile_tape(dict.fromkeys(names, 2), [(n,) for n in names], keep=names)


def test_a_range_knows_nothing_of_draws_that_weigh_nothing() -> None:
    samples = np.array([-9.0, 1.0, 2.0, 3.0, 99.0])

    low, high = weighted_range(samples, np.array([0, 0.2, 0.6, 0.2, 0]))

    assert 1 <= low < high <= 3


def test_given_no_state_at_all_is_told(tmp_path: Path) -> None:
    with pytest.raises(rivals.QuestionError):
        rivals.read(folder(tmp_path)).given(a=[]).beliefs(draws=0)


@pytest.mark.parametrize(
    "words",
    [
        ["beliefs", "--draws", "0", "--given", "a=yes", "--given", "a=no"],
        ["beliefs", "--draws", "0", "--do", "a=yes", "--do", "a=no"],
        [
            "add",
            "--dry-run",
            "--id",
            "x",
            "--source",
            "s",
            "--published",
            "2026-01-01",
            "--claim",
            "a=yes",
            "--claim",
            "a=no",
        ],
        [
            "add",
            "--dry-run",
            "--id",
            "x",
            "--published",
            "2026-01-01",
            "--likelihood",
            "a:no=1",
            "--likelihood",
            "a:yes=1",
            "--likelihood",
            "a:yes=2",
        ],
    ],
)
def test_what_is_said_twice_is_told_and_not_half_heard(tmp_path: Path, words: list[str]) -> None:
    result = CliRunner().invoke(main, [words[0], str(folder(tmp_path)), *words[1:]])

    assert result.exit_code in (1, 2)


def test_names_whose_paths_could_be_mistaken_are_refused(tmp_path: Path) -> None:
    more = "  x.prior: {ask: A?, prior: {yes: 0.2}}\n"

    with pytest.raises(rivals.ReadingError, match=r"x\.prior"):
        rivals.read(folder(tmp_path, more))


def test_an_amendment_can_not_close_a_circle_of_copies(tmp_path: Path) -> None:
    log = (
        "- {id: r1, published: 2026-01-01, copy_of: r2}\n"
        "- {id: r2, published: 2026-01-02}\n"
        "- {amends: r2, logged: 2026-01-03, set: {copy_of: r1}}\n"
    )

    with pytest.raises(rivals.ReadingError, match=r"reports.yaml:3: .*no circle"):
        rivals.read(folder(tmp_path, log=log))


def test_an_amendment_can_take_a_field_back(tmp_path: Path) -> None:
    log = (
        "- {id: r1, published: 2026-01-01}\n"
        "- {id: r2, published: 2026-01-02, copy_of: r1, source: s, claims: {a: yes}}\n"
        "- {amends: r2, logged: 2026-01-03, set: {copy_of: }, why: No copy after all.}\n"
    )

    status = rivals.read(folder(tmp_path, log=log)).reports()["status"]

    assert status["r2"] == "counted"


def test_amendments_are_read_in_the_order_of_logging(tmp_path: Path) -> None:
    log = (
        "- {id: r1, published: 2026-01-01}\n"
        "- {amends: r1, logged: 2026-03-01, set: {source: s}}\n"
        "- {amends: r1, logged: 2026-02-01, set: {claims: {a: yes}}}\n"
    )

    with pytest.raises(rivals.ReadingError, match="names its source"):
        rivals.read(folder(tmp_path, log=log))


def test_a_rest_of_rounding_is_no_rest(tmp_path: Path) -> None:
    more = (
        "  k: {ask: K?, states: [w, x, y, z], firmness: low, prior: {w: 0.3, x: 0.01, y: 0.69}}\n"
    )

    values = rivals.read(folder(tmp_path, more)).spread(400).values["variables.k.prior"]

    assert values[3].max() == 0
    assert values[0].std() > 0.04


def test_an_impossible_log_can_be_asked_without_the_culprit(tmp_path: Path) -> None:
    log = (
        "- {id: r1, published: 2026-01-01, observes: {a: yes}}\n"
        "- {id: bad, published: 2026-01-02, observes: {a: no}}\n"
    )
    case = rivals.read(folder(tmp_path, log=log))

    assert case.without("bad").beliefs(draws=0).loc["a", "posterior"] == 1
    assert case.as_of("2026-01-01").beliefs(draws=0).loc["a", "posterior"] == 1
    with pytest.raises(rivals.ImpossibleEvidence, match="bad"):
        case.beliefs(draws=0)


def test_what_looks_like_markup_is_shown_as_it_stands(tmp_path: Path) -> None:
    place = folder(tmp_path)
    text = (place / "scenario.yaml").read_text()
    (place / "scenario.yaml").write_text(
        text.replace("Q?", r'"Who [/b] did [1] it \e[31m :fire:?"')
    )

    result = CliRunner().invoke(main, ["beliefs", str(place), "--draws", "0"])

    assert result.exit_code == 0
    assert "Who [/b] did [1] it \\u001b[31m :fire:?" in result.stdout


def test_a_day_is_shown_in_the_time_zone_of_the_scenario(tmp_path: Path) -> None:
    place = folder(tmp_path, log="- {id: r1, published: 2026-05-04}\n")
    text = (place / "scenario.yaml").read_text()
    (place / "scenario.yaml").write_text(
        text.replace("{scale: phia}", "{timezone: America/Caracas}")
    )

    case = rivals.read(place)

    assert case.trail(draws=0)["report", "logged"].to_list() == ["2026-05-04"]
    assert case.reports()["logged"].to_list() == ["2026-05-04"]


def test_a_prior_without_a_number_is_told_at_its_line(tmp_path: Path) -> None:
    more = "  y: {ask: Y?, prior: {}}\n"

    with pytest.raises(rivals.ReadingError, match=r"scenario.yaml:7: variables.y.prior: .*2 left"):
        rivals.read(folder(tmp_path, more))


def test_a_table_too_large_to_build_is_told_at_reading(tmp_path: Path) -> None:
    parents = [f"p{i}" for i in range(30)]
    more = "".join(f"  {p}: {{ask: P?, prior: {{yes: 0.1}}}}\n" for p in parents)
    causes = ", ".join(f"{p}: 0.1" for p in parents)
    more += f"  y: {{ask: Y?, noisy_or: {{causes: {{{causes}}}}}}}\n"

    with pytest.raises(rivals.ReadingError, match="24 parents at most"):
        rivals.read(folder(tmp_path, more))
