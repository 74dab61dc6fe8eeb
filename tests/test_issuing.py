"""What was issued stays as it was, and what was done to it since is told."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner, Result
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import rivals
from rivals.briefing.build import Briefing, Order
from rivals.briefing.issuing import Imprint, collect, issue, sign
from rivals.cli import main
from rivals.errors import ExportError, QuestionError, WritingError
from rivals.ledger import Issue, read_ledger, seal, write_line
from rivals.moments import When

ROOT = Path(__file__).parents[1]
WAREHOUSE = ROOT / "scenarios" / "warehouse-fire"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scenario of its own, which nothing was issued of."""
    return Path(
        shutil.copytree(WAREHOUSE, tmp_path / "fire", ignore=shutil.ignore_patterns("analysts"))
    )


def put_out(folder: Path, when: str = "2026-05-10T09:00:00+02:00", page: str = "<p>Ü</p>") -> Issue:
    """Issue a page on a scenario's folder, without the time that a notebook takes."""
    case, order = rivals.read(folder), Order(draws=0)
    briefing = Briefing(folder / "page.html", page, 0.0)
    return issue(case, order, briefing, collect(folder), Imprint("Zoë", When(when), "a note"))


def run(*words: object, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


def ledger_of(folder: Path) -> Path:
    return folder / "issued" / "ledger.jsonl"


def test_an_issue_freezes_the_page_and_its_inputs_with_their_hashes(folder: Path) -> None:
    (folder / "analysts").mkdir()
    (folder / "analysts" / "zoë.yaml").write_text("{}\n", "utf-8")

    line = put_out(folder)

    place = folder / "issued" / "1"
    frozen = {p.relative_to(place).as_posix() for p in place.rglob("*") if p.is_file()}
    assert frozen == {"briefing.html", "scenario.yaml", "reports.yaml", "analysts/zoë.yaml"}
    for name in frozen:
        data = (place / name).read_bytes()
        assert line.files[name] == sha256(data).hexdigest()
        assert name == "briefing.html" or data == (folder / name).read_bytes()
    assert rivals.read(place).scenario == rivals.read(folder).scenario


def test_the_line_holds_the_case_s_own_numbers(folder: Path) -> None:
    put_out(folder)

    told = json.loads(ledger_of(folder).read_text("utf-8"))
    case = rivals.read(folder)
    causes = case.causes(draws=0).loc[case.effect]
    assert told["hypotheses"]["arson"]["because"] == causes.loc["arson", "because"]
    assert told["hypotheses"]["arson"]["posterior"] == causes.loc["arson", "posterior"]
    assert told["leader"] == case.leader
    states = case.variables()
    for name, noun in case.scenario.outcomes.items():
        rows = states.loc[[(noun.claim.variable, s) for s in noun.claim.states]]
        assert told["outcomes"][name]["chance"] == pytest.approx(rows["posterior"].sum(), abs=1e-12)
        assert told["outcomes"][name]["prior"] == pytest.approx(rows["prior"].sum(), abs=1e-12)
    assert (told["by"], told["note"], told["when"][:10]) == ("Zoë", "a note", "2026-05-10")


def test_each_line_is_chained_to_the_one_before_by_its_bytes(folder: Path) -> None:
    first, second = put_out(folder), put_out(folder)

    lines = ledger_of(folder).read_bytes().splitlines()
    assert (first.number, first.prev) == (1, "")
    assert (second.number, second.prev) == (2, sha256(lines[0]).hexdigest())
    whole = json.loads(lines[1])
    told = {key: value for key, value in whole.items() if key != "seal"}
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
    assert whole["seal"] == second.seal == sha256(canonical).hexdigest()
    assert read_ledger(folder).problems == []


def reseal(line: bytes, **changed: Any) -> bytes:
    """A line as somebody would forge it."""
    return write_line({**json.loads(line), **changed}).rstrip()


Harm = Callable[[Path], object]


def edit(at: int, change: Callable[[bytes], bytes]) -> Harm:
    def harm(issued: Path) -> None:
        lines = (issued / "ledger.jsonl").read_bytes().splitlines()
        lines[at] = change(lines[at])
        (issued / "ledger.jsonl").write_bytes(b"".join(line + b"\n" for line in lines if line))

    return harm


def overwrite(name: str) -> Harm:
    def harm(issued: Path) -> None:
        (issued / name).chmod(0o644)
        (issued / name).write_text("other", "utf-8")

    return harm


HARMS: dict[str, tuple[Harm, list[str]]] = {
    "a number changed": (
        edit(1, lambda line: line.replace(b'"by": "Zo', b'"by": "Ro')),
        ["ledger.jsonl:2: issue 2 was altered after", "ledger.jsonl:3: a line before issue 3"],
    ),
    "the last line changed": (
        edit(2, lambda line: line.replace(b"2026-05-10", b"2026-05-01")),
        ["ledger.jsonl:3: issue 3 was altered after it was written: its seal does not fit"],
    ),
    "a line forged with its seal": (
        edit(1, lambda line: reseal(line, by="Roe")),
        ["ledger.jsonl:3: a line before issue 3 was altered, put in or taken out"],
    ),
    "a line taken out": (
        edit(1, lambda line: b""),
        ["ledger.jsonl:2: a line before issue 3 was altered, put in or taken out"],
    ),
    "the last line cut off": (
        edit(2, lambda line: line[:200]),
        ["ledger.jsonl:3: is cut off or was altered: it is no JSON"],
    ),
    "no JSON": (
        edit(0, lambda line: b"{" * 5000),
        ["ledger.jsonl:1: is cut off or was altered", "ledger.jsonl:2: a line before issue 2"],
    ),
    "deep": (edit(2, lambda line: b"[" * 99999), ["ledger.jsonl:3: is cut off or was altered"]),
    "no text": (edit(2, lambda line: b"\xff\xfe"), ["it is no UTF-8 text"]),
    "not a line": (edit(2, lambda line: b"3"), ["ledger.jsonl:3: is cut off or was altered"]),
    "not finite": (
        edit(2, lambda line: line.replace(b'"posterior": 0.', b'"posterior": NaN, "x": 0.', 1)),
        ["ledger.jsonl:3: is cut off or was altered: hypotheses."],
    ),
    "a page changed": (
        overwrite("2/briefing.html"),
        ["ledger.jsonl:2: issue 2: the file 'briefing.html' was altered"],
    ),
    "an input gone": (
        lambda issued: (issued / "2" / "reports.yaml").unlink(),
        ["ledger.jsonl:2: issue 2: the file 'reports.yaml' is missing"],
    ),
    "a file put in": (
        lambda issued: (issued / "2" / "more.txt").write_text("x"),
        ["ledger.jsonl:2: issue 2: the file 'more.txt' was put in later"],
    ),
    "a folder gone": (
        lambda issued: shutil.rmtree(issued / "1"),
        ["ledger.jsonl:1: issue 1: its folder issued/1 is missing"],
    ),
}


@pytest.fixture(scope="module")
def thrice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario of which three briefings were issued."""
    place = Path(shutil.copytree(WAREHOUSE, tmp_path_factory.mktemp("issued") / "fire"))
    for _ in range(3):
        put_out(place)
    return place


@pytest.mark.parametrize("name", HARMS)
def test_what_was_altered_or_is_missing_is_said_plainly(
    name: str, thrice: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(thrice, tmp_path / "fire"))
    harm, expected = HARMS[name]

    harm(folder / "issued")

    found = [str(problem) for problem in read_ledger(folder).problems]
    assert len(found) == len(expected), found
    for text, problem in zip(expected, found, strict=True):
        assert text in problem
    result = run("ledger", folder, code=1)
    for problem in found:
        assert problem in result.stderr


def test_a_ledger_as_it_was_written_is_listed_with_its_last_seal(thrice: Path) -> None:
    result = run("ledger", thrice)

    assert result.stdout.count("as written") == 3
    assert f"the last seal is {read_ledger(thrice).issues[-1].seal}" in result.stderr
    told = json.loads(run("ledger", thrice, "--format", "json").stdout)
    assert [one["issue"]["number"] for one in told["issues"]] == [1, 2, 3]
    assert run("ledger", thrice, "--format", "csv").stdout.count("\n") == 4


def test_issuing_goes_on_after_harm_and_hides_none_of_it(thrice: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(thrice, tmp_path / "fire"))
    whole = ledger_of(folder).read_bytes()
    ledger_of(folder).write_bytes(whole[:-300])  # a crash of the machine, in the middle of a line

    line = put_out(folder)

    assert line.number == 4
    lines = ledger_of(folder).read_bytes().splitlines()
    assert lines[:2] == whole.splitlines()[:2]
    assert line.prev == sha256(lines[2]).hexdigest()
    found = read_ledger(folder)
    assert [entry.holds for entry in found.entries] == [True, True, False, True]
    assert found.orphans == (3,)


def test_what_a_killed_issue_left_is_recognised_and_harmless(folder: Path) -> None:
    put_out(folder)
    shutil.copytree(folder / "issued" / "1", folder / "issued" / "2")  # killed before its line
    (folder / "issued" / ".staging-abc").mkdir()  # killed before its folder

    listed = run("ledger", folder)
    line = put_out(folder)

    assert "issued/2: no line tells of this folder; issuing was broken off" in listed.stderr
    assert line.number == 3
    assert read_ledger(folder).problems == []
    assert sorted(p.name for p in (folder / "issued").iterdir()) == ["1", "2", "3", "ledger.jsonl"]


def test_inputs_that_change_meanwhile_are_not_issued(folder: Path) -> None:
    inputs = collect(folder)
    case = rivals.read(folder)
    with (folder / "reports.yaml").open("a", encoding="utf-8") as log:
        log.write("\n# more\n")

    with pytest.raises(ExportError, match="changed while the briefing was made"):
        issue(
            case,
            Order(draws=0),
            Briefing(folder, "", 0.0),
            inputs,
            Imprint("Z", When("2026-05-10")),
        )

    assert not (folder / "issued").exists()


def test_a_full_disk_is_one_line_and_no_issue(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rivals.freezing.tempfile.mkdtemp", refuse)

    with pytest.raises(WritingError, match="issued: cannot be written: No space left"):
        put_out(folder)

    assert read_ledger(folder).entries == ()


def test_a_ledger_that_cannot_be_read_is_never_written_over(folder: Path) -> None:
    put_out(folder)
    ledger_of(folder).unlink()
    ledger_of(folder).mkdir()

    with pytest.raises(WritingError, match=r"ledger\.jsonl: cannot be read"):
        put_out(folder)

    assert "ledger.jsonl: cannot be read" in run("ledger", folder, code=1).stderr
    assert sorted(p.name for p in (folder / "issued").iterdir()) == ["1", "ledger.jsonl"]


def test_nothing_issued_is_said(folder: Path, tmp_path: Path) -> None:
    assert "nothing was issued yet" in run("ledger", folder).stderr
    assert "there is none here" in run("ledger", tmp_path / "none", code=1).stderr


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        ({"at": "2026-05-04T10:00"}, "has no offset"),
        ({"by": "a\nb"}, "--by is a line of plain text"),
        ({"by": " "}, "--by says who"),
        ({"note": "\x1b[2J"}, "--note is a line of plain text"),
        ({"note": "\udce9"}, "--note is a line of plain text"),
        ({"note": "x" * 3000}, "2,000 characters at most"),
    ],
)
def test_an_imprint_is_plain_text_and_a_time(asked: dict[str, str], rule: str) -> None:
    with pytest.raises(QuestionError, match=rule):
        sign(ROOT, **{"by": None, "at": None, "note": None, **asked})


def test_who_issues_is_git_s_user_or_the_login(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_text("[user]\nname = Zoë Quill\n", "utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    by_git = sign(tmp_path, None, None, None)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("LOGNAME", "quill")
    by_login = sign(tmp_path, None, None, None)

    assert (by_git.by, by_login.by) == ("Zoë Quill", "quill")
    assert by_git.when.text[-6] in "+-"


def test_the_command_issues_what_it_wrote(folder: Path, tmp_path: Path) -> None:
    cells = [
        new_code_cell("scenario = ''\ndraws = 0", metadata={"tags": ["parameters"]}),
        new_markdown_cell("# Page"),
    ]
    nbformat.write(new_notebook(cells=cells), tmp_path / "small.ipynb")
    options = ["--notebook", tmp_path / "small.ipynb", "--out", tmp_path, "--draws", "1"]

    result = run("brief", folder, *options, "--issue", "--by", "Zoë", "--note", "first")

    page, frozen = map(Path, result.stdout.splitlines())
    assert frozen == folder / "issued" / "1" / "briefing.html"
    assert page.read_bytes() == frozen.read_bytes()
    line = read_ledger(folder).issues[0]
    assert f"issued as 1 by Zoë; its seal is {line.seal}" in result.stderr
    assert "notebook.ipynb" in line.files
    assert seal(json.loads(ledger_of(folder).read_bytes())) == line.seal


def test_what_is_said_of_an_issue_needs_one(folder: Path) -> None:
    result = run("brief", folder, "--by", "Zoë", code=1)

    assert "add --issue" in result.stderr
