"""The sections on the reporting: where it comes from, what it weighs, whether it agrees."""

from __future__ import annotations

import math
from operator import itemgetter
from typing import Any

import pandas as pd

from rivals import charts
from rivals.briefing.figures import figure
from rivals.briefing.findings import Findings
from rivals.briefing.parts import Part, fill, fold, join, table
from rivals.phrases import say_percent
from rivals.prose import say_conflicts, say_impact, say_naive, say_origins
from rivals.prose.measures import say_decibels, say_nats

MOVED = 0.15  # what a source has to move by to be drawn when there are many
FEW = 12
PAIRS = 8


def origins(found: Findings) -> Part:
    """From pages to origins to voices to what counts, and the origins that were carried most."""
    said = fill("paragraph", text=say_origins(found.reports))
    if found.reports.empty:
        return said
    picture = figure(lambda width: charts.funnel(found.reports, width=width))
    carried = fill("carried", rows=_list_carried(found))
    return join(said, picture, carried)


def _list_carried(found: Findings) -> list[dict[str, Any]]:
    """The origins that more than one report goes back to, most reports first."""
    carried = [
        {
            "origin": origin,
            "reports": len(part),
            "counted": int((part["status"] == "counted").sum()),
            "voices": ", ".join(dict.fromkeys(found.name_source(s) for s in part["source"] if s)),
        }
        for origin, part in found.reports.explode("origin").groupby("origin", sort=False)
        if len(part) > 1
    ]
    return sorted(carried, key=itemgetter("reports"), reverse=True)


def weights(found: Findings) -> Part:
    """What each counted report weighs for the leader, and what the repetitions would have."""
    leader = found.leader
    said = say_impact(found.impact, leader, found.labels, found.sources)
    naive = say_naive(found.naive, found.labels)
    return join(
        fill("paragraph", text=said),
        figure(
            lambda width: charts.impact(
                found.impact, leader, found.labels, names=found.sources, width=width
            ),
            _tabulate_weights(found),
        ),
        fill("paragraph", text=naive),
        fold("What one would believe, had every repetition counted", _tabulate_naive(found)),
    )


def _tabulate_weights(found: Findings) -> Part:
    """Decibels of every counted report, for each explanation."""
    counted = found.impact[found.impact["report", "counted"].astype(bool)]
    if counted.empty:
        return Part("")
    shown = pd.DataFrame({"Report": list(counted.index)})
    shown["Source"] = [found.name_source(s) for s in counted["report", "source"]]
    for name, label in found.labels.items():
        shown[label] = [say_weight(w) for w in counted["shapley", name].astype(float)]
    return table(shown, "Decibels for the presence of each explanation, by Shapley value")


def say_weight(decibels: float) -> str:
    """A weight in decibels; where it is infinite there is none."""
    return "not defined" if math.isnan(decibels) else say_decibels(decibels)


def _tabulate_naive(found: Findings) -> Part:
    shown = pd.DataFrame(
        {
            "Explanation": [found.labels[str(name)] for name in found.naive.index],
            "Before reports": [say_percent(p) for p in found.naive["prior"]],
            "As it is": [say_percent(p) for p in found.naive["posterior"]],
            "Counted naively": [_say_chance(p) for p in found.naive["naive"]],
        }
    )
    return table(shown, "Present, had every echo and copy counted as a witness of its own")


def _say_chance(p: float) -> str:
    return "impossible" if math.isnan(p) else say_percent(p)


def sources(found: Findings) -> Part:
    """How far each source's claims fit this model; and the answer were all sources alike."""
    fits = found.fits
    alike = _compare_alike(found)
    if fits.empty:
        return join(fill("paragraph", text="No source has made a claim that counts."), alike)
    shown = pd.DataFrame(
        {
            "Source": list(fits["name"]),
            "On": [topic or "everything" for _, topic in fits.index],
            "Grade": list(fits["grade"]),
            "Before": [say_percent(p) for p in fits["prior"]],
            "After": [say_percent(p) for p in fits["posterior"]],
            "Claims that count": list(fits["claims"]),
        }
    )
    least = MOVED if len(fits) > FEW else 0.0
    numbers = table(shown, "How far each source's claims fit this model")
    picture = figure(lambda width: charts.sources(fits, width=width, least=least), numbers)
    return join(alike, picture)


def _compare_alike(found: Findings) -> Part:
    """The headline's numbers as graded, and with every source alike."""
    graded, alike = found.standing, found.alike["headline"]
    shown = pd.DataFrame(
        {
            "Explanation": list(graded["label"]),
            "As graded": [say_percent(p) for p in graded["headline"]],
            "All sources alike": [say_percent(alike[name]) for name in graded.index],
        }
    )
    return table(shown, "The answer, were every source graded C and none spoke in its own interest")


def conflict(found: Findings) -> Part:
    """Whether the reports hang together, and who disagrees most."""
    said = fill("paragraph", text=say_conflicts(found.conflicts, found.sources))
    if len(found.conflicts) < 2:
        return said
    named = found.conflicts.assign(source=found.conflicts["source"].map(found.name_source))
    numbers = join(_tabulate_conflicts(found), _tabulate_pairs(found))
    return join(said, figure(lambda width: charts.conflicts(named, width=width), numbers))


def _tabulate_conflicts(found: Findings) -> Part:
    part = found.conflicts
    shown = pd.DataFrame(
        {
            "Item": list(part.index),
            "Source": [found.name_source(s) for s in part["source"]],
            "Conflict with the rest": [say_nats(n) for n in part["nats"]],
        }
    )
    return table(shown, "How far each item disagrees with all the rest together")


def _tabulate_pairs(found: Findings) -> Part:
    pairs = found.conflicts.attrs["pairs"].head(PAIRS)
    shown = pd.DataFrame(
        {
            "One": list(pairs["first"]),
            "Other": list(pairs["second"]),
            "Conflict": [say_nats(n) for n in pairs["nats"]],
        }
    )
    return table(shown, "The pairs that disagree most")
