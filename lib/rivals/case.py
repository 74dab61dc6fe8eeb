"""A case: a scenario as it stands at a moment, perhaps with what-ifs applied.

This is the notebook's front door. Every method returns a new value; nothing is changed in place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from rivals.analysis.comparison import compare
from rivals.analysis.forecasts import score_beliefs
from rivals.analysis.issued import score_issued
from rivals.analysis.opinions import Opinions, Poll, ask_analysts
from rivals.analysis.shapley import Tell
from rivals.desk import Draft, desk_of, tried
from rivals.drafting import draft_amendment, draft_retraction, stated_fields
from rivals.entries import Entry
from rivals.errors import QuestionError
from rivals.ledger import read_ledger
from rivals.probes import Probes
from rivals.reading import read_dossier
from rivals.scenario import Dossier

if TYPE_CHECKING:
    from rivals.explorer import Panel
    from rivals.pgmpy_bridge import DiscreteBayesianNetwork


def read(folder: str | Path) -> Case:
    """Read a scenario's folder; raises ReadingError with every problem of its files.

    Whether the evidence is possible depends on the moment and on what is left out, so that is
    told by the first question: ImpossibleEvidence, naming the report that made it so.
    """
    return Case(read_dossier(folder))


@dataclass(frozen=True)
class Case(Probes):
    """Premises, the questions that can be asked of them, a method each, and what is kept of it."""

    def save_report(self, **fields: Any) -> Case:
        """Append what `with_report` tried, and one more report where fields are given.

        Reports go to the end of the folder's log, all or none, checked against the log as it stands
        by then. Fields, defaults and errors are those of `with_report`; also raises
        ImpossibleEvidence when the log as a whole could not be true, and WritingError. What comes
        back is this case with the log read anew.
        """
        attempts = [stated_fields(report) for report in tried(self.dossier)]
        if not attempts and not fields:
            raise QuestionError("nothing to save: no fields were given, and no report was tried")

        def draft(dossier: Dossier) -> list[Entry]:
            case = replace(self.whole, dossier=dossier)
            for attempt in [*attempts, *([fields] if fields else [])]:
                case = case.with_report(**attempt)
            return list(case.dossier.log[len(dossier.log) :])

        return self._keep(draft)

    def save_retraction(self, report: str, why: str, logged: str | None = None) -> Case:
        """Append an entry that takes a report back; comes back as `save_report` does.

        Without `logged`, it is had at the case's moment, or on the last day of the log.
        """
        fields = {"retracts": report, "logged": logged, "why": why}
        return self._keep(lambda dossier: [draft_retraction(dossier, self._dated(dossier, fields))])

    def save_amendment(
        self, report: str, changes: Mapping[str, Any], why: str, logged: str | None = None
    ) -> Case:
        """Append an entry that replaces whole fields of a report; one set to "" is gone.

        Without `logged`, it is had at the case's moment, or on the last day of the log.
        """
        fields = {"amends": report, "logged": logged, "set": dict(changes), "why": why}
        return self._keep(lambda dossier: [draft_amendment(dossier, self._dated(dossier, fields))])

    def _dated(self, dossier: Dossier, fields: Mapping[str, Any]) -> dict[str, Any]:
        last = replace(self, dossier=dossier).last_moment
        return {**fields, "logged": fields["logged"] or last()}

    def _keep(self, draft: Draft) -> Case:
        desk_of(self.dossier).keep(draft)
        fresh = self.see(read_dossier(self.dossier.folder))
        return fresh.as_analyst(self.dossier.analyst) if self.dossier.analyst else fresh

    def compare(self, other: Case, seed: int = 0, tell: Tell | None = None) -> pd.DataFrame:
        """This case beside another: before (the other), after (this one) and decibels.

        Columns: label, before, after, dB; with effects in both, `because` of the first one, before
        and after. attrs["items"]: each report, `given`, `do` or model that differs, with its
        Shapley values, which sum to the change: ("decibels", h) and, in percentage points,
        ("because", h); sampled with the seed beyond 12 items, and `tell` hears how far that is.
        """
        return compare(other.stated, self.stated, seed=seed, tell=tell)

    def analysts(
        self, poll: Poll | None = None, draws: int = 0, seed: int = 0, tell: Tell | None = None
    ) -> Opinions:
        """What everybody in `analysts/` believes, both pools, and what accounts for their gap.

        `poll` names weights in place of those of the files, the two between whom the gap lies,
        and whether the scenario's own view is among the voices; ranges rest on draws, if any.
        The tables are those of `Opinions`.
        """
        return ask_analysts(self, poll or Poll(), draws, seed, tell)

    def score(self) -> pd.DataFrame:
        """How each evening's belief in an outcome stands against what happened.

        Rows by (outcome, date), for outcomes that are `resolved`. Columns: label, by, resolved_on,
        happened, chance, brier, log (in bits), and both for the prior and for 0.5. Today's model
        looks back here: attrs["kind"] says so.
        """
        return score_beliefs(self.dossier, self.moment, self.left_out, self.what_if)

    def score_issued(self) -> pd.DataFrame:
        """The same for the chances that were issued by the moment, as the ledger has them.

        attrs["kind"]: issued; attrs["reworded"]: outcomes that had another claim then, left out. A
        line of the ledger that was altered is not believed.
        """
        issues = read_ledger(self.dossier.folder).issues
        end = self.moment.end(self.zone) if self.moment else None
        told = [i for i in issues if end is None or i.when.end(self.zone) <= end]
        return score_issued(self.scenario, told)

    def explore(self) -> Panel:
        """A live panel: reports, reliabilities, judgements and do() to be tried, live in a page."""
        from rivals.explorer import explore

        return explore(self)

    def to_pgmpy(self) -> tuple[DiscreteBayesianNetwork, dict[str, str]]:
        """The model in pgmpy with every counted report a leaf, and the evidence to hand over."""
        from rivals.pgmpy_bridge import build_model

        return build_model(self.network, self.values)
