"""Logs of very many reports, written in the time of a few."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

SOURCES = 20
MODEL = f"""\
title: Why is the harbour closed?
question: What closed the harbour on 1 January 2026?
hypotheses: {{storm: storm=yes, strike: strike=yes}}
variables:
  storm: {{prior: {{yes: 0.3}}}}
  strike: {{prior: {{yes: 0.2}}}}
sources: {{{", ".join(f"s{i}: {{grade: B}}" for i in range(SOURCES))}}}
"""


def write_bulk(place: Path, reports: int) -> Path:
    """A folder with so many reports: each source says the same of the storm, over and over.

    Of a source's reports every second says yes, every second no, and the last one that is over
    says yes.
    """
    (place / "scenario.yaml").write_text(MODEL, encoding="utf-8")
    with (place / "reports.yaml").open("w", encoding="utf-8") as file:
        file.writelines(_entries(reports))
    return place


def _entries(reports: int) -> Iterator[str]:
    for i in range(reports):
        said = "yes" if i // SOURCES % 2 == 0 else "no"
        yield (
            f"- id: report-{i:06d}\n  published: 2026-05-{1 + i * 28 // reports:02d}\n"
            f"  source: s{i % SOURCES}\n  outlet: The Gazette\n"
            f"  summary: The harbour master said that number {i} had been seen at the quay.\n"
            f"  claims: {{storm: {said}}}\n"
        )


def expected_odds(reports: int) -> Fraction:
    """The exact odds of the storm: what is said yes and no as often cancels (design, section 4).

    With one yes more than no's a source's story is told by one statement: the rest is a factor
    that does not depend on the story.
    """
    odds = Fraction(3, 7)
    said, accuracy, reliable = Fraction(95, 100), Fraction(95, 100), Fraction(85, 100)
    truth = accuracy * said + (1 - accuracy) * (1 - said)
    noise = (1 - reliable) / 2
    ratio = (reliable * truth + noise) / (reliable * (1 - truth) + noise)
    whole, over = divmod(reports, SOURCES)
    odd = sum((whole + (i < over)) % 2 for i in range(SOURCES))
    return odds * ratio**odd
