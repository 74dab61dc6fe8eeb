"""The commands, one function each: read the case, ask it, show the answer."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from rivals.cli.adding import add
from rivals.cli.briefing import brief
from rivals.cli.checking import check
from rivals.cli.comparing import compare, conflict, had
from rivals.cli.correcting import amend, retract
from rivals.cli.history import history
from rivals.cli.ledger import ledger
from rivals.cli.options import DRAW_OPTIONS, FORMAT, Question, asks
from rivals.cli.polling import analysts
from rivals.cli.results import beliefs_json, causes_json, robustness_json, trail_json
from rivals.cli.schemas import schema
from rivals.cli.scoring import score
from rivals.cli.show import note, progress, working, write, write_csv, write_json, write_table
from rivals.cli.starting import new
from rivals.cli.watching import watch
from rivals.cli.weighing import expected, impact, inquiry, sensitivity, turning_points
from rivals.prose import say_bounds, say_robustness

SECTIONS = {
    "What to believe": ("beliefs", "causes", "trail", "robustness"),
    "What moved us, what would": (
        "impact",
        "conflict",
        "sensitivity",
        "turning-points",
        "inquiry",
        "expected",
    ),
    "One thing beside another": ("compare", "analysts", "had", "score"),
    "The log": ("add", "retract", "amend"),
    "Files and pages": ("new", "check", "brief", "watch", "export", "schema"),
    "What was said": ("ledger", "history"),
}


class _Sections(click.Group):
    """A group that lists its commands by what they are for."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        room = formatter.width - 6 - max(map(len, self.commands))
        for title, names in SECTIONS.items():
            with formatter.section(title):
                rows = [(name, self.commands[name].get_short_help_str(room)) for name in names]
                formatter.write_dl(rows)


@click.group(
    cls=_Sections,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="rivals")
def main() -> None:
    """Weigh rival explanations of an event while the reports keep coming.

    SCENARIO is a folder with scenario.yaml and reports.yaml. Results go to standard output,
    messages to standard error. Exit code: 0 done, 1 your files or arguments are wrong, 2 usage.

    \b
    Start here:
      rivals new ferry                           a scenario of your own to adapt
      rivals check scenarios/warehouse-fire      is everything well formed?
      rivals beliefs scenarios/warehouse-fire    what to believe
      rivals causes scenarios/warehouse-fire     what was why, not only present
      rivals robustness scenarios/warehouse-fire does the answer stand?
      rivals brief scenarios/warehouse-fire      one HTML page for a decision maker
    """  # noqa: D301  (click wants the backspace itself, not its two letters)


@main.command(short_help="What to believe, with ranges.")
@asks(*DRAW_OPTIONS, FORMAT)
def beliefs(question: Question) -> None:
    """Show prior and posterior of every hypothesis, with the range over your uncertainty."""
    case = question.open_case()
    with working("Drawing the judgements"):
        table = case.beliefs(question.draws, question.seed)
    if question.form == "json":
        write_json(beliefs_json(case, table))
        return
    _show(table, question.form, case.scenario.question, ("prior", "posterior", "low", "high"))
    _note_draws(table)


@main.command(short_help="What was why, not only present.")
@asks(
    *DRAW_OPTIONS,
    FORMAT,
    click.option(
        "--bounds", is_flag=True, help="How low and high `because` could be; the data cannot say."
    ),
)
def causes(question: Question, bounds: bool) -> None:
    """Show, per effect, what was present and what was why.

    `because`: it was there, and without it the effect would not have come about; `but_for`: the
    same, given that both were there; `sufficient`: how probably it would bring the effect about
    where neither was.

    With --bounds, also how low and how high `because` could be, were the rows of each table
    coupled otherwise than by one shared chance.
    """
    case = question.open_case()
    with working("Taking each cause away"):
        table = case.causes(question.draws, question.seed)
    ends = None
    if bounds:
        with progress("Coupling the tables' rows otherwise") as tell_progress:
            ends = case.cause_bounds(tell_progress)
    if question.form == "json":
        write_json(causes_json(case, table, ends))
        return
    shown = table if ends is None else table.join(ends[["lowest", "highest", "how"]])
    shares = ("posterior", "because", "low", "high", "but_for", "sufficient", "lowest", "highest")
    title = "What was why (explanations can combine; figures need not add to 100%)"
    _show(shown, question.form, title, shares)
    _note_draws(table)
    if ends is not None:
        note(say_bounds(ends))


@main.command(short_help="Belief after each report.")
@asks(*DRAW_OPTIONS, FORMAT)
def trail(question: Question) -> None:
    """Show belief after each report, and how surprising the report was, in bits.

    It follows the log as it reads at the moment: what was taken back by then is left out, and what
    was put right stands so from its day. `beliefs --as-of` tells what was believed then.

    The CSV has the ranges too; --draws and --seed are for it.
    """
    case = question.open_case()
    with working("Following the log"):
        table = case.trail(question.draws if question.form == "csv" else 0, question.seed)
    if question.form == "json":
        write_json(trail_json(table))
        return
    if question.form == "csv":
        write_csv(table)
        return
    kept = [("report", name) for name in ("logged", "source", "status", "surprise")]
    shown = table[[*kept, *(("posterior", name) for name in case.scenario.hypotheses)]]
    shown.columns = shown.columns.get_level_values(1)
    write_table(shown, "Belief after each report", tuple(case.scenario.hypotheses))


@main.command(short_help="Who leads when judgements vary and reports fall away.")
@asks(*DRAW_OPTIONS, FORMAT)
def robustness(question: Question) -> None:
    """Show how often each hypothesis leads over your uncertainty, each report left out in turn.

    `leads`: the share of draws, over all ways to leave out one counted report or none; `whole`:
    with none left out; `worst`: without the report named, the one that costs it most. Every way
    to leave out a report counts the same. JSON has what happens without each report.
    """
    case = question.open_case()
    with working("Leaving out each report"):
        table = case.robustness(question.draws, question.seed)
    if question.form == "json":
        write_json(robustness_json(table))
        return
    title = "Does it stand? How often each hypothesis leads"
    _show(table, question.form, title, ("leads", "whole", "worst"))
    if question.form == "table":
        note(say_robustness(table))
        if question.draws and table.attrs["draws"]:
            note(f"worth {table.attrs['draws']['effective']:,.0f} once weighted by the evidence")


@main.command(short_help="Write the network to a file for other tools.")
@asks(
    click.argument("file", type=click.Path(dir_okay=False, path_type=Path)),
    click.option("--to", required=True, type=click.Choice(["bif", "xdsl", "net"]), help="Format."),
)
def export(question: Question, to: str, file: Path) -> None:
    """Write the network, every counted report a leaf, for GeNIe, Hugin and others."""
    from rivals.pgmpy_bridge import export_model

    case = question.open_case()
    evidence = export_model(case.network, case.values, to, file)
    note(f"{file} holds no evidence: set these {len(evidence)} nodes to see what rivals sees")
    for node, state in evidence.items():
        note(f"  {node} = {state}")
    write(f"{file}\n")


main.add_command(check)
main.add_command(add)
main.add_command(retract)
main.add_command(amend)
main.add_command(brief)
main.add_command(watch)
main.add_command(ledger)
main.add_command(history)
main.add_command(impact)
main.add_command(sensitivity)
main.add_command(inquiry)
main.add_command(expected)
main.add_command(turning_points)
main.add_command(conflict)
main.add_command(compare)
main.add_command(analysts)
main.add_command(had)
main.add_command(score)
main.add_command(new)
main.add_command(schema)


def _show(table: pd.DataFrame, form: str, title: str, percent: tuple[str, ...]) -> None:
    if form == "csv":
        write_csv(table)
    else:
        write_table(table, title, percent)


def _note_draws(table: pd.DataFrame) -> None:
    draws = table.attrs["draws"]
    if draws:
        note(
            f"low and high: 5% to 95% over {draws['n']:,} draws of the judgements, worth "
            f"{draws['effective']:,.0f} once weighted by the evidence"
        )
