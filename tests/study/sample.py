"""All trials of a study side by side, with the matrix's scores turned into probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from study.matrix import fit_scores
from study.model import Array
from study.setting import RATES
from study.trial import METHODS, Lesson, Trial
from study.views import KINDS, LINTED, RIGHT, UNMARKED

PRIOR, NAIVE_ALL, NAIVE, RIVALS = METHODS
NAIVE_CAPPED, RIVALS_CAPPED = "naive Bayes, kept to 1-99%", "rivals, kept to 1-99%"
NAIVE_ALL_CAPPED = "naive Bayes, every page, kept to 1-99%"
CAPPED = {NAIVE_ALL_CAPPED: NAIVE_ALL, NAIVE_CAPPED: NAIVE, RIVALS_CAPPED: RIVALS}
"""No more certain than "almost certain"; naive Bayes without marked copies unless it says so."""

ACH, ACH_TOLD = "ACH", "ACH, fitted to the error"
ALL_METHODS = (
    PRIOR, NAIVE_ALL, NAIVE_ALL_CAPPED, NAIVE, NAIVE_CAPPED, ACH, ACH_TOLD, RIVALS_CAPPED, RIVALS,
)  # fmt: skip
SIDE_BY_SIDE = (RIVALS, NAIVE, NAIVE_CAPPED, NAIVE_ALL, ACH, PRIOR)
"""Those of README's table and of the pictures; one of them is the best there."""

CAP = float(np.log(0.99 / 0.01))
ORDINARY = {UNMARKED: UNMARKED, LINTED: LINTED}
"""The worlds on which the matrix is fitted: others of the same coding, nothing else being wrong."""


@dataclass(frozen=True)
class Sample:
    """Arrays as in `Trial`, with worlds along the first axis; in the order of their numbers."""

    trials: Sequence[Trial]
    lessons: Sequence[Lesson]

    @cached_property
    def truth(self) -> Array:
        """(worlds, MOST)."""
        return np.stack([trial.truth for trial in self.trials])

    @cached_property
    def rates(self) -> Array:
        """The echo rate of each world."""
        return np.array([trial.rate for trial in self.trials])

    @cached_property
    def known(self) -> Array:
        """Log-odds by the true numbers: (worlds, MOST)."""
        return np.stack([trial.known for trial in self.trials])

    @cached_property
    def variants(self) -> Array:
        """(worlds, kinds, variants, MOST)."""
        return np.stack([trial.variants for trial in self.trials])

    @cached_property
    def ranges(self) -> Array:
        """(worlds, kinds, 3, MOST)."""
        return np.stack([trial.ranges for trial in self.trials])

    @cached_property
    def odds(self) -> dict[tuple[str, str], Array]:
        """Log-odds by kind of error and method: (worlds, MOST)."""
        found = {}
        every = np.stack([trial.odds for trial in self.trials])
        for i, kind in enumerate(KINDS):
            own = dict(zip(METHODS, every[:, i].transpose(1, 0, 2), strict=True))
            own |= {capped: np.clip(own[plain], -CAP, CAP) for capped, plain in CAPPED.items()}
            own[ACH] = self._fit(kind, ORDINARY.get(kind, RIGHT), own[PRIOR])
            own[ACH_TOLD] = self._fit(kind, kind, own[PRIOR])
            found |= {(kind, method): own[method] for method in ALL_METHODS}
        return found

    def _fit(self, kind: str, taught: str, prior: Array) -> Array:
        """The matrix's log-odds under one kind of error, fitted on other worlds under another."""
        scores = self.scores[:, KINDS.index(kind)]
        found = np.full_like(prior, np.nan)
        lesson = KINDS.index(taught)
        for rate in RATES:
            learnt = [one for one in self.lessons if one.rate == rate]
            here = self.rates == rate
            if not here.any():
                continue
            fit = fit_scores(
                np.stack([one.scores[lesson] for one in learnt]),
                np.stack([one.prior[lesson] for one in learnt]),
                np.stack([one.truth for one in learnt]),
            )
            found[here] = fit.odds(scores[here], prior[here])
        return found

    @cached_property
    def scores(self) -> Array:
        """The matrix's scores: (worlds, kinds, ways, MOST)."""
        return np.stack([trial.scores for trial in self.trials])

    @cached_property
    def pages(self) -> Array:
        """How many pages each world has."""
        return np.array([trial.pages for trial in self.trials])

    @cached_property
    def one_sided(self) -> Array:
        """Whether a log was found one-sided: (worlds, kinds), NaN where that was not asked."""
        return np.stack([trial.one_sided for trial in self.trials])

    def counts(self, name: str) -> Array:
        """A count of the lint's in each world."""
        return np.array([getattr(trial.suspicion, name) for trial in self.trials])
