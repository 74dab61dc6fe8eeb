"""The command `rivals add`: one report into the log, or nothing, and what it did."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from rivals.case import Case
from rivals.cli.completion import complete_reports
from rivals.cli.desk import run_desk
from rivals.cli.effects import show_effect
from rivals.cli.fields import given_fields, need, takes_fields
from rivals.cli.options import FOLDER, plain_errors
from rivals.errors import QuestionError, quote, suggest
from rivals.scenario import Dossier, Report

_COPIED = ("source", "outlet", "origin", "directness", "claims")
"""What --like takes over from another report unless an option says otherwise."""


@click.command(short_help="Append one report to the log.")
@FOLDER
@click.option("--id", metavar="ID", help="The report's own id, not used before.")
@takes_fields
@click.option("--like", metavar="ID", shell_complete=complete_reports,
              help="Take source, outlet, origin, directness and claims from it.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Show the entry and its effect; write nothing.")
@plain_errors
def add(scenario: Path, *, dry_run: bool, like: str | None, **options: Any) -> None:
    """Append one report to the log, and show what it does to the beliefs."""
    need("id", options["id"])
    need("published", options["published"])
    fields = given_fields(options)

    def draft(dossier: Dossier) -> list[Report]:
        case = Case(dossier)
        return [case.draft_report(**{**_like(case, like), **fields})]

    show_effect(run_desk(scenario, draft, dry_run=dry_run), written=not dry_run)


def _like(case: Case, like: str | None) -> dict[str, Any]:
    if like is None:
        return {}
    known: dict[str, Report] = {s.report.id: s.report for s in case.evidence.standings}
    if like not in known:
        raise QuestionError(f"--like names a report, got {quote(like)}{suggest(like, known)}")
    report = known[like]
    return {key: getattr(report, key) for key in _COPIED if key in report.model_fields_set}
