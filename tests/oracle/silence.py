"""What has not come, from the definition: issue 6, "Silence"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from oracle import texts
from oracle.log import instant, logged

Entries = list[dict[str, Any]]
LONG_PAST = {"since": "1990-01-01", "by": "1991-01-01"}


def expected(scenario: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What is expected, by name or by place in a list."""
    stated = scenario.get("expected", {})
    return {f"[{i}]": one for i, one in enumerate(stated)} if isinstance(stated, list) else stated


def moment_of(entries: Entries, zone: str, as_of: str | None) -> datetime | None:
    """D: the moment named, or that of the last entry of the log."""
    if as_of:
        return instant(as_of, zone)
    return max((logged(entry, zone) for entry in entries), default=None)


def share(stated: Mapping[str, Any], zone: str, moment: datetime | None) -> Fraction:
    """clip((D - since) / (by - since), 0, 1)."""
    if moment is None:
        return Fraction(0)
    since, by, now = (
        when.astimezone(UTC)
        for when in (instant(stated["since"], zone), instant(stated["by"], zone), moment)
    )
    tick = timedelta(microseconds=1)
    return min(max(Fraction((now - since) // tick, (by - since) // tick), Fraction(0)), Fraction(1))


def weights(
    stated: Mapping[str, Any], states: Iterable[str], over: Fraction, scale: str
) -> list[float]:
    """What the absence of a report multiplies each state by."""
    _, claimed, _ = texts.claim(stated)
    missed = texts.number(stated["chance"], scale) * over
    return [float(1 - missed) if state in claimed else 1.0 for state in states]


def settled(
    scenario: dict[str, Any], entries: Entries, as_of: str | None
) -> dict[str, dict[str, str]]:
    """By name the claim, chance and share of what could have come by a moment, all as text."""
    own = texts.settings(scenario)
    moment = moment_of(entries, own["timezone"], as_of)
    found = {}
    for name, stated in expected(scenario).items():
        variable, states, _ = texts.claim(stated)
        chance = texts.number(stated["chance"], own["scale"])
        over = share(stated, own["timezone"], moment)
        if over > 0:
            claim = f"{variable}={'|'.join(sorted(states))}"
            found[name] = {"claim": claim, "chance": str(chance), "share": str(over)}
    return found


def written(found: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The same as a section of scenario.yaml that says it of whatever moment after 1991."""
    return {
        name.strip("[]"): {
            "claim": one["claim"],
            "chance": str(Fraction(one["chance"]) * Fraction(one["share"])),
            **LONG_PAST,
        }
        for name, one in found.items()
    }
