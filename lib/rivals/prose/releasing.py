"""What a released case leaves out, and what the headline would read with all of it."""

from __future__ import annotations

from rivals.analysis.headline import headline
from rivals.case import Case
from rivals.errors import ImpossibleEvidence
from rivals.phrases import count, quoted, say_percent
from rivals.scenario import label_of
from rivals.words import word_for


def say_release(case: Case) -> str:
    """How many reports of the moment are withheld, and what they would change; "" for none."""
    if case.released is None:
        return ""
    whole = case.whole
    standings = [s for s in whole.evidence.standings if s.report.id in case.dossier.withheld]
    if not standings:
        return ""
    counted = sum(s.weighs for s in standings)
    are, them = ("is", "it") if len(standings) == 1 else ("are", "them")
    counts = "counts" if counted == 1 else "count"
    weigh = f", of which {counted} {counts}" if len(standings) > 1 else "; it counts" * counted
    return (
        f"{count(len(standings), 'report')} marked above TLP:{case.released.level} {are} left out"
        f"{weigh}. Every figure here is recomputed without {them}. {_say_whole(whole, them)}"
    )


def _say_whole(whole: Case, them: str) -> str:
    """The headline with all reports, in words and as a whole percentage."""
    with_all = "With it" if them == "it" else "With all of them"
    try:
        chances = headline(whole.stated)[:, 0, 0]
    except ImpossibleEvidence:
        return f"{with_all} the reports are impossible together under this model."
    leader, scenario = whole.leader, whole.scenario
    chance = float(chances[list(scenario.hypotheses).index(leader)])
    label = quoted(label_of(leader, scenario.hypotheses[leader]))
    what = "reason" if whole.effect else "explanation"
    word = word_for(chance, scenario.settings.scale)
    return f"{with_all} the likeliest {what} would be {label}: {word}, {say_percent(chance)}."
