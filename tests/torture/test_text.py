"""Text from every machine and in every script: read right, or refused in so many words."""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner

import rivals
from rivals.cli import main
from torture.readers import GOOD, hold_to_form
from torture.test_limits import refused, written

WAREHOUSE = GOOD[1]


def copied(place: Path, encoding: str = "utf-8", newline: str = "\n") -> Path:
    """The warehouse fire, written otherwise."""
    for name in ("scenario.yaml", "reports.yaml"):
        text = (WAREHOUSE / name).read_text(encoding="utf-8")
        (place / name).write_bytes(text.replace("\n", newline).encode(encoding))
    return place


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_line_ends_and_a_byte_order_mark_change_no_answer(
    encoding: str, newline: str, tmp_path: Path
) -> None:
    case = rivals.read(copied(tmp_path, encoding, newline))

    expected = rivals.read(WAREHOUSE)
    assert case.beliefs(draws=8).equals(expected.beliefs(draws=8))
    assert case.dossier.places == expected.dossier.places


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("utf-32-be", "UTF-32"),
    ],
)
def test_another_encoding_is_refused_by_its_name(encoding: str, named: str, tmp_path: Path) -> None:
    error = refused(copied(tmp_path, encoding))

    assert {p.line for p in error.problems} == {1}
    assert all("a file is UTF-8 text, got " in p.text for p in error.problems)
    assert all(named in p.text for p in error.problems)
    assert all("save it as UTF-8" in p.text for p in error.problems)


def test_bytes_that_are_not_utf_8_are_told_at_their_line(tmp_path: Path) -> None:
    folder = written(tmp_path)
    (folder / "reports.yaml").write_bytes("- id: a\n  summary: Caf\xe9\n".encode("latin-1"))

    [problem] = refused(folder).problems

    assert (problem.line, problem.text) == (2, "a file is UTF-8 text, got the bytes 'e9 0a'")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- id: a\n\tpublished: 2026-05-04\n", "this is not YAML"),
        ("- id: a\n  summary: x\x00y\n", "this is not YAML"),
        ("- id: a\n  summary: x\x1b[31my\n", "this is not YAML"),
        ('- {id: "\\ud800", published: 2026-05-04}\n', "this is not YAML"),
        ('- {id: "a\\0b", published: 2026-05-04}\n', "no control character"),
        ("- {id: a\u200bb, published: 2026-05-04}\n", "no control character"),
        ("- {id: \u202eevil, published: 2026-05-04}\n", "no control character"),
        ("- {id: a\u00a0b, published: 2026-05-04}\n", "no control character"),
        ('- {id: "a\\Lb", published: 2026-05-04}\n', "no control character"),
        ("- {id: a, published: ٢٠٢٦-٠٥-٠٤}\n", "a date is a day"),
        ("- {id: a, published: 9999-12-31}\n", "a date"),
        ("- {id: a, published: 0001-01-01}\n", "the years 2 to 9998"),
    ],
)
def test_what_cannot_be_seen_is_refused(text: str, said: str, tmp_path: Path) -> None:
    error = refused(written(tmp_path, log=text))

    assert said in str(error)


SCRIPTS = ["مرحبا", "שלום", "日本語", "🔥", "👍🏽", "e\u0301te\u0301", "Ελλάδα", "नमस्ते", "Å"]


@pytest.mark.parametrize("name", SCRIPTS)
def test_names_in_any_script_are_read_right(name: str, tmp_path: Path) -> None:
    variables = f"  {name}: {{states: [no, {name}], prior: {{{name}: 0.4}}}}\n"
    log = f"- {{id: {name}, published: 2026-05-04, observes: {{{name}: {name}}}}}\n"

    case = rivals.read(written(tmp_path, variables, log))

    composed = unicodedata.normalize("NFC", name)
    assert case.variables().loc[(composed, composed), "posterior"] == 1
    assert list(case.trail(draws=0).index) == [composed]


def test_letters_and_accents_in_one_piece_or_two_are_the_same_name(tmp_path: Path) -> None:
    variables = "  caf\u00e9: {prior: {yes: 0.4}}\n"
    log = "- {id: a, published: 2026-05-04, observes: {cafe\u0301: yes}}\n"

    case = rivals.read(written(tmp_path, variables, log))

    assert case.variables().loc[("café", "yes"), "posterior"] == 1


@pytest.mark.parametrize(
    ("variables", "log", "said"),
    [
        (
            "  caf\u00e9: {prior: {yes: 1}}\n  cafe\u0301: {prior: {yes: 1}}\n",
            "",
            "a key stands once",
        ),
        ("  y: {states: [\u00e9, e\u0301], prior: {e: 1}}\n", "", "a state is named once"),
        (
            "",
            "- {id: \u00e9, published: 2026-05}\n- {id: e\u0301, published: 2026-05}\n",
            "an id stands once",
        ),
    ],
    ids=["variables", "states", "reports"],
)
def test_two_names_that_differ_only_in_how_they_are_composed_are_one_name_twice(
    variables: str, log: str, said: str, tmp_path: Path
) -> None:
    error = refused(written(tmp_path, variables, log))

    assert said in str(error)


def test_a_folder_whose_name_cannot_be_shown_is_told_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "a\nb\x1b[31m\u202e"
    folder.mkdir()

    with pytest.raises(rivals.ReadingError) as caught:
        rivals.read(folder)

    hold_to_form(caught.value)


def test_half_a_character_in_a_ledger_is_no_text(tmp_path: Path) -> None:
    (written(tmp_path) / "issued").mkdir()
    (tmp_path / "issued" / "ledger.jsonl").write_text('{"number": 1, "note": "\\ud800"}\n')

    for form in ("json", "csv", "table"):
        result = CliRunner().invoke(main, ["ledger", str(tmp_path), "--format", form])
        assert result.exit_code == 1
        assert "it is no UTF-8 text" in result.stderr


def test_output_that_cannot_hold_a_letter_is_told_in_a_line(tmp_path: Path) -> None:
    folder = written(tmp_path, "  \U0001f525: {prior: {yes: 0.4}}\n")

    command = [sys.executable, "-c", "from rivals.cli import main; main()", "beliefs", str(folder)]
    command += ["--draws", "0", "--format", "json"]
    done = subprocess.run(
        command, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "ascii"}
    )

    assert done.returncode == 1
    [line] = done.stderr.decode().splitlines()
    assert line.startswith("standard output is ascii text, which has no '\\U0001f525'; ")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("1e400", "a finite number was expected"),
        ("1e-400", "a number is 0 or 1e-300 at least"),
        ("0." + "0" * 400 + "1", "a number is 0 or 1e-300 at least"),
        ("1/" + "9" * 400, "a finite number was expected"),
        ("1/0", "cannot be divided by 0"),
        ("1e-200/1e200", "a number is 0 or 1e-300 at least"),
        ("1e-299%", "a number is 0 or 1e-300 at least"),
        ("١٢", "a quantity is a number"),
        ("０.５", "a quantity is a number"),
        ("²", "a quantity is a number"),
        ("½", "a quantity is a number"),
        ("nan", "a quantity is a number"),
        ("-inf", "a quantity is a number"),
        ("1e99999999999999999999", "a finite number was expected"),
        ("9" * 100_000, "a finite number was expected"),
        ("1_0", "a quantity is a number"),
    ],
    ids=lambda text: text[:12],
)
def test_numbers_that_no_float_holds_are_refused(number: str, said: str, tmp_path: Path) -> None:
    error = refused(written(tmp_path, f"  y: {{prior: {{yes: {number}}}}}\n"))

    assert said in str(error)
