"""The basis: which moment, where the reporting comes from, whether it hangs together and holds."""

from __future__ import annotations

from collections import Counter
from zoneinfo import ZoneInfo

import pandas as pd

from rivals.case import Case
from rivals.evidence import logged_at
from rivals.phrases import count, list_all, quoted, say_date, say_percent
from rivals.prose.measures import NOBODY, say_nats


def say_moment(case: Case) -> str:
    """Which moment the case speaks of."""
    if case.moment is not None:
        return f"As things stood on {say_date(case.moment.text)}."
    last = _last_logged(case)
    return f"All that was logged by {last}." if last else "Nothing has been logged yet."


def say_hindsight(case: Case) -> str:
    """That a past moment is judged with hindsight, or nothing.

    It is when something was logged after it: whoever wrote the model could have known of that.
    """
    zone = ZoneInfo(case.scenario.settings.timezone)
    if case.moment is None:
        return ""
    end = case.moment.end(zone)
    if all(logged_at(entry, zone) <= end for entry in case.dossier.shown):
        return ""
    return (
        f"The log goes on to {_last_logged(case)}; the model and its coding may draw on what "
        f"came later."
    )


def _last_logged(case: Case) -> str:
    zone = ZoneInfo(case.scenario.settings.timezone)
    last = max((logged_at(entry, zone) for entry in case.dossier.shown), default=None)
    return say_date(last.astimezone(zone).date().isoformat()) if last else ""


def say_origins(reports: pd.DataFrame) -> str:
    """How many reports there are, how few origins and voices they go back to, and what counts."""
    if reports.empty:
        return "No report has been logged."
    status = Counter(reports["status"])
    origins = {name for names in reports["origin"] for name in names}
    sources = {name for name in reports["source"] if name}
    parts = [
        count(status[kind], *nouns)
        for kind, nouns in {
            "echo": ("echo", "echoes"),
            "copy": ("copy", "copies"),
            "background": ("piece of background", "pieces of background"),
            "draft": ("draft",),
            "retracted": ("retracted report",),
            "left out": ("report left out", "reports left out"),
        }.items()
        if status[kind]
    ]
    go = "goes" if len(reports) == 1 else "go"
    text = (
        f"{count(len(reports), 'report')} {go} back to {count(len(origins), 'origin')} and to the "
        f"words of {count(len(sources), 'source')}. Of these {status['counted']} "
        f"{'counts' if status['counted'] == 1 else 'count'}"
    )
    rest = len(reports) - status["counted"]
    return (
        f"{text}; {list_all(parts)} {'weighs' if rest == 1 else 'weigh'} nothing."
        if parts
        else f"{text}."
    )


def say_conflict(nats: float) -> str:
    """Whether the reports hang together."""
    shown = say_nats(nats)
    if nats > 1:
        return f"The reports disagree more than independent ones would: conflict {shown}."
    if nats < -1:
        return f"The reports support each other: conflict {shown}, below 0."
    return f"The reports neither clash nor support each other much: conflict {shown}, close to 0."


def say_robustness(table: pd.DataFrame) -> str:
    """In how many of the cases tried the leader leads, and which report costs it most."""
    leader, reports = table.attrs["leader"], table.attrs["reports"]
    if leader is None:
        return NOBODY
    row = table.loc[leader]
    leads = f"{quoted(row['label'])} leads in {say_percent(row['leads'])}"
    said = f"{leads} of the cases tried: {_tried(table)}."
    most = table.iloc[int(table["leads"].to_numpy().argmax())]
    if most["label"] != row["label"]:
        more = say_percent(most["leads"])
        said += (
            f" As stated it comes first, yet {quoted(most['label'])} leads more often, in {more}."
        )
    if row["report"]:
        next_one = reports.loc[row["report"], "leader"]
        then = (
            ""
            if next_one == leader
            else f", and {quoted(table.loc[next_one, 'label'])} leads most often"
        )
        said += (
            f" It hangs most on the report {row['report']}: with all reports the lead holds in "
            f"{say_percent(row['whole'])}, without that one in {say_percent(row['worst'])}{then}."
        )
    elif len(reports):
        said += " No report left out lowers that."
    return f"{said} The order of all explanations stands in {say_percent(table.attrs['ranking'])}."


def _tried(table: pd.DataFrame) -> str:
    reports, draws, kept = (table.attrs[key] for key in ("reports", "draws", "kept"))
    said = "judgements as stated, not varied"
    if draws:
        stand = f" ({kept:,} that stand for them)" if kept < draws["n"] else ""
        said = f"{draws['n']:,} draws of the judgements{stand}"
    if len(reports) == 1:
        return f"{said}, with the one counted report and without it"
    each = f", with each of {len(reports)} counted reports left out in turn"
    return said + (each if len(reports) else "")
