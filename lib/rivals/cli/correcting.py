"""The commands `rivals retract` and `rivals amend`: later entries that put earlier ones right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from rivals.appending import entry_data
from rivals.cells import read_field
from rivals.cli.completion import complete_reports
from rivals.cli.desk import run_desk
from rivals.cli.effects import show_effect
from rivals.cli.fields import SAYING, said_fields, takes_saying
from rivals.cli.options import FOLDER, plain_errors
from rivals.cli.show import note
from rivals.desk import Kept
from rivals.drafting import draft_amendment, draft_retraction
from rivals.entries import Amendment, Report
from rivals.errors import QuestionError, quote, suggest

LATER = (
    click.argument("report", metavar="ID", shell_complete=complete_reports),
    click.option("--why", required=True, metavar="T", help="The reason, in a sentence."),
    click.option(
        "--logged", required=True, metavar="D", help="When you learnt it: a day, month or time."
    ),
    click.option("--dry-run", is_flag=True, help="Show the entry and its effect; write nothing."),
)


def _later(command: Any) -> Any:
    for option in reversed(LATER):
        command = option(command)
    return command


@click.command(short_help="Take a report back, with a reason.")
@FOLDER
@_later
@plain_errors
def retract(scenario: Path, report: str, *, dry_run: bool, **said: str) -> None:
    """Append an entry that takes a report back, and show what that does to the beliefs.

    The report keeps its place in the log and weighs nothing from --logged on. What repeats it, an
    echo or a copy, does not step into its place.
    """
    fields = {"retracts": report, **said}
    kept = run_desk(scenario, lambda d: [draft_retraction(d, fields)], dry_run=dry_run)
    show_effect(kept, written=not dry_run)


@click.command(short_help="Put a report right, with a reason.")
@FOLDER
@_later
@click.option("--set", "assigned", multiple=True, metavar="FIELD=VALUE",
              help="A field's new value; origins with ; between them. Repeatable.")  # fmt: skip
@click.option(
    "--unset", "cleared", multiple=True, metavar="FIELD", help="A field that goes; repeatable."
)
@takes_saying
@plain_errors
def amend(scenario: Path, report: str, *, dry_run: bool, **options: Any) -> None:
    """Append an entry that sets fields of a report anew, and show what that does to the beliefs.

    A field is replaced as a whole: --claim, --observe and --likelihood say all that the report is
    to say of that kind. `id` and `logged` stay.

    \b
      rivals amend scenarios/x post-petrol --logged 2026-05-10 --why "Miscoded." --set outlet=Post
      rivals amend scenarios/x post-petrol --logged 2026-05-10 --why "A copy." \\
          --set copy_of=radio-petrol --unset origin
    """  # noqa: D301  (click wants the backspace itself, not its two letters)
    changes = dict(_changes(options))
    fields = {"amends": report, "logged": options["logged"], "why": options["why"], "set": changes}
    kept = run_desk(scenario, lambda d: [draft_amendment(d, fields)], dry_run=dry_run)
    for line in _differences(kept):
        note(line)
    show_effect(kept, written=not dry_run)


def _changes(options: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each field with its new value; raises QuestionError for one that is named twice."""
    seen: set[str] = set()
    pairs = [*_assigned(options["assigned"]), *said_fields(options).items()]
    for name, value in [*pairs, *((name, "") for name in options["cleared"])]:
        if name not in Report.model_fields:
            hint = suggest(name, Report.model_fields)
            raise QuestionError(f"a field of a report is expected, got {quote(name)}{hint}")
        if name in seen:
            raise QuestionError(f"a field is set once, got {quote(name)} again")
        seen.add(name)
        yield name, value


def _assigned(texts: Iterable[str]) -> Iterator[tuple[str, Any]]:
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise QuestionError(f"--set reads FIELD=VALUE, got {quote(text)}")
        yield name.strip(), _read(name.strip(), value.strip())


def _read(name: str, value: str) -> Any:
    if name in SAYING:
        raise QuestionError(f"{SAYING[name]} says what is in {name}, not --set; --unset empties it")
    if not value:
        raise QuestionError(f"--set {name} gives it a value, got none; --unset {name} empties it")
    return read_field(name, value) if name in Report.model_fields else value


def _differences(kept: Kept) -> Iterator[str]:
    """Each field that an amendment sets, before and after."""
    before, after = (
        {s.report.id: entry_data(s.report) for s in premises.evidence.standings}
        for premises in (kept.before, kept.after)
    )
    for entry in kept.entries:
        if isinstance(entry, Amendment):
            old, new = before[entry.amends], after[entry.amends]
            for name in entry.set:
                yield f"{name}: {_shown(old.get(name))} -> {_shown(new.get(name))}"


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)
