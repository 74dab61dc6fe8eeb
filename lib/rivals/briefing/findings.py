"""All tables that a briefing is made of, each computed once, when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from rivals.case import DRAWS, Case
from rivals.charts import moved_most
from rivals.phrases import say_percent
from rivals.prose import Headline, headline, tabulate_standing
from rivals.scenario import label_of


def find(case: Case, draws: int = DRAWS, seed: int = 0) -> Findings:
    """The findings on a case, with ranges from so many draws."""
    return Findings(case, draws, seed)


@dataclass(frozen=True)
class Findings:
    """A case with its tables; every section of a briefing is made from one of these."""

    case: Case
    draws: int
    seed: int

    @cached_property
    def labels(self) -> dict[str, str]:
        """What to call each hypothesis."""
        return {n: label_of(n, noun) for n, noun in self.case.scenario.hypotheses.items()}

    @cached_property
    def standing(self) -> pd.DataFrame:
        """The headline's numbers, leader first."""
        return tabulate_standing(self.case, self.draws, self.seed)

    @cached_property
    def headline(self) -> Headline:
        """The judgement in sentences."""
        return headline(self.case, self.standing)

    @cached_property
    def causes(self) -> pd.DataFrame:
        """Why it happened, for every effect."""
        return self.case.causes(self.draws, self.seed)

    @cached_property
    def beliefs(self) -> pd.DataFrame:
        """What was there, for every hypothesis."""
        return self.case.beliefs(self.draws, self.seed)

    @cached_property
    def trail(self) -> pd.DataFrame:
        """Belief after each report."""
        return self.case.trail(self.draws, self.seed)

    @cached_property
    def robustness(self) -> pd.DataFrame:
        """Who leads when the judgements vary and each report is left out in turn."""
        return self.case.robustness(self.draws, self.seed)

    @cached_property
    def moves(self) -> pd.DataFrame:
        """The reports that moved a headline number furthest."""
        return moved_most(self.trail)

    @cached_property
    def moves_of_leader(self) -> pd.DataFrame:
        """The three reports that moved the likeliest explanation furthest."""
        return moved_most(self.trail, 3, str(self.standing.index[0]))

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
    def reports(self) -> pd.DataFrame:
        """The log at the moment."""
        return self.case.reports()

    @cached_property
    def anchors(self) -> dict[str, str]:
        """Where on the page each report is shown."""
        return {str(name): f"report-{i + 1}" for i, name in enumerate(self.reports.index)}

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

    def name_source(self, source: str) -> str:
        """What to call a source; "" for none."""
        noun = self.case.scenario.sources.get(source)
        return (noun.name if noun else "") or source
