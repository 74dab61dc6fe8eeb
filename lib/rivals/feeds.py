"""An RSS or Atom feed -> its entries: title, link, day, outlet. Nothing in it is coded."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rivals.errors import Problem, QuestionError
from rivals.fetching import SIZE_LIMIT, fetch
from rivals.fields import check_link

_LONGEST = 300
_TAG = re.compile(
    r"""<![^<>]*> | </?[a-z][\w:-]*(\s+[\w:-]+\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+))*\s*/?>""",
    re.IGNORECASE | re.VERBOSE,
)
"""A tag of HTML with its attributes; `<` as a sign, before a number or in a sum, begins none."""


@dataclass(frozen=True)
class Item:
    """One entry of a feed; what it lacks is empty. `published` is a day in the scenario's zone."""

    title: str
    link: str
    published: str
    outlet: str


def read_feed(place: str, zone: ZoneInfo) -> list[Item]:
    """The entries of a feed in a file or at an address, in its order.

    Raises QuestionError for what cannot be had, is too large, or is no feed.
    """
    import feedparser

    content = fetch(place) if "://" in place else _read_file(Path(place))
    # no feed needs any; they explode, which the parser bounds only after seconds, or read files
    if b"<!ENTITY" in content.replace(b"\0", b"").upper():  # in UTF-16 as well
        raise QuestionError([Problem("a feed declares no entities of its own, this does", place)])
    # a stream: given text, the parser would take it for a file's name or an address
    try:
        parsed = feedparser.parse(io.BytesIO(content))
    except (ValueError, LookupError):  # the parser trusts the encoding that is declared
        raise QuestionError([Problem("no feed can be read in its encoding", place)]) from None
    if not parsed.get("version") and not parsed.entries:
        text = "no RSS or Atom feed was found here"
        raise QuestionError([Problem(text, place)])
    outlet = _plain(parsed.feed.get("title", ""))
    return list(_items(parsed.entries, outlet, zone))


def _read_file(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > SIZE_LIMIT:
            text = f"a feed has {SIZE_LIMIT:,} bytes at most, got {size:,}"
            raise QuestionError([Problem(text, str(path))])
        return path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise QuestionError([Problem(f"cannot be read: {why}", str(path))]) from None


def _items(entries: list[Mapping[str, Any]], outlet: str, zone: ZoneInfo) -> Iterator[Item]:
    """Each entry once: one whose id, or title, link or day is another is another entry."""
    seen: set[tuple[str, Item]] = set()
    for entry in entries:
        source = entry.get("source", {}).get("title", "")  # of a feed that gathers others
        title, link = _plain(entry.get("title", "")), _web_link(entry.get("link", ""))
        item = Item(title, link, _day(entry, zone), _plain(source) or outlet)
        known = (str(entry.get("id", "")), item)
        if known not in seen:
            seen.add(known)
            yield item


def _web_link(link: object) -> str:
    """The link when it is one that a report can have, else nothing."""
    try:
        return check_link(str(link).strip())
    except ValueError:
        return ""


def _day(entry: Mapping[str, Any], zone: ZoneInfo) -> str:
    """The day on which an entry came out, or was last changed; nothing where neither is told."""
    plain = dict(entry)  # the parser's own kind of mapping warns when asked for a day it lacks
    told = plain.get("published_parsed") or plain.get("updated_parsed")
    if not told:
        return ""
    try:
        year, month, day, hour, minute, second = told[:6]
        moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        return moment.astimezone(zone).date().isoformat()
    except (ValueError, OverflowError):
        return ""


def _plain(text: object) -> str:
    """One line without markup and control characters."""
    bare = html.unescape(_TAG.sub(" ", str(text)))
    shown = "".join(c if c.isprintable() else " " for c in bare)
    return " ".join(shown.split())[:_LONGEST]
