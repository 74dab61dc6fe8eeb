"""The panel as HTML: one element with its style, its data and its script, and no request."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b, sha256
from html import escape
from pathlib import Path
from string import Template

from rivals.errors import TooLarge
from rivals.explorer.model import describe
from rivals.premises import Premises

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Panel:
    """Markup that a notebook shows and the briefing's exporter takes over."""

    html: str

    def _repr_html_(self) -> str:
        return self.html

    def __html__(self) -> str:
        return self.html


def explore(case: Premises) -> Panel:
    """The live panel on a case, for a notebook.

    Raises ImpossibleEvidence, and TooLarge for a network that a page cannot compute at once.
    """
    model = describe(case)
    model["key"] = blake2b(_write(model).encode(), digest_size=6).hexdigest()
    page = Template(_read("panel.html")).substitute(
        style=_read("panel.css").strip(), model=_write(model), script=script()
    )
    return Panel(page)


def panel(case: Premises) -> Panel:
    """The same for a section of a briefing; a sentence where the network is too large for it."""
    try:
        return explore(case)
    except TooLarge as error:
        return Panel(f"<p>There is no live panel: {escape(str(error))}.</p>")


@cache
def script() -> str:
    """The panel's script, comments left out: the same for every case."""
    lines = (_read("evaluator.js") + _read("panel.js")).splitlines()
    code = "\n".join(line for line in lines if line.strip() and not line.strip().startswith("//"))
    return f"(() => {{\n{code}\n}})();"


@cache
def script_hash() -> str:
    """The source expression by which a Content-Security-Policy admits the script and no other."""
    digest = sha256(script().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _write(model: object) -> str:
    """JSON that nothing can leave: no markup, and no line end that a script would take for one."""
    text = json.dumps(model, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


@cache
def _read(name: str) -> str:
    return (HERE / name).read_text("utf-8")
