"""Naive Bayes: every page a witness of its own, every hypothesis by itself.

It is told all that `rivals` is told: that the effect came about, how likely each state is under a
hypothesis and without it (from the whole network), and how far a source of a grade can be trusted.
What it does not know is that pages have anything to do with each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from study.coding import Page
from study.enumeration import Beliefs
from study.model import Array


def count_pages(beliefs: Beliefs, pages: Iterable[Page]) -> Array:
    """The log-odds of each hypothesis: those of the prior, and those of each page on top."""
    alike = Counter((p.source, p.variable, p.said, p.directness) for p in pages)
    odds = beliefs.prior
    for words, times in alike.items():
        odds = odds + times * beliefs.ratio(*words)
    return odds
