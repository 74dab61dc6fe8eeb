"""Appending to the log: one more entry, and every byte before it as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

import rivals
from rivals.appending import append_report, replace_file
from rivals.reading import load_marked
from rivals.scenario import Report

REPORT = Report(id="new", published="2026-05-10", summary="Nothing: 'quoted', and # no comment.")


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
    ],
)
def test_an_entry_is_added_and_what_was_there_keeps_its_bytes(tmp_path: Path, before: str) -> None:
    path = log(tmp_path, before)

    append_report(tmp_path, REPORT)

    assert path.read_bytes().startswith(before.encode())
    assert [entry["id"] for entry in load_marked(path).data] == ["a", "new"]
    assert load_marked(path).data[1]["summary"] == REPORT.summary


@pytest.mark.parametrize("before", [None, "", "# empty so far\n", "[]\n", "# none\n[]\n"])
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
    with pytest.raises(rivals.ReadingError, match=r"reports.yaml: cannot be written"):
        append_report(tmp_path / "nowhere", REPORT)
