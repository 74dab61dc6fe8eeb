"""What `rivals check` makes of a log: copies that are not marked, each suspicion of which is acted
upon, and things of which no report denies any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rivals.entries import Report
from rivals.lints import suspect_echoes
from rivals.lints.onesided import UNLIKELY, weigh_affirmed
from rivals.network import Network
from study.coding import Page, in_order, write_page
from study.model import Model
from study.weighing import as_draws
from study.wording import Parts, join_parts, rewrite, word_claim, word_report

LINKED = 0.2
"""How often an unmarked copy carries the link of what it repeats; else one of its outlet's own."""


@dataclass(frozen=True)
class Suspicion:
    """Counts of one world: unmarked copies, suspected pairs, pages marked, and how many rightly.

    A pair is right when both go back to the same report.
    """

    unmarked: int = 0
    pairs: int = 0
    right_pairs: int = 0
    marked: int = 0
    rightly: int = 0


def suspect(
    pages: Sequence[Page], model: Model, rng: np.random.Generator
) -> tuple[tuple[Page, ...], Suspicion]:
    """The pages with the later of each suspected pair marked as a copy of the earlier."""
    counted = [page for page in in_order(pages) if page.copy_of is None]
    place = {page.id: i for i, page in enumerate(counted)}
    suspects = find_suspects(tuple(write_reports(counted, model, rng)))
    pairs = [tuple(sorted(pair, key=place.__getitem__)) for pair in suspects]
    root = {page.id: page.repeats or page.id for page in counted}
    right = [(earlier, later) for earlier, later in pairs if root[earlier] == root[later]]
    marks = dict(reversed([(later, earlier) for earlier, later in [*right, *pairs]]))
    found = tuple(
        replace(page, copy_of=marks[page.id]) if page.id in marks else page for page in pages
    )
    rightly = len({later for _, later in right})
    unmarked = sum(page.repeats is not None for page in counted)
    return found, Suspicion(unmarked, len(pairs), len(right), len(marks), rightly)


def write_reports(
    pages: Sequence[Page], model: Model, rng: np.random.Generator
) -> Iterator[Report]:
    """The pages with summaries and links, copies in the words of what they repeat, more or less."""
    originals: dict[str, tuple[Page, Parts]] = {}
    for page in pages:
        if page.repeats is None:
            parts = word_report(rng, model, page.variable, page.said)
            originals[page.id] = page, parts
            yield write_page(page, model, join_parts(parts), _link(page))
            continue
        first, (speaker, claim, circumstances) = originals[page.repeats]
        if page.said != first.said:
            claim = word_claim(rng, model, page.variable, page.said)
        text = rewrite(rng, (speaker, claim, circumstances))
        link = _link(first if rng.random() < LINKED else page)
        yield write_page(page, model, text, link)


def _link(page: Page) -> str:
    return f"https://{page.outlet or page.source}.example/2026/{page.id}"


def finds_one_sided(network: Network, model: Model) -> bool:
    """Whether `rivals check` would ask why nothing is denied."""
    _, chance = weigh_affirmed(network, as_draws(model.as_stated()))
    return chance < UNLIKELY


def find_suspects(reports: Sequence[Report]) -> list[tuple[str, str]]:
    """Pairs of ids that `rivals check` would ask about."""
    found = suspect_echoes(reports)
    return list(zip(found["first"], found["second"], strict=True))
