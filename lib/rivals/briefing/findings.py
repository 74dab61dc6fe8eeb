"""All tables that a briefing is made of, each computed once, when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from rivals.analysis.opinions import Opinions
from rivals.analysis.turning import TurningPoints
from rivals.analysts import list_files
from rivals.answers import DRAWS
from rivals.briefing.corrected import Corrected, find_corrected
from rivals.case import Case
from rivals.charts import moved_most
from rivals.errors import ImpossibleEvidence, QuestionError, quote
from rivals.phrases import say_percent
from rivals.prose import Headline, Trials, headline, rank_standing, say_release, tabulate_standing
from rivals.scenario import label_of


def find(case: Case, draws: int = DRAWS, seed: int = 0, since: str | None = None) -> Findings:
    """What a briefing says of a case, with ranges from so many draws.

    since: the day, the month or the time since when changes are told; without it, the evening
    before the newest report that moved a whole percentage. Raises QuestionError when it is not
    before the moment that the case speaks of.
    """
    if since is not None and case.moment is not None:
        before = case.as_of(since).moment
        if before is not None and before.end(case.zone) >= case.moment.end(case.zone):
            raise QuestionError(
                f"since is before the moment {case.moment.text}, got {quote(since)}"
            )
    return Findings(case, draws, seed, since)


class Notice(NamedTuple):
    """Something that stands before the answer, with where on the page there is more of it."""

    text: str
    details: str = ""


@dataclass(frozen=True)
class Findings:
    """A case with its tables; every section of a briefing is made from one of these."""

    case: Case
    draws: int
    seed: int
    asked_since: str | None = None

    # --- names ---

    @cached_property
    def labels(self) -> dict[str, str]:
        """What to call each hypothesis."""
        return {n: label_of(n, noun) for n, noun in self.case.scenario.hypotheses.items()}

    @cached_property
    def sources(self) -> dict[str, str]:
        """What to call each source."""
        return {n: noun.name or n for n, noun in self.case.scenario.sources.items()}

    @cached_property
    def marking(self) -> str:
        """The TLP label of the page; "" where anybody may see it and nobody asked."""
        level = self.case.handling
        return f"TLP:{level}" if self.case.released or level != "CLEAR" else ""

    @cached_property
    def corrected(self) -> Corrected | None:
        """What was corrected since a briefing was issued; None for nothing."""
        return find_corrected(self.case, self.leader, self.seed)

    @cached_property
    def notices(self) -> list[Notice]:
        """What a reader has to know before anything else."""
        found = [Notice(say_release(self.case))]
        if self.corrected is not None:
            details = "#corrected" if self.corrected.found else ""
            found.append(Notice(self.corrected.notice, details))
        return [notice for notice in found if notice.text]

    @cached_property
    def dates(self) -> dict[str, str]:
        """The day on which each report was had."""
        return {str(name): str(day)[:10] for name, day in self.reports["logged"].items()}

    @cached_property
    def leader(self) -> str:
        """The hypothesis with the highest number."""
        return str(self.standing.index[0])

    @cached_property
    def anchors(self) -> dict[str, str]:
        """Where on the page each report is shown."""
        return {str(name): f"report-{i + 1}" for i, name in enumerate(self.reports.index)}

    def name_source(self, source: str) -> str:
        """What to call a source; "" for none."""
        return self.sources.get(source, source)

    # --- the answer ---

    @cached_property
    def standing(self) -> pd.DataFrame:
        """The headline's numbers, leader first."""
        return rank_standing(self.case, self.causes if self.case.effect else self.beliefs)

    @cached_property
    def headline(self) -> Headline:
        """The judgement in sentences."""
        return headline(self.case, self.standing, Trials(self.robustness, self.impact))

    @cached_property
    def causes(self) -> pd.DataFrame:
        """Why it happened, for every effect."""
        return self.case.causes(self.draws, self.seed)

    @cached_property
    def beliefs(self) -> pd.DataFrame:
        """What was there, for every hypothesis."""
        return self.case.beliefs(self.draws, self.seed)

    @cached_property
    def combinations(self) -> pd.DataFrame:
        """Which explanations hold together."""
        return self.case.combinations(self.draws, self.seed)

    @cached_property
    def sets(self) -> pd.DataFrame:
        """Which of them were jointly why; needs effects."""
        return self.case.cause_sets()

    @cached_property
    def states(self) -> pd.DataFrame:
        """Every state of every variable."""
        return self.case.variables()

    # --- how it came about ---

    @cached_property
    def reports(self) -> pd.DataFrame:
        """The log at the moment."""
        return self.case.reports()

    @cached_property
    def trail(self) -> pd.DataFrame:
        """Belief after each report."""
        return self.case.trail(self.draws, self.seed)

    @cached_property
    def moves(self) -> pd.DataFrame:
        """The reports that moved a headline number furthest."""
        return moved_most(self.trail)

    @cached_property
    def moves_of_leader(self) -> pd.DataFrame:
        """The three reports that moved the likeliest explanation furthest."""
        return moved_most(self.trail, 3, self.leader)

    @cached_property
    def moves_on_arrival(self) -> dict[str, tuple[str, float, float]]:
        """For each report that moved a percentage of the headline: which, from where, to where."""
        moves = moved_most(self.trail, len(self.trail))
        return {
            str(name): (self.labels[r["hypothesis"]], r["before"], r["after"])
            for name, r in moves.iterrows()
            if say_percent(r["before"]) != say_percent(r["after"])
        }

    @cached_property
    def since(self) -> str:
        """The day since when changes are told; "" where no report counts and none was asked for."""
        if self.asked_since is not None:
            return self.asked_since
        counted = self.trail[self.trail["report", "status"] == "counted"]
        moving = [name for name in counted.index if name in self.moves_on_arrival]
        if counted.empty:
            return ""
        newest = moving[-1] if moving else counted.index[-1]
        day = date.fromisoformat(str(counted.at[newest, ("report", "logged")]))
        return (day - timedelta(days=1)).isoformat()

    @cached_property
    def changes(self) -> pd.DataFrame | None:
        """The case beside the same case as it stood then; None where there is no such case."""
        if not self.since:
            return None
        try:
            return self.case.compare(self.case.as_of(self.since), self.seed)
        except ImpossibleEvidence:  # the log of that evening, put right since
            if self.asked_since is not None:
                raise
            return None

    @cached_property
    def impact(self) -> pd.DataFrame:
        """What each report weighs."""
        return self.case.impact(self.seed)

    @cached_property
    def naive(self) -> pd.DataFrame:
        """What one would believe had every repetition counted."""
        return self.case.naively()

    # --- whether it holds ---

    @cached_property
    def robustness(self) -> pd.DataFrame:
        """Who leads when the judgements vary and each report is left out in turn."""
        return self.case.robustness(self.draws, self.seed)

    @cached_property
    def turning(self) -> TurningPoints:
        """What would change who leads."""
        return self.case.turning_points()

    @cached_property
    def sensitivity(self) -> pd.DataFrame:
        """How far the leader's presence moves with each stated number."""
        return self.case.sensitivity(self.leader)

    @cached_property
    def assumptions(self) -> pd.DataFrame:
        """The stated numbers that move the headline's number most."""
        return self.case.assumptions()

    @cached_property
    def bounds(self) -> pd.DataFrame:
        """How low and how high `because` could be; needs effects."""
        return self.case.cause_bounds()

    @cached_property
    def opinions(self) -> Opinions | None:
        """What several analysts believe, together and apart; None where there is none."""
        if not list_files(self.case.dossier):
            return None
        return self.case.analysts(draws=self.draws, seed=self.seed)

    @cached_property
    def inquiry(self) -> pd.DataFrame:
        """How much each thing that can be found out would tell."""
        return self.case.inquiry()

    @cached_property
    def inquiry_through(self) -> pd.DataFrame:
        """The same when it is learnt through each source."""
        return self.case.inquiry_through()

    @cached_property
    def expected(self) -> pd.DataFrame:
        """What we are waiting for."""
        return self.case.expected()

    @cached_property
    def fits(self) -> pd.DataFrame:
        """How far each source's claims fit this model."""
        return self.case.sources()

    @cached_property
    def conflicts(self) -> pd.DataFrame:
        """How far each item of evidence disagrees with the rest."""
        return self.case.conflicts()

    @cached_property
    def alike(self) -> pd.DataFrame:
        """The headline's numbers, had every source the same grade and none an interest."""
        scenario = self.case.scenario
        sources = {
            name: source.model_copy(update={"grade": "C", "reliability": None})
            for name, source in scenario.sources.items()
        }
        settings = scenario.settings.model_copy(update={"spin": 0.0})
        level = scenario.model_copy(update={"sources": sources, "settings": settings})
        dossier = replace(self.case.dossier, scenario=level)
        return tabulate_standing(replace(self.case, dossier=dossier), 0, self.seed)
