"""The sections that answer: question, judgement, where the reporting comes from, what moved it."""

from __future__ import annotations

import math
from collections import Counter
from operator import itemgetter
from typing import Any

import pandas as pd

from rivals import charts
from rivals.briefing.figures import figure
from rivals.briefing.findings import Findings
from rivals.briefing.parts import Part, fill, table
from rivals.phrases import say_date, say_percent, say_range, say_words
from rivals.prose import (
    COMBINE,
    DISCLAIMER,
    say_hindsight,
    say_moment,
    say_origins,
)
from rivals.scenario import Claim, label_of
from rivals.words import word_for


def question(found: Findings) -> Part:
    """What is asked, and the moment that the answer speaks of."""
    scenario = found.case.scenario
    return fill(
        "question",
        title=scenario.title,
        question=scenario.question,
        moment=say_moment(found.case),
        hindsight=say_hindsight(found.case),
    )


def background(found: Findings) -> Part:
    """What the scenario says before any weighing."""
    return fill("background", text=found.case.scenario.background)


def judgement(found: Findings) -> Part:
    """What is most likely, how likely, how sure, why; every rival beside it."""
    scale = found.case.scenario.settings.scale
    rows = [
        {
            "label": r["label"],
            "headline": r["headline"],
            "word": word_for(float(r["headline"]), scale),
            "range": say_range(r["low"], r["high"]),
            "words": "" if math.isnan(r["low"]) else say_words(r["low"], r["high"], scale),
            "posterior": r["posterior"],
        }
        for _, r in found.standing.iterrows()
    ]
    return fill(
        "judgement",
        said=found.headline,
        effect=found.standing.attrs["effect"],
        chance=found.standing.attrs["chance"],
        rows=rows,
        moves=[_tell(found, name, row) for name, row in found.moves_of_leader.iterrows()],
        notes=[COMBINE, DISCLAIMER],
        picture=_picture_of_causes(found),
    )


def _picture_of_causes(found: Findings) -> Part:
    effect = found.case.effect
    if effect is None:
        return figure(lambda width: charts.beliefs(found.beliefs, width=width))
    return figure(lambda width: charts.causes(found.causes.loc[[effect]], width=width))


def _tell(found: Findings, name: object, row: pd.Series) -> dict[str, Any]:
    return {
        "report": name,
        "anchor": found.anchors[str(name)],
        "logged": row["logged"],
        "who": found.name_source(row["source"]) or row["outlet"],
        "summary": row["summary"],
        "label": found.labels[row["hypothesis"]],
        "before": row["before"],
        "after": row["after"],
    }


def causes(found: Findings) -> Part:
    """For every effect and cause: present, why, needed, sufficient."""
    if found.case.effect is None:
        return fill("paragraph", text="The scenario names no effect to be explained.")
    effects = found.case.scenario.effects.items()
    return Part("".join(_tabulate_effect(found, e, label_of(e, noun)).html for e, noun in effects))


def _tabulate_effect(found: Findings, effect: str, label: str) -> Part:
    part = found.causes.loc[effect]
    shown = pd.DataFrame(
        {
            "Explanation": list(part["label"]),
            "Was why": [say_percent(p) for p in part["because"]],
            "Range": [say_range(a, b) for a, b in zip(part["low"], part["high"], strict=True)],
            "Was present": [say_percent(p) for p in part["posterior"]],
            "Needed": [_percent(p) for p in part["but_for"]],
            "Enough": [_percent(p) for p in part["sufficient"]],
        }
    )
    chance = say_percent(found.causes.attrs["effects"][effect])
    return table(shown, f"{label} ({chance})")


def _percent(p: float) -> str:
    return "not defined" if math.isnan(p) else say_percent(p)


def origins(found: Findings) -> Part:
    """From reports to origins to voices, and the origins that were carried most."""
    reports = found.reports
    exploded = reports.explode("origin")
    status = Counter(reports["status"])
    steps = [
        ("reports in the log", len(reports)),
        ("origins they go back to", exploded["origin"].nunique()),
        ("sources whose word they are", reports.loc[reports["source"] != "", "source"].nunique()),
        ("reports that count", status["counted"]),
    ]
    return fill(
        "origins",
        said=say_origins(reports),
        steps=steps,
        most=max(len(reports), 1),
        carried=_list_carried(found, exploded),
    )


def _list_carried(found: Findings, exploded: pd.DataFrame) -> list[dict[str, Any]]:
    """The origins that more than one report goes back to, most reports first."""
    carried = [
        {
            "origin": origin,
            "reports": len(part),
            "counted": int((part["status"] == "counted").sum()),
            "voices": ", ".join(dict.fromkeys(found.name_source(s) for s in part["source"] if s)),
        }
        for origin, part in exploded.groupby("origin", sort=False)
        if len(part) > 1
    ]
    return sorted(carried, key=itemgetter("reports"), reverse=True)


def trail(found: Findings) -> Part:
    """How the answer moved, and the reports that moved it most."""
    moves = [
        {"letter": letter, **_tell(found, name, row)}
        for letter, (name, row) in zip(charts.LETTERS, found.moves.iterrows(), strict=False)
    ]
    picture = figure(
        lambda width: charts.trail(found.trail, found.labels, width=width), _table_of_days(found)
    )
    return fill("trail", picture=picture, moves=moves)


def _table_of_days(found: Findings) -> Part:
    """The trail's numbers after the last report of each day on which one of them changed."""
    kind = "because" if found.case.effect else "posterior"
    if found.trail.empty:
        return Part("")
    days = found.trail["report", "logged"]
    last = ~days.duplicated(keep="last")
    shown = pd.DataFrame(found.trail[kind])[last].map(say_percent)
    shown.columns = pd.Index([found.labels[name] for name in shown.columns])
    shown.insert(0, "Day", [say_date(day) for day in days[last]])
    changed = (shown.iloc[:, 1:] != shown.iloc[:, 1:].shift()).any(axis="columns")
    shown = shown[changed]
    return table(shown, "The trail in numbers: days on which a whole percentage changed")


def combinations(found: Findings) -> Part:
    """Which explanations hold together."""
    joint = found.case.combinations(found.draws, found.seed)
    names = list(found.labels)
    shown = pd.DataFrame(
        {
            "Combination": [
                charts.name_combination([found.labels[n] for n in names if r[n]], len(names))
                for _, r in joint.iterrows()
            ],
            "Before reports": [say_percent(p) for p in joint["prior"]],
            "Now": [say_percent(p) for p in joint["posterior"]],
            "Range": [say_range(a, b) for a, b in zip(joint["low"], joint["high"], strict=True)],
        }
    )
    numbers = table(shown, "Every possible combination of explanations being present")
    return figure(lambda width: charts.combinations(joint, found.labels, width=width), numbers)


def outcomes(found: Findings) -> Part:
    """What may follow, and what the scenario's author makes of it."""
    scenario, states = found.case.scenario, found.case.variables()
    scale = scenario.settings.scale
    rows = [
        {"label": label_of(name, noun), **_chances(noun.claim, states, scale)}
        for name, noun in scenario.outcomes.items()
    ]
    comments = [
        {
            "whom": remark.for_whom,
            "text": remark.text,
            "claim": str(remark.rests_on),
            **_chances(remark.rests_on, states, scale),
        }
        for remark in scenario.implications
    ]
    return fill("outcomes", rows=rows, comments=comments)


def _chances(claim: Claim, states: pd.DataFrame, scale: str) -> dict[str, Any]:
    part = states.loc[[(claim.variable, s) for s in claim.states]]
    before, now = (min(1.0, float(part[column].sum())) for column in ("prior", "posterior"))
    return {"before": before, "now": now, "word": word_for(now, scale)}
