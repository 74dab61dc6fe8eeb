"""A case: a scenario as it stands at a moment, perhaps with what-ifs applied.

This is the notebook's front door. Every method returns a new value; nothing is changed in place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from rivals.analysis.beliefs import (
    believe,
    combine,
    hypothesis_variables,
    lead,
    tabulate_sources,
    tabulate_variables,
)
from rivals.analysis.bounds import bound_causes
from rivals.analysis.causes import explain, explain_jointly, plan_causes
from rivals.analysis.comparison import compare
from rivals.analysis.conflict import measure_conflict, measure_conflicts
from rivals.analysis.counterfactual import imagine
from rivals.analysis.curves import curve, grid
from rivals.analysis.forecasts import score_beliefs
from rivals.analysis.headline import headline
from rivals.analysis.impact import count_naively, impact_by
from rivals.analysis.impact import impact as weigh_reports
from rivals.analysis.inquiry import inquire, inquire_through
from rivals.analysis.issued import score_issued
from rivals.analysis.leaning import lean
from rivals.analysis.logbook import tabulate_judgements, tabulate_reports
from rivals.analysis.opinions import Opinions, Poll, ask_analysts
from rivals.analysis.robustness import shake
from rivals.analysis.sensitivity import examine
from rivals.analysis.shapley import Tell
from rivals.analysis.spread import Spread, spread_draws
from rivals.analysis.trail import follow
from rivals.analysis.turning import TurningPoints, turning_points
from rivals.analysis.waiting import await_reports
from rivals.batch import Batch
from rivals.desk import Draft, desk_of, tried
from rivals.drafting import draft_amendment, draft_retraction, stated_fields
from rivals.engine import Plan
from rivals.entries import Entry
from rivals.errors import QuestionError
from rivals.ledger import read_ledger
from rivals.lints import lint
from rivals.network import Network
from rivals.premises import Premises
from rivals.reading import read_dossier
from rivals.scenario import Dossier

if TYPE_CHECKING:
    from rivals.explorer import Panel
    from rivals.pgmpy_bridge import DiscreteBayesianNetwork

DRAWS = 2000
"""How many draws of the judgements a range rests on unless asked otherwise."""


def read(folder: str | Path) -> Case:
    """Read a scenario's folder; raises ReadingError with every problem of its files.

    Whether the evidence is possible depends on the moment and on what is left out, so that is
    told by the first question: ImpossibleEvidence, naming the report that made it so.
    """
    return Case(read_dossier(folder))


@dataclass(frozen=True)
class Case(Premises):
    """Premises and the questions that can be asked of them, a method each."""

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

    def plan(self) -> Plan:
        """How large the largest answer is, beliefs or causes; print it. Nothing is run."""
        network = Network(self.scenario, self.evidence, self.what_if)
        batch = Batch(network, network.masks(None), self.values)
        plans = [batch.plan(hypothesis_variables(self.scenario)), *plan_causes(batch)]
        return max(plans, key=lambda plan: (plan.clique_cells, plan.cells))

    def spread(self, draws: int = DRAWS, seed: int = 0) -> Spread | None:
        """Weighted draws of the judgements; None for 0 draws."""
        key = (draws, seed)
        if key not in self._spreads:
            names = hypothesis_variables(self.scenario)
            self._spreads[key] = spread_draws(self.network, names, draws, seed)
        return self._spreads[key]

    @cached_property
    def _spreads(self) -> dict[tuple[int, int], Spread | None]:
        return {}

    def beliefs(self, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
        """Prior, posterior, range and words for every hypothesis.

        Columns: label, prior, posterior, low, high (5% and 95% of the posterior over the draws),
        words. The prior includes `do`, not `given`. attrs["draws"]: how many, and their worth.
        """
        return believe(self.stated, self.spread(draws, seed))

    def combinations(self, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
        """The joint over all hypotheses: which of them hold together, likeliest first.

        Columns: a truth value per hypothesis, then prior, posterior, low, high.
        """
        return combine(self.stated, self.spread(draws, seed))

    def causes(self, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
        """Per effect and hypothesis: present, why (`because`), needed, sufficient.

        Columns: label, posterior, because, low, high (of because), but_for, sufficient; each
        explained in the design's words by the module `rivals.analysis.causes`. The data cannot
        settle how causes work together; assumed is that roots and tables share one quantile a
        variable between the worlds, noisy gates one a link and leak, ranked gates one.
        """
        self._need_effects()
        return explain(self.stated, self.spread(draws, seed))

    def cause_sets(self) -> pd.DataFrame:
        """The sets of hypotheses that were jointly why."""
        self._need_effects()
        return explain_jointly(self.stated)

    def cause_bounds(self, tell: Tell | None = None) -> pd.DataFrame:
        """How low and how high `because` could be: no data settle how a table's rows hang together.

        Rows by (effect, hypothesis). Columns: label, lowest, because, highest, and how the ends
        were found, as the module `rivals.analysis.bounds` explains.
        """
        self._need_effects()
        return bound_causes(self.stated, tell)

    def had(self, /, **setting: str) -> pd.DataFrame:
        """What would have been, given all that we know, had each named variable been in a state.

        The reports speak of the world as it is; the other world shares every chance with it. With
        `do` the world is otherwise from the start, and the reports tell of that. Rows by (kind,
        name): effects, hypotheses, outcomes. Columns: label, posterior, had. attrs: setting;
        variables, the same for every state of every variable.
        """
        for variable, state in setting.items():
            self._check_states(variable, [state])
        return imagine(self.stated, setting)

    def _need_effects(self) -> None:
        if not self.scenario.effects:
            raise QuestionError("causes need `effects` in scenario.yaml: what is to be explained")

    def trail(self, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
        """Belief after each report in force; the columns have two levels.

        ("report", ...): logged, source, outlet, status, summary, surprise in bits. Then
        ("posterior", h), with effects ("because", h) of the first, and the headline's range
        after each report, ("low", h) and ("high", h). attrs: start, before (each report) and end,
        at the case's moment, as `rivals.analysis.trail` explains them.
        """
        return follow(self.stated, self.spread(draws, seed))

    def robustness(self, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
        """Who leads when the judgements vary and each counted report is left out in turn.

        Columns: label, leads (the share of all these cases in which it leads), whole (with all
        reports), worst (the lowest share) and report (the one without which it is that low).
        attrs: leader, ranking (how often the order of all stands), reports (a table by report
        left out), draws, kept (on how many draws, which stand for all, it rests).
        """
        return shake(self.stated, self.spread(draws, seed))

    def impact(self, seed: int = 0, tell: Tell | None = None) -> pd.DataFrame:
        """What each report in force is worth to each hypothesis, in decibels of its odds.

        ("report", ...): counted, source, origin; ("arrival", h), ("left_out", h), ("shapley", h)
        and its standard error, ("error", h). Shapley values share out attrs["shift"], exactly up
        to 12 counted reports, else sampled with the seed; `tell` hears how far that is.
        """
        return weigh_reports(self.stated, seed=seed, tell=tell)

    def impact_by(
        self, key: Literal["source", "origin"], seed: int = 0, tell: Tell | None = None
    ) -> pd.DataFrame:
        """The same summed over all reports of each source, or of each origin.

        ("report", "counted"): how many count; ("arrival", h), ("shapley", h). A report with several
        origins is shared equally among them.
        """
        return impact_by(self.impact(seed, tell), key)

    def naively(self) -> pd.DataFrame:
        """What one would believe had every echo and copy counted as a witness of its own.

        Columns: prior, posterior, naive, shift, naive_shift, dB (from posterior to naive);
        attrs["origins"]: how many times too often each origin would have counted.
        """
        what_if = self.network.what_if  # asked of the network, which tells impossible evidence
        return count_naively(self.dossier, self.moment, self.left_out, what_if)

    def conflict(self) -> float:
        """How far the items of evidence disagree, in nats; above 0 is disagreement."""
        return measure_conflict(self.stated)

    def conflicts(self) -> pd.DataFrame:
        """Per item of evidence, how far it disagrees with all the rest, in nats, most first.

        Columns: source, nats. attrs: overall; pairs, the same for each two of them.
        """
        return measure_conflicts(self.stated)

    def sensitivity(self, hypothesis: str | None = None, threshold: float = 0.5) -> pd.DataFrame:
        """How far P(hypothesis | reports) moves with each stated number, and what flips it.

        Of the one that leads unless named. Columns: value, at, derivative, low, high, a, b,
        c, d, flip, lead, log_odds_moved, as `rivals.analysis.sensitivity` explains them. attrs:
        hypothesis, threshold, chance (the answer as stated).
        """
        named = hypothesis or self.leader
        return examine(self.stated, self.dossier.places, named, threshold)

    def assumptions(self, most: int = 10) -> pd.DataFrame:
        """The stated numbers on which the headline's number leans most, the key assumption first.

        Columns: value, at, why, low, high, lead, leader, as `rivals.analysis.leaning` explains
        them. With effects that number is `because`; `sensitivity` asks for presence.
        """
        return lean(self.stated, self.dossier.places, most)

    def curve(self, judgement: str, hypothesis: str | None = None) -> pd.DataFrame:
        """P(hypothesis | reports), and those of the others, as one judgement goes from 0 to 1.

        The judgement is named by its path in the file. attrs: value (as stated), hypothesis.
        """
        return curve(self.stated, judgement, hypothesis or self.leader)

    def grid(self, judgement: str, other: str, hypothesis: str | None = None) -> pd.DataFrame:
        """P(hypothesis | reports) as two judgements go from 0 to 1, a row and a column each.

        attrs: values (as stated), hypothesis.
        """
        return grid(self.stated, judgement, other, hypothesis or self.leader)

    @property
    def leader(self) -> str:
        """Who leads: by `because` of the first effect, without effects by posterior."""
        return list(self.scenario.hypotheses)[int(lead(headline(self.stated)[:, 0, 0]))]

    def inquiry(self) -> pd.DataFrame:
        """How much each `observable` variable would tell about the hypotheses, most first.

        ("variable", ...): ask, how, cost, bits, share_of_entropy, bits_per_cost; ("bits", h).
        """
        return inquire(self.stated)

    def inquiry_through(self) -> pd.DataFrame:
        """Bits by (variable, source), when it is learnt only by one more claim of that source."""
        return inquire_through(self.stated)

    def expected(self) -> pd.DataFrame:
        """What we are waiting for: a row per report that `expected` in scenario.yaml names.

        ("expected", ...): label, claim, ask, since, by, chance, share (of its time that is over),
        state (awaited, overdue, not yet, ended, given, under do), ended_by, posterior of the claim,
        to_come (the chance that it still comes in time), leader (who would lead were the claim
        known to hold). ("decibels", h): what its absence weighs now; ("came", h): the headline's
        number of h were the claim known to hold. attrs: leader, now (those numbers as they stand).
        """
        return await_reports(self.stated)

    def turning_points(self) -> TurningPoints:
        """What would change who leads: the smallest sets of reports and origins, sources, dB."""
        return turning_points(self.stated)

    def sources(self) -> pd.DataFrame:
        """Per source and topic, how far its claims fit this model: before and after."""
        return tabulate_sources(self.stated)

    def variables(self) -> pd.DataFrame:
        """Prior and posterior of every state of every variable."""
        return tabulate_variables(self.stated)

    def reports(self) -> pd.DataFrame:
        """The log at the moment, with what counts, echoes and copies marked."""
        return tabulate_reports(self.evidence, self.zone)

    def judgements(self) -> pd.DataFrame:
        """Every number that the analysis rests on, with its place and its reason."""
        return tabulate_judgements(self.dossier)

    def lints(self) -> pd.DataFrame:
        """What is well formed and may still be wrong, by the codes of `rivals check`.

        Columns: code, name, at (file:line), path, text (what was found and what to do), silenced,
        why (the reason of its silence in scenario.yaml).
        """
        return lint(self)

    def log_evidence(self) -> float:
        """The natural logarithm of the probability of the evidence."""
        return float(self.stated.log_evidence[0, 0])

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
