"""The last look at a released page: whether it tells of what is withheld."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator

from rivals.case import Case
from rivals.entries import Amendment, Entry, Report
from rivals.errors import ExportError, Problem, quote

TELLING = ("id", "summary", "link", "why", "note")
"""Fields that are a report's own; an outlet or an origin is shared with others."""

SHORT = 8
"""What has fewer letters may stand on a page by chance."""


def check_withheld(page: str, case: Case) -> None:
    """Raise ExportError where a released page holds a withheld report's id, words or link.

    That is a last look, for notebooks of one's own and for prose of scenario.yaml. What a report
    that may be shown says too is no secret.
    """
    if case.released is None:
        return
    shown = html.unescape(page)
    open_words = {text for entry in case.dossier.shown for _, text in _say(entry)}
    hidden = set(case.whole.scenario.sources) - set(case.scenario.sources)
    told = {
        Problem(f"the page would tell of a source that speaks in withheld reports, {quote(name)}")
        for name in hidden
        if len(name) >= SHORT and name not in open_words and name in shown
    } | {
        Problem(f"the page would tell of a withheld report, {quote(name)}: {quote(text)}")
        for entry in case.dossier.log
        if entry not in case.dossier.shown
        for name, text in _say(entry)
        if len(text) >= SHORT and text not in open_words
        if text in shown or json.dumps(text)[1:-1] in page
    }
    if told:
        raise ExportError(sorted(told, key=str))


def _say(entry: Entry) -> Iterator[tuple[str, str]]:
    """The words of an entry that are its own, with the report that they are of."""
    if isinstance(entry, Report):
        for field in TELLING:
            yield entry.id, str(getattr(entry, field) or "")
    elif isinstance(entry, Amendment):
        for field in TELLING:
            yield entry.amends, str(entry.set.get(field) or "")
