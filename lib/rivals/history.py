"""How a stated number, or the judgement itself, changed: from git and from the ledger."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from rivals.docket import path_of
from rivals.errors import Problem, QuestionError, ReadingError, quote, suggest
from rivals.ledger import Entry, Issue, Ledger, read_ledger
from rivals.marked import parse_yaml
from rivals.moments import When
from rivals.reading import SCENARIO_FILE
from rivals.versions import NoGit, list_versions
from rivals.words import parse_quantity

ABSENT = ""
NOW = "now"
COLUMNS = ["when", "where", "who", "why", "written", "value"]


@dataclass(frozen=True)
class _Moment:
    """scenario.yaml at a moment: where that is known from, who left it so, and what for.

    before: of a commit after the first that has one parent, the file there; else None.
    """

    when: str
    where: str
    who: str
    why: str
    paths: dict[str, str]
    before: dict[str, str] | None = None

    def changed(self, name: str, last: str) -> bool:
        """Whether what stood there last was changed by this, not by what was on another branch."""
        written = self.paths.get(name, ABSENT)
        own = self.before is None or self.before.get(name, ABSENT) != written
        return own and written != last


def trace(folder: str | Path, name: str) -> pd.DataFrame:
    """A row each time that what stands at a path of scenario.yaml changed, oldest first.

    name: a judgement's path in the file, or a hypothesis, whose headline was issued. Columns: when;
    where, a commit, an issue or now; who; why, the commit's subject or the issue's note; written,
    as it stood there, "" where it did not; value as a number, NaN where it is none. Of a hypothesis
    each issue has a row, with low and high, its range; else attrs["left_out"] tells of issues whose
    file cannot be relied on. Raises QuestionError for a name that never stood there, and where
    neither git nor the ledger knows of earlier versions.
    """
    place = Path(folder)
    if not place.is_dir():
        raise ReadingError([Problem("a scenario is a folder; there is none here", str(folder))])
    ledger = read_ledger(place)
    known = {h for issue in ledger.issues for h in issue.hypotheses}
    now = _read_now(place / SCENARIO_FILE)
    if name in known:
        return _trace_headline(ledger.issues, name)
    if f"hypotheses.{name}" in now:
        raise QuestionError(
            f"the history of {quote(name)} is what was issued of it, and nothing was: "
            f"rivals brief {folder} --issue"
        )
    moments = [*_past(place, ledger), _Moment("", NOW, "", "", now)]
    if not any(name in moment.paths for moment in moments):
        hint = suggest(name, [*known, *(path for path, text in now.items() if text)])
        raise QuestionError(
            f"a path of scenario.yaml or a hypothesis that was issued is expected, got "
            f"{quote(name)}{hint}"
        )
    table = _tabulate(moments, name)
    table.attrs["left_out"] = [why for why in map(_doubt, ledger.entries) if why]
    return table


def _read_now(file: Path) -> dict[str, str]:
    """The file as it stands; nothing where there is none."""
    try:
        return _read(file.read_bytes()) if file.is_file() else {}
    except OSError as error:
        raise ReadingError([Problem(f"cannot be read: {error.strerror}", str(file))]) from None


def _trace_headline(issues: tuple[Issue, ...], name: str) -> pd.DataFrame:
    rows = []
    for issue in issues:
        if name in issue.hypotheses:
            said = issue.hypotheses[name]
            told = [issue.when.text, f"issue {issue.number}", issue.by, issue.note, said.words]
            rows.append([*told, said.headline, _defined(said.low), _defined(said.high)])
    table = pd.DataFrame(rows, columns=[*COLUMNS, "low", "high"])
    table.attrs["name"] = name
    return table


def _defined(number: float | None) -> float:
    return math.nan if number is None else number


def _past(folder: Path, ledger: Ledger) -> list[_Moment]:
    """All earlier versions, oldest first; raises QuestionError where there is no source of any."""
    found = list(_from_ledger(ledger))
    try:
        found += _from_git(folder)
    except NoGit as error:
        if not found:
            issued = "no issue can be relied on" if ledger.entries else "nothing was issued"
            raise QuestionError(
                f"a history comes from the ledger or from git: {issued}, and {error}"
            ) from None
    return sorted(found, key=lambda moment: _instant(moment.when))


def _instant(text: str) -> datetime:
    """When it was; what is issued may be dated by a day or a month, and git holds any date."""
    try:
        return When(text).end(ZoneInfo("UTC"))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _from_ledger(ledger: Ledger) -> Iterator[_Moment]:
    for entry in ledger.entries:
        issue = entry.issue
        if issue is not None and not _doubt(entry):
            data = (ledger.place(issue.number) / SCENARIO_FILE).read_bytes()
            where = f"issue {issue.number}"
            yield _Moment(issue.when.text, where, issue.by, issue.note, _read(data))


def _doubt(entry: Entry) -> str:
    """Why the file that a line of the ledger froze cannot be relied on; "" where it can."""
    if entry.issue is None or entry.wrong or entry.lost:
        return (*entry.wrong, *entry.lost)[0]
    known = SCENARIO_FILE in entry.issue.files
    return "" if known else f"issue {entry.issue.number}: no {SCENARIO_FILE} was frozen"


def _from_git(folder: Path) -> Iterator[_Moment]:
    for i, version in enumerate(list_versions(folder / SCENARIO_FILE)):
        told = (version.when, version.commit[:10], version.author, version.subject)
        alone = i > 0 and not version.merges  # the oldest that is known is told as it stands
        before = _read(version.before or b"") if alone else None
        yield _Moment(*told, _read(version.content or b""), before)


def _read(data: bytes) -> dict[str, str]:
    """Every path of a file with the text at it; nothing of what cannot be read."""
    marked = parse_yaml(data.decode("utf-8-sig", "replace"))
    return {path_of(loc): marked.text(loc) for loc in marked.lines} if marked.data else {}


def _tabulate(moments: list[_Moment], name: str) -> pd.DataFrame:
    rows, last = [], ABSENT
    for moment in moments:
        if moment.changed(name, last):
            last = moment.paths.get(name, ABSENT)
            told = [moment.when, moment.where, moment.who, moment.why, last]
            rows.append([*told, _number(last, moment.paths.get("settings.scale", "icd203"))])
    table = pd.DataFrame(rows, columns=COLUMNS)
    table.attrs["name"] = name
    return table.astype({"value": float})


def _number(text: str, scale: str) -> float:
    try:
        return parse_quantity(text, scale)
    except (ValueError, KeyError):
        return math.nan
