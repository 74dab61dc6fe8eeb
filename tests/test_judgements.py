"""Every stated number under its own name, with the line on which it stands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import rivals
from rivals.judgements import complete

TEXT = """\
title: A test
question: Why?
hypotheses: {a: a=yes, b: b=high}
variables:
  a:
    ask: A?
    prior: {yes: unlikely}
    firmness: low
    why: A guess.
    chatter: {yes: 0.9}
  b: {ask: B?, states: [low, mid, high], prior: {low: 1/4, mid: 0, high: 3/4}}
  c:
    ask: C?
    states: [none, hall, site]
    table:
      - {when: {a: no}, then: {none: 1}}
      - when: {b: high}
        then:
          none: 0
          hall: 40%
      - {then: {none: 0.1, hall: 0.7, site: 0.2}}
  d:
    ask: D?
    noisy_or:
      leak: 0.001
      causes: {a: 0.9,
               b: {mid: 0.2, high: 0.3}}
  e: {ask: E?, noisy_or: {causes: {a: 0.5}}}
  f:
    ask: F?
    states: [low, high]
    noisy_max:
      leak: {high: 0.1}
      causes:
        a:
          yes: {low: 0.2, high: 0.8}
  g: {ask: G?, ranked: {weights: {b: 2}, sd: 0.3}}
sources:
  owner: {reliability: 0.5, firmness: 7, why: He was there.}
  radio: {grade: F}
settings:
  spin: 0.4
  fidelity: {relayed: 90%}
  grades:
    A: 0.99
    B: 0.8
"""
LINES = {
    "variables.a.prior.yes": 7,
    "variables.b.prior.low": 11,
    "variables.b.prior.mid": 11,
    "variables.b.prior.high": 11,
    "variables.c.table[0].then.none": 16,
    "variables.c.table[1].then.none": 19,
    "variables.c.table[1].then.hall": 20,
    "variables.c.table[2].then.none": 21,
    "variables.c.table[2].then.hall": 21,
    "variables.c.table[2].then.site": 21,
    "variables.d.noisy_or.leak": 25,
    "variables.d.noisy_or.causes.a": 26,
    "variables.d.noisy_or.causes.b.mid": 27,
    "variables.d.noisy_or.causes.b.high": 27,
    "variables.f.noisy_max.leak.high": 33,
    "variables.f.noisy_max.causes.a.yes.low": 36,
    "variables.f.noisy_max.causes.a.yes.high": 36,
    "sources.owner.reliability": 39,
    "settings.spin": 42,
    "settings.fidelity.relayed": 43,
    "settings.grades.A": 45,
    "settings.grades.B": 46,
}
DEFAULTS = {
    "variables.e.noisy_or.leak": 0.0,
    "settings.accuracy": 0.95,
    "settings.fidelity.direct": 0.99,
    "settings.fidelity.inferred": 0.80,
    "settings.grades.C": 0.70,
    "settings.grades.D": 0.50,
    "settings.grades.E": 0.30,
    "settings.grades.F": 0.50,
}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    folder = tmp_path_factory.mktemp("test")
    (folder / "scenario.yaml").write_text(TEXT)
    return rivals.read(folder).judgements()


def test_every_number_that_was_written_and_every_default_is_a_judgement(
    table: pd.DataFrame,
) -> None:
    # not chatter, weights and sd; not what a distribution leaves to be filled in
    assert set(table.index) == {*LINES, *DEFAULTS, "variables.e.noisy_or.causes.a"}
    assert table.index.name == "judgement"
    assert list(table.columns) == ["value", "written", "at", "firmness", "why"]


def test_a_judgement_has_the_line_on_which_it_stands(table: pd.DataFrame) -> None:
    places = table.loc[list(LINES), "at"].to_dict()

    assert places == {path: f"scenario.yaml:{line}" for path, line in LINES.items()}


def test_what_nobody_wrote_is_a_default(table: pd.DataFrame) -> None:
    defaults = table.loc[list(DEFAULTS)]

    assert set(defaults["at"]) == {"default"}
    assert defaults["value"].to_dict() == DEFAULTS


@pytest.mark.parametrize(
    ("path", "value", "written"),
    [
        ("variables.a.prior.yes", 0.325, "unlikely"),
        ("variables.b.prior.low", 0.25, "1/4"),
        ("variables.c.table[0].then.none", 1.0, "1"),
        ("variables.c.table[1].then.hall", 0.4, "40%"),
        ("variables.d.noisy_or.causes.b.mid", 0.2, "0.2"),
        ("settings.fidelity.relayed", 0.9, "90%"),
        ("settings.accuracy", 0.95, "0.95"),
    ],
)
def test_a_judgement_is_a_number_and_what_was_written(
    table: pd.DataFrame, path: str, value: float, written: str
) -> None:
    assert table.loc[path, "value"] == pytest.approx(value, rel=0, abs=1e-15)
    assert table.loc[path, "written"] == written


@pytest.mark.parametrize(
    ("path", "n"),
    [
        ("variables.a.prior.yes", 5),
        ("variables.b.prior.low", 20),
        ("sources.owner.reliability", 7),
        ("settings.grades.A", 20),
    ],
)
def test_a_judgement_has_the_firmness_of_what_holds_it(
    table: pd.DataFrame, path: str, n: float
) -> None:
    assert table.loc[path, "firmness"] == n


@pytest.mark.parametrize(
    "path",
    ["variables.b.prior.mid", "variables.c.table[0].then.none", "variables.e.noisy_or.leak"],
)
def test_what_is_fixed_has_no_firmness(table: pd.DataFrame, path: str) -> None:
    assert np.isnan(table.loc[path, "firmness"])


def test_a_judgement_has_its_reason(table: pd.DataFrame) -> None:
    assert table.loc["variables.a.prior.yes", "why"] == "A guess."
    assert table.loc["sources.owner.reliability", "why"] == "He was there."
    assert table.loc["settings.grades.B", "why"] == "A convention, not a finding."


def test_judgements_stand_in_the_order_of_the_file(table: pd.DataFrame) -> None:
    written = [path for path in table.index if path in LINES and path.startswith("variables")]

    assert written == [path for path in LINES if path.startswith("variables")]
    kinds = [path.split(".")[0] for path in table.index]
    assert kinds == sorted(kinds, key=["variables", "sources", "settings"].index)


def test_lines_are_those_of_a_file_with_windows_line_ends_too(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_bytes(TEXT.replace("\n", "\r\n").encode())

    table = rivals.read(tmp_path).judgements()

    assert table.loc["settings.grades.B", "at"] == "scenario.yaml:46"


@pytest.mark.parametrize(
    ("stated", "filled"),
    [
        ({"hall": 0.4, "site": 0.6}, (0.0, 0.4, 0.6)),
        ({"none": 0.25, "site": 0.25}, (0.25, 0.5, 0.25)),
        ({"none": 1.0}, (1.0, 0.0, 0.0)),
        ({"none": 0.1, "hall": 0.2, "site": 0.7}, (0.1, 0.2, 0.7)),
    ],
)
def test_the_state_left_out_gets_the_rest(
    stated: dict[str, float], filled: tuple[float, ...]
) -> None:
    assert complete(stated, ("none", "hall", "site")) == pytest.approx(filled, abs=1e-15)


@pytest.mark.parametrize("zero", ["-0", "-0%", "0/-4", "-0.0e9"])
def test_a_zero_with_a_sign_is_a_zero(zero: str, tmp_path: Path) -> None:
    for number, text in (("one", "0"), ("other", zero)):
        (tmp_path / number).mkdir()
        written = TEXT.replace("mid: 0,", f"mid: {text},")
        (tmp_path / number / "scenario.yaml").write_text(written)

    plain, signed = (
        rivals.read(tmp_path / number).beliefs(draws=20) for number in ("one", "other")
    )

    pd.testing.assert_frame_equal(plain, signed)
