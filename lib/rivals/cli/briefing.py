"""The command that writes briefings: HTML pages, their PDFs, and the page that leads to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rivals.case import Case, read
from rivals.cli.options import DRAW_OPTIONS, FOLDER_PATH, plain_errors, takes_page_options
from rivals.cli.show import note, write
from rivals.errors import QuestionError, quote
from rivals.ledger import read_ledger

if TYPE_CHECKING:
    from rivals.briefing.build import Briefing, Order
    from rivals.briefing.issuing import Imprint


@click.command(short_help="Write the briefing: one HTML page.")
@click.argument("scenarios", nargs=-1, required=True, type=FOLDER_PATH, metavar="SCENARIO...")
@takes_page_options
@click.option("--release", metavar="LEVEL",
              help="Leave out reports marked above this TLP level: CLEAR, GREEN ...")  # fmt: skip
@click.option("--issue", is_flag=True, help="Freeze the page and its inputs; see `rivals ledger`.")
@click.option("--by", metavar="NAME", help="Who issues it.  [default: git's user, or the login]")
@click.option("--at", metavar="TIME", help="When, with its offset.  [default: now]")
@click.option("--note", metavar="TEXT", help="A line about it for the ledger.")
@click.option("--pdf", is_flag=True, help="Print it to PDF too, with a Chromium of this machine.")
@DRAW_OPTIONS[0]
@DRAW_OPTIONS[1]
@plain_errors
def brief(
    scenarios: tuple[Path, ...], as_of: str | None, release: str | None, pdf: bool, **ordered: Any
) -> None:
    """Run the briefing's notebook and write one self-contained HTML page; prints its path.

    Of several scenarios each gets its page, and index.html leads to them. With --pdf each page is
    also printed beside itself; a page stands even when it cannot be printed.

    --release leaves out the reports whose `handling` exceeds a level, computes every figure without
    them, and says so at the top, with what the headline would read with all of them. Of what is
    left out nothing is on the page; the prose of scenario.yaml is shown as it is, and what it tells
    is its author's responsibility.

    --issue freezes what was said: the page, the files that it was made from, and a line in
    SCENARIO/issued/ledger.jsonl, under a number of its own. What was issued is never written to
    again. The page does not tell when or by whom it was issued; the ledger does.
    """
    from rivals.briefing.build import Order, write_briefing
    from rivals.briefing.contents import summarise, write_index

    press = _Press.ready(scenarios, {name: ordered.pop(name) for name in _IMPRINT}, ordered)
    cases = [read(folder).as_of(as_of).release(release) for folder in scenarios]
    _check_names(cases)
    order = Order(**ordered)
    summaries = []
    for case in cases:
        briefing = write_briefing(case, order, note)
        note(f"analyses: {briefing.seconds:.1f} s")
        write(f"{briefing.path}\n")
        if press:
            press.issue(case, order, briefing)
        printed = [_print(briefing.path)] if pdf else []
        summaries.append(summarise(briefing.page, [briefing.path, *printed]))
    if len(summaries) > 1:
        write(f"{write_index(summaries, order.out)}\n")


_IMPRINT = ("issue", "by", "at", "note")


@dataclass(frozen=True)
class _Press:
    """What is needed to issue: the inputs as they were before, and who signs each scenario."""

    inputs: dict[str, dict[str, bytes]]
    imprints: dict[str, Imprint]

    @classmethod
    def ready(
        cls, folders: Iterable[Path], asked: dict[str, Any], ordered: dict[str, Any]
    ) -> _Press | None:
        """All that can be wrong with issuing is told before anything is made; None: not asked."""
        if not asked.pop("issue"):
            given = next((name for name, text in asked.items() if text is not None), None)
            if given:
                raise QuestionError(f"--{given} is said of a briefing that is issued; add --issue")
            return None
        from rivals.briefing.issuing import collect, sign

        there = [folder for folder in folders if folder.is_dir()]  # reading tells of the others
        return cls(
            {str(folder): collect(folder, ordered["notebook"]) for folder in there},
            {str(folder): sign(folder, **asked) for folder in there},
        )

    def issue(self, case: Case, order: Order, briefing: Briefing) -> None:
        """Freeze a briefing, print where, and say how it can be told from another."""
        from rivals.briefing.issuing import issue

        folder = case.dossier.folder
        line = issue(case, order, briefing, self.inputs[folder], self.imprints[folder])
        ledger = read_ledger(folder)
        write(f"{ledger.place(line.number) / line.page}\n")
        note(f"issued as {line.number} by {line.by}; its seal is {line.seal}")
        if ledger.problems:
            note(f"something in the ledger was altered or lost before: rivals ledger {folder}")


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
