"""`rivals add --from-feed`: what of a feed is not logged yet, as drafts for a person to code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
import pandas as pd

from rivals.appending import entry_text
from rivals.cli.desk import at_terminal, run_desk
from rivals.cli.effects import show_effect
from rivals.cli.show import note, working, write, write_table
from rivals.drafting import draft_reports, stated_fields
from rivals.entries import Amendment, Report
from rivals.errors import Problem, QuestionError, quote
from rivals.feeds import Item, read_feed
from rivals.likeness import Match, match_items
from rivals.moments import When
from rivals.naming import propose_ids
from rivals.phrases import count
from rivals.premises import Premises
from rivals.reading import read_dossier
from rivals.scenario import Dossier


@dataclass(frozen=True)
class Candidate:
    """An entry of the feed beside the log; one that is logged or undated has no draft."""

    item: Item
    match: Match
    draft: Report | None

    @property
    def note(self) -> str:
        """What a person should know of it before coding it."""
        if self.match.logged:
            return f"logged already: {self.match.logged}"
        match = self.match
        said = [f"same address as {match.address}"] if match.address else []
        if match.like:
            said.append(f"like {match.like} ({match.points:.0f} of 100)")
        if self.draft is None:
            said.append("has no date: --published D gives it one")
        if not self.item.link:
            said.append("has no link")
        return "; ".join(said)


def list_feed(dossier: Dossier, place: str, published: str | None) -> list[Candidate]:
    """Every entry of the feed, in its order, beside what is logged."""
    with working("Reading the feed"):
        premises = Premises(dossier)
        items = read_feed(place, premises.zone)
        put_right = {entry.amends for entry in dossier.log if isinstance(entry, Amendment)}
        now = (standing.report for standing in premises.evidence.standings)
        amended = (report for report in now if report.id in put_right)
        matches = match_items(items, [*dossier.reports(), *amended])
    days = [item.published or published for item in items]
    fresh = [i for i, match in enumerate(matches) if days[i] and not match.logged]
    had = premises.last_moment()
    stated = [_fields(items[i], str(days[i]), had, premises.zone) for i in fresh]
    names = propose_ids(stated, {report.id for report in dossier.reports()})
    rows = [{"id": name, **fields} for name, fields in zip(names, stated, strict=True)]
    drafts = dict(zip(fresh, _draft(dossier, rows), strict=True))
    return [Candidate(item, matches[i], drafts.get(i)) for i, item in enumerate(items)]


def _fields(item: Item, day: str, had: str, zone: ZoneInfo) -> dict[str, str]:
    """A draft: no source and no claims, for a machine codes nothing.

    It was not had before what the log ends with, so no earlier moment is to know of it.
    """
    fields = {
        "published": day,
        "logged": had if _ends_before(day, had, zone) else "",
        "outlet": item.outlet,
        "summary": item.title,
        "link": item.link,
    }
    return {key: value for key, value in fields.items() if value} | {"status": "draft"}


def _ends_before(day: str, had: str, zone: ZoneInfo) -> bool:
    """Whether it does; what is no day is told where the report is drafted."""
    try:
        return When(day).end(zone) < When(had).start(zone)
    except ValueError:
        return False


def _draft(dossier: Dossier, rows: Sequence[Mapping[str, Any]]) -> tuple[Report, ...]:
    drafts = draft_reports(dossier, rows)
    if drafts.complaints:
        told = dict.fromkeys(f"{'.'.join(map(str, at[1:]))}: {t}" for at, t in drafts.complaints)
        raise QuestionError(map(Problem, told))
    return drafts.reports


@dataclass(frozen=True)
class Choice:
    """Which entries of a feed are to be drafts, and whether they are written; `chosen` as given."""

    published: str | None
    chosen: str | None
    dry_run: bool


def add_feed(scenario: Path, place: str, choice: Choice) -> None:
    """List the feed and append the chosen entries as drafts; with none chosen, print the drafts."""
    candidates = list_feed(read_dossier(scenario), place, choice.published)
    _show(candidates)
    chosen = choose(candidates, choice.chosen or _ask(candidates, choice))
    if not chosen:
        for candidate in candidates:
            if candidate.draft:
                write(entry_text(candidate.draft))
        note("nothing was written; --append writes the ones that you name as drafts")
        return
    rows = [stated_fields(draft) for draft in chosen]
    kept = run_desk(scenario, lambda log: _draft(log, rows), dry_run=choice.dry_run)
    show_effect(kept, written=not choice.dry_run)


def _ask(candidates: Sequence[Candidate], choice: Choice) -> str:
    if choice.dry_run or not at_terminal() or not any(c.draft for c in candidates):
        return "none"
    question = "Append which as drafts? (1,3-5, new, all or none)"
    return str(click.prompt(question, default="none", err=True))


def choose(candidates: Sequence[Candidate], words: str) -> list[Report]:
    """The drafts that are meant: numbers and ranges, `all`, `none`, or `new`.

    New are those that are like no report. What stands at the address of one, in other words, may
    be that report, told in an analyst's words: it is only taken by its number.

    Raises QuestionError for a number that the list has not, or whose entry cannot be a draft.
    """
    if words == "none":
        return []
    if words in ("all", "new"):
        apart = [c for c in candidates if not c.match.address]
        return [c.draft for c in apart if c.draft and (words == "all" or not c.match.like)]
    found = []
    for number in dict.fromkeys(_numbers(words, len(candidates))):
        candidate = candidates[number - 1]
        if candidate.draft is None:
            raise QuestionError(f"entry {number} can be no draft; it {candidate.note}")
        found.append(candidate.draft)
    return found


def _numbers(words: str, most: int) -> Iterator[int]:
    for part in words.split(","):
        match = re.fullmatch(r"\s*(\d{1,6})\s*(?:-\s*(\d{1,6})\s*)?", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= first <= last <= most:
            rule = f"numbers from 1 to {most} (1,3-5), new, all or none are expected"
            raise QuestionError(f"{rule}, got {quote(part.strip())}")
        yield from range(first, last + 1)


def _show(candidates: Sequence[Candidate]) -> None:
    rows = [
        [i, c.item.published or "no date", c.item.outlet, c.item.title, c.item.link, c.note]
        for i, c in enumerate(candidates, 1)
    ]
    columns = ["entry", "published", "outlet", "title", "link", "note"]
    table = pd.DataFrame(rows, columns=columns).set_index("entry")
    write_table(table, f"{count(len(candidates), 'entry', 'entries')} of the feed beside the log")
