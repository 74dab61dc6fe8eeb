"""How belief compared with what happened, in a sentence that claims no skill."""

from __future__ import annotations

import math

import pandas as pd

from rivals.analysis.forecasts import average, average_all
from rivals.phrases import count, list_all


def say_score(table: pd.DataFrame) -> str:
    """The mean scores of the model, of its prior and of always saying half.

    From `case.score()`, over the outcomes that are resolved, each counted once however many days
    it was forecast on; lower is better. The last words say of which kind the forecasts are.
    """
    each = average(table)
    left = len(table.attrs.get("open", ()))
    waiting = f"{count(left, 'outcome')} {'is' if left == 1 else 'are'} not resolved yet."
    if each.empty:
        return f"No forecast can be scored. {waiting}" if left else "No forecast can be scored."
    means = average_all([each])
    brier, log = (
        [_say(float(means[score + rival])) for rival in ("", "_prior", "_half")]
        for score in ("brier", "log")
    )
    over = "the one resolved outcome" if len(each) == 1 else f"{len(each)} resolved outcomes"
    rivals = "the model, its prior and a standing 50%"
    told = (
        f"Over {over}, the mean Brier scores of {rivals} are {list_all(brier)}, the mean log "
        f"scores {list_all(log)} bits; lower is better."
    )
    kind = f"The forecasts scored are those of {table.attrs['kind']}."
    return " ".join([told, *([waiting] if left else []), kind])


def _say(score: float) -> str:
    return "infinite" if math.isinf(score) else f"{score:.2f}"
