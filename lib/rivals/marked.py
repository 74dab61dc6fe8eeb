"""YAML text -> plain mappings, lists and text, and the line on which each of them stands.

Built from the parser's events rather than its objects: scalars stay text whatever they look like,
repeated keys are seen, and nesting and aliases are bounded before anything is expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

import yaml
from yaml import events as ev

from rivals.errors import quote

Loc = tuple[str | int, ...]
_Marks = dict[Loc, int]

DEPTH_LIMIT = 40
"""How deep lists and mappings may nest."""

NODE_LIMIT = 4_000_000
"""How many values, keys, and beginnings and ends of lists and mappings a file may have."""

PROBLEM_LIMIT = 2_000
"""After how many problems a file is read no further."""

_ENCODINGS = {
    b"\xff\xfe\0\0": "UTF-32",
    b"\0\0\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_QUOTED = re.compile(r"""^[\s-]*([^\s"'#:]+: +)?["']""")
_TWO_COLONS = re.compile(r":\s[^\s].*:(\s|$)")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Marked:
    """What a file says; `lines` has the line of every key and list item, by its path."""

    data: Any = None
    lines: _Marks = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)

    def line(self, loc: Loc) -> int:
        """The line of the nearest enclosing thing that has one; steps of no file are skipped."""
        known: Loc = ()
        for step in loc:
            if (*known, step) in self.lines:
                known = (*known, step)
        return self.lines.get(known, 1)

    def text(self, loc: Loc) -> str:
        """The scalar written at a path, or nothing where there is none."""
        here = self.data
        for step in loc:
            try:
                here = here[step]
            except (KeyError, IndexError, TypeError):
                return ""
        return here if isinstance(here, str) else ""


class _Refused(Exception):
    def __init__(self, line: int, text: str) -> None:
        self.line, self.text = line, text


def parse_bytes(content: bytes) -> Marked:
    """Read one YAML document from a file's bytes: UTF-8, with or without a mark that says so."""
    other = _other_encoding(content)
    if other:
        return Marked(problems=[(1, f"a file is UTF-8 text, got {other}: save it as UTF-8")])
    try:
        return parse_yaml(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        got = quote(content[error.start : error.start + 4].hex(" "))
        return Marked(problems=[(line, f"a file is UTF-8 text, got the bytes {got}")])


def _other_encoding(content: bytes) -> str:
    """The encoding of which a file's first bytes speak, or nothing."""
    named = (name for mark, name in _ENCODINGS.items() if content.startswith(mark))
    return next(named, "UTF-16 or UTF-32" if b"\0" in content[:4] else "")


def parse_yaml(text: str) -> Marked:
    """Read one YAML document; what is wrong with it is in `problems`, as (line, text)."""
    result = Marked()
    try:
        result.data = _Builder(_checked(yaml.parse(text, Loader=_Loader)), result).document()
    except _Refused as refused:
        result.problems.append((refused.line, refused.text))
    except yaml.YAMLError as error:
        result.problems.append(_explain(error, text))
    return result


def compose(text: str) -> str:
    """The text with letters and their accents in one piece, so that what looks alike is alike.

    Unicode's normal form C: `é` may be one character or two, and a name is the same either way.
    """
    return text if text.isascii() else normalize("NFC", text)


def compose_all(data: Any) -> Any:
    """The data with every text in it composed, as it will be when it is read from a file."""
    if isinstance(data, str):
        return compose(data)
    if isinstance(data, Mapping):
        return {compose_all(key): compose_all(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [compose_all(item) for item in data]
    return data


def _explain(error: yaml.YAMLError, text: str) -> tuple[int, str]:
    if isinstance(error, yaml.MarkedYAMLError):
        early = any(words in str(error.problem) for words in ("end of stream", "could not find"))
        mark = (early and error.context_mark) or error.problem_mark or error.context_mark
        why = " ".join(filter(None, (error.context, error.problem)))
        at = mark.line if mark else 0
        lines = _BREAK.split(text)
        line = lines[at] if at < len(lines) else ""
        return at + 1, f"this is not YAML: {_advise(why, line)}"
    position = getattr(error, "position", 0) or 0
    line = text.count("\n", 0, position) + 1
    return line, f"this is not YAML: {str(error).splitlines()[0]}"


def _advise(why: str, line: str) -> str:
    """What the parser found wrong on a line, in words that say what to do, and the line."""
    advice = why
    if "\t" in line[: len(line) - len(line.lstrip())]:
        advice = "indent with spaces, not with tabs"
    elif "expected ',' or" in why:
        advice = f"{why}; between brackets, text with a comma or a colon in it is put in quotes"
    elif "end of stream" in why or ("expected key" in why and _QUOTED.search(line)):
        advice = "text that begins with a quote ends at the next one like it"
    elif "any token" in why or "alphabetic" in why:
        advice = "text that begins with a sign such as @, %, *, & or ` is put in quotes"
    elif "could not find expected ':'" in why:
        advice = "a key is followed by a colon and a space"
    elif _TWO_COLONS.search(line):
        advice = "text that holds a colon and a space is put in quotes"
    elif "mapping values" in why:
        advice = (
            "text that holds a colon and a space is put in quotes, and a line stands no deeper or "
            "shallower than its neighbours"
        )
    elif "expected key" in why or "expected '-'" in why:
        advice = "a line stands no deeper or shallower than its neighbours"
    return f"{advice}, got {quote(line.strip())}" if line.strip() else advice


def _checked(events: Iterator[ev.Event]) -> Iterator[ev.Event]:
    """The same events, until they nest too deep or grow too many."""
    depth = 0
    for count, event in enumerate(events):
        opens = isinstance(event, ev.CollectionStartEvent)
        depth += opens - isinstance(event, ev.CollectionEndEvent)
        if depth > DEPTH_LIMIT:
            raise _Refused(_line(event), f"a file nests {DEPTH_LIMIT} deep at most, got more")
        if count > NODE_LIMIT:
            raise _Refused(_line(event), f"a file holds {NODE_LIMIT:,} items at most, got more")
        yield event


class _Builder:
    def __init__(self, events: Iterator[ev.Event], result: Marked) -> None:
        self._events, self._result = events, result

    def document(self) -> Any:
        data: Any = None
        for event in self._events:
            if isinstance(event, ev.NodeEvent):
                if data is not None:
                    raise _Refused(_line(event), "a file holds one YAML document, got a second")
                data = self._node(event, ())
        return data

    def _node(self, event: ev.Event, loc: Loc) -> Any:
        _refuse_extras(event)
        if isinstance(event, ev.ScalarEvent):
            return compose(event.value)
        if isinstance(event, ev.SequenceStartEvent):
            return self._sequence(loc)
        return self._mapping(loc)

    def _sequence(self, loc: Loc) -> list[Any]:
        items: list[Any] = []
        for event in self._events:
            if isinstance(event, ev.SequenceEndEvent):
                break
            here = (*loc, len(items))
            self._result.lines[here] = _line(event)
            items.append(self._node(event, here))
        return items

    def _mapping(self, loc: Loc) -> dict[str, Any]:
        pairs: dict[str, Any] = {}
        for event in self._events:
            if isinstance(event, ev.MappingEndEvent):
                break
            if not isinstance(event, ev.ScalarEvent):
                raise _Refused(_line(event), "a key is plain text, got a list or a mapping")
            _refuse_extras(event)
            key, line = compose(event.value), _line(event)
            here = (*loc, key)
            if key in pairs:
                self._repeated(key, line, self._result.lines[here])
                self._node(next(self._events), (*loc, key, "again"))
                continue
            self._result.lines[here] = line
            pairs[key] = self._node(next(self._events), here)
        return pairs

    def _repeated(self, key: str, line: int, first: int) -> None:
        problems = self._result.problems
        problems.append((line, f"a key stands once; {quote(key)} is already on line {first}"))
        if len(problems) >= PROBLEM_LIMIT:
            raise _Refused(line, f"a file of {PROBLEM_LIMIT:,} problems is read no further")


def _refuse_extras(event: ev.Event) -> None:
    if isinstance(event, ev.AliasEvent) or getattr(event, "anchor", None):
        raise _Refused(
            _line(event),
            f"anchors and aliases are not used here: write the value out, "
            f"got {quote(getattr(event, 'anchor', ''))}",
        )
    tag = getattr(event, "tag", None)
    if tag and tag not in ("!", "tag:yaml.org,2002:str"):
        raise _Refused(_line(event), f"YAML tags are not used here, got {quote(tag)}")


def _line(event: ev.Event) -> int:
    return int(event.start_mark.line) + 1 if event.start_mark else 1
