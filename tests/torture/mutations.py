"""Files that were good once: mutations of what they say, of their lines and of their bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml
from hypothesis import strategies as st

from plain_yaml import PlainDumper
from rivals.marked import parse_yaml
from torture.nasty import BITS, KEYS, LONG, SCALARS

Path = tuple[Any, ...]

ENCODINGS = ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "utf-7"]


@st.composite
def mutated(draw: st.DrawFn, text: str, *, is_yaml: bool = True) -> bytes:
    """A good text, changed in what it says, and now and then in how it is written."""
    kind = draw(st.sampled_from(["said", "said", "said", "lines", "bytes", "encoding", "raw"]))
    if kind == "said" and not is_yaml:
        return _tokens(draw, text).encode("utf-8", "surrogatepass")
    if kind == "raw":
        return draw(st.binary(max_size=300))
    if kind == "lines":
        return _lines(draw, text).encode("utf-8", "surrogatepass")
    if kind == "encoding":
        ends = draw(st.sampled_from(["\n", "\r\n", "\r", "\u2028", "\x85"]))
        how = draw(st.sampled_from(ENCODINGS))
        return text.replace("\n", ends).encode(how, "replace")
    if kind == "bytes":
        return _bytes(draw, text.encode())
    return _said(draw, text).encode("utf-8", "surrogatepass")


def _said(draw: st.DrawFn, text: str) -> str:
    """The data changed at one to four places, written with or without quotes."""
    data = parse_yaml(text).data
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 4]))):
        data = _change(draw, data)
    how = draw(st.sampled_from([_as_json, _as_json, _as_json, _plainly]))
    return how(data)


def _as_json(data: Any) -> str:
    """JSON is YAML too, and written a hundred times as fast."""
    return json.dumps(data, ensure_ascii=False, indent=1)


def _plainly(data: Any) -> str:
    try:
        return str(yaml.dump(data, Dumper=PlainDumper, sort_keys=False, allow_unicode=True))
    except (yaml.YAMLError, UnicodeEncodeError):  # such as half a surrogate pair
        return json.dumps(data, indent=1)


def places(data: Any, at: Path = ()) -> Iterator[Path]:
    """The path of everything in the data."""
    yield at
    steps: Any = ()
    if isinstance(data, dict):
        steps = data
    elif isinstance(data, list):
        steps = range(len(data))
    for step in steps:
        yield from places(data[step], (*at, step))


def _change(draw: st.DrawFn, data: Any) -> Any:
    """The data with one thing in it replaced, taken away, repeated, renamed or moved."""
    known = list(places(data))
    at = known[draw(st.integers(0, len(known) - 1))]
    how = draw(st.sampled_from(["scalar", "scalar", "drop", "move", "key", "wrap", "again"]))
    if how == "drop" and at:
        return _put(data, at, None, drop=True)
    here = _look(data, at)
    if how == "move":
        new = _look(data, known[draw(st.integers(0, len(known) - 1))])
    elif how == "key" and isinstance(here, dict):
        key = draw(st.sampled_from([*KEYS, *SCALARS]))
        value = _look(data, known[draw(st.integers(0, len(known) - 1))])
        new = {**here, key: value}
    elif how == "wrap":
        new = draw(st.sampled_from([[here], {"yes": here}, [], {}, [here, here]]))
    elif how == "again" and isinstance(here, list) and here:
        new = here + [here[draw(st.integers(0, len(here) - 1))]] * draw(st.integers(1, 3))
    else:
        new = draw(st.one_of(st.sampled_from(SCALARS), st.text(max_size=12)))
    return _put(data, at, new)


def _look(data: Any, at: Path) -> Any:
    for step in at:
        data = data[step]
    return data


def _put(data: Any, at: Path, new: Any, *, drop: bool = False) -> Any:
    """The data with something else at a path; what is not on the way there is shared."""
    if not at:
        return new
    step, *rest = at
    changed = dict(data) if isinstance(data, dict) else list(data)
    if drop and not rest:
        del changed[step]
    else:
        changed[step] = _put(data[step], tuple(rest), new, drop=drop)
    return changed


def _lines(draw: st.DrawFn, text: str) -> str:
    """The lines with some taken away, doubled, swapped, shifted or joined to something nasty."""
    lines = text.splitlines(keepends=True)
    for _ in range(draw(st.integers(1, 4))):
        i = draw(st.integers(0, len(lines) - 1))
        j = draw(st.integers(0, len(lines) - 1))
        how = draw(st.sampled_from(["drop", "again", "swap", "in", "out", "tab", "nasty", "long"]))
        if how == "drop" and len(lines) > 1:
            del lines[i]
        elif how == "again":
            lines.insert(j, lines[i])
        elif how == "swap":
            lines[i], lines[j] = lines[j], lines[i]
        elif how in ("in", "tab"):
            lines[i] = ("  " if how == "in" else "\t") + lines[i]
        elif how == "out":
            lines[i] = lines[i].removeprefix(" ")
        else:
            end = draw(st.sampled_from(SCALARS if how == "nasty" else LONG))
            lines[i] = f"{lines[i].rstrip()} {end}\n"
    return "".join(lines)


def _tokens(draw: st.DrawFn, text: str) -> str:
    """The text with one or a few of the pieces between its marks taken away or replaced."""
    pieces = re.split(r"([,;:\t\n<>\"&=]+)", text)
    for _ in range(draw(st.sampled_from([1, 1, 2, 4]))):
        i = draw(st.integers(0, len(pieces) - 1))
        new = draw(st.one_of(st.just(""), st.sampled_from(SCALARS), st.sampled_from(pieces)))
        pieces[i] = new
    return "".join(pieces)


def _bytes(draw: st.DrawFn, content: bytes) -> bytes:
    """The bytes with some cut out, and with what YAML or a decoder may trip over put in."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        cut = draw(st.sampled_from([0, 0, 1, 2, 7, 100, len(content)]))
        put = draw(st.one_of(st.just(b""), st.sampled_from(BITS), st.binary(max_size=4)))
        content = content[:at] + put + content[at + cut :]
    return content
