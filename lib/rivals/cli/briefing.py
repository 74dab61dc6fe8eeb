"""The command that writes briefings: HTML pages, their PDFs, and the page that leads to them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from rivals.case import Case, read
from rivals.cli.options import DRAW_OPTIONS, FOLDER_PATH, plain_errors
from rivals.cli.show import note, write
from rivals.errors import QuestionError, quote


@click.command(short_help="Write the briefing: one HTML page.")
@click.argument("scenarios", nargs=-1, required=True, type=FOLDER_PATH, metavar="SCENARIO...")
@click.option("--as-of", metavar="D", help="Brief on the case as it stood at D.")
@click.option("--since", metavar="D", help="Tell what changed since D.")
@click.option(
    "--notebook",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Run this notebook instead of the one that comes with rivals.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("briefings"),
    show_default=True,
    help="The folder that the page is written to.",
)
@click.option("--pdf", is_flag=True, help="Print it to PDF too, with a Chromium of this machine.")
@DRAW_OPTIONS[0]
@DRAW_OPTIONS[1]
@plain_errors
def brief(scenarios: tuple[Path, ...], as_of: str | None, pdf: bool, **ordered: Any) -> None:
    """Run the briefing's notebook and write one self-contained HTML page; prints its path.

    Of several scenarios each gets its page, and index.html leads to them. With --pdf each page is
    also printed beside itself; a page stands even when it cannot be printed.
    """
    from rivals.briefing.build import Order, write_briefing
    from rivals.briefing.contents import summarise, write_index

    cases = [read(folder).as_of(as_of) for folder in scenarios]
    _check_names(cases)
    order = Order(**ordered)
    summaries = []
    for case in cases:
        briefing = write_briefing(case, order, note)
        note(f"analyses: {briefing.seconds:.1f} s")
        write(f"{briefing.path}\n")
        printed = [_print(briefing.path)] if pdf else []
        summaries.append(summarise(briefing.page, [briefing.path, *printed]))
    if len(summaries) > 1:
        write(f"{write_index(summaries, order.out)}\n")


def _print(page: Path) -> Path:
    from rivals.briefing.pdf import print_page

    printed = print_page(page)
    write(f"{printed}\n")
    return printed


def _check_names(cases: Iterable[Case]) -> None:
    """Raise QuestionError where one page would be written over another."""
    names = [case.name.casefold() for case in cases]  # some file systems do not tell them apart
    if len(set(names)) < len(names):
        raise QuestionError("two scenarios of one name would be written to one file")
    if len(names) > 1 and "index" in names:
        raise QuestionError(f"a scenario called {quote('index')} is briefed by itself")
