"""The command for a blank page: a starter scenario."""

from __future__ import annotations

import shlex

import click

from rivals.cli.options import plain_errors
from rivals.cli.show import note, write
from rivals.starter import start


@click.command(short_help="Begin a scenario: two commented files to adapt.")
@click.argument("name", metavar="NAME")
@click.option("--title", metavar="T", help="The headline of its briefing.")
@click.option("--question", metavar="Q", help="What is to be answered, plain and dated.")
@plain_errors
def new(name: str, **said: str | None) -> None:
    """Write a starter scenario, complete and commented, for you to adapt; prints its folder.

    It goes to scenarios/NAME where there is a folder `scenarios`, else to NAME; a path is taken as
    it stands. Nothing that is there already is touched: the folder comes whole or not at all.
    """
    folder = start(name, **said)
    write(f"{folder}\n")
    shown = shlex.quote(str(folder))
    note("adapt the two files in it: each comment says what to replace; then")
    note(f"  rivals check {shown}    is everything well formed?")
    note(f"  rivals beliefs {shown}  what to believe")
    note(f"  rivals brief {shown}    one HTML page for a decision maker")
