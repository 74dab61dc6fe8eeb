"""The command `rivals add`: one report into the log, or nothing, and what it did."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from rivals.appending import append_report, entry_text
from rivals.case import Case, read
from rivals.cli.options import FOLDER, plain_errors, split_claim, split_claims
from rivals.cli.show import note, write, write_table
from rivals.errors import QuestionError, quote, suggest
from rivals.scenario import Report

_COPIED = ("source", "outlet", "origin", "directness", "claims")
"""What --like takes over from another report unless an option says otherwise."""


@click.command(short_help="Append one report to the log.")
@FOLDER
@click.option("--id", "name", required=True, help="The report's own id, not used before.")
@click.option("--source", metavar="S", help="Whose word is weighed.")
@click.option(
    "--published", required=True, metavar="D", help="A day, a month or a time with its offset."
)
@click.option(
    "--claim",
    "claims",
    multiple=True,
    metavar="V=S",
    help="What it says; V=S|S for a set; repeatable.",
)
@click.option("--likelihood", "likelihoods", multiple=True, metavar="V:S=L",
              help="Your own P(report | V=S), any scale; repeat it for each state.")  # fmt: skip
@click.option(
    "--observe", "observed", multiple=True, metavar="V=S", help="Taken as fact; repeatable."
)
@click.option("--logged", metavar="D", help="When you had it.  [default: published]")
@click.option("--outlet", metavar="O", help="Who carried it; weighs nothing.")
@click.option(
    "--origin", "origins", multiple=True, metavar="O", help="What it goes back to; repeatable."
)
@click.option("--copy-of", metavar="ID", help="The report that it repeats.")
@click.option("--directness", type=click.Choice(["direct", "relayed", "inferred"]),
              help="How the source knows.  [default: relayed]")  # fmt: skip
@click.option("--summary", metavar="T", help="What it says, in your own words.")
@click.option("--link", metavar="L", help="http:// or https://.")
@click.option(
    "--like", metavar="ID", help="Take source, outlet, origin, directness and claims from it."
)
@click.option("--dry-run", is_flag=True, help="Show the entry and its effect; write nothing.")
@plain_errors
def add(scenario: Path, *, dry_run: bool, like: str | None, **options: Any) -> None:
    """Append one report to the log, and show what it does to the beliefs."""
    before = read(scenario)
    fields = {**_like(before, like), **_fields(options)}
    report = before.draft_report(**fields)
    after = before.with_entry(report)
    effect = after.compare(before)
    if not dry_run:
        append_report(scenario, report)
    part = effect.attrs["reports"].loc[report.id, "part"]
    note(f"{report.id}: {part}; {'nothing was written' if dry_run else 'appended to the log'}")
    write(entry_text(report))
    write_table(effect, "What it does to the beliefs", _shares(effect.columns))


def _shares(columns: Any) -> tuple[str, ...]:
    return tuple(name for name in columns if name not in ("label", "dB"))


def _like(case: Case, like: str | None) -> dict[str, Any]:
    if like is None:
        return {}
    known: dict[str, Report] = {s.report.id: s.report for s in case.evidence.standings}
    if like not in known:
        raise QuestionError(f"--like names a report, got {quote(like)}{suggest(like, known)}")
    report = known[like]
    return {key: getattr(report, key) for key in _COPIED if key in report.model_fields_set}


def _fields(options: dict[str, Any]) -> dict[str, Any]:
    """The options as fields of reports.yaml; those not used are left out."""
    pairs = {
        "claims": {
            v: tuple(one.strip() for one in s.split("|"))
            for v, s in split_claims(options["claims"]).items()
        },
        "observes": split_claims(options["observed"]),
        "likelihood": _likelihoods(options["likelihoods"]),
        "origin": tuple(options["origins"]),
    }
    plain = ("source", "published", "logged", "outlet", "copy_of", "directness", "summary", "link")
    chosen = {key: options[key] for key in plain if options[key] is not None}
    return {"id": options["name"], **chosen, **{k: v for k, v in pairs.items() if v}}


def _likelihoods(texts: tuple[str, ...]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for text in texts:
        variable, colon, rest = (part.strip() for part in text.partition(":"))
        if not colon:
            raise QuestionError(f"--likelihood reads V:S=L, got {quote(text)}")
        state, weight = split_claim(rest)
        if state in found.setdefault(variable, {}):
            raise QuestionError(f"--likelihood names a state once, got {quote(text)} too")
        found[variable][state] = weight
    return found
