"""Ids for reports that have none: outlet, day and first words, so that people know them apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping

_WORDS, _LONGEST = 5, 60
_ARTICLES = ("the", "a", "an")


def propose_id(fields: Mapping[str, object], taken: Collection[str] = ()) -> str:
    """An id that is not taken, from a report's outlet, published and summary.

    >>> propose_id({"outlet": "The Post", "published": "2026-05-04", "summary": "Müller's hall?"})
    'post-2026-05-04-mullers-hall'
    >>> propose_id({"published": "2026-05"}, taken=["2026-05"])
    '2026-05-2'
    """
    return next(propose_ids([fields], taken))


def propose_ids(
    reports: Iterable[Mapping[str, object]], taken: Collection[str] = ()
) -> Iterator[str]:
    """An id for each report's fields, none of them taken or given twice."""
    used = set(taken)
    tried: dict[str, int] = {}
    for fields in reports:
        name = _name(fields)
        number = tried.get(name, 0) + 1
        while _numbered(name, number) in used:
            number += 1
        tried[name] = number
        used.add(_numbered(name, number))
        yield _numbered(name, number)


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"


def _name(fields: Mapping[str, object]) -> str:
    outlet, day, title = (str(fields.get(key, "")) for key in ("outlet", "published", "summary"))
    parts = [_slug(outlet, 3), day[:10], _slug(title, _WORDS)]
    return "-".join(filter(None, parts))[:_LONGEST].rstrip("-") or "report"


def _slug(text: str, words: int) -> str:
    """The first words of a text in small letters, accents and signs dropped."""
    plain = unicodedata.normalize("NFKD", text.lower()).replace("'", "").replace("’", "")
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    found = [word for word in re.findall(r"[^\W_]+", plain) if word not in _ARTICLES]
    return "-".join(found[:words])
