"""All lints of a case in one table, those that were silenced with their reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from rivals.codes import CODES
from rivals.lints.apart import find_alike
from rivals.lints.dates import find_disorder
from rivals.lints.finding import Finding
from rivals.lints.onesided import find_one_sided
from rivals.lints.overruled import find_overruled
from rivals.lints.reach import find_idle, find_unreported, find_unused
from rivals.lints.reasons import find_unexplained
from rivals.lints.repeats import find_additions, find_drift, find_unmarked
from rivals.lints.silencing import find_unused_silences, hear
from rivals.lints.strength import find_strong
from rivals.premises import Premises

Find = Callable[[Premises], Iterator[Finding]]
FAMILIES: tuple[Find, ...] = (
    find_unexplained, find_strong, find_idle, find_unreported, find_unused, find_alike,
    find_one_sided, find_unmarked, find_drift, find_additions, find_disorder,
    find_overruled,
)  # fmt: skip
COLUMNS = ["code", "name", "at", "path", "text", "silenced", "why"]


def lint(premises: Premises) -> pd.DataFrame:
    """A row per finding in the order of the codes and then of the files.

    Columns: code, name, at (file:line, empty for what is written nowhere), path, text (what was
    found and what to do), silenced, why (the reason of its silence, else empty).
    """
    findings = [finding for find in FAMILIES for finding in find(premises)]
    silences = premises.scenario.silenced
    rows = [(finding, hear(finding, silences)) for finding in findings]
    rows += [(finding, None) for finding in find_unused_silences(silences, findings)]
    places, order = premises.dossier.places, [code.code for code in CODES]

    def key(row: tuple[Finding, str | None]) -> tuple[int, str, int]:
        place = row[0].locate(places)
        return (
            order.index(row[0].code.code),
            "" if place is None else place.file,
            0 if place is None else place.line,
        )

    table = [
        [
            finding.code.code,
            finding.code.name,
            str(finding.locate(places) or ""),
            finding.path,
            finding.text,
            why is not None,
            why or "",
        ]
        for finding, why in sorted(rows, key=key)
    ]
    return pd.DataFrame(table, columns=COLUMNS).astype({"silenced": bool})
