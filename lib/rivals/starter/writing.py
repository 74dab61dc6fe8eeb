"""The starter's two files, put into a new folder at once, with the analyst's own words in them."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from importlib.resources import files
from pathlib import Path

import yaml

from rivals.errors import Problem, WritingError, quote
from rivals.fields import check_name
from rivals.reading import LOG_FILE, SCENARIO_FILE, read_dossier

QUESTION = "Why was the summit of 12 March 2026 called off?"
HOME, SCHEMAS = "scenarios", "schemas"
NO_FOLDER = '<>"\\?*'
"""What a folder's name leaves out beside what a name does: Windows has other uses for it."""
DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever stands behind a dot."""


def start(name: str, title: str | None = None, question: str | None = None) -> Path:
    """Write a starter scenario and return its folder.

    A bare name goes below `scenarios` where there is one; anything else is a path. Raises
    WritingError when the name cannot be a folder's, something is there already, or nothing can be
    written.
    """
    folder = _place(name)
    _check(folder)
    said = {
        "title": title or f"{_in_words(folder.name)}: why was the summit called off?",
        "question": question or QUESTION,
    }
    try:
        _write_whole(
            folder, {file: _fill(file, said, folder) for file in (SCENARIO_FILE, LOG_FILE)}
        )
    except UnicodeEncodeError:
        raise WritingError("a scenario is UTF-8 text, got bytes that are not") from None
    except OSError as error:
        told = Problem(f"the scenario cannot be written: {error.strerror}", str(folder))
        raise WritingError([told]) from None
    return folder


def _place(name: str) -> Path:
    bare = "/" not in name and os.sep not in name
    return Path(HOME) / name if bare and Path(HOME).is_dir() and name else Path(name)


def _check(folder: Path) -> None:
    """Raise WritingError for a name that no folder should have, or a folder that is there."""
    name = folder.name
    _check_name(name)
    if not folder.parent.is_dir():
        text = "a new scenario goes into a folder that is there; this one is not"
        raise WritingError([Problem(text, str(folder.parent))])
    taken = {path.name.casefold(): path for path in folder.parent.iterdir()}
    if name.casefold() in taken:  # some file systems do not tell them apart
        text = "there is something here already, and nothing is overwritten"
        raise WritingError([Problem(text, str(taken[name.casefold()]))])


def _check_name(name: str) -> None:
    try:
        check_name(name)
    except ValueError as error:
        raise WritingError(f"the scenario's folder: {error}") from None
    if name in (".", "..") or name[0] in ".-" or name[-1] == "." or set(name) & set(NO_FOLDER):
        raise WritingError(
            f"the name of a scenario's folder does not begin with '.' or '-', does not end with "
            f"'.' and holds none of {NO_FOLDER}, got {quote(name)}"
        )
    if DEVICES.fullmatch(name):
        raise WritingError(f"Windows keeps this name for a device, got {quote(name)}")


def _in_words(name: str) -> str:
    words = " ".join(name.replace("_", " ").replace("-", " ").split()) or name
    return words[:1].upper() + words[1:]


def _fill(file: str, said: dict[str, str], folder: Path) -> bytes:
    """A file of the starter, with what the analyst said as text whatever it looks like."""
    text = files("rivals.starter").joinpath(file).read_text("utf-8")
    filled = re.sub(r"^(\w+): @\1@\n", lambda m: _line(m[1], said[m[1]]), text, flags=re.MULTILINE)
    return (_editor_line(file, folder) + filled).encode()


def _line(key: str, value: str) -> str:
    """`key: value` on one line, quoted where YAML would read something else into it."""
    plain = yaml.safe_dump({key: value}, allow_unicode=True, width=len(value) + 100)
    if plain.count("\n") == 1:
        return str(plain)
    quoted = yaml.safe_dump(value, allow_unicode=True, default_style='"', width=10**9)
    return f"{key}: {quoted.strip()}\n"


def _editor_line(file: str, folder: Path) -> str:
    """A first line that leads an editor to the file's schema, where one is near."""
    schema = file.replace(".yaml", ".schema.json")
    for above in folder.resolve().parents:
        found = above / SCHEMAS / schema
        if found.is_file():
            way = os.path.relpath(found, folder.resolve()).replace(os.sep, "/")
            return f"# yaml-language-server: $schema={way}\n"
    return ""


def _write_whole(folder: Path, contents: dict[str, bytes]) -> None:
    """A new folder with its files: made beside its place, read once, then renamed."""
    made = folder.parent / f".{folder.name[:40]}.{secrets.token_hex(4)}"
    made.mkdir()
    try:
        for name, content in contents.items():
            with (made / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        read_dossier(made)
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
