"""The commands that ask what moved the answer, what it rests on, and what to find out next."""

from __future__ import annotations

import sys

import click
import pandas as pd

from rivals.analysis.inquiry import plan_collection
from rivals.cli.options import DRAW_OPTIONS, FORMAT, Question, asks
from rivals.cli.results import impact_json, inquiry_json, sensitivity_json, turning_json
from rivals.cli.show import note, working, write_csv, write_json, write_table

SHOWN = 20


@click.command(short_help="What each report did, in decibels.")
@asks(*DRAW_OPTIONS, FORMAT)
def impact(question: Question) -> None:
    """Show what each report is worth to each hypothesis, in decibels of its odds.

    The table shows Shapley values, which share out the whole shift: exact for up to 12 counted
    reports, else sampled to a tenth of a decibel (--seed). CSV and JSON also have what the report
    did on arrival and what leaving it out would do. --draws has no effect here.
    """
    case = question.open_case()
    with working("Sharing out the shift"):
        table = case.impact(question.seed)
    if question.form == "json":
        write_json(impact_json(table))
        return
    if question.form == "csv":
        write_csv(table)
        return
    shown = table.loc[table["report", "counted"], "shapley"]
    largest = shown.abs().max(axis=1).sort_values(ascending=False, kind="stable").index
    write_table(shown.loc[largest[:SHOWN]].round(1) + 0.0, "What each report is worth, in dB")
    if len(shown) > SHOWN:
        note(f"the {SHOWN} of {len(shown)} counted reports that weigh most; CSV and JSON have all")
    told = ", ".join(f"{name} {shift:+.1f} dB" for name, shift in table.attrs["shift"].items())
    note(f"all together: {told}")


@click.command(short_help="Which stated numbers the answer rests on.")
@asks(
    *DRAW_OPTIONS,
    FORMAT,
    click.option("--hypothesis", metavar="H", help="Of which hypothesis; the leader if not given."),
    click.option(
        "--threshold",
        type=click.FloatRange(0, 1),
        default=0.5,
        show_default=True,
        help="The probability that a flip reaches.",
    ),
)
def sensitivity(question: Question, hypothesis: str | None, threshold: float) -> None:
    """Show, per stated number, how far P(hypothesis | reports) moves with it, and what flips it.

    `low` and `high`: the answer with the number at the ends of its own uncertainty; `flip`: the
    nearest value that brings the answer to the threshold; `lead`: the nearest at which another
    hypothesis leads. --draws and --seed have no effect here.
    """
    case = question.open_case()
    with working("Moving each number"):
        table = case.sensitivity(hypothesis, threshold)
    if question.form == "json":
        write_json(sensitivity_json(table))
        return
    if question.form == "csv":
        table.to_csv(sys.stdout, lineterminator="\n")
        return
    swing = (table["high"] - table["low"]).abs().sort_values(ascending=False, kind="stable")
    shown = table.loc[swing.index[:SHOWN], ["value", "at", "low", "high", "flip", "lead"]]
    write_table(shown, f"What P({table.attrs['hypothesis']}) rests on", ("low", "high"))
    if len(table) > SHOWN:
        note(f"the {SHOWN} of {len(table)} numbers that matter most; CSV and JSON have all")


@click.command(short_help="What to find out next, in bits.")
@asks(*DRAW_OPTIONS, FORMAT)
def inquiry(question: Question) -> None:
    """Show how much each `observable` variable would tell about the hypotheses, in bits.

    --draws and --seed have no effect here.
    """
    table = question.open_case().inquiry()
    if question.form == "json":
        write_json(inquiry_json(table))
        return
    if question.form == "csv":
        write_csv(table)
        return
    shown = pd.DataFrame(table["variable"]).drop(columns="how")
    write_table(shown, "What to find out next", ("share_of_entropy",))
    note(plan_collection(table))


@click.command("turning-points", short_help="What would change who leads.")
@asks(*DRAW_OPTIONS, FORMAT)
def turning_points(question: Question) -> None:
    """Show the smallest sets of reports, origins and sources whose fall changes who leads.

    CSV has the sets of reports; JSON has everything. --draws and --seed have no effect here.
    """
    case = question.open_case()
    with working("Leaving out reports"):
        found = case.turning_points()
    if question.form == "json":
        write_json(turning_json(found))
        return
    if question.form == "csv":
        found.sets.to_csv(sys.stdout, index=False, lineterminator="\n")
        return
    shares = ("chance", "before", "value", "falls_to")
    title = f"Without these reports {found.leader} no longer leads"
    write_table(found.sets.head(SHOWN).set_index("reports"), title, shares)
    write_table(found.origins.head(SHOWN).set_index("origins"), "Without these origins", shares)
    falls = found.sources.dropna(subset=["falls_to"])
    write_table(falls, "If these sources were less reliable", shares)
    write_table(found.needed, "What one more report would have to weigh, in dB", shares)
