"""The command that asks several analysts: what each believes, what all do, and where they part."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click
import pandas as pd

from rivals.analysis.opinions import Opinions, Poll
from rivals.cli.completion import complete_analysts, complete_weights
from rivals.cli.options import DRAW_OPTIONS, FORMAT, Question, asks
from rivals.cli.results import analysts_json
from rivals.cli.show import note, progress, write_csv, write_json, write_table
from rivals.dissent import parse_weight
from rivals.errors import QuestionError, quote
from rivals.phrases import count
from rivals.prose import say_analysts

SHOWN = 12


@click.command(short_help="What each analyst believes, and where they part.")
@asks(
    *DRAW_OPTIONS,
    FORMAT,
    click.option(
        "--between",
        nargs=2,
        shell_complete=complete_analysts,
        metavar="A B",
        help="Account for the gap of these two.",
    ),
    click.option(
        "--weights",
        multiple=True,
        shell_complete=complete_weights,
        metavar="NAME=W",
        help="Weigh NAME so in the pools; repeatable.",
    ),
    click.option("--house", is_flag=True, help="The scenario's own view is a voice among them."),
)
def analysts(question: Question, weights: tuple[str, ...], **asked: Any) -> None:
    """Show what everybody in SCENARIO/analysts/ believes, both pools, and why two of them differ.

    The linear pool is the weighted mean of probabilities, the log-odds pool that of log-odds. What
    accounts for the gap are Shapley values, which sum to it: exact up to 12 differences, else
    sampled (--seed). Without --between it is that of the two furthest apart on the leader; house
    is the scenario's own view. CSV has the beliefs; JSON has everything. With --analyst NAME other
    commands answer as NAME would.
    """
    poll = Poll(_split_weights(weights), asked["between"], asked["house"])
    case = question.open_case()
    with progress("Asking the analysts") as tell:
        found = case.analysts(poll, question.draws, question.seed, tell)
    if question.form == "json":
        write_json(analysts_json(found))
    elif question.form == "csv":
        write_csv(found.beliefs)
    else:
        _show(found)


def _split_weights(texts: Iterable[str]) -> dict[str, float]:
    """Every NAME=W; raises QuestionError for what is none."""
    found: dict[str, float] = {}
    for text in texts:
        name, equals, weight = (part.strip() for part in text.rpartition("="))
        if not (equals and name):
            raise QuestionError(f"a weight reads NAME=W, got {quote(text)}")
        if name in found:
            raise QuestionError(f"an analyst is weighed once, got {quote(text)} too")
        try:
            found[name] = parse_weight(weight)
        except ValueError as error:
            raise QuestionError(f"the weight of {quote(name)}: {error}") from None
    return found


def _show(found: Opinions) -> None:
    measure = found.measure
    each = found.beliefs[measure].unstack("hypothesis", sort=False)
    pools = found.pools[measure][["linear", "log_odds"]].T
    table = pd.concat([each, pools.rename({"linear": "linear pool", "log_odds": "log-odds pool"})])
    weights = found.beliefs["weight"].groupby(level="analyst", sort=False).first()
    table.insert(0, "weight", weights.reindex(table.index).astype(float))
    table.index.name = "analyst"
    what = "that it was why" if measure == "because" else "that it was present"
    shares = ("weight", *map(str, each.columns))
    write_table(table, f"What the analysts believe ({what})", shares)
    _show_account(found)
    note(say_analysts(found))


def _show_account(found: Opinions) -> None:
    first, second = found.between
    if found.account.empty:
        return
    game = "because" if found.measure == "because" else "points"
    shares = pd.DataFrame(found.account[game])
    order = shares.abs().max(axis=1).fillna(0).sort_values(ascending=False, kind="stable").index
    shown = shares.loc[order[:SHOWN]].round(1) + 0.0
    items = found.account["item"].loc[shown.index]
    shown.insert(0, first, items["first"] + " (" + items["first_at"] + ")")
    shown.insert(1, second, items["second"] + " (" + items["second_at"] + ")")
    write_table(shown, f"What takes {first} to {second}, in points")
    if len(shares) > SHOWN:
        note(f"{count(len(shares) - SHOWN, 'other')} account for less; JSON has all")
