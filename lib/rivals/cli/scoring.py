"""The command that holds beliefs against what happened, over any number of scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pandas as pd

from rivals.analysis.forecasts import (
    SCORES,
    average,
    average_all,
    calibrate,
)
from rivals.analysis.issued import ISSUED
from rivals.case import Case, read
from rivals.cli.options import FOLDER_PATH, FORMAT, plain_errors
from rivals.cli.show import note, working, write_csv, write_json, write_table
from rivals.errors import QuestionError, quote
from rivals.phrases import count
from rivals.scenario import Outcome

Json = Any
Tables = dict[str, pd.DataFrame]


@click.command(short_help="Beliefs against what happened.")
@click.argument("scenarios", nargs=-1, required=True, type=FOLDER_PATH, metavar="SCENARIO...")
@click.option("--as-of", metavar="D", help="Only what was believed by D: a day, month or time.")
@FORMAT
@plain_errors
def score(scenarios: tuple[Path, ...], as_of: str | None, form: str) -> None:
    """Score what was believed of each resolved outcome on the evening of each day of the log.

    Brier: the square of the distance between the chance and what happened, 1 or 0. Log: -log2 of
    the chance given to what happened, in bits. Lower is better; beside both stand the scores of
    the prior and of always saying 0.5. Calibration is over all scenarios. CSV has every forecast,
    JSON has everything. An outcome is resolved by `resolved`, `resolved_on` and `link` in
    scenario.yaml.

    Chances that were issued (`rivals brief --issue`) are scored beside that, at the moments of
    their issue, from the ledger; CSV tells the two kinds apart.
    """
    cases = [read(folder).as_of(as_of) for folder in scenarios]
    if len({case.name for case in cases}) < len(cases):
        raise QuestionError("two scenarios of one name could not be told apart in the answer")
    with working("Going back day by day"):
        tables = {case.name: case.score() for case in cases}
    issued = {case.name: case.score_issued() for case in cases}
    if form == "json":
        write_json({**score_json(cases, tables), "issued": score_json(cases, issued)})
    elif form == "csv":
        write_csv(pd.concat(map(_join_kind, (tables, issued))))
    else:
        show(tables)
        if _any(issued):
            show(issued)
    comment(cases, tables)
    _comment_issued(issued)


def join(tables: Tables) -> pd.DataFrame:
    """The tables of all scenarios in one, by (scenario, ...)."""
    parts = []
    for name, table in tables.items():
        part = table.copy()
        part.attrs = {}  # pandas would compare them, and they hold tables
        parts.append(pd.concat({name: part}, names=["scenario"]))
    return pd.concat(parts)


def _join_kind(tables: Tables) -> pd.DataFrame:
    return join(tables).assign(kind=next(iter(tables.values())).attrs["kind"])


def _any(tables: Tables) -> bool:
    return any(len(table) for table in tables.values())


def _comment_issued(issued: Tables) -> None:
    for name, table in issued.items():
        for outcome in table.attrs["reworded"]:
            note(f"{name}: {outcome} had another claim when a chance was issued; left out")
    if _any(issued):
        number = count(sum(map(len, issued.values())), "chance")
        note(f"{number} of the kind {quote(ISSUED)}: from the ledger, as they were given")


def show(tables: Tables) -> None:
    """One row an outcome, the mean over all of them, calibration, and what is still open."""
    means = {name: average(table) for name, table in tables.items()}
    outcomes = join(means)
    if len(outcomes):
        kind = next(iter(tables.values())).attrs["kind"]
        title = f"What was believed, and what happened ({kind})"
        write_table(_head(outcomes), title, ("mean chance",))
        overall = _by_rival(average_all(means.values()))
        write_table(overall, f"Mean over {count(len(outcomes), 'outcome')}")
        bands = calibrate(tables.values()).drop(columns=["low", "high"])
        bands = bands[bands["forecasts"] > 0]
        write_table(bands, "Of what had such a chance, how much happened?", ("chance", "happened"))
    known = {name: t.attrs["open"] for name, t in tables.items() if "open" in t.attrs}
    still = join(known) if known else pd.DataFrame()
    if len(still):
        write_table(still, "Still open", ("chance",))


def _head(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename(columns=lambda c: c.replace("_", " ").replace("half", "0.5")).rename(
        columns={"chance": "mean chance"}
    )


def _by_rival(means: pd.Series[float]) -> pd.DataFrame:
    ends = {"belief": "", "prior": "_prior", "always 0.5": "_half"}
    scores = {
        kind: {name: means[kind + end] for name, end in ends.items()} for kind in ("brier", "log")
    }
    return pd.DataFrame(scores).rename_axis("forecast")


def comment(cases: list[Case], tables: Tables) -> None:
    """What has to be known to read the scores, or what to write to get any."""
    if not any(_resolved(case) for case in cases):
        note(
            "no outcome is resolved: once one is known, write `resolved: STATE`, "
            "`resolved_on: DAY` and `link: ADDRESS` to it under `outcomes` of scenario.yaml"
        )
        return
    for case in cases:
        told = set(tables[case.name].index.get_level_values("outcome"))
        for name in (name for name in _resolved(case) if name not in told):
            note(f"{case.name}: nothing was logged in time for a forecast on {name}")
        gaps = tables[case.name]["chance"].isna().sum()
        if gaps:
            note(f"{case.name}: {count(gaps, 'forecast')} left out, as the log was impossible then")
    note("these chances come from a model that was written later; nobody issued them as forecasts")
    note("forecasts on one outcome are not independent: count the outcomes, not the forecasts")


def _resolved(case: Case) -> dict[str, Outcome]:
    return {name: o for name, o in case.scenario.outcomes.items() if o.resolved is not None}


def score_json(cases: list[Case], tables: Tables) -> Json:
    """Every forecast on every resolved outcome with its scores; the open ones; calibration."""
    means = {name: average(table) for name, table in tables.items()}
    return {
        "kind": next(iter(tables.values())).attrs["kind"],
        "outcomes": {
            case.name: {
                name: _outcome_json(name, noun, tables[case.name], means[case.name])
                for name, noun in _resolved(case).items()
            }
            for case in cases
        },
        "mean": _scores_json(average_all(means.values())),
        "open": {
            name: {
                outcome: {"by": row["by"] or None, "chance": row["chance"]}
                for outcome, row in table.attrs["open"].iterrows()
            }
            for name, table in tables.items()
            if "open" in table.attrs
        },
        "calibration": calibrate(tables.values()).reset_index().to_dict("records"),
    }


def _outcome_json(name: str, noun: Outcome, table: pd.DataFrame, means: pd.DataFrame) -> Json:
    rows = table[table.index.get_level_values("outcome") == name].droplevel("outcome")
    return {
        "by": str(noun.by) if noun.by else None,
        "resolved_on": str(noun.resolved_on),
        "happened": noun.happened,
        "link": noun.link,
        "scores": _scores_json(means.reindex([name])[list(SCORES)].iloc[0]),
        "forecasts": rows[["chance", "brier", "log"]].reset_index().to_dict("records"),
    }


def _scores_json(means: pd.Series[float]) -> Json:
    found = _by_rival(means).to_dict("index")
    return {**found["belief"], "prior": found["prior"], "half": found["always 0.5"]}
