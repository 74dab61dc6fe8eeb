"""Forecasts that were really issued: the chances in the ledger, held against what happened."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from rivals.analysis.forecasts import Forecast, score_forecasts
from rivals.ledger import Issue
from rivals.scenario import Scenario

ISSUED = "issued"
"""The kind of what was said at the time, and has stood in the ledger since."""


def score_issued(scenario: Scenario, issues: Iterable[Issue]) -> pd.DataFrame:
    """The table of `score_forecasts` over what was issued, each at the moment of its issue.

    The prior beside a chance is that of the model that it was issued from. attrs["reworded"]: the
    outcomes that had another claim when a chance was issued, which is therefore left out.
    """
    parts, reworded = [], []
    for issue in issues:
        asked = {name: c for name, c in issue.outcomes.items() if name in scenario.outcomes}
        same = {n: c for n, c in asked.items() if str(scenario.outcomes[n].claim) == c.claim}
        reworded += [name for name in asked if name not in same]
        forecasts = [Forecast(name, issue.when, c.chance) for name, c in same.items()]
        priors = {name: c.prior for name, c in same.items()}
        part = score_forecasts(scenario, forecasts, priors, ISSUED)
        if len(part):
            parts.append(part)
    table = pd.concat(parts) if parts else score_forecasts(scenario, (), {}, ISSUED)
    table.attrs = {"kind": ISSUED, "reworded": tuple(dict.fromkeys(reworded))}
    return table
