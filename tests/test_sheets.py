"""A CSV file into the log: its columns mapped, every problem with its line, all rows or none."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

import pytest

import rivals
from rivals.cells import holds_text, read_field
from rivals.entries import Report
from rivals.naming import propose_ids
from rivals.sheets import map_columns, read_rows, read_sheet
from test_cli import LOG, folder, log_of, run

__all__ = ["folder"]

GOOD = """\
id,published,source,outlet,claims,origin,summary
p1,2026-05-09,radio,The Post,wind=calm; paid=yes,a; b,"Two lines,
in one cell"

p2,2026-05-10,owner,,arson=no,fireman,=cmd|' /C calc'!A0
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sent.csv"
    path.write_text(GOOD)
    return path


def test_every_row_becomes_a_report(folder: Path, sheet: Path) -> None:
    result = run("add", folder, "--from", sheet)

    assert log_of(folder).startswith(LOG)
    first, second = list(rivals.read(folder).dossier.reports())[-2:]
    assert first.model_dump(mode="json", exclude_defaults=True) == {
        "id": "p1",
        "published": "2026-05-09",
        "source": "radio",
        "outlet": "The Post",
        "claims": {"wind": ["calm"], "paid": ["yes"]},
        "origin": ["a", "b"],
        "summary": "Two lines,\nin one cell",
    }
    assert second.summary == "=cmd|' /C calc'!A0"
    assert "id -> id\npublished -> published\n" in result.stderr
    assert "p1: counted; appended to the log\n" in result.stderr
    assert "p2: echo of call; appended to the log\n" in result.stderr
    assert "drift: it says arson=no, against call\n" in result.stderr
    assert "2 reports, 1 counted and 1 echo; appended to the log\n" in result.stderr


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_separators_marks_and_line_ends_are_found_out(
    tmp_path: Path, sheet: Path, separator: str, mark: str, newline: str
) -> None:
    other = tmp_path / "other.csv"
    out = io.StringIO()
    rows = list(csv.reader(io.StringIO(GOOD)))
    csv.writer(out, delimiter=separator, lineterminator=newline).writerows(rows)
    other.write_bytes((mark + out.getvalue()).encode())

    read = read_sheet(other)

    assert (read.columns, read.rows) == (read_sheet(sheet).columns, read_sheet(sheet).rows)
    assert [line for line, _ in read.rows] == [2, 5]


def test_a_dry_run_writes_nothing(folder: Path, sheet: Path) -> None:
    dry = run("add", folder, "--from", sheet, "--dry-run")

    assert log_of(folder) == LOG
    assert dry.stdout == run("add", folder, "--from", sheet).stdout


def test_a_column_can_be_mapped_ignored_or_be_of_one_variable(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "sent.csv"
    path.write_text(
        "Kennung;Erschienen;Source;claims.wind;observes.paid;likelihood.arson;Remarks;\n"
        "p1;2026-05-09;radio;calm|breeze;yes;no=1; yes=3;x;\n".replace(
            "no=1; yes=3", '"no=1; yes=3"'
        )
    )

    run(
        "add", folder, "--from", path, "--map", "Kennung=id", "--map", "Erschienen=published",
        "--ignore", "Remarks",
    )  # fmt: skip

    report = list(rivals.read(folder).dossier.reports())[-1]
    assert (report.id, report.source) == ("p1", "radio")
    assert report.claims == {"wind": ("calm", "breeze")}
    assert report.observes == {"paid": "yes"}
    assert report.likelihood == {"arson": {"no": 1, "yes": 3}}


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Publication date;Reporter, desk;Text\n2026-05-20;Ann, city;A, b, c\n", 3),
        ("Publication date;Reporter, desk;Text\n2026-05-20;Ann;Fire\n", 3),
        ("date,claims; all\n2026-05-20,a=b; c=d\n", 2),
        ("date\twhat, where; who\n2026-05-20\tfire, hall; Ann\n", 2),
        ('date;"a, b";c\n2026-05-20;"x\n\ny";z\n', 3),
        ("published\n2026-05-20\n", 1),
    ],
)
def test_what_fits_the_rows_stands_between_cells(tmp_path: Path, text: str, columns: int) -> None:
    path = tmp_path / "sent.csv"
    path.write_text(text)

    assert len(read_sheet(path).columns) == columns


def test_columns_that_nothing_is_known_of_are_named_with_what_to_do(
    folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "sent.csv"
    path.write_text("id,published,Kommentar,outlt,claims.wind,retracts\np1,2026-05-09,x,y,calm,z\n")

    result = run("add", folder, "--from", path, code=1)

    assert result.stderr.splitlines() == [
        f"{path}:1: no field is called 'Kommentar'; --map 'Kommentar=FIELD' says which it is, "
        "--ignore 'Kommentar' leaves it out",
        f"{path}:1: no field is called 'outlt'; did you mean 'outlet'? --map 'outlt=FIELD' says "
        "which it is, --ignore 'outlt' leaves it out",
        f"{path}:1: no field is called 'retracts'; --map 'retracts=FIELD' says which it is, "
        "--ignore 'retracts' leaves it out",
    ]


def test_every_problem_is_told_with_the_line_of_its_row(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "sent.csv"
    path.write_text(
        "id,published,source,claims,link\n"
        'ok,2026-05-09,radio,wind=calm,"https://x.example"\n'
        "call,2026-05-09,radio,wind=calm,\n"
        "b,soon,rado,wind=gale,ftp://x\n"
        "ok,,radio,wind=calm,\n"
    )

    result = run("add", folder, "--from", path, code=1)

    told = [line for line in result.stderr.splitlines() if line.startswith(str(path))]
    assert [line.split(": ")[0].removeprefix(f"{path}:") for line in told] == ["3", "4", "4", "5"]
    assert log_of(folder) == LOG
    path.write_text(
        path.read_text().replace("b,soon,rado,wind=gale,ftp://x", "b,2026-05-09,rado,wind=gale,")
    )
    told = run("add", folder, "--from", path, code=1).stderr
    assert f"{path}:4: source: a source is declared in scenario.yaml, got 'rado'" in told
    assert f"{path}:4: claims.wind: a state is one of calm, breeze, storm, got 'gale'" in told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "a sheet has a line of column names"),
        (b"id,published\n", "a sheet has a row for each report"),
        (b"id,published\na\n", ":2: a row has 2 cells, as line 1 has, got 1"),
        (b"id,published\na,2026-05-09,c\n", ":2: a row has 2 cells, as line 1 has, got 3"),
        (b"id,id,published\na,b,2026-05-09\n", "a column stands once, got 'id' again"),
        (b"id,ID,published\na,b,2026-05-09\n", "a field comes from one column, got 'ID' for id"),
        (b"id,,published\na,b,2026-05-09\n", "a column has a name, got none"),
        (b"id,summary\na,b\n", "a column holds `published`"),
        (b'id,published\n"a,2026-05-09\n', ":2: this is not CSV"),
        ("id,published\n\u00e9,2026\n".encode("latin-1"), ":2: a sheet is UTF-8 text"),
        ("id,published\n".encode("utf-16"), ":1: a sheet is UTF-8 text"),
        (b"id,published\na\0,2026\n", ":2: a sheet is text, got the byte 00"),
        (b"id,published,claims\na,2026-05-09,wind\n", ":2: claims: variable=state is expected"),
        (b"id,published,source,claims,claims.wind\na,2026-05-09,radio,wind=calm,calm\n",
         ":2: claims.wind: a variable is named once in a row"),
        (b"id,published,summary\na,2026-05-09," + b"x" * 200_000, ":2: this is not CSV"),
        (b"x" * 8_000_001, "a sheet has 8,000,000 bytes at most"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_such_table_is_told(
    folder: Path, tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / "sent.csv"
    path.write_bytes(content)

    result = run("add", folder, "--from", path, code=1)

    assert told in result.stderr
    assert (result.stdout, log_of(folder)) == ("", LOG)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--map", "Datum=published"), "no column is called 'Datum'"),
        (("--ignore", "outlt"), "no column is called 'outlt'; did you mean 'outlet'?"),
        (("--map", "outlet=publishd"), "got 'publishd'; did you mean 'published'?"),
        (("--map", "outlet=summary"), "a field comes from one column"),
        (("--map", "outlet"), "--map reads COLUMN=FIELD"),
    ],
)
def test_a_mapping_that_does_not_fit_is_told(
    folder: Path, sheet: Path, words: tuple[str, ...], told: str
) -> None:
    assert told in run("add", folder, "--from", sheet, *words, code=1).stderr
    assert log_of(folder) == LOG


@pytest.mark.parametrize("row", ["soon,", "2026-05-09,wind", "2026-05-09,,x"])
def test_of_very_many_problems_the_first_are_told(folder: Path, tmp_path: Path, row: str) -> None:
    path = tmp_path / "sent.csv"
    path.write_text("published,claims\n" + f"{row}\n" * 130)

    told = run("add", folder, "--from", path, code=1).stderr.splitlines()

    told = [line for line in told if line.startswith(str(path))]
    assert told[99].startswith(f"{path}:101: ")
    assert told[100:] == [f"{path}: and 30 more problems"]


def test_a_row_that_cannot_be_true_is_told_with_its_line(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "sent.csv"
    path.write_text("id,published,observes\na,2026-05-09,wind=calm\nb,2026-05-09,wind=storm\n")

    result = run("add", folder, "--from", path, code=1)

    assert f"{path}:3: the evidence has probability 0" in result.stderr
    assert log_of(folder) == LOG


def test_rows_without_ids_get_some_and_are_not_appended_twice(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "sent.csv"
    path.write_text("published,outlet,summary\n" + "2026-05-09,The Post,A fire\n" * 2)

    run("add", folder, "--from", path)
    once = log_of(folder)
    result = run("add", folder, "--from", path, code=1)

    names = [report.id for report in rivals.read(folder).dossier.reports()][-2:]
    assert names == ["post-2026-05-09-fire", "post-2026-05-09-fire-2"]
    assert "an id stands once, got 'post-2026-05-09-fire' again" in result.stderr
    assert log_of(folder) == once


def test_ids_are_numbered_around_those_that_are_taken() -> None:
    rows = [{"published": "2026", "summary": text} for text in ("n", "n", "n 2", "n", "n 4", "n")]

    names = list(propose_ids(rows, ["2026-n-3"]))

    assert names == ["2026-n", "2026-n-2", "2026-n-2-2", "2026-n-4", "2026-n-4-2", "2026-n-5"]


def test_ids_of_many_rows_alike_are_found_at_once() -> None:
    began = time.process_time()

    names = list(propose_ids([{"published": "2026-05-20"}] * 50_000, ["2026-05-20"]))

    assert names[-1] == "2026-05-20-50001"
    assert time.process_time() - began < 10


def test_a_cell_in_two_pieces_is_logged_in_one(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "sent.csv"
    path.write_text("id,published,summary\na,2026-05-09,\u095c Cafe\u0301\n", "utf-8")

    run("add", folder, "--from", path)

    assert "summary: \u0921\u093c Caf\u00e9\n" in log_of(folder)


def test_a_person_at_a_terminal_is_asked_before_many_are_appended(
    folder: Path, sheet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from rivals.cli import main

    monkeypatch.setattr("rivals.cli.importing.at_terminal", lambda: True)
    words = ["add", str(folder), "--from", str(sheet)]

    refused = CliRunner().invoke(main, words, input="n\n")

    assert (refused.exit_code, log_of(folder)) == (1, LOG)
    assert CliRunner().invoke(main, words, input="y\n").exit_code == 0
    assert log_of(folder) != LOG


@pytest.mark.parametrize(
    "words",
    [
        ("--from", "x.csv", "--id", "a"),
        ("--from", "x.csv", "--like", "call"),
        ("--from", "x.csv", "--from-feed", "x.xml"),
        ("--map", "a=b"),
        ("--append", "all"),
        ("--from-feed", "x.xml", "--source", "radio"),
    ],
)
def test_options_of_two_ways_to_add_are_a_misuse(folder: Path, words: tuple[str, ...]) -> None:
    run("add", folder, *words, code=2)

    assert log_of(folder) == LOG


@pytest.mark.parametrize(
    "words",
    [
        ("--map", "source=outlet", "--map", "source=source"),
        ("--map", "source=outlet", "--ignore", "source"),
    ],
)
def test_a_column_of_which_two_things_are_asked_is_a_misuse(
    words: tuple[str, ...], folder: Path, sheet: Path
) -> None:
    told = run("add", folder, "--from", sheet, *words, code=2).stderr

    assert "a column is mapped or ignored, and once, got 'source' again" in told
    assert log_of(folder) == LOG


def test_each_field_of_the_noun_can_be_a_column(tmp_path: Path) -> None:
    texts = [name for name in Report.model_fields if holds_text(name)]
    path = tmp_path / "sent.csv"
    path.write_text(",".join(Report.model_fields) + "\n")

    columns = map_columns(read_sheet(path), {}, [])

    assert list(columns.values()) == list(Report.model_fields)
    assert {"id", "summary", "coded_by"} <= set(texts)
    assert not {"claims", "observes", "likelihood", "origin"} & set(texts)
    assert read_rows(read_sheet(path), columns) == []
    assert read_field("summary", "a; b=c") == "a; b=c"
