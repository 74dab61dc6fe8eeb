"""What was corrected since a briefing was issued: from its frozen inputs, held against today's."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pandas as pd

from rivals.analysis.corrections import Corrections, find_corrections
from rivals.briefing.parts import Part, fill, join, table
from rivals.case import Case, read
from rivals.errors import ImpossibleEvidence, QuestionError, ReadingError, TooLarge
from rivals.evidence import logged_at
from rivals.ledger import Issue, read_ledger
from rivals.phrases import say_date
from rivals.premises import withhold
from rivals.prose import say_corrections
from rivals.prose.measures import say_decibels, say_signed
from rivals.scenario import label_of
from rivals.words import exceeds


@dataclass(frozen=True)
class Corrected:
    """An issue, and what was corrected since; nothing where its inputs cannot be compared."""

    issue: Issue
    found: Corrections | None
    label: str = ""
    led: str = ""

    @property
    def day(self) -> str:
        """When it was issued, as a day is said."""
        return say_date(self.issue.when.text[:10])

    @property
    def notice(self) -> str:
        """Two sentences for the first screen."""
        if self.found is None:
            return (
                f"A briefing was issued on {self.day}; its inputs cannot be compared with today's."
            )
        return say_corrections(self.found, self.label, self.day, self.led)


def find_corrected(case: Case, leader: str, seed: int) -> Corrected | None:
    """What was corrected since the last issue that speaks of no later moment; None for nothing."""
    ledger = read_ledger(case.dossier.folder)
    for entry in reversed(ledger.entries):
        if entry.issue is None or entry.wrong:
            continue
        if entry.lost:  # what day it speaks of is only known of the whole
            if case.moment is None:
                return Corrected(entry.issue, None)
            continue
        try:
            before = _recall(case, entry.issue, ledger.place(entry.issue.number))
            if before is not None:
                return _hold_against(case, before, entry.issue, leader, seed)
        except (ReadingError, ImpossibleEvidence, TooLarge, QuestionError):
            return Corrected(entry.issue, None)
    return None


def _recall(case: Case, issue: Issue, place: Path) -> Case | None:
    """The case as it was issued, shown to today's readers; None where it speaks of a later day."""
    before = read(place).as_of(issue.as_of).release(issue.release)
    end = case.moment.end(case.zone) if case.moment else None
    spoke = before.moment.end(before.zone) if before.moment else _last(before)
    if end is not None and spoke is not None and spoke > end:
        return None
    if case.released is None:
        return before
    above = {n for n, marking in before.whole.markings.items() if exceeds(marking, case.handling)}
    withheld = frozenset({*before.dossier.withheld, *case.dossier.withheld, *above})
    shown, whole = case.scenario, case.whole.scenario
    secret = whole.sources.keys() - shown.sources.keys()
    ended = whole.expected.keys() - shown.expected.keys()
    heard = {whole.expected[name].claim.variable for name in ended}
    dossier = withhold(before.whole.dossier, withheld, heard, secret)
    return replace(before.whole, dossier=dossier)


def _last(case: Case) -> datetime | None:
    return max((logged_at(entry, case.zone) for entry in case.dossier.log), default=None)


def _hold_against(
    case: Case, before: Case, issue: Issue, leader: str, seed: int
) -> Corrected | None:
    if not set(before.scenario.hypotheses) & set(case.scenario.hypotheses):
        return Corrected(issue, None)
    compared = case.compare(before, seed)
    found = find_corrections(before, case, compared, leader)
    if found is None:
        return None
    led, nouns = before.leader, before.scenario.hypotheses
    label = label_of(found.leader, case.scenario.hypotheses[found.leader])
    return Corrected(issue, found, label, label_of(led, nouns[led]) if led != leader else "")


def tell_corrected(corrected: Corrected | None) -> Part:
    """Each correction with its share, and each stated number that was changed."""
    if corrected is None or corrected.found is None:
        return Part("")
    found, issue = corrected.found, corrected.issue
    released = f", released for TLP:{issue.release}" if issue.release else ""
    text = (
        f"Issue {issue.number}, of {corrected.day} by {issue.by}{released}, is kept with its "
        f"inputs under issued/{issue.number}. {corrected.notice}"
    )
    told = fill("corrected", title="What was corrected since then", text=text)
    say = _say_points if found.explained else say_decibels
    shown = pd.DataFrame(
        {
            "What": list(found.items.index),
            "How": list(found.items["kind"]),
            "What it did": [_say(share, say) for share in found.items["share"]],
        }
    )
    parts = [told, table(shown, f"Each correction, and what it did to “{corrected.label}”")]
    if len(found.judged):
        numbers = pd.DataFrame({"Stated number": list(found.judged.index)})
        for column, title in (("before", "Then"), ("after", "Now")):
            numbers[title] = [_say(n, lambda n: f"{n:.3g}") for n in found.judged[column]]
        parts.append(table(numbers, "Stated numbers that were changed"))
    return join(*parts)


def _say(number: float, say: Callable[[float], str]) -> str:
    return "–" if math.isnan(number) else say(number)


def _say_points(share: float) -> str:
    return f"{say_signed(share, 1)} points"
