"""The command `rivals add`: reports into the log, or nothing, and what they did.

One report by options or by questions, many from a sheet, drafts from a feed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import click

from rivals.cells import SAYING
from rivals.cli.asking import ask_report
from rivals.cli.completion import complete_reports
from rivals.cli.desk import at_terminal, run_desk
from rivals.cli.effects import show_effect
from rivals.cli.fields import given_fields, need, takes_fields
from rivals.cli.importing import add_sheet, open_import, takes_sheet
from rivals.cli.options import FOLDER, plain_errors
from rivals.entries import Report
from rivals.errors import QuestionError, quote, suggest
from rivals.marked import compose
from rivals.premises import Premises
from rivals.reading import read_dossier
from rivals.scenario import Dossier

_COPIED = ("source", "outlet", "origin", "copy_of", "directness", "claims")
"""What --like takes over from another report unless an option says otherwise."""
_REQUIRED = ("id", "published")


@click.command(short_help="Append reports to the log.")
@FOLDER
@click.option("--id", metavar="ID", help="The report's own id, not used before.")
@takes_fields
@click.option(
    "--like",
    metavar="ID",
    shell_complete=complete_reports,
    help="Take source, outlet, origin, copy-of, directness and claims from it.",
)
@takes_sheet
@click.option(
    "--from-feed",
    "feed",
    metavar="FILE|URL",
    help="An RSS or Atom feed: what is not logged yet, as drafts to be coded.",
)
@click.option(
    "--append",
    "chosen",
    metavar="1,3-5",
    help="With --from-feed: these entries as drafts; also new, all.",
)
@click.option("--dry-run", is_flag=True, help="Show entries and their effect; write nothing.")
@click.option("--yes", "sure", is_flag=True, help="Ask for no last word, also at a terminal.")
@plain_errors
def add(scenario: Path, *, dry_run: bool, sure: bool, **options: Any) -> None:
    """Append reports to the log, or nothing, and show what they do to the beliefs.

    One report by options; at a terminal, what is missing is asked for. Many from a CSV file, whose
    columns are named like the fields of reports.yaml: claims as V=S; V=S|S or a column claims.V for
    each variable, several origins with ; between them. From a feed, what is not logged yet is
    listed; nothing of it is ever coded by itself.

    \b
      rivals add scenarios/x                                  asks
      rivals add scenarios/x --id post-2 --published 2026-05-04 --like post-1
      rivals add scenarios/x --from sent.csv --map Date=published --ignore Remarks --dry-run
      rivals add scenarios/x --from-feed https://post.example/rss --append new
    """  # noqa: D301  (click wants the backspace itself, not its two letters)
    sheet, feed = options["sheet"], options["feed"]
    _refuse_mixtures(options)
    if sheet is not None:
        opened = open_import(sheet, options["mapped"], options["ignored"])
        add_sheet(scenario, opened, dry_run=dry_run, sure=sure)
    elif feed is not None:
        _add_feed(scenario, feed, options, dry_run=dry_run)
    else:
        _add_one(scenario, options, dry_run=dry_run, sure=sure)


def _add_feed(scenario: Path, feed: str, options: Mapping[str, Any], *, dry_run: bool) -> None:
    from rivals.cli.feeding import Choice, add_feed  # the web's protocols take time to load

    add_feed(scenario, feed, Choice(options["published"], options["chosen"], dry_run))


def _refuse_mixtures(options: Mapping[str, Any]) -> None:
    """Options that belong to another way of adding are a misuse, not left unheard."""
    ways = [way for way in ("sheet", "feed") if options[way] is not None]
    fields = [name for name in (*Report.model_fields, "like") if options[name]]
    if len(ways) > 1:
        raise click.UsageError("--from and --from-feed are two ways to add; take one")
    if ways and [name for name in fields if (ways, name) != (["feed"], "published")]:
        option = "--from" if ways == ["sheet"] else "--from-feed"
        raise click.UsageError(f"{option} takes a report's fields from what it reads, not options")
    if (options["mapped"] or options["ignored"]) and ways != ["sheet"]:
        raise click.UsageError("--map and --ignore go with --from")
    if options["chosen"] is not None and ways != ["feed"]:
        raise click.UsageError("--append goes with --from-feed")


def _add_one(scenario: Path, options: dict[str, Any], *, dry_run: bool, sure: bool) -> None:
    fields, like = given_fields(options), options["like"]
    missing = [name for name in _REQUIRED if name not in fields]
    if missing and not at_terminal():
        need(missing[0], None)
    if missing:
        dossier = read_dossier(scenario)
        fields = ask_report(dossier, {**_like(dossier, like, fields), **fields}, sure=sure)
        like = None

    def draft(log: Dossier) -> list[Report]:
        return [Premises(log).draft_report(**{**_like(log, like, fields), **fields})]

    show_effect(run_desk(scenario, draft, dry_run=dry_run), written=not dry_run)


def _like(dossier: Dossier, like: str | None, given: Collection[str]) -> dict[str, Any]:
    """What is taken over: a copy stays one unless it is given an origin of its own."""
    if like is None:
        return {}
    known: dict[str, Report] = {s.report.id: s.report for s in Premises(dossier).evidence.standings}
    name = compose(like)
    if name not in known:
        raise QuestionError(f"--like names a report, got {quote(name)}{suggest(name, known)}")
    report = known[name]
    left = {"copy_of"} if "origin" in given else {"origin"} if "copy_of" in given else set()
    if any(field in given for field in SAYING):
        left |= {"claims"}
    return {
        key: getattr(report, key)
        for key in _COPIED
        if key in report.model_fields_set and key not in left
    }
