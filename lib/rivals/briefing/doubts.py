"""The sections that try the answer: whether it stands, whether the reports hang together."""

from __future__ import annotations

import pandas as pd

from rivals import charts
from rivals.briefing.figures import figure
from rivals.briefing.findings import Findings
from rivals.briefing.parts import Part, fill, table
from rivals.phrases import say_percent
from rivals.prose import say_conflict, say_robustness

LISTED = 5


def robustness(found: Findings) -> Part:
    """Who leads when the judgements vary and each report is left out in turn."""
    tried = found.robustness
    said = fill("paragraph", text=say_robustness(tried))
    numbers = table(_list_shares(tried), "How often each explanation leads")
    picture = figure(lambda width: charts.robustness(tried, width=width), numbers)
    return Part(said.html + picture.html + _tabulate_reports(found, tried).html)


def _list_shares(tried: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Explanation": list(tried["label"]),
            "Leads": [say_percent(p) for p in tried["leads"]],
            "With all reports": [say_percent(p) for p in tried["whole"]],
            "At worst": [say_percent(p) for p in tried["worst"]],
            "Without": list(tried["report"]),
        }
    )


def _tabulate_reports(found: Findings, tried: pd.DataFrame) -> Part:
    """The reports on which the lead hangs most; none where none costs it a percentage point."""
    leader, reports = tried.attrs["leader"], tried.attrs["reports"]
    if leader is None:
        return Part("")
    lost = tried.loc[leader, "whole"] - reports["share"]
    part = reports[lost >= 0.01].sort_values("share", kind="stable").head(LISTED)
    if part.empty:
        return Part("")
    shown = pd.DataFrame(
        {
            "Without": list(part.index),
            "Source": [found.name_source(s) for s in found.reports.loc[part.index, "source"]],
            f"{tried.loc[leader, 'label']} leads": [say_percent(p) for p in part["share"]],
            "The order stands": [say_percent(p) for p in part["ranking"]],
        }
    )
    return table(shown, "The reports on which the lead hangs most")


def conflict(found: Findings) -> Part:
    """Whether the reports hang together."""
    return fill("paragraph", text=say_conflict(found.case.conflict()))
