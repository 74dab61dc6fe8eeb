"""The commands that ask what moved the answer, what it rests on, and what to find out next."""

from __future__ import annotations

from typing import Literal

import click
import pandas as pd

from rivals.analysis.impact import impact_by
from rivals.cli.options import DRAW_OPTIONS, FORMAT, Question, asks, labels_of
from rivals.cli.results import (
    curve_json,
    expected_json,
    impact_json,
    inquiry_json,
    sensitivity_json,
    turning_json,
)
from rivals.cli.show import note, progress, working, write_csv, write_json, write_table
from rivals.prose import (
    plan_collection,
    say_decibels,
    say_impact,
    say_naive,
    say_sensitivity,
    say_turning_points,
    say_waiting,
)

SHOWN = 20
NOBODY = "(no source)"
"""What stands in a table for the source of reports that are nobody's word; no source has it."""
HOW_TO_MARK = (
    "what could be found out is marked under its variable in scenario.yaml: "
    "`observable: {how: ask the owner}`"
)


@click.command(short_help="What each report did, in decibels.")
@asks(
    *DRAW_OPTIONS,
    FORMAT,
    click.option(
        "--by",
        type=click.Choice(["source", "origin"]),
        help="Sum over each source, or each origin.",
    ),
)
def impact(question: Question, by: Literal["source", "origin"] | None) -> None:
    """Show what each report is worth to each hypothesis, in decibels of its odds.

    The table shows Shapley values, which share out the whole shift: exact for up to 12 counted
    reports, else sampled to a tenth of a decibel (--seed). CSV and JSON also have what the report
    did on arrival and, report by report, what leaving it out would do. --draws has no effect here.
    """
    case = question.open_case()
    with progress("Sharing out the shift") as tell:
        table = case.impact(question.seed, tell)
    parts = table if by is None else impact_by(table, by)
    if question.form == "json":
        write_json(impact_json(parts, by or "report"))
        return
    if question.form == "csv":
        write_csv(parts)
        return
    counted = parts["report", "counted"].astype(bool)
    worth = pd.DataFrame(parts["shapley"]).rename(index={"": NOBODY})
    _show_largest(worth[counted.to_numpy()], f"What each {by or 'report'} is worth, in dB")
    told = ", ".join(f"{h} {say_decibels(shift)}" for h, shift in table.attrs["shift"].items())
    note(f"all together: {told}")
    if by is None:
        note(say_impact(table, case.leader, labels_of(case)))
    note(say_naive(case.naively(), labels_of(case)))


def _show_largest(worth: pd.DataFrame, title: str) -> None:
    largest = worth.abs().max(axis=1).sort_values(ascending=False, kind="stable").index
    write_table(worth.loc[largest[:SHOWN]].round(1) + 0.0, title)
    if len(worth) > SHOWN:
        note(f"the {SHOWN} of {len(worth)} that weigh most; CSV and JSON have all")


@click.command(short_help="Which stated numbers the answer rests on.")
@asks(
    *DRAW_OPTIONS,
    FORMAT,
    click.option("--hypothesis", metavar="H", help="Of which hypothesis; of the leader if none."),
    click.option(
        "--threshold",
        type=click.FloatRange(0, 1),
        default=0.5,
        show_default=True,
        help="The probability that a flip reaches.",
    ),
    click.option("--curve", metavar="PATH", help="The answer as this one number goes from 0 to 1."),
)
def sensitivity(
    question: Question, hypothesis: str | None, threshold: float, curve: str | None
) -> None:
    """Show, per stated number, how far P(hypothesis | reports) moves with it, and what flips it.

    `low` and `high`: the answer with the number at the ends of its own uncertainty; `flip`: the
    nearest value that brings the answer to the threshold; `lead`: the nearest at which another
    hypothesis leads. --draws and --seed have no effect here.
    """
    case = question.open_case()
    if curve is not None:
        _show_curve(case.curve(curve, hypothesis), question.form)
        return
    with working("Moving each number"):
        table = case.sensitivity(hypothesis, threshold)
    if question.form == "json":
        write_json(sensitivity_json(table))
        return
    if question.form == "csv":
        write_csv(table)
        return
    swing = (table["high"] - table["low"]).abs().sort_values(ascending=False, kind="stable")
    shown = table.loc[swing.index[:SHOWN], ["value", "at", "low", "high", "flip", "lead"]]
    write_table(shown, f"What P({table.attrs['hypothesis']}) rests on", ("low", "high"))
    if len(table) > SHOWN:
        note(f"the {SHOWN} of {len(table)} numbers that matter most; CSV and JSON have all")
    note(say_sensitivity(table, labels_of(case)))


def _show_curve(table: pd.DataFrame, form: str) -> None:
    if form == "json":
        write_json(curve_json(table))
    elif form == "csv":
        write_csv(table)
    else:
        title = f"With {table.attrs['judgement']} at t (stated: {table.attrs['value']:.3g})"
        write_table(table.iloc[::5], title, tuple(map(str, table.columns)))


@click.command(short_help="What to find out next, in bits.")
@asks(
    *DRAW_OPTIONS,
    FORMAT,
    click.option("--through", is_flag=True, help="Bits when only one source tells it, by source."),
)
def inquiry(question: Question, through: bool) -> None:
    """Show how much each `observable` variable would tell about the hypotheses, in bits.

    --draws and --seed have no effect here.
    """
    case = question.open_case()
    if through:
        _show_through(case.inquiry_through(), question.form)
        return
    table = case.inquiry()
    if question.form == "json":
        write_json(inquiry_json(table))
        return
    if question.form == "csv":
        write_csv(table)
        return
    shown = pd.DataFrame(table["variable"]).drop(columns="how")
    write_table(shown, "What to find out next", ("share_of_entropy",))
    note(plan_collection(table))
    if shown.empty:
        note(HOW_TO_MARK)


def _show_through(table: pd.DataFrame, form: str) -> None:
    if form == "json":
        write_json(table.reset_index().to_dict("records"))
    elif form == "csv":
        write_csv(table)
    else:
        write_table(table.head(SHOWN), "What one more direct claim of a source would tell")


@click.command(short_help="What should have been reported by now, were it so.")
@asks(*DRAW_OPTIONS, FORMAT)
def expected(question: Question) -> None:
    """Show the watch-list: the reports that `expected` in scenario.yaml names.

    `chance`: that it comes in time, were its claim true; `share`: how much of that time is over;
    `to_come`: the chance that it still comes; `leader`: who would lead were it known to hold; `dB`:
    what its absence weighs by now, in decibels of the odds. CSV and JSON also have
    every explanation's number in that case. --draws and --seed have no effect here.
    """
    case = question.open_case()
    table = case.expected()
    if question.form == "json":
        write_json(expected_json(table))
        return
    if question.form == "csv":
        write_csv(table)
        return
    told = table["expected"].drop(columns=["ask", "claim"])
    weights = table["decibels"].add_suffix(" dB").round(1) + 0.0
    if len(table):
        title = "What would be reported, were it so, and what its absence weighs"
        write_table(told.join(weights), title, ("chance", "share", "posterior", "to_come"))
    note(say_waiting(table, labels_of(case)))


@click.command("turning-points", short_help="What would change who leads.")
@asks(*DRAW_OPTIONS, FORMAT)
def turning_points(question: Question) -> None:
    """Show the smallest sets of reports, origins and sources whose fall changes who leads.

    `chance`: of the one who leads then, `before`: of the one who leads now; `falls_to`: the nearest
    lower reliability that is low enough; `rise` and `fall`: the decibels of one more report, for
    the rival's claim alone or against the leader's, that would draw them level.

    CSV has the sets of reports; JSON has everything. --draws and --seed have no effect here.
    """
    case = question.open_case()
    with working("Leaving out reports"):
        found = case.turning_points()
    if question.form == "json":
        write_json(turning_json(found))
        return
    if question.form == "csv":
        write_csv(found.sets.set_index("reports"))
        return
    shares = ("chance", "before", "value", "falls_to")
    tables = {
        f"Without these reports {found.leader} no longer leads": found.sets.set_index("reports"),
        "Without these origins": found.origins.set_index("origins"),
        "If these sources were less reliable": found.sources.dropna(subset=["falls_to"]),
        "What one more report would have to weigh, in dB": found.needed,
    }
    for title, table in tables.items():
        if len(table) and found.chance > 0:
            write_table(table.head(SHOWN), title, shares)
    note(say_turning_points(found, labels_of(case)))
