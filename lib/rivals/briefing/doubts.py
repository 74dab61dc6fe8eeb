"""The sections that try the answer: what would change our mind, and what to ask next."""

from __future__ import annotations

import math

import pandas as pd

from rivals import charts
from rivals.briefing.figures import figure
from rivals.briefing.findings import Findings
from rivals.briefing.parts import Part, fill, fold, join, table
from rivals.phrases import say_percent
from rivals.prose import (
    plan_collection,
    say_bounds,
    say_key_assumption,
    say_robustness,
    say_sensitivity,
    say_turning_points,
)
from rivals.prose.measures import say_bits

LISTED = 5
NUMBERS = 12
"""How many stated numbers are shown."""


def doubts(found: Findings) -> Part:
    """What would change our mind: reports, sources, stated numbers, couplings; and how it held."""
    parts = [turning_points(found), sensitivity(found)]
    if found.case.effect:
        parts.append(bounds(found))
    return join(*parts, robustness(found))


def _head(title: str, text: str) -> Part:
    return fill("head", title=title, text=text)


def turning_points(found: Findings) -> Part:
    """The smallest changes of the evidence that would make another explanation lead."""
    said = fill("paragraph", text=say_turning_points(found.turning, found.labels, found.sources))
    return join(
        said,
        figure(
            lambda width: charts.turning_points(found.turning, found.labels, width=width),
            _tabulate_needed(found),
        ),
    )


def _tabulate_needed(found: Findings) -> Part:
    """What one more report would have to weigh."""
    needed = found.turning.needed
    shown = pd.DataFrame(
        {
            "Explanation": [found.labels[str(name)] for name in needed.index],
            "Now": [say_percent(p) for p in needed["chance"]],
            "For it": [_say_need(d) for d in needed["rise"]],
            "Against the leader": [_say_need(d) for d in needed["fall"]],
        }
    )
    return table(shown, "How much one more report would have to weigh to draw it level")


def _say_need(decibels: float) -> str:
    return "no report would do" if math.isnan(decibels) else f"{decibels:.1f} dB"


def sensitivity(found: Findings) -> Part:
    """The stated numbers that move the answer most, where they stand, and what would turn it."""
    leaning = found.assumptions
    parts = [_head("The key assumption", say_key_assumption(leaning, found.labels))]
    if len(leaning):
        picture = figure(
            lambda width: charts.tornado(leaning, found.labels, width=width),
            _tabulate_assumptions(leaning),
        )
        parts.append(picture)
    present = say_sensitivity(found.sensitivity, found.labels)
    said = f"Whether it was present at all is another question. {present}"
    return join(*parts, fill("paragraph", text=said), _tabulate_presence(found))


def _tabulate_assumptions(leaning: pd.DataFrame) -> Part:
    """From where to where each number takes the answer, and what would turn it."""
    shown = _list_numbers(leaning, "Another leads at", leaning["lead"])
    return table(shown, "The stated numbers on which the answer leans most")


def _list_numbers(moved: pd.DataFrame, turning: str, turns: pd.Series[float]) -> pd.DataFrame:
    """Stated numbers with the answer at both ends of each, and where it would turn."""
    return pd.DataFrame(
        {
            "Judgement": list(moved.index),
            "Stated": [f"{p:.3g}" for p in moved["value"]],
            "At its low end": [say_percent(p) for p in moved["low"]],
            "At its high end": [say_percent(p) for p in moved["high"]],
            turning: [_say_turn(p) for p in turns],
            "Place": list(moved["at"]),
        }
    )


def _say_turn(value: float) -> str:
    return "no value" if math.isnan(value) else f"{value:.3g}"


def _tabulate_presence(found: Findings) -> Part:
    """How far the leader's presence moves with each stated number."""
    moved = found.sensitivity
    swing = (moved["high"] - moved["low"]).abs().sort_values(ascending=False, kind="stable")
    part = moved.loc[swing.index[:NUMBERS]]
    shown = _list_numbers(part, "Half at", part["flip"])
    label = found.labels[found.leader]
    numbers = table(shown, f"The probability that “{label}” was present, at both ends of each")
    return fold("The numbers that move its presence most", numbers)


def bounds(found: Findings) -> Part:
    """How low and high `because` could be, however the tables' rows hang together."""
    effect = found.case.effect
    told = _head("Other ways for causes to work together", say_bounds(found.bounds))
    part = found.bounds.loc[effect]
    shown = pd.DataFrame(
        {
            "Explanation": list(part["label"]),
            "Lowest": [say_percent(p) for p in part["lowest"]],
            "Assumed": [say_percent(p) for p in part["because"]],
            "Highest": [say_percent(p) for p in part["highest"]],
            "Ends": list(part["how"]),
        }
    )
    numbers = table(shown, "Was why, under any coupling that the stated tables allow")
    picture = figure(
        lambda width: charts.causes(found.causes.loc[[effect]], found.bounds, width=width), numbers
    )
    return join(told, picture)


def robustness(found: Findings) -> Part:
    """Who leads when the judgements vary and each report is left out in turn."""
    tried = found.robustness
    told = _head("Does the answer stand?", say_robustness(tried))
    numbers = table(_list_shares(tried), "How often each explanation leads")
    picture = figure(lambda width: charts.robustness(tried, width=width), numbers)
    return join(told, picture, _tabulate_reports(found, tried))


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


def inquiry(found: Findings) -> Part:
    """What to ask next, and through whom."""
    said = fill("paragraph", text=plan_collection(found.inquiry))
    if found.inquiry.empty:
        return said
    picture = figure(
        lambda width: charts.inquiry(found.inquiry, width=width), _tabulate_questions(found)
    )
    return join(said, picture)


def _tabulate_questions(found: Findings) -> Part:
    """Every question with what it would tell, found out for certain or from its best source."""
    asked, through = found.inquiry["variable"], found.inquiry_through["bits"]
    best = {name: through.loc[name] for name in asked.index if name in through.index}
    shown = pd.DataFrame(
        {
            "Find out": list(asked["how"]),
            "Variable": list(asked.index),
            "Cost": [f"{cost:g}" for cost in asked["cost"]],
            "Tells": [say_bits(bits) for bits in asked["bits"]],
            "Of what is open": [_say_share(p) for p in asked["share_of_entropy"]],
            "One more word of": [_say_best(found, best.get(str(name))) for name in asked.index],
        }
    )
    return table(shown, "What finding it out would tell, and whose word would tell most of it")


def _say_share(share: float) -> str:
    return "nothing is open" if math.isnan(share) else say_percent(share)


def _say_best(found: Findings, bits: pd.Series | None) -> str:
    """The source whose next direct claim would tell most; nobody where none would."""
    if bits is None or not float(bits.max()) > 0:
        return "nobody would tell more"
    source = str(bits.idxmax())
    return f"{found.name_source(source)}: {say_bits(float(bits.max()))}"
