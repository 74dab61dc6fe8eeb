"""Which reports of a log an entry from elsewhere may already be: by its link, or by its title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from rivals.entries import Report
from rivals.feeds import Item

ALIKE = 80.0
"""From how many points of 100 on a title and a summary are told to be alike."""
_LEAST = 3
"""Titles of fewer words are like too much."""
_TRACKING = re.compile(
    r"utm_.*|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_hs(enc|mi)|at_.*|ns_.*|cmpid|ocid|"
    r"ref|ref_(src|url)|smid|xtor|guccounter",
    re.IGNORECASE,
)
"""Names of what is put behind a link to see who followed it; the page is the same without."""


def normalise_link(link: str) -> str:
    """What two links to one page have in common.

    >>> normalise_link("https://www.post.example:443/a/?utm_source=x&id=7#top")
    'post.example/a?id=7'
    >>> normalise_link("HTTP://Post.example/a?id=7")
    'post.example/a?id=7'
    """
    try:
        parts = urlsplit(link.strip())
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return link.strip()
    kept = sorted((key, value) for key, value in pairs if not _TRACKING.fullmatch(key))
    query = f"?{urlencode(kept)}" if kept else ""
    return f"{host}{port}{parts.path.rstrip('/')}{query}"


@dataclass(frozen=True)
class Match:
    """How an entry stands to the log.

    `logged` is the report that it is: with its link, and told alike as far as both are told;
    `address` is one with its link that tells something else; `like` the one most like its title.
    """

    logged: str = ""
    address: str = ""
    like: str = ""
    points: float = 0.0


def match_items(items: Sequence[Item], reports: Iterable[Report]) -> list[Match]:
    """For each entry, what of the log it is or may be; compared are title and summary.

    One report may be given as it was first and as it was amended.
    """
    listed = list(reports)
    links: dict[str, list[Report]] = {}
    for report in listed:
        if report.link:
            links.setdefault(normalise_link(report.link), []).append(report)
    told = [r for r in listed if len(r.summary.split()) >= _LEAST]
    found = []
    for item in items:
        there = links.get(normalise_link(item.link), []) if item.link else []
        logged = next((r.id for r in there if _tell_alike(item, r)), "")
        address = there[0].id if there and not logged else ""
        like, points = _most_alike(item, told) if not logged else ("", 0.0)
        found.append(Match(logged, address, like, points))
    return found


def _tell_alike(item: Item, report: Report) -> bool:
    """Whether title and summary are alike; where one is missing, nothing says that they differ."""
    from rapidfuzz import fuzz, utils

    if not (item.title and report.summary):
        return True
    points = fuzz.token_set_ratio(item.title, report.summary, processor=utils.default_process)
    return points >= ALIKE


def _most_alike(item: Item, told: Sequence[Report]) -> tuple[str, float]:
    """The report whose summary is most like the title, with its points; none is no name."""
    from rapidfuzz import fuzz, process, utils

    if len(item.title.split()) < _LEAST:
        return "", 0.0
    near = process.extractOne(
        item.title, [r.summary for r in told], scorer=fuzz.token_set_ratio,
        processor=utils.default_process, score_cutoff=ALIKE,
    )  # fmt: skip
    return (told[near[2]].id, near[1]) if near else ("", 0.0)
