"""The command line, fed with altered files and strange arguments: exit code and a line a problem.

A trial fails when a command ends in anything but its exit codes, in a traceback, or in output that
a terminal should not be given.
"""

from __future__ import annotations

import json
import shutil
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from click.testing import CliRunner, Result
from hypothesis import strategies as st

from rivals.cli import main
from rivals.ledger import write_line
from torture.mutations import mutated
from torture.nasty import CLAIMS, DATES, NAMES, NUMBERS, SCALARS
from torture.readers import TESTS, Tally

SHEET = """\
id,published,source,outlet,claims,origin,likelihood,summary
p1,2026-05-09,owner,The Post,arson=yes,a; b,,"Two lines,
in one cell"
p2,2026-05-10,,,,call,arson:yes=0.5; arson:no=1,It says so.
"""
FEED = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>The Post</title><link>https://post.example/</link>
<item><title>Fireman smelt petrol</title><link>https://www.post.example/a</link>
<pubDate>Sat, 09 May 2026 23:30:00 GMT</pubDate></item>
<item><title>Mayor &amp; owner</title><link>http://post.example/b</link>
<pubDate>Sun, 10 May 2026 08:00:00 +0200</pubDate><description>arson=yes</description></item>
</channel></rss>
"""
ANALYST = """\
variables.arson.prior.yes: 0.4
variables.arson.firmness: low
settings.grades.B: 0.7
reports.first.directness: inferred
"""


JOINERS = "\u200c\u200d"
"""Part of how words of many languages look, and harmless."""


def _ledger() -> str:
    said = {
        "number": 1, "when": "2026-05-10T09:00:00+02:00", "by": "Zoë", "scenario": "town",
        "page": "briefing.html", "files": {"briefing.html": "0" * 64}, "leader": "arson",
        "hypotheses": {"arson": {"label": "Arson", "posterior": 0.5, "because": 0.4}},
        "outcomes": {"paid": {"label": "Paid", "claim": "p=yes", "chance": 0.5, "prior": 0.4}},
        "prev": "",
    }  # fmt: skip
    return write_line(said).decode() * 3


@dataclass(frozen=True)
class Fed:
    """A file that a command reads: what it is called, a good text, and the command's words."""

    file: str
    text: str
    words: tuple[str, ...]
    is_yaml: bool = False


FED = {
    "sheet": Fed("sent.csv", SHEET, ("add", ".", "--from", "sent.csv", "--dry-run")),
    "feed": Fed("feed.xml", FEED, ("add", ".", "--from-feed", "feed.xml", "--append", "all",
                                   "--dry-run")),
    "ledger": Fed("issued/ledger.jsonl", _ledger(), ("ledger", ".", "--format", "json")),
    "analyst": Fed("analysts/kim.yaml", ANALYST, ("analysts", ".", "--format", "json"), True),
}  # fmt: skip


def feed_command(kind: str, place: Path, tally: Tally, *, trials: int, seed: int) -> None:
    """Give a command an altered file, so many times."""
    fed = FED[kind]
    _copy(place)
    (place / fed.file).parent.mkdir(exist_ok=True)

    def trial(data: st.DataObject) -> None:
        content = data.draw(mutated(fed.text, is_yaml=fed.is_yaml))
        (place / fed.file).write_bytes(content)
        tally.try_out(lambda: run(place, list(fed.words)))

    tally.run(trial, trials, seed)


def _copy(place: Path) -> None:
    for name in ("scenario.yaml", "reports.yaml"):
        shutil.copy(TESTS / "broken" / name, place / name)


def run(place: Path, words: list[str]) -> str:
    """How a command ends in a folder; fails when that is out of form."""
    here = {".", *(fed.file for fed in FED.values())}
    result = CliRunner().invoke(
        main, [str(place / word) if word in here else word for word in words]
    )
    hold_to_manners(words, result)
    return f"exit code {result.exit_code}"


def hold_to_manners(words: list[str], result: Result) -> None:
    """Fail unless a command ended as commands do."""
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code in (0, 1, 2), result.output
    assert result.exit_code == 0 or result.stderr.strip(), f"silent failure of {words}"
    forms = [form for option, form in pairwise(words) if option == "--format"]
    is_data = forms[-1:] in (["json"], ["csv"])  # as it stands in the files
    hidden = {
        c
        for c in (result.stderr if is_data else result.output)
        if unicodedata.category(c) in ("Cc", "Cf", "Cs")
    } - {"\n", *JOINERS}
    assert not hidden, f"a terminal is given no control character, got {result.output!r}"
    if result.exit_code == 0 and forms[-1:] == ["json"]:
        json.loads(result.stdout, parse_constant=_refuse)


def _refuse(constant: str) -> None:
    raise AssertionError(f"JSON holds no {constant}")


ASKING = ("beliefs", "causes", "trail", "robustness", "conflict", "sensitivity", "inquiry",
          "turning-points", "impact", "compare", "had", "score", "ledger", "check")  # fmt: skip
WORDS = [*NUMBERS, *DATES, *NAMES, *CLAIMS, *SCALARS[-6:]]
OPTIONS: dict[str, list[str]] = {
    "--as-of": DATES,
    "--given": [*CLAIMS, "ignition=yes", "damage=low|mid"],
    "--do": [*CLAIMS, "ignition=no"],
    "--without": ["first", "origin:first", "source:owner", "source:", "nobody:x", *NAMES],
    "--draws": ["0", "3", "-1", "1000001", "1e3", "x", "٣"],
    "--seed": ["0", "7", "-1", "9" * 30, "x"],
    "--format": ["json", "csv", "table", "xml"],
    "--threshold": NUMBERS,
    "--hypothesis": ["arson", *NAMES],
    "--curve": ["settings.grades.B", "variables.arson.prior.yes", *NAMES],
}
ADDING: dict[str, list[str]] = {
    "--id": NAMES,
    "--published": DATES,
    "--logged": DATES,
    "--source": ["owner", *NAMES],
    "--claim": CLAIMS,
    "--observe": CLAIMS,
    "--likelihood": ["arson:yes=1", "arson:no=1e400", "arson:=", ":", "arson:yes", *CLAIMS],
    "--origin": NAMES,
    "--copy-of": ["first", *NAMES],
    "--directness": ["direct", "hearsay"],
    "--summary": SCALARS,
    "--link": ["https://a.example", "javascript:alert(1)", *NAMES],
    "--like": ["first", *NAMES],
}


def feed_arguments(place: Path, tally: Tally, *, trials: int, seed: int) -> None:
    """Give commands strange arguments, so many times."""
    _copy(place)

    def trial(data: st.DataObject) -> None:
        tally.try_out(lambda: run(place, data.draw(_asked() | _added())))

    tally.run(trial, trials, seed)


@st.composite
def _asked(draw: st.DrawFn) -> list[str]:
    command = draw(st.sampled_from(ASKING))
    words = [command, ".", "--draws", "3"] if command in ("beliefs", "causes") else [command, "."]
    return words + _options(draw, OPTIONS, 3)


@st.composite
def _added(draw: st.DrawFn) -> list[str]:
    whole = ["--id", "new", "--published", "2026-06-01"] if draw(st.booleans()) else []
    return ["add", ".", "--dry-run", *whole, *_options(draw, ADDING, 5)]


def _options(draw: st.DrawFn, options: dict[str, list[str]], most: int) -> list[str]:
    chosen = draw(st.lists(st.sampled_from(sorted(options)), max_size=most))
    return [word for name in chosen for word in (name, draw(_value(options[name])))]


def _value(good: list[str]) -> st.SearchStrategy[str]:
    strange = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
    return st.sampled_from(good) | st.sampled_from(WORDS).filter(lambda w: "\0" not in w) | strange
