"""Reports that repeat others: unmarked, in contradiction, or going further."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rivals.codes import find_code
from rivals.lints.finding import Finding
from rivals.lints.likeness import suspect_echoes
from rivals.premises import Premises

UNMARKED, DRIFT, ADDITION = map(find_code, ("unmarked-echo", "drift", "addition"))


def find_unmarked(premises: Premises) -> Iterator[Finding]:
    """Counted reports that look like echoes of an earlier one, each at its likeliest match."""
    pairs = suspect_echoes(standing.report for standing in premises.evidence.counted)
    seen = set()
    for first, second, score, why in pairs.itertuples(index=False, name=None):
        if second not in seen:
            seen.add(second)
            text = (
                f"it looks like {first} told again ({score:.2f}: {why}); give both one `origin`, "
                f"or mark one as `copy_of` the other"
            )
            yield Finding(UNMARKED, f"reports.{second}", text)


def find_drift(premises: Premises) -> Iterator[Finding]:
    """Echoes and copies that contradict what they repeat."""
    for standing in premises.evidence.in_force:
        if standing.drift:
            text = (
                f"it says {', '.join(standing.drift)}, against {_repeated(standing.repeats)}; "
                f"amend the coding, or give it an origin of its own"
            )
            yield Finding(DRIFT, f"reports.{standing.report.id}", text)


def find_additions(premises: Premises) -> Iterator[Finding]:
    """Echoes and copies that go beyond what they repeat."""
    for standing in premises.evidence.in_force:
        if standing.addition:
            text = (
                f"it adds {', '.join(standing.addition)} to {_repeated(standing.repeats)}, which "
                f"weighs nothing; log own reporting as a report of its own"
            )
            yield Finding(ADDITION, f"reports.{standing.report.id}", text)


def _repeated(repeats: Mapping[str, str]) -> str:
    return ", ".join(dict.fromkeys(repeats.values()))
