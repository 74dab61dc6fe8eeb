"""The command `rivals history`: how a number changed, when, by whom and why."""

from __future__ import annotations

from pathlib import Path

import click

from rivals.cli.options import FOLDER, FORMAT, plain_errors
from rivals.cli.show import note, write_csv, write_json, write_table
from rivals.history import trace


@click.command(short_help="How a number changed.")
@FOLDER
@click.argument("judgement")
@FORMAT
@plain_errors
def history(scenario: Path, judgement: str, form: str) -> None:
    """Show how a number changed: when, by whom, and why.

    JUDGEMENT is a path in scenario.yaml, such as variables.arson.prior.yes or sources.owner.grade;
    its versions are those that git and the ledger of issues know. Or a hypothesis, with what was
    issued of it. Nothing written means that the path was not there, as before it was renamed.
    """
    table = trace(scenario, judgement)
    for why in table.attrs.get("left_out", ()):
        note(f"left out: {why}")
    if form == "json":
        write_json({"judgement": judgement, "changes": table.to_dict("records")})
    elif form == "csv":
        write_csv(table.set_index("when"))
    else:
        percent = ("value", "low", "high") if "low" in table else ()
        write_table(table.set_index("when"), f"How {judgement} changed", percent)
