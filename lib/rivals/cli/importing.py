"""`rivals add --from reports.csv`: the mapping shown, every row checked, all appended or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from rivals.cli.desk import at_terminal, run_desk
from rivals.cli.effects import show_effect
from rivals.cli.show import note
from rivals.desk import Kept
from rivals.drafting import draft_reports
from rivals.entries import Report
from rivals.errors import ImpossibleEvidence, QuestionError, quote
from rivals.naming import propose_ids
from rivals.phrases import count
from rivals.scenario import Dossier
from rivals.sheets import Sheet, map_columns, read_rows, read_sheet

_OPTIONS = (
    click.option("--from", "sheet", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
                 help="A CSV file with a report in each row, all appended or none."),
    click.option("--map", "mapped", multiple=True, metavar="COLUMN=FIELD",
                 help="With --from: which field a column holds; claims.V for one variable."),
    click.option("--ignore", "ignored", multiple=True, metavar="COLUMN",
                 help="With --from: a column to leave out."),
)  # fmt: skip


@dataclass(frozen=True)
class Import:
    """A sheet with the fields of its columns and of its rows."""

    sheet: Sheet
    columns: Mapping[str, str | None]
    rows: tuple[dict[str, Any], ...]

    def draft(self, dossier: Dossier) -> list[Report]:
        """A report for each row; raises QuestionError for all that is wrong, by line."""
        rows = list(self._named(dossier))
        drafts = draft_reports(dossier, rows)
        if drafts.complaints:
            raise self.sheet.refusal(
                [
                    self.sheet.problem(_say(at[1:], text), self._line(int(at[0])))
                    for at, text in sorted(drafts.complaints, key=lambda told: int(told[0][0]))
                ]
            )
        return list(drafts.reports)

    def blame(self, error: ImpossibleEvidence, kept: Iterable[str]) -> ImpossibleEvidence:
        """The same, with the line of the row at fault."""
        ids = list(kept)
        if error.report not in ids:
            return error
        line = self._line(ids.index(error.report))
        problems = [self.sheet.problem(problem.text, line) for problem in error.problems]
        return ImpossibleEvidence(problems, error.report)

    def _line(self, row: int) -> int:
        return self.sheet.rows[row][0]

    def _named(self, dossier: Dossier) -> Iterator[dict[str, Any]]:
        """The rows, with an id for those that have none; one that the log has is not avoided.

        So a sheet that is appended twice is refused the second time.
        """
        taken = {str(row["id"]) for row in self.rows if "id" in row}
        names = propose_ids((row for row in self.rows if "id" not in row), taken)
        for row in self.rows:
            yield row if "id" in row else {"id": next(names), **row}


def _say(at: tuple[str | int, ...], text: str) -> str:
    return f"{'.'.join(map(str, at))}: {text}" if at else text


def takes_sheet(command: Any) -> Any:
    """Give a command the options for a file with many reports."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def open_import(path: Path, mapped: Iterable[str], ignored: Iterable[str]) -> Import:
    """The file with its mapping; raises QuestionError with every problem of a kind.

    A column of which two things are asked is a misuse.
    """
    pairs, left = list(map(_split, mapped)), set(ignored)
    asked = Counter([*(column for column, _ in pairs), *left])
    twice = next((column for column, times in asked.items() if times > 1), None)
    if twice is not None:
        raise click.UsageError(f"a column is mapped or ignored, and once, got {quote(twice)} again")
    sheet = read_sheet(path)
    columns = map_columns(sheet, dict(pairs), left)
    for column, field in columns.items():
        note(f"{column} -> {field}" if field else f"{column} is left out")
    rows = read_rows(sheet, columns)
    if not rows:
        raise QuestionError([sheet.problem("a sheet has a row for each report, got none", 1)])
    return Import(sheet, columns, tuple(rows))


def _split(text: str) -> tuple[str, str]:
    column, equals, field = text.rpartition("=")
    if not equals:
        raise QuestionError(f"--map reads COLUMN=FIELD, got {quote(text)}")
    return column.strip(), field.strip()


def add_sheet(scenario: Path, sheet: Import, *, dry_run: bool, sure: bool) -> None:
    """Append a report for each row, or none; a person at a terminal is asked first."""
    if at_terminal() and not (dry_run or sure):
        _run(scenario, sheet, dry_run=True)  # nobody is asked about what is wrong
        click.confirm(f"Append {count(len(sheet.rows), 'report')}?", abort=True, err=True)
    show_effect(_run(scenario, sheet, dry_run=dry_run), written=not dry_run)


def _run(scenario: Path, sheet: Import, *, dry_run: bool) -> Kept:
    ids: list[str] = []

    def draft(dossier: Dossier) -> list[Report]:
        reports = sheet.draft(dossier)
        ids[:] = [report.id for report in reports]
        return reports

    try:
        return run_desk(scenario, draft, dry_run=dry_run)
    except ImpossibleEvidence as error:
        raise sheet.blame(error, ids) from None
