"""Appending to the log: one more entry, and every byte before it as it was."""

from __future__ import annotations

from pathlib import Path
from unicodedata import category

import pytest

import rivals
from rivals.appending import LogFile
from rivals.entries import Report
from rivals.reading import load_marked
from rivals.replacing import replace_file

REPORT = Report(id="new", published="2026-05-10", summary="Nothing: 'quoted', and # no comment.")


def append_report(folder: Path, report: Report) -> None:
    LogFile.open(folder / "reports.yaml").append([report])


def log(folder: Path, text: str) -> Path:
    path = folder / "reports.yaml"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize(
    "before",
    [
        "- id: a\n  published: 2026-05-01\n",
        "- id: a\n  published: 2026-05-01",
        "# a comment\r\n- {id: a, published: 2026-05-01}   # and another\r\n",
        "  - id: a\n    published: 2026-05-01\n\n# the end\n",
        "\ufeff- id: a\n  published: 2026-05-01\n",
        "\ufeff  - id: a\n    published: 2026-05-01\n",
        "---\n- id: a\n  published: 2026-05-01\n",
        "- id: a\r\n  published: 2026-05-01",
        "- id: a\n  published: 2026-05-01\n  why: |\n    - a list\n    of lines",
        "- id: a\n  published: 2026-05-01\n  why: |+\n    kept\n\n\n",
        "- id: a\n  published: 2026-05-01 # no end of line",
        "- id: a\n  published: 2026-05-01\n  summary: |\n    It was empty:\n    []\n    so.\n",
    ],
)
def test_an_entry_is_added_and_what_was_there_keeps_its_bytes(tmp_path: Path, before: str) -> None:
    path = log(tmp_path, before)

    append_report(tmp_path, REPORT)

    assert path.read_bytes().startswith(before.encode())
    assert [entry["id"] for entry in load_marked(path).data] == ["a", "new"]
    assert load_marked(path).data[1]["summary"] == REPORT.summary


def test_line_ends_stay_of_one_kind(tmp_path: Path) -> None:
    path = log(tmp_path, "- id: a\r\n  published: 2026-05-01\r\n")

    append_report(tmp_path, REPORT)

    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n") > 2


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_every_log_of_the_project_keeps_all_its_bytes(
    folder: Path, tmp_path: Path, newline: bytes
) -> None:
    before = (folder / "reports.yaml").read_bytes().replace(b"\n", newline)
    path = tmp_path / "reports.yaml"
    path.write_bytes(before)
    entries = load_marked(path).data

    append_report(tmp_path, REPORT)

    assert path.read_bytes().startswith(before if entries else before.partition(b"[]")[0])
    assert load_marked(path).data[:-1] == entries
    assert load_marked(path).data[-1]["summary"] == REPORT.summary


@pytest.mark.parametrize("rest", ["...\n", "...", "... # the end\n# and more\n"])
def test_an_entry_goes_before_the_end_of_the_document(tmp_path: Path, rest: str) -> None:
    before = "- id: a\n  published: 2026-05-01\n"
    path = log(tmp_path, before + rest)

    append_report(tmp_path, REPORT)

    assert path.read_text().startswith(before)
    assert path.read_text().endswith(rest)
    assert [entry["id"] for entry in load_marked(path).data] == ["a", "new"]


@pytest.mark.parametrize(
    "text",
    ["two\nlines", "a\r\nb", "\u2028\u2029\x85", "\x00\x1b[31m", "\u202eabc", "\U0001f525 \u5f35",
     "a\u200bb", "\u2066\ufeff\u00ad\U000e0001'\"\\u", "\u0645\u06cc\u200c\u062e",
     "yes", "- x", "... ", "'", '"', "a: b # c", "\t", " " * 5, "~", "[]",
     "=cmd|' /C calc'!A0", "x" * 5000],
)  # fmt: skip
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_any_text_comes_back_as_it_was_written(tmp_path: Path, text: str, newline: str) -> None:
    path = log(tmp_path, f"  - id: a{newline}    published: 2026-05-01{newline}")

    append_report(tmp_path, Report(id="new", published="2026-05-10", summary=text))

    assert load_marked(path).data[1]["summary"] == text


def test_what_cannot_be_seen_is_spelt_out_in_the_log_and_what_joins_letters_is_not(
    tmp_path: Path,
) -> None:
    path = log(tmp_path, "[]\n")
    summary = "a\u200bb \u2066c\u2069 \u202ed \ufeff\u00ad \U000e0041 \u0645\u06cc\u200c\u062e"

    append_report(tmp_path, Report(id="new", published="2026-05-10", summary=summary))

    written = path.read_text("utf-8")
    assert {c for c in written if category(c) == "Cf"} == {"\u200c"}
    assert load_marked(path).data[0]["summary"] == summary


def test_text_that_is_no_unicode_is_refused_and_nothing_written(tmp_path: Path) -> None:
    path = log(tmp_path, "[]\n")

    with pytest.raises(rivals.ReadingError):
        append_report(tmp_path, Report(id="new", published="2026-05-10", note="\ud800"))

    assert path.read_text() == "[]\n"


@pytest.mark.parametrize(
    "before",
    [
        "[]  # none so far\n",
        "--- []\n",
        "[ ]",
        None,
        "",
        "# empty so far\n",
        "[]\n",
        "# none\n[]\n",
    ],
)
def test_an_empty_log_takes_its_first_entry(tmp_path: Path, before: str | None) -> None:
    if before is not None:
        log(tmp_path, before)

    append_report(tmp_path, REPORT)

    assert [entry["id"] for entry in load_marked(tmp_path / "reports.yaml").data] == ["new"]


def test_a_list_in_brackets_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = log(tmp_path, "[{id: a, published: 2026-05-01}]\n")

    with pytest.raises(rivals.ReadingError, match="block list"):
        append_report(tmp_path, REPORT)

    assert path.read_text() == "[{id: a, published: 2026-05-01}]\n"


def test_a_file_that_cannot_be_replaced_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = log(tmp_path, "old")

    def fail(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        replace_file(path, b"new")

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_log_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(rivals.WritingError, match=r"reports.yaml: cannot be written"):
        append_report(tmp_path / "nowhere", REPORT)
