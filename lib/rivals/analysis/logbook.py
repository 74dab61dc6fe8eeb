"""The log and the judgements as tables: what was said, what of it counts, what was assumed."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from rivals.entries import Report
from rivals.evidence import Evidence
from rivals.judgements import statements
from rivals.scenario import Dossier


def tabulate_reports(evidence: Evidence, zone: ZoneInfo) -> pd.DataFrame:
    """A row per report logged by the moment, with its standing and what it repeats."""
    rows = []
    for standing in evidence.standings:
        report = standing.report
        rows.append(
            {
                "report": report.id,
                "logged": standing.logged.astimezone(zone).date().isoformat(),
                "published": str(report.published),
                "source": report.source or "",
                "outlet": report.outlet,
                "origin": standing.origins,
                "status": standing.status,
                "repeats": next(iter(standing.repeats.values()), report.copy_of or ""),
                "says": "; ".join(_say(report)),
                "drift": "; ".join(standing.drift),
                "addition": "; ".join(standing.addition),
                "summary": report.summary,
                "link": report.link or "",
                "why": report.why,
                "handling": report.handling,
            }
        )
    columns = ["report", "logged", "published", "source", "outlet", "origin", "status", "repeats",
               "says", "drift", "addition", "summary", "link", "why", "handling"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).set_index("report")


def _say(report: Report) -> Iterator[str]:
    for variable, states in report.claims.items():
        yield f"{variable}={'|'.join(states)}"
    for variable, state in report.observes.items():
        yield f"observed {variable}={state}"
    for variable, weights in report.likelihood.items():
        shown = " : ".join(f"{state} {weight:g}" for state, weight in weights.items())
        yield f"weighed {variable} ({shown})"


def tabulate_judgements(dossier: Dossier) -> pd.DataFrame:
    """A row per number that somebody stated: value, as written, place, firmness and reason."""
    rows = {}
    for statement in statements(dossier.scenario):
        for path, value in statement.judgements():
            place = dossier.places.get(path)
            written = place.text if place else f"{value:g}"
            at = str(place) if place else "default"
            firmness = statement.firmness if 0 < value < 1 else np.nan
            rows[path] = [value, written, at, firmness, statement.why]
    columns = ["value", "written", "at", "firmness", "why"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    table.index.name = "judgement"
    return table
