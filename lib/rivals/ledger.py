"""The ledger of briefings that were issued: a line each, chained by hash, and what of it holds.

A line's `seal` is the SHA-256 of what it says, `prev` that of the whole line before it. Whoever
alters a line breaks its seal or, if that is made anew, the chain at the next line; who rewrites
all of it from there on is found out by anybody who has written down a later seal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rivals.errors import Problem, quote
from rivals.moments import When

FOLDER, FILE = "issued", "ledger.jsonl"
STAGING = ".staging-"

Share = Annotated[float, Field(ge=0, le=1)]


class _Stated(BaseModel):
    """What a line holds: frozen; keys of a later version of rivals are no error."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Figure(_Stated):
    """What a briefing said of a hypothesis; `low` and `high` are the headline's range."""

    label: str
    posterior: Share
    because: Share | None = None
    low: Share | None = None
    high: Share | None = None
    words: str = ""

    @property
    def headline(self) -> float:
        """`because` of the first effect, without effects the posterior."""
        return self.posterior if self.because is None else self.because


class Chance(_Stated):
    """What a briefing said of an outcome, and what would be said without any report."""

    label: str
    claim: str
    chance: Share
    prior: Share


class Issue(_Stated):
    """A line of the ledger. `files` are the SHA-256 of what was frozen, by its name there."""

    number: Annotated[int, Field(ge=1)]
    when: When
    by: str
    note: str = ""
    scenario: str
    as_of: str | None = None
    moment: str = ""
    release: str | None = None
    withheld: int = 0
    draws: int = 0
    seed: int = 0
    page: str
    files: dict[str, str]
    versions: dict[str, str] = {}
    leader: str
    hypotheses: dict[str, Figure]
    outcomes: dict[str, Chance] = {}
    prev: str
    seal: str


@dataclass(frozen=True)
class Entry:
    """A line as it stands: what it says if it can be read, and what is wrong with it.

    lost: what is no longer as it was frozen; strays: what lies beside it and was never issued.
    """

    line: int
    issue: Issue | None
    wrong: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the line says what was written; what was frozen may still be lost."""
        return self.issue is not None and not self.wrong


@dataclass(frozen=True)
class Ledger:
    """All lines in order, and frozen folders that no line tells of."""

    folder: Path
    entries: tuple[Entry, ...] = ()
    orphans: tuple[int, ...] = ()
    raw: bytes = b""

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What can be relied on: the lines that say what was written."""
        return tuple(e.issue for e in self.entries if e.issue is not None and not e.wrong)

    @property
    def unreadable(self) -> bool:
        """Whether there is a file of which not a byte could be read."""
        return any(entry.line == 0 for entry in self.entries)

    @property
    def next_number(self) -> int:
        """A number that neither a line nor a folder has."""
        told = [entry.issue.number for entry in self.entries if entry.issue]
        return max([0, *told, *self.orphans]) + 1

    @property
    def last_hash(self) -> str:
        """What the next line is chained to; "" where there is no line."""
        lines = self.raw.splitlines()
        return sha256(lines[-1]).hexdigest() if lines else ""

    @property
    def problems(self) -> list[Problem]:
        """What was altered or is missing, in the order of the ledger."""
        path = str(self.folder / FILE)
        return [
            Problem(text, path, entry.line)
            for entry in self.entries
            for text in (*entry.wrong, *entry.lost, *entry.strays)
        ]

    def place(self, number: int) -> Path:
        """The folder in which an issue is frozen."""
        return self.folder / str(number)


def read_ledger(scenario: str | Path) -> Ledger:
    """The ledger of a scenario's folder, held against what is frozen beside it.

    An empty one where nothing was issued; a ledger that cannot be read is one entry that says so.
    """
    folder = Path(scenario) / FOLDER
    try:
        raw = (folder / FILE).read_bytes()
    except FileNotFoundError:
        raw = b""
    except OSError as error:
        return Ledger(folder, (Entry(0, None, (f"cannot be read: {error.strerror}",)),))
    entries = tuple(_read_lines(raw, folder))
    told = {entry.issue.number for entry in entries if entry.issue}
    orphans = tuple(sorted(_numbered(folder) - told))
    return Ledger(folder, entries, orphans, raw)


def _numbered(folder: Path) -> set[int]:
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return {int(name) for name in names if name.isascii() and name.isdecimal() and len(name) < 10}


def _read_lines(raw: bytes, folder: Path) -> Iterator[Entry]:
    before, last = b"", 0
    for at, line in enumerate(raw.splitlines(), 1):
        try:
            data = json.loads(line.decode())
            json.dumps(data, ensure_ascii=False).encode()  # half a character may be spelt out
            issue = Issue.model_validate(data)
        except (ValueError, RecursionError) as error:
            yield Entry(at, None, (f"is cut off or was altered: {_explain(error)}",))
        else:
            wrong = list(_find_wrong(issue, data, before))
            if issue.number <= last:
                wrong.append(f"numbers rise from line to line, got {issue.number} after {last}")
            last = max(last, issue.number)
            there = _list_files(folder / str(issue.number))
            found = _find_lost(issue, folder, there), _find_strays(issue, there)
            yield Entry(at, issue, tuple(wrong), *map(tuple, found))
        before = line


def _explain(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        at = ".".join(map(str, first["loc"]))
        return f"{at or 'the line'}: {first['msg'].lower()}"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, UnicodeError):
        return "it is no UTF-8 text"
    return f"it is no JSON ({error})"


def _find_wrong(issue: Issue, data: dict[str, Any], before: bytes) -> Iterator[str]:
    """What the line itself tells of having been altered, or of a line lost before it."""
    if seal(data) != issue.seal:
        yield f"issue {issue.number} was altered after it was written: its seal does not fit"
    if issue.prev != (sha256(before).hexdigest() if before else ""):
        yield (
            f"a line before issue {issue.number} was altered, put in or taken out: this line was "
            f"chained to another one"
        )


def _find_lost(issue: Issue, folder: Path, there: Mapping[str, Path]) -> Iterator[str]:
    """What of the frozen files is not as it was, by the files that are there."""
    if not (folder / str(issue.number)).is_dir():
        yield f"issue {issue.number}: its folder {folder.name}/{issue.number} is missing"
        return
    for name, told in issue.files.items():
        if name not in there:
            yield f"issue {issue.number}: the file {quote(name)} is missing"
        elif _hash_file(there[name]) != told:
            yield f"issue {issue.number}: the file {quote(name)} was altered"


def _find_strays(issue: Issue, there: Mapping[str, Path]) -> Iterator[str]:
    """What lies in the frozen folder and is none of the frozen files."""
    for name in sorted(set(there) - set(issue.files)):
        yield f"issue {issue.number}: the file {quote(name)} was put in later"


def _list_files(place: Path) -> dict[str, Path]:
    """Every file below a folder by its name there; none where there is no folder."""
    found = {path.relative_to(place).as_posix(): path for path in place.rglob("*")}
    return {name: path for name, path in found.items() if path.is_file()}


def _hash_file(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def seal(data: Mapping[str, Any]) -> str:
    """The SHA-256 of what a line says, its seal itself left out."""
    said = {key: value for key, value in data.items() if key != "seal"}
    text = json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def write_line(data: Mapping[str, Any]) -> bytes:
    """A line of the ledger, sealed; raises UnicodeEncodeError for text that is none."""
    sealed = {**data, "seal": seal(data)}
    return json.dumps(sealed, ensure_ascii=False, allow_nan=False).encode() + b"\n"
