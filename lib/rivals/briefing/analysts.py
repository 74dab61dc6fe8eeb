"""The section on several analysts: who believes what, both pools, and what they come apart over."""

from __future__ import annotations

import math

import pandas as pd

from rivals import charts
from rivals.analysis.opinions import Opinions
from rivals.analysts import list_files
from rivals.briefing.figures import figure
from rivals.briefing.findings import Findings
from rivals.briefing.parts import Part, fill, join, table
from rivals.phrases import say_percent, say_range
from rivals.prose import say_analysts
from rivals.prose.measures import say_decibels, say_points

UNTOLD = (
    "Where several analysts differ is not shown here: what they put otherwise may speak of reports "
    "that are left out."
)
POOLS = {"linear": "Linear pool", "log_odds": "Log-odds pool"}


def analysts(found: Findings) -> Part:
    """What the analysts in the scenario's folder believe and what accounts for their gap.

    Nothing where there are none; where reports are withheld a sentence only, since the files of
    the analysts may speak of them.
    """
    if found.case.dossier.withheld and list_files(found.case.dossier):
        return fill("paragraph", text=UNTOLD)
    asked = found.opinions
    if asked is None:
        return Part("")
    numbers = _tabulate_beliefs(asked, found.labels)
    beliefs = figure(lambda width: charts.opinions(asked, width=width), numbers)
    said = fill("paragraph", text=say_analysts(asked))
    if asked.account.empty:
        return join(said, beliefs)
    shares = _tabulate_shares(asked, found.labels)
    gap = figure(lambda width: charts.dispute(asked, width=width), shares)
    return join(said, beliefs, gap, _tabulate_account(asked))


def _tabulate_beliefs(asked: Opinions, labels: dict[str, str]) -> Part:
    """Everybody's number for each explanation, and those of the pools."""
    why = asked.measure == "because"
    ends = ("because_low", "because_high") if why else ("low", "high")
    rows = []
    for name, label in asked.names.items():
        for hypothesis, r in asked.beliefs.loc[name].iterrows():
            told = [say_percent(r[asked.measure]), say_range(r[ends[0]], r[ends[1]])]
            own = [label, say_percent(r["weight"]), labels[str(hypothesis)]]
            rows.append([*own, *told, say_percent(r["posterior"])])
    for key, label in POOLS.items():
        for hypothesis, r in asked.pools.iterrows():
            both = [_percent(r[measure, key]) for measure in (asked.measure, "posterior")]
            rows.append([label, "", labels[str(hypothesis)], both[0], "", both[1]])
    columns = ["Analyst", "Weight", "Explanation", "Was why", "Range", "Was present"]
    shown = pd.DataFrame(rows, columns=columns)
    if not why:
        shown = shown.drop(columns="Was why")
    return table(shown, "What each analyst believes, and the two pools")


def _percent(p: float) -> str:
    return "not defined" if math.isnan(p) else say_percent(p)


def _tabulate_shares(asked: Opinions, labels: dict[str, str]) -> Part:
    """What each piece does to every explanation; the last row is their sum."""
    game = "because" if asked.measure == "because" else "points"
    columns = {"Put differently": [*asked.account.index, "All together"]}
    for name, gap in asked.gap.iterrows():
        shares = [*asked.account[game][str(name)], gap[game]]
        decibels = [*asked.account["decibels"][str(name)], gap["decibels"]]
        label = labels[str(name)]
        columns[f"{label}, points"] = [_points(float(x)) for x in shares]
        columns[f"{label} present, dB"] = [say_decibels(float(x)) for x in decibels]
    return table(pd.DataFrame(columns), "What each piece accounts for; the shares sum to the gap")


def _points(value: float) -> str:
    return "not defined" if math.isnan(value) else say_points(value)


def _tabulate_account(asked: Opinions) -> Part:
    """How both put it, with the place and the reason of each."""
    names = {"house": "The scenario’s own", **asked.names}
    item = asked.account["item"]
    columns = {"Put differently": list(item.index)}
    for key, name in zip(("first", "second"), asked.between, strict=True):
        head = names[name] if names[name] not in columns else f"{names[name]} ({name})"
        columns[head] = [_tell(r[key], r[f"{key}_at"], r[f"{key}_why"]) for _, r in item.iterrows()]
    return table(pd.DataFrame(columns), "What the two put differently, where, and why")


def _tell(value: str, place: str, why: str) -> str:
    at = "a default" if place == "default" else place
    return f"{value} ({at}). {why or 'No reason is given.'}"
