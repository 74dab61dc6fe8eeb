"""What git knows of a file: its earlier versions, and who is at the keyboard."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 30.0
MOST = 1000
"""How many versions are asked for, the newest ones."""

_PLAIN = (
    "core.quotePath=false", "core.fsmonitor=false", "log.showSignature=false",
    "log.showRoot=true", "diff.relative=false",
)  # fmt: skip
"""Settings under which git answers in the one form that is read here, whatever the user's are."""
_FORMAT = "--format=%x01%H%x00%P%x00%aI%x00%an%x00%s"
_ENTRY = re.compile(
    rb"\x01([0-9a-f]{40,64})\0([^\0]*)\0([^\0]*)\0([^\0]*)\0([^\0]*)\0"  # as the format has it
    rb"\n:[0-7]+ [0-7]+ ([0-9a-f]+) ([0-9a-f]+) (?:[RC]\d*\0[^\0]*|[A-Z]\d*)\0[^\0]*\0"
)


@dataclass(frozen=True)
class Version:
    """A file as a commit left it and as it was before, in its first parent; None: not there."""

    commit: str
    when: str
    author: str
    subject: str
    content: bytes | None
    before: bytes | None
    merges: bool = False


class NoGit(Exception):
    """Git is not there, or knows nothing of the folder; the text says which."""


def list_versions(file: Path) -> list[Version]:
    """The versions of a file that git has, oldest first, renames followed; raises NoGit."""
    ask = ("log", "--follow", "-z", "--raw", "--no-abbrev", "--diff-merges=first-parent")
    told = _ask(file.parent, *ask, f"--max-count={MOST}", _FORMAT, "--", f"./{file.name}")
    blobs: dict[str, bytes | None] = {}
    found, at = [], 0
    while at < len(told):
        entry = _ENTRY.match(told, at)
        if entry is None:
            raise NoGit("git told the history in a form that is not known")
        at = entry.end()
        commit, parents, when, author, subject, old, new = (
            part.decode("utf-8", "replace") for part in entry.groups()
        )
        for blob in {old, new} - {*blobs}:
            blobs[blob] = _read(file.parent, blob)
        content, before, merges = blobs[new], blobs[old], " " in parents
        found.append(Version(commit, when, author, subject, content, before, merges))
    return found[::-1]


def _read(folder: Path, blob: str) -> bytes | None:
    """What git holds under a name; nothing where it stands for no file."""
    try:
        return _ask(folder, "cat-file", "blob", blob)
    except NoGit:
        return None


def name_user(folder: Path) -> str:
    """What git calls its user here; "" where it does not say."""
    try:
        return _ask(folder, "config", "user.name").decode("utf-8", "replace").strip()
    except NoGit:
        return ""


def _ask(folder: Path, *words: str) -> bytes:
    """What git answers, asked in a folder, without a shell; raises NoGit."""
    settings = [word for setting in _PLAIN for word in ("-c", setting)]
    strange = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_CONFIG_PARAMETERS")
    environment = {key: text for key, text in os.environ.items() if key not in strange}
    environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(  # noqa: S603  (a list, no shell)
            ["git", "--no-pager", *settings, *words],  # noqa: S607  (where the user has it)
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except FileNotFoundError:
        raise NoGit("git is not installed here") from None
    except subprocess.TimeoutExpired:
        raise NoGit(f"git did not answer within {PATIENCE:g} s") from None
    except OSError as error:
        raise NoGit(f"git cannot be run: {error.strerror}") from None
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise NoGit(last[-1].removeprefix("fatal: ") if last else "git knows nothing of it")
    return done.stdout
