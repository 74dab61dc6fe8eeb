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
