"""What holds the answers of a case up: what they rest on, what would turn them, what is lacking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from rivals.analysis.curves import curve, grid
from rivals.analysis.impact import count_naively, impact_by
from rivals.analysis.impact import impact as weigh_reports
from rivals.analysis.inquiry import inquire, inquire_through
from rivals.analysis.leaning import lean
from rivals.analysis.robustness import shake
from rivals.analysis.sensitivity import examine
from rivals.analysis.shapley import Tell
from rivals.analysis.turning import TurningPoints, turning_points
from rivals.answers import DRAWS, Answers
from rivals.lints import lint


@dataclass(frozen=True)
class Probes(Answers):
    """Answers, and how they are put to the test."""

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

    def turning_points(self) -> TurningPoints:
        """What would change who leads: the smallest sets of reports and origins, sources, dB."""
        return turning_points(self.stated)

    def inquiry(self) -> pd.DataFrame:
        """How much each `observable` variable would tell about the hypotheses, most first.

        ("variable", ...): ask, how, cost, bits, share_of_entropy, bits_per_cost; ("bits", h).
        """
        return inquire(self.stated)

    def inquiry_through(self) -> pd.DataFrame:
        """Bits by (variable, source), when it is learnt only by one more claim of that source."""
        return inquire_through(self.stated)

    def lints(self) -> pd.DataFrame:
        """What is well formed and may still be wrong, by the codes of `rivals check`.

        Columns: code, name, at (file:line), path, text (what was found and what to do), silenced,
        why (the reason of its silence in scenario.yaml).
        """
        return lint(self)
