"""Entries into the log under its lock: read, drafted, checked and appended, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rivals.appending import LogFile
from rivals.entries import Entry, Report
from rivals.errors import QuestionError
from rivals.locking import hold, stay_silent
from rivals.premises import Premises
from rivals.reading import LOG_FILE, read_dossier
from rivals.scenario import Dossier

Draft = Callable[[Dossier], Sequence[Entry]]
"""Makes entries for a log as it stands; raises the library's errors for what breaks a rule."""


@dataclass(frozen=True)
class Kept:
    """What was appended, and what there is to ask before and after it."""

    before: Premises
    after: Premises

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries that are new."""
        return self.after.dossier.log[len(self.before.dossier.log) :]


@dataclass(frozen=True)
class Desk:
    """Where a folder's log is written; `waiting` is called when another writer keeps it long."""

    folder: Path
    waiting: Callable[[], None] = stay_silent

    def keep(self, draft: Draft) -> Kept:
        """Append what `draft` makes of the log as it stands now, or nothing.

        Raises whatever is wrong: with the folder's files, with the entries, with the evidence once
        they are part of it (ImpossibleEvidence), or with the disk (WritingError). The log is then
        as it was before.
        """
        with self._held():
            log, kept = self._draft(draft)
            log.append(kept.entries)
        return kept

    def rehearse(self, draft: Draft) -> Kept:
        """The same without a lock, and without writing anything."""
        log, kept = self._draft(draft)
        log.extended(kept.entries)
        return kept

    def _draft(self, draft: Draft) -> tuple[LogFile, Kept]:
        log = LogFile.open(self.folder / LOG_FILE)
        before = read_dossier(self.folder, log.marked)
        after = Premises(replace(before, log=(*before.log, *draft(before))))
        after.check_possible()
        return log, Kept(Premises(before), after)

    @contextmanager
    def _held(self) -> Iterator[None]:
        if not self.folder.is_dir():
            read_dossier(self.folder)  # tells what is wrong with it
        with hold((self.folder / LOG_FILE).resolve().parent, self.waiting):
            yield


def desk_of(dossier: Dossier) -> Desk:
    """The desk of the folder that a dossier was read from; raises QuestionError without one."""
    if not dossier.folder:
        raise QuestionError("a case that was read from a folder can be kept; this one has none")
    return Desk(Path(dossier.folder))


def tried(dossier: Dossier) -> tuple[Report, ...]:
    """The reports of a log that were tried out, and stand in no file."""
    return tuple(r for r in dossier.reports() if f"reports.{r.id}" not in dossier.places)
