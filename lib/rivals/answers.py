"""What follows from a case: beliefs and why, as they are and as they came about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

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
from rivals.analysis.conflict import measure_conflict, measure_conflicts
from rivals.analysis.counterfactual import imagine
from rivals.analysis.headline import headline
from rivals.analysis.logbook import tabulate_judgements, tabulate_reports
from rivals.analysis.shapley import Tell
from rivals.analysis.spread import Spread, spread_draws
from rivals.analysis.trail import follow
from rivals.analysis.waiting import await_reports
from rivals.batch import Batch
from rivals.engine import Plan
from rivals.errors import QuestionError
from rivals.network import Network
from rivals.premises import Premises

DRAWS = 2000
"""How many draws of the judgements a range rests on unless asked otherwise."""


@dataclass(frozen=True)
class Answers(Premises):
    """Premises, and what is to be believed by them."""

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

    def log_evidence(self) -> float:
        """The natural logarithm of the probability of the evidence."""
        return float(self.stated.log_evidence[0, 0])

    @property
    def leader(self) -> str:
        """Who leads: by `because` of the first effect, without effects by posterior."""
        return list(self.scenario.hypotheses)[int(lead(headline(self.stated)[:, 0, 0]))]

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

    def conflict(self) -> float:
        """How far the items of evidence disagree, in nats; above 0 is disagreement."""
        return measure_conflict(self.stated)

    def conflicts(self) -> pd.DataFrame:
        """Per item of evidence, how far it disagrees with all the rest, in nats, most first.

        Columns: source, nats. attrs: overall; pairs, the same for each two of them.
        """
        return measure_conflicts(self.stated)

    def expected(self) -> pd.DataFrame:
        """What we are waiting for: a row per report that `expected` in scenario.yaml names.

        ("expected", ...): label, claim, ask, since, by, chance, share (of its time that is over),
        state (awaited, overdue, not yet, ended, given, under do), ended_by, posterior of the claim,
        to_come (the chance that it still comes in time), leader (who would lead were the claim
        known to hold). ("decibels", h): what its absence weighs now; ("came", h): the headline's
        number of h were the claim known to hold. attrs: leader, now (those numbers as they stand).
        """
        return await_reports(self.stated)

    def variables(self) -> pd.DataFrame:
        """Prior and posterior of every state of every variable."""
        return tabulate_variables(self.stated)

    def sources(self) -> pd.DataFrame:
        """Per source and topic, how far its claims fit this model: before and after."""
        return tabulate_sources(self.stated)

    def reports(self) -> pd.DataFrame:
        """The log at the moment, with what counts, echoes and copies marked."""
        return tabulate_reports(self.evidence, self.zone)

    def judgements(self) -> pd.DataFrame:
        """Every number that the analysis rests on, with its place and its reason."""
        return tabulate_judgements(self.dossier)
