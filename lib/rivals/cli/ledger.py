"""The command `rivals ledger`: what was issued, and whether it is still as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pandas as pd

from rivals.cli.options import FOLDER, FORMAT, plain_errors
from rivals.cli.show import note, write_csv, write_json, write_table
from rivals.errors import Problem, ReadingError
from rivals.ledger import FILE, Entry, Ledger, read_ledger
from rivals.ledger import FOLDER as ISSUED
from rivals.phrases import count

COLUMNS = ("when", "by", "as of", "release", "leader", "headline", "state", "note")


@click.command(short_help="What was issued, and whether it is still as it was.")
@FOLDER
@FORMAT
@plain_errors
def ledger(scenario: Path, form: str) -> None:
    """List the briefings that were issued, and hold each against what was frozen.

    Every line of issued/ledger.jsonl has a seal, the hash of what it says, and the hash of the
    line before it; it has the hashes of the page and of the files that the page was made from.
    What was altered or is missing is told a line a problem, with exit code 1. Somebody who
    rewrites a whole ledger breaks no hash in it: write down the last seal elsewhere, or commit it.
    """
    if not scenario.is_dir():
        raise ReadingError([Problem("a scenario is a folder; there is none here", str(scenario))])
    found = read_ledger(scenario)
    if form == "json":
        write_json(ledger_json(found))
    elif form == "csv":
        write_csv(tabulate(found))
    elif found.entries:
        write_table(tabulate(found), "What was issued", ("headline",))
    _comment(scenario, found)


def _comment(scenario: Path, found: Ledger) -> None:
    """What is wrong, what is left over, and the last seal; raises SystemExit for what is wrong."""
    if not found.entries and not found.orphans:
        note(f"nothing was issued yet: rivals brief {scenario} --issue")
    for number in found.orphans:
        note(
            f"{found.place(number)}: no line tells of this folder; issuing was broken off before "
            f"its line was written, or the line was taken out"
        )
    for problem in found.problems:
        note(str(problem))
    if found.problems:
        raise SystemExit(1)
    if found.entries:
        held = count(len(found.entries), "issue")
        note(f"{held} as written; the last seal is {found.issues[-1].seal}")


def tabulate(found: Ledger) -> pd.DataFrame:
    """A row per line of the ledger, by number."""
    rows = {_name(entry): _row(entry) for entry in found.entries}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(COLUMNS))
    table.index.name = "number"
    return table.astype({"headline": float})


def _name(entry: Entry) -> str:
    return str(entry.issue.number) if entry.issue else f"line {entry.line}"


def _row(entry: Entry) -> list[Any]:
    state = "with files put in later" if entry.strays else "as written"
    if entry.wrong or entry.lost:
        state = "altered or lost"
    issue = entry.issue
    if issue is None:
        return ["", "", "", "", "", None, state, ""]
    leads = issue.hypotheses.get(issue.leader)
    return [
        issue.when.text,
        issue.by,
        issue.as_of or "",
        issue.release or "",
        leads.label if leads else issue.leader,
        leads.headline if leads else None,
        state,
        issue.note,
    ]


def ledger_json(found: Ledger) -> Any:
    """Every line with what is wrong with it, and the folders that no line tells of."""
    return {
        "ledger": f"{ISSUED}/{FILE}",
        "issues": [
            {
                "line": entry.line,
                "issue": entry.issue.model_dump(mode="json") if entry.issue else None,
                "altered": list(entry.wrong),
                "lost": list(entry.lost),
                "strays": list(entry.strays),
            }
            for entry in found.entries
        ],
        "orphans": list(found.orphans),
    }
