"""Which reports look like unmarked echoes of each other, and why.

A score is a sum of points: how alike the summaries are (0.5), how near the days (0.2), how far both
say the same (0.2), whether the source is the same (0.1), and 0.3 more where the link is; 1 at most.
Without a summary the other points are stretched to 0.6 at most, which raises no suspicion alone.
The points are a convention: `make study` measures what they find in worlds whose echoes are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from rivals.engine import Array
from rivals.entries import Report
from rivals.evidence import own_origins
from rivals.moments import When
from rivals.phrases import count

SUSPICIOUS = 0.65
"""From which score on a pair is worth a look: near-verbatim, or alike in all but the words."""
WINDOW = 7.0
"""Days between two reports beyond which one is no echo of the other; the study can widen it."""
WORDS, DAYS, SAYS, SOURCE, LINK = 0.5, 0.2, 0.2, 0.1, 0.3
WORDLESS = 0.6
UNRELATED, VERBATIM = 50.0, 95.0
"""How alike rapidfuzz finds summaries of different events, and ones that differ in a comma."""

_BLOCK = 256


def suspect_echoes(
    reports: Iterable[Report], least: float = SUSPICIOUS, window: float = WINDOW
) -> pd.DataFrame:
    """Pairs of reports that may go back to one origin though they name two, most suspicious first.

    Only reports that weigh something: no drafts, no copies; of one variable at least both speak.
    window: how many days may lie between the two. Columns: first, second (ids by day; of one day,
    in the order given), score from 0 to 1, why.
    """
    table = _Table.of(reports)
    found = [pair for block in table.blocks(window) for pair in table.compare(block, window, least)]
    found.sort(key=lambda pair: (-pair[2], pair[0], pair[1]))
    rows = [
        (table.reports[i].id, table.reports[j].id, score, table.explain(i, j))
        for i, j, score in found
    ]
    return pd.DataFrame(rows, columns=["first", "second", "score", "why"])


@dataclass(frozen=True)
class _Table:
    """Reports in the order of their days, and what of them is compared, a row each."""

    reports: tuple[Report, ...]
    origins: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, reports: Iterable[Report]) -> _Table:
        weigh = [r for r in reports if r.status != "draft" and r.copy_of is None and _speaks(r)]
        weigh.sort(key=lambda r: _day(r.published))
        return cls(tuple(weigh), tuple(own_origins(r) for r in weigh))

    @cached_property
    def days(self) -> Array:
        return np.array([_day(report.published) for report in self.reports])

    @cached_property
    def words(self) -> list[str]:
        from rapidfuzz.utils import default_process

        return [" ".join(sorted(default_process(r.summary).split())) for r in self.reports]

    @cached_property
    def sources(self) -> NDArray[np.int64]:
        return _numbered([report.source or "" for report in self.reports])

    @cached_property
    def links(self) -> NDArray[np.int64]:
        return _numbered([_page(report.link) for report in self.reports])

    @cached_property
    def said(self) -> sparse.csr_matrix:
        return _marks([[f"{v}={s}" for v, s in _statements(r)] for r in self.reports])

    @cached_property
    def about(self) -> sparse.csr_matrix:
        return _marks([_speaks(report) for report in self.reports])

    @cached_property
    def roots(self) -> sparse.csr_matrix:
        return _marks(self.origins)

    def blocks(self, window: float) -> Iterator[tuple[slice, slice]]:
        """Rows, and the rows not before them that are near enough in time to be compared."""
        for start in range(0, len(self.reports), _BLOCK):
            end = min(start + _BLOCK, len(self.reports))
            last = np.searchsorted(self.days, self.days[end - 1] + window, side="right")
            yield slice(start, end), slice(start, int(last))

    def compare(
        self, block: tuple[slice, slice], window: float, least: float
    ) -> Iterator[tuple[int, int, float]]:
        """The suspicious pairs of a block: (row, later row, score)."""
        rows, columns = block
        apart = self.days[columns] - self.days[rows, np.newaxis]
        later = np.arange(columns.start, columns.stop) > np.arange(rows.start, rows.stop)[:, None]
        together = _shared(self.about, block) > 0
        fit = later & together & (apart <= window) & (_shared(self.roots, block) == 0)
        near = DAYS * (1 - np.clip(apart, 0, window) / (window + 1))
        same = SAYS * self._agreement(block) + SOURCE * self._equal(self.sources, block)
        rest = near + same
        alike, worded = self._likeness(block)
        score = np.where(worded, WORDS * alike + rest, rest * WORDLESS / (DAYS + SAYS + SOURCE))
        score = np.minimum(score + LINK * self._equal(self.links, block), 1.0)
        for i, j in zip(*np.nonzero(fit & (score >= least)), strict=True):
            yield int(i) + rows.start, int(j) + columns.start, float(score[i, j])

    def _agreement(self, block: tuple[slice, slice]) -> Array:
        """Of all that either says, the share that both say."""
        rows, columns = block
        both = _shared(self.said, block)
        sizes = np.asarray(self.said.sum(axis=1)).ravel()
        either = sizes[rows, np.newaxis] + sizes[columns] - both
        return np.asarray(both / np.maximum(either, 1))

    def _equal(self, numbers: NDArray[np.int64], block: tuple[slice, slice]) -> NDArray[np.bool_]:
        """Which pairs have the same one; -1 is none."""
        first = numbers[block[0], np.newaxis]
        return np.asarray((first == numbers[block[1]]) & (first >= 0))

    def _likeness(self, block: tuple[slice, slice]) -> tuple[Array, NDArray[np.bool_]]:
        """How alike the summaries are, from 0 to 1, and which pairs have two of them."""
        from rapidfuzz import fuzz, process

        rows, columns = self.words[block[0]], self.words[block[1]]
        ratio = process.cdist(rows, columns, scorer=fuzz.ratio, score_cutoff=UNRELATED)
        alike = np.clip((ratio.astype(float) - UNRELATED) / (VERBATIM - UNRELATED), 0, 1)
        worded = np.array([bool(w) for w in rows])[:, None] & np.array([bool(w) for w in columns])
        return alike, worded

    def explain(self, i: int, j: int) -> str:
        """What speaks for a pair's being one story, in words."""
        from rapidfuzz import fuzz

        reasons = []
        if self.words[i] and self.words[j]:
            reasons.append(f"summaries {fuzz.ratio(self.words[i], self.words[j]):.0f}% alike")
        days = round(float(self.days[j] - self.days[i]))
        reasons.append(f"{count(days, 'day')} apart" if days else "the same day")
        said = sorted(set(_statements(self.reports[i])) & set(_statements(self.reports[j])))
        reasons += ["both say " + ", ".join(f"{v}={s}" for v, s in said)] * bool(said)
        same = {"source": self.sources, "link": self.links}
        reasons += [f"the same {what}" for what, n in same.items() if n[i] == n[j] >= 0]
        return "; ".join(reasons)


def _day(when: When) -> float:
    return when.end(ZoneInfo("UTC")).timestamp() / 86_400


def _statements(report: Report) -> Iterator[tuple[str, str]]:
    for variable, states in report.claims.items():
        yield variable, "|".join(sorted(states))


def _speaks(report: Report) -> tuple[str, ...]:
    return (*report.claims, *report.likelihood)


def _page(link: str | None) -> str:
    """What of an address tells one page from another."""
    if not link:
        return ""
    parts = urlsplit(link)
    host = parts.netloc.casefold().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"


def _numbered(names: Sequence[str]) -> NDArray[np.int64]:
    """A number for each name, -1 for none."""
    known = {name: i for i, name in enumerate(dict.fromkeys(filter(None, names)))}
    return np.array([known.get(name, -1) for name in names], np.int64)


def _marks(lists: Sequence[Sequence[str]]) -> sparse.csr_matrix:
    """Which of all names each list holds: (lists, names)."""
    known = {name: i for i, name in enumerate(dict.fromkeys(n for one in lists for n in one))}
    pairs = [(i, known[name]) for i, one in enumerate(lists) for name in set(one)]
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    ones = np.ones(len(pairs), np.int32)
    return sparse.csr_matrix((ones, (rows, columns)), shape=(len(lists), max(len(known), 1)))


def _shared(marks: sparse.csr_matrix, block: tuple[slice, slice]) -> Array:
    """How many names each row has in common with each column's: (rows, columns)."""
    return np.asarray((marks[block[0]] @ marks[block[1]].T).toarray(), float)
