"""The sections that answer: the question, the judgement, what holds together, what follows."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from rivals import charts
from rivals.briefing.figures import figure
from rivals.briefing.findings import Findings
from rivals.briefing.moved import say_changes, tell_move
from rivals.briefing.parts import Part, fill, fold, join, table
from rivals.phrases import quoted, say_date, say_percent, say_range, say_words
from rivals.prose import COMBINE, DISCLAIMER, say_hindsight, say_moment, say_together
from rivals.scenario import Claim, Outcome, label_of
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
        marking=found.marking,
        notices=found.notices,
    )


def background(found: Findings) -> Part:
    """What the scenario says before any weighing."""
    return fill("background", text=found.case.scenario.background)


def judgement(found: Findings) -> Part:
    """What is most likely, how likely, how sure, what changed, why; every rival beside it."""
    scenario = found.case.scenario
    rows = [_tell_rival(found, r) for _, r in found.standing.iterrows()]
    answer = fill(
        "answer",
        said=found.headline,
        effect=found.standing.attrs["effect"],
        first=rows[0],
        ask=scenario.variables[scenario.hypotheses[found.leader].claim.variable].ask,
        alike=_say_alike(found),
        together=_say_together(found),
        changes=say_changes(found),
        moves=[tell_move(found, name, row) for name, row in found.moves_of_leader.iterrows()],
        notes=[COMBINE, DISCLAIMER],
    )
    gloss = fill(
        "gloss", effect=found.standing.attrs["effect"], chance=found.standing.attrs["chance"]
    )
    return join(answer, _picture(found, rows), gloss, background(found))


def _say_together(found: Findings) -> str:
    """What the causes were jointly, where that is far more than each alone."""
    scale = found.case.scenario.settings.scale
    return (
        say_together(_sets_of_headline(found), found.standing, scale) if found.case.effect else ""
    )


def _sets_of_headline(found: Findings) -> pd.DataFrame:
    """Which of the explanations were jointly why the first effect came about."""
    return found.sets[found.sets["effect"] == found.case.effect]


def _say_alike(found: Findings) -> str:
    """Where the answer would stand were no source trusted more than another."""
    chance = found.alike["headline"].astype(float)[found.leader]
    told = (
        f"Were every source graded C and none spoke in its own interest, the figure "
        f"would be {say_percent(chance)}"
    )
    first = found.alike.iloc[0]
    if first.name != found.leader:
        told += f", and {quoted(first['label'])} would lead with {say_percent(first['headline'])}"
    return f"{told}."


def _tell_rival(found: Findings, r: pd.Series) -> dict[str, Any]:
    scale, (low, high) = found.case.scenario.settings.scale, (r["low"], r["high"])
    return {
        "label": r["label"],
        "headline": r["headline"],
        "word": word_for(float(r["headline"]), scale),
        "low": low,
        "high": high,
        "range": say_range(low, high),
        "words": "" if math.isnan(low) else say_words(low, high, scale),
        "posterior": r["posterior"],
    }


def _picture(found: Findings, rows: list[dict[str, Any]]) -> Part:
    """Why beside present, with everything that can be asked of each cause as its table."""
    effect = found.case.effect
    rivals = fill("rivals", rows=rows, effect=effect)
    if effect is None:
        return figure(lambda width: charts.beliefs(found.beliefs, width=width), rivals)
    return figure(
        lambda width: charts.causes(found.causes.loc[[effect]], width=width),
        join(rivals, causes(found)),
    )


def causes(found: Findings) -> Part:
    """For every effect and cause: present, why, needed, sufficient."""
    if found.case.effect is None:
        return fill("paragraph", text="The scenario names no effect to be explained.")
    effects = found.case.scenario.effects.items()
    return join(*(_tabulate_effect(found, e, label_of(e, noun)) for e, noun in effects))


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


def combinations(found: Findings) -> Part:
    """Which explanations hold together, and which were why together."""
    joint, names = found.combinations, list(found.labels)
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
    picture = figure(lambda width: charts.upset(joint, found.labels, width=width), numbers)
    return join(picture, _tabulate_sets(found)) if found.case.effect else picture


def _tabulate_sets(found: Findings) -> Part:
    """Causes that can each be needless and were needed together, for the first effect."""
    part = _sets_of_headline(found).sort_values("because", ascending=False, kind="stable")
    shown = pd.DataFrame(
        {
            "Together": [
                charts.name_combination([found.labels[n] for n in names], len(found.labels) + 1)
                for names in part["hypotheses"]
            ],
            "Were why": [say_percent(p) for p in part["because"]],
        }
    )
    effect = found.standing.attrs["effect"]
    caption = f"Without all of these at once, “{effect}” would have failed"
    return fold("Which of them were why together", table(shown, caption))


def outcomes(found: Findings) -> Part:
    """What may follow, by when, how it came out, and what the scenario's author makes of it."""
    scenario = found.case.scenario
    scale = scenario.settings.scale
    rows = [
        {
            "label": label_of(name, noun),
            **_chances(found, noun.claim, scale),
            "by": say_date(noun.by.text) if noun.by else "",
            "resolved": _say_resolved(noun),
            "link": noun.link or "",
        }
        for name, noun in scenario.outcomes.items()
    ]
    comments = [
        {
            "whom": remark.for_whom,
            "text": remark.text,
            "claim": str(remark.rests_on),
            **_chances(found, remark.rests_on, scale),
        }
        for remark in scenario.implications
    ]
    known = any(row["resolved"] for row in rows)
    return fill("outcomes", rows=rows, known=known, comments=comments)


def _say_resolved(outcome: Outcome) -> str:
    """Whether it came about, once that is known."""
    if outcome.resolved is None or outcome.resolved_on is None:
        return ""
    happened = "came about" if outcome.happened else "did not"
    return f"{happened}, known on {say_date(outcome.resolved_on.text)}"


def _chances(found: Findings, claim: Claim, scale: str) -> dict[str, Any]:
    part = found.states.loc[[(claim.variable, s) for s in claim.states]]
    before, now = (min(1.0, float(part[column].sum())) for column in ("prior", "posterior"))
    return {"before": before, "now": now, "word": word_for(now, scale)}
