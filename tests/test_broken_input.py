"""Every kind of broken input gets a message with file, line, rule and value, and no traceback."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import rivals
from broken.breaks import BREAKS
from broken.change import REPORTS, SCENARIO, Break
from rivals.cli import main

GOOD = Path(__file__).parent / "broken"
MESSAGE = re.compile(r"(?P<path>.+\.yaml):(?P<line>\d+): (?P<text>\S.*)")


def copied(place: Path) -> Path:
    """The good folder, to be broken."""
    folder = place / "warehouse"
    folder.mkdir()
    for name in SCENARIO, REPORTS:
        shutil.copy(GOOD / name, folder / name)
    return folder


def broken(place: Path, change: Break) -> Path:
    """The good folder with one change made."""
    folder = copied(place)
    text = (folder / change.file).read_text(encoding="utf-8")
    assert text.count(change.old) == 1, f"{change.old!r} must stand in {change.file} once"
    (folder / change.file).write_text(text.replace(change.old, change.new), encoding="utf-8")
    return folder


def lines_expected(folder: Path, change: Break) -> set[int]:
    """The lines on which the message may point."""
    text = (folder / change.file).read_text(encoding="utf-8")
    if change.at == ("*",):
        return set(range(1, text.count("\n") + 2))
    if not change.at:
        place = (GOOD / change.file).read_text(encoding="utf-8").index(change.old)
        return {text.count("\n", 0, place) + 1}
    return {text.count("\n", 0, text.index(mark)) + 1 for mark in change.at if mark in text}


def check(folder: Path) -> Result:
    """What `rivals check` says of a folder."""
    return CliRunner().invoke(main, ["check", str(folder)])


def complaints(result: Result) -> list[re.Match[str]]:
    """The messages, each on a line of its own; nothing else may be said."""
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert result.exception is None or isinstance(result.exception, SystemExit)
    found = [MESSAGE.fullmatch(line) for line in result.stderr.splitlines()]
    assert found
    assert all(found), result.stderr
    hidden = {c for c in result.stderr if unicodedata.category(c) in ("Cc", "Cf", "Cs")}
    assert hidden <= {"\n"}, "a message shows no control or bidi character"
    return [match for match in found if match]


def says(match: re.Match[str], fragments: tuple[str, ...]) -> bool:
    """Whether a message holds every fragment, or one of its alternatives."""
    text = match["text"].lower()
    return all(any(one.lower() in text for one in part.split("|")) for part in fragments)


def test_the_good_folder_is_good() -> None:
    result = check(GOOD)

    assert result.exit_code == 0, result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("change", BREAKS, ids=str)
def test_broken_input_is_told_with_its_place(change: Break, tmp_path: Path) -> None:
    folder = broken(tmp_path, change)

    messages = complaints(check(folder))

    lines = lines_expected(folder, change)
    here = [m for m in messages if Path(m["path"]) == folder / change.file]
    placed = [m for m in here if int(m["line"]) in lines]
    assert placed, f"expected {change.file}:{sorted(lines)}, got {[m[0] for m in messages]}"
    assert any(says(m, change.says) for m in placed), [m[0] for m in placed]


def test_kinds_of_broken_input_are_many_and_told_apart() -> None:
    kinds = [(change.file, change.kind) for change in BREAKS]

    assert len(set(kinds)) == len(kinds) > 100


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    text = (folder / SCENARIO).read_text(encoding="utf-8")
    text = text.replace("grade: B", "grade: Z").replace("prior: {yes: 0.2}", "prior: {yes: 2}")
    (folder / SCENARIO).write_text(text.replace("sd: 0.25", "sd: 0"), encoding="utf-8")

    messages = complaints(check(folder))

    assert len({m["line"] for m in messages}) >= 3


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"title: [\n", id="not YAML"),
        pytest.param(b"title: &a b\n", id="an anchor"),
        pytest.param(b"title: \xff\xfe\n", id="not UTF-8"),
        pytest.param(b"#" * 65_000_000, id="too large"),
    ],
)
@pytest.mark.parametrize(
    "change",
    [
        Break("a grade", SCENARIO, "grade: B", "grade: Z", ("'Z'",)),
        Break("a key", REPORTS, "id: first", "ident: first", ("'ident'",)),
    ],
    ids=str,
)
def test_a_file_that_cannot_be_read_hides_no_problem_of_the_other(
    content: bytes, change: Break, tmp_path: Path
) -> None:
    folder = broken(tmp_path, change)
    lost = REPORTS if change.file == SCENARIO else SCENARIO
    (folder / lost).write_bytes(content)

    messages = complaints(check(folder))

    assert {Path(m["path"]).name for m in messages} == {SCENARIO, REPORTS}
    assert any(says(m, change.says) for m in messages if Path(m["path"]).name == change.file)


def test_without_a_scenario_the_log_is_told_nothing_that_follows_from_that(tmp_path: Path) -> None:
    """Its variables, sources and scale of words are in the file that cannot be read."""
    folder = copied(tmp_path)
    word = "- {id: wordy, published: 2026-05-30, source: owner, likelihood: {arson: {yes: WORD}}}\n"
    log = (folder / REPORTS).read_text(encoding="utf-8")
    (folder / SCENARIO).write_text("settings: {scale: phia}\n[", encoding="utf-8")
    (folder / REPORTS).write_text(log + word.replace("WORD", "realistic possibility"), "utf-8")

    messages = complaints(check(folder))

    assert {Path(m["path"]).name for m in messages} == {SCENARIO}


def test_reading_raises_the_same_problems(tmp_path: Path) -> None:
    folder = broken(tmp_path, BREAKS[0])

    with pytest.raises(rivals.RivalsError) as caught:
        rivals.read(folder)

    [problem] = caught.value.problems
    assert Path(problem.path) == folder / SCENARIO
    assert {problem.line} == lines_expected(folder, BREAKS[0])
    assert "0.9" in problem.text


def test_script_tags_are_text_like_any_other(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    text = (folder / SCENARIO).read_text(encoding="utf-8")
    hostile = text.replace("label: Arson}", 'label: "<script>alert(1)</script>"}')
    (folder / SCENARIO).write_text(hostile, encoding="utf-8")

    assert check(folder).exit_code == 0


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"# only a comment\n", id="only a comment"),
        pytest.param(b"- title: one\n", id="a list"),
        pytest.param(b"just text\n", id="text"),
        pytest.param(b"title: \xff\xfe\n", id="not UTF-8"),
        pytest.param(b"title: a\x00b\n", id="a zero byte"),
        pytest.param(b"title: one\n---\ntitle: two\n", id="two documents"),
        pytest.param(b"{" * 5_000, id="deep mappings"),
        pytest.param(b"title: " + b"[" * 10_000_000, id="10 MB of brackets"),
        pytest.param(b"title: one\n" * 900_000, id="10 MB of repeated keys"),
    ],
)
def test_a_scenario_file_that_is_none_is_told_in_time(content: bytes, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / SCENARIO).write_bytes(content)

    start = time.monotonic()
    messages = complaints(check(folder))

    assert time.monotonic() - start < 20
    assert len(messages) < 1000
    assert all(Path(m["path"]).name == SCENARIO for m in messages)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"just text\n", id="text"),
        pytest.param(b"- - id: one\n", id="a list of lists"),
        pytest.param(b"- id: \xff\n", id="not UTF-8"),
        pytest.param(b"- " * 5_000, id="deep lists"),
        pytest.param(b"- {}\n", id="an empty entry"),
    ],
)
def test_a_log_that_is_none_is_told(content: bytes, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / REPORTS).write_bytes(content)

    messages = complaints(check(folder))

    assert all(Path(m["path"]).name == REPORTS for m in messages)


def test_a_bomb_of_aliases_does_not_go_off(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    text = (folder / SCENARIO).read_text(encoding="utf-8")
    bomb = "\n".join(levels) + "\n" + text.replace("states: [low, mid, high]", "states: *a11")
    (folder / SCENARIO).write_text(bomb, encoding="utf-8")

    start = time.monotonic()
    complaints(check(folder))

    assert time.monotonic() - start < 20


def test_a_folder_without_a_scenario_is_told(tmp_path: Path) -> None:
    result = check(tmp_path)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "scenario.yaml" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_installed_command_says_the_same(tmp_path: Path) -> None:
    folder = broken(tmp_path, BREAKS[0])

    done = subprocess.run(
        [Path(sys.executable).parent / "rivals", "check", folder],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == check(folder).stderr
