"""The commands that set one thing beside another: two cases, two worlds, a report and the rest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd

from rivals.cli.completion import complete_analysts
from rivals.cli.options import (
    DRAW_OPTIONS,
    FOLDER_PATH,
    FORMAT,
    Question,
    asks,
    split_claims,
)
from rivals.cli.results import compare_json, conflict_json, had_json
from rivals.cli.show import note, progress, working, write_csv, write_json, write_table
from rivals.phrases import count
from rivals.prose import say_comparison, say_conflicts, say_had

SHOWN, LEAST = 20, 0.05
"""How many items a table has at most; what accounts for less is only counted."""
BEFORE = (
    click.argument("other", type=FOLDER_PATH, required=False, metavar="[OTHER]"),
    click.option("--since", metavar="D", help="Before: only what was logged by D."),
    click.option("--before-given", multiple=True, metavar="V=S", help="Before: suppose V was S."),
    click.option("--before-do", multiple=True, metavar="V=S", help="Before: V set to S."),
    click.option("--before-without", multiple=True, metavar="ID", help="Before: leave this out."),
    click.option(
        "--before-analyst",
        shell_complete=complete_analysts,
        metavar="NAME",
        help="Before: as NAME judges.",
    ),
)


@click.command(short_help="What moved between two cases, and what accounts for it.")
@asks(*BEFORE, *DRAW_OPTIONS, FORMAT)
def compare(question: Question, **before: Any) -> None:
    """Show what moved between a case before and a case after, and what accounts for it.

    The common options say what the case after is; --since and --before-... say what the one before
    is. It is of OTHER, another scenario with the same hypotheses, or of SCENARIO itself.
    Each report, what-if or model that differs gets its Shapley value, in decibels of the odds
    and, with effects, in points of `because`. --draws has no effect here.

    \b
      rivals compare scenarios/x --since 2026-02-20          what moved since that day
      rivals compare scenarios/x --without reuters-insider   what leaving it out does
      rivals compare scenarios/x --analyst eve --before-analyst house   what Eve judges otherwise
    """  # noqa: D301  (click wants the backspace itself, not its two letters)
    after = question.open_case()
    other = _put_before(question, **before).open_case()
    with progress("Sharing out the change") as tell:
        table = after.compare(other, seed=question.seed, tell=tell)
    items = table.attrs["items"]
    if question.form == "json":
        write_json(compare_json(table))
        return
    if question.form == "csv":
        write_csv(items)
        return
    shares = ("before", "after", "because before", "because after")
    write_table(table, "Before and after", shares)
    _show_items(items)
    note(say_comparison(table))


def _put_before(
    question: Question, other: Path | None, since: str | None, **before: Any
) -> Question:
    """What --since and --before-... say, of the other scenario if one is named."""
    return replace(
        question,
        scenario=other or question.scenario,
        as_of=since,
        given=before["before_given"],
        imposed=before["before_do"],
        without=before["before_without"],
        analyst=before["before_analyst"] or (None if other else question.analyst),
    )


def _show_items(items: pd.DataFrame) -> None:
    if items.empty:
        note("to see what moved since a day, name it: --since D")
        return
    kind, unit = ("because", "points") if "because" in items else ("decibels", "dB")
    worth = pd.DataFrame(items[kind])
    size = worth.abs().max(axis=1).fillna(np.inf)
    told = size[size >= LEAST].sort_values(ascending=False, kind="stable").index[:SHOWN]
    if len(told):
        shown = worth.loc[told].round(1) + 0.0
        shown.insert(0, "change", items["item", "change"].loc[told])
        what = "`because`" if kind == "because" else "the odds"
        write_table(shown, f"What accounts for it, in {unit} of {what}")
    if len(items) > len(told):
        left = len(items) - len(told)
        rest = count(left, "other item that differs accounts", "other items that differ account")
        note(f"{rest} for less; CSV and JSON have all")


@click.command(short_help="Whether the reports hang together.")
@asks(*DRAW_OPTIONS, FORMAT)
def conflict(question: Question) -> None:
    """Show how far each report disagrees with all the others together, and which pairs do most.

    In nats: 0 for what is independent, above 0 for disagreement, below for support. CSV has the
    reports; JSON the pairs too. --draws and --seed have no effect here.
    """
    case = question.open_case()
    with working("Setting each report beside the others"):
        table = case.conflicts()
    if question.form == "json":
        write_json(conflict_json(table))
        return
    if question.form == "csv":
        write_csv(table)
        return
    if table.empty:
        note("no report counts, so nothing can disagree")
        return
    write_table(table.head(SHOWN), "How far each disagrees with the rest, in nats")
    if len(table) > 1:
        pairs = table.attrs["pairs"].head(10).set_index("first")
        write_table(pairs, "Pairs that disagree most, in nats")
    note(say_conflicts(table))


@click.command(short_help="What would have been, given what we know.")
@asks(click.argument("setting", nargs=-1, required=True, metavar="V=S..."), *DRAW_OPTIONS, FORMAT)
def had(question: Question, setting: tuple[str, ...]) -> None:
    """Show what would have been had each named variable been otherwise, given all that we know.

    The reports speak of the world as it is; the other world shares every chance with it. This is
    not --do, under which the world was otherwise from the start and the reports tell of that.
    --draws and --seed have no effect here.
    """
    case = question.open_case()
    with working("Building the other world"):
        table = case.had(**split_claims(setting))
    if question.form == "json":
        write_json(had_json(table))
        return
    if question.form == "csv":
        write_csv(table)
        return
    told = ", ".join(f"{v}={s}" for v, s in table.attrs["setting"].items())
    write_table(table, f"Had it been so: {told}", ("posterior", "had"))
    note(say_had(table))
