"""YAML text as plain data: every scalar is text, and every key has its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from rivals.marked import DEPTH_LIMIT, Marked, parse_yaml
from rivals.reading import load_marked

TEXT = """\
# a comment
title: Why?
states:
  - low
  - [mid,
     high]
deep: {one: 1, two:
  {three: 3}}
prose: |
  First line.

  Third line.
after: it
"""


def sound(text: str) -> Marked:
    marked = parse_yaml(text)
    assert marked.problems == []
    return marked


@pytest.mark.parametrize(
    ("loc", "line"),
    [
        (("title",), 2),
        (("states",), 3),
        (("states", 0), 4),
        (("states", 1), 5),
        (("states", 1, 1), 6),
        (("deep", "one"), 7),
        (("deep", "two"), 7),
        (("deep", "two", "three"), 8),
        (("prose",), 9),
        (("after",), 13),
    ],
)
def test_every_key_and_item_has_its_line(loc: tuple[str | int, ...], line: int) -> None:
    assert sound(TEXT).line(loc) == line


def test_what_stands_nowhere_has_the_line_of_what_holds_it() -> None:
    marked = sound(TEXT)

    assert marked.line(("states", 1, 7)) == 5
    assert marked.line(("deep", "absent")) == 7
    assert marked.line(("absent",)) == 1


def test_steps_that_no_file_has_are_skipped() -> None:
    assert sound(TEXT).line(("deep", "a validator's step", "two", "three")) == 8


def test_a_scalar_is_told_as_it_was_written_and_nothing_else_is() -> None:
    marked = sound("p: 1/3\nq: {r: 30%}\ns: [a]\n")

    assert marked.text(("p",)) == "1/3"
    assert marked.text(("q", "r")) == "30%"
    assert marked.text(("s", 0)) == "a"
    assert [marked.text(loc) for loc in (("q",), ("s", 4), ("p", "x"), ("z",))] == [""] * 4


@pytest.mark.parametrize(
    "scalar",
    ["yes", "no", "on", "off", "null", "~", "32", "0o17", "1e3", "1_000", "2026-05-04", ".nan"],
)
def test_scalars_are_text_whatever_they_look_like(scalar: str) -> None:
    assert sound(f"key: {scalar}\n").data == {"key": scalar}
    assert sound(f"{scalar}: [{scalar}]\n").data == {scalar: [scalar]}


def test_quotes_and_blocks_are_read_as_yaml_reads_them() -> None:
    assert sound(TEXT).data["prose"] == "First line.\n\nThird line.\n"
    assert sound("a: 'it''s'\nb: \"\\u00e9\"\nc: >\n  one\n  two\n").data == {
        "a": "it's",
        "b": "é",
        "c": "one two\n",
    }


def test_a_value_left_out_is_empty_text() -> None:
    assert sound("a:\nb: {c: }\n").data == {"a": "", "b": {"c": ""}}


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n...\n"])
def test_an_empty_file_says_nothing(text: str) -> None:
    assert sound(text).data in (None, "")


def test_a_repeated_key_is_told_on_its_line_with_the_first() -> None:
    marked = parse_yaml("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\na: 4\n")

    assert marked.problems == [
        (5, "a key stands once; 'c' is already on line 3"),
        (6, "a key stands once; 'a' is already on line 1"),
    ]
    assert marked.data == {"a": "1", "b": {"c": "1", "d": "2"}}


def test_what_a_repeated_key_holds_is_passed_over_whole() -> None:
    marked = parse_yaml("a: 1\na: {b: [1, {c: 2}]}\nd: 3\n")

    assert marked.data == {"a": "1", "d": "3"}
    assert marked.line(("d",)) == 3


def test_the_same_key_in_two_mappings_is_no_repetition() -> None:
    assert sound("- {id: a}\n- {id: b}\n").data == [{"id": "a"}, {"id": "b"}]


def test_nesting_is_allowed_up_to_the_limit_and_no_deeper() -> None:
    deepest = "[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT

    assert parse_yaml(deepest).problems == []
    assert parse_yaml(f"\n[{deepest}]").problems == [
        (2, f"a file nests {DEPTH_LIMIT} deep at most, got more")
    ]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: &here 2\n", 2, "anchors and aliases are not used here.*'here'"),
        ("a: &all [1]\n", 1, "anchors and aliases"),
        ("a: &all {b: 1}\n", 1, "anchors and aliases"),
        ("a: 1\n\nb: *gone\n", 3, "anchors and aliases.*'gone'"),
        ("a: !!int 3\n", 1, "tags are not used here.*int"),
        ("a: 1\nb: !own {c: 1}\n", 2, "tags are not used here.*own"),
        ("a: 1\n? [b, c]\n: 2\n", 2, "a key is plain text"),
        ("a: 1\n---\nb: 2\n", 3, "one YAML document, got a second"),
        ("a: 1\nb: [1, 2\n", 3, "this is not YAML"),
        ("a: 1\n\tb: 2\n", 2, "this is not YAML"),
        ("a: 1\nb: x\x01y\n", 2, "this is not YAML"),
    ],
)
def test_what_is_refused_is_told_with_its_line(text: str, line: int, said: str) -> None:
    problems = parse_yaml(text).problems

    assert [at for at, _ in problems] == [line]
    assert re.search(said, problems[0][1])


QUOTES = "text that holds a colon and a space is put in quotes"
DEPTH = "a line stands no deeper or shallower than its neighbours"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a:\n  why: Three: such\n", 2, f"{QUOTES}, got 'why: Three: such'"),
        ("a:\n  why: He said:\n", 2, f"{QUOTES}, got 'why: He said:'"),
        ("a:\n  b: 1\n    c: 2\n", 3, f"{QUOTES}, and {DEPTH}, got 'c: 2'"),
        ("a:\n    b: 1\n  c: 2\n", 3, f"{DEPTH}, got 'c: 2'"),
        ("- a: 1\n  b: 2\n c: 3\n", 3, f"{DEPTH}, got 'c: 3'"),
        ("a: 1\nb\nc: 2\n", 2, "a key is followed by a colon and a space, got 'b'"),
        ("a:\n\tb: 1\n", 2, "indent with spaces, not with tabs, got 'b: 1'"),
        ("a:\n  b: 1\n\tc: 2\n", 3, "indent with spaces, not with tabs, got 'c: 2'"),
        ("a: 'it's here'\n", 1, "text that begins with a quote ends at the next one like it"),
        ('a: "never\nb: 1\n', 1, "text that begins with a quote ends at the next one like it"),
        ("a: @home\n", 1, "text that begins with a sign such as @, "),
        ("a: {why: Three: such}\n", 1, "text with a comma or a colon in it is put in quotes"),
        (f"a:\n  why: Three: {'such ' * 99}\n", 2, f"{QUOTES}, got 'why: Three: such such"),
        ('a: "\\ud800"\n', 1, "invalid Unicode character"),
        ("a: \x85b: c: d\r\n", 2, f"{QUOTES}, got 'b: c: d'"),
    ],
)
def test_what_is_no_yaml_is_told_with_what_to_do_and_the_line(
    text: str, line: int, said: str
) -> None:
    [(at, told)] = parse_yaml(text).problems

    assert at == line
    assert told.startswith("this is not YAML: ")
    assert said in told
    assert len(told) < 250


def test_a_mark_that_says_text_is_allowed() -> None:
    assert sound("a: !!str 3\nb: ! 4\n").data == {"a": "3", "b": "4"}


def test_line_ends_of_windows_change_neither_data_nor_lines() -> None:
    windows = sound(TEXT.replace("\n", "\r\n"))

    assert windows.data == sound(TEXT).data
    assert windows.lines == sound(TEXT).lines


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path, newline: str) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", newline).encode())

    marked = load_marked(file)

    assert marked.problems == []
    assert list(marked.data) == ["title", "states", "deep", "prose", "after"]
    assert marked.line(("after",)) == 13


def test_the_data_are_those_of_another_yaml_reader() -> None:
    assert sound(TEXT).data == yaml.load(TEXT, Loader=yaml.BaseLoader)  # noqa: S506  (text only)
