"""Probabilities, distributions and dates in every way that the format lets one write them."""

from __future__ import annotations

from typing import Any

WORDS = {
    "icd203": [
        *["almost no chance", "very unlikely", "unlikely", "roughly even chance", "likely"],
        *["very likely", "almost certain", "remote", "highly improbable", "improbable"],
        *["roughly even odds", "probable", "highly probable", "nearly certain"],
    ],
    "phia": [
        *["remote chance", "highly unlikely", "unlikely", "realistic possibility"],
        *["likely", "highly likely", "almost certain"],
    ],
}
MOMENTS = [
    *["2026-02-01", "2026-02-02", "2026-02-03", "2026-02-04", "2026-02-05", "2026-01"],
    *["2026-02", "2026-02-02T12:00:00+00:00", "2026-02-03T01:30:00+05:45"],
    *["2026-02-02T23:30:00-04:00", "2026-02-04T00:15:00Z"],
]
LATER = ["2026-03-01", "2026-03-02", "2026-03-02T08:00:00+01:00", "2026-03-03"]
LATEST = ["2026-03-05", "2026-03-06", "2026-03-06T10:00:00-03:00", "2026-03-08"]


def chance(c: Any, scale: str) -> str:
    """One probability, not 0 or 1 except now and then."""
    style = c.integer(0, 4)
    if style == 0:
        return f"0.{c.integer(1, 99):02d}"
    if style == 1:
        return f"{c.integer(1, 999) / 10}%"
    if style == 2:
        return f"{c.integer(1, 6)}/7"
    if style == 3:
        return c.pick(WORDS[scale])
    return c.pick(["0.001", "1", "0.5", ".25", "0.999", "0", "1e-3"])


def spread(c: Any, states: list[str], scale: str) -> dict[str, str]:
    """A distribution over the states, sometimes with one state left to the rest."""
    if len(states) == 1:
        return {states[0]: c.pick(["1", "100%"])}
    if c.flag(0.03):
        return {c.pick(states): "1"}
    gap = c.pick(states) if c.flag(0.6) else None
    if c.flag(0.25):
        gap = gap or states[0]
        stated = {state: "1%" for state in states if state != gap}
        return stated | {next(iter(stated)): c.pick(WORDS[scale])}
    parts = _parts(c, len(states))
    style = c.pick(["{:.2f}", "percent", "fraction"])
    written = {}
    for state, part in zip(states, parts, strict=True):
        if style == "percent":
            written[state] = f"{5 * part}%"
        elif style == "fraction":
            written[state] = f"{part}/20"
        else:
            written[state] = style.format(part / 20)
    return {state: p for state, p in written.items() if state != gap}


def _parts(c: Any, count: int) -> list[int]:
    """Twentieths that sum to 20; a 0 among them about one time in eight."""
    least = 0 if c.flag(0.12) else 1
    left, parts = 20 - least * count, []
    for _ in range(count - 1):
        part = c.integer(0, left)
        parts.append(part + least)
        left -= part
    return [*parts, left + least]


def between(c: Any) -> str:
    """A moment at which some of a log is known."""
    return c.pick([*MOMENTS, *LATER, *LATEST])


def share(report: dict[str, Any]) -> str:
    """An origin of a report."""
    origin = report.get("origin", report["id"])
    return origin[0] if isinstance(origin, list) else origin
