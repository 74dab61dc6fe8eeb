"""What every page is held to before it is written: alternative text, and nothing from elsewhere."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

from rivals.errors import ExportError, Problem, quote
from rivals.explorer import script

LOADING = {"src", "srcset", "data", "poster", "action", "formaction", "background"}
FORBIDDEN = {"iframe", "object", "embed", "form", "base"}

DATA = {"type": "application/json"}
"""The attributes of a script element that holds data and runs nothing."""


def inspect(page: str) -> None:
    """Raise ExportError with everything that a briefing must not hold."""
    inspector = _Inspector()
    inspector.feed(page)
    inspector.close()
    if inspector.script is not None:
        inspector.problems.append("it holds <script> without an end")
    twice = [name for name, times in Counter(inspector.ids).items() if times > 1]
    missing = sorted(set(inspector.targets) - set(inspector.ids))
    found = [
        *inspector.problems,
        *(f"two parts of the page are called {quote(name)}" for name in twice),
        *(f"a link leads to {quote('#' + name)}, which is not on the page" for name in missing),
    ]
    if found:
        raise ExportError([Problem(f"the briefing cannot be written: {text}") for text in found])


class _Inspector(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.script: list[str] | None = None  # the pieces of the one that is open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in FORBIDDEN or (tag == "script" and given not in ({}, DATA)):
            self.problems.append(f"it holds <{tag}>")
        elif tag == "script" and not given:
            self.script = []
        if tag == "img" and not given.get("alt", "").strip():
            self.problems.append("a picture has no alternative text")
        if tag == "svg" and not (
            given.get("role") == "img" and given.get("aria-label", "").strip()
        ):
            self.problems.append("a chart has no alternative text")
        self._look_at_addresses(tag, given)
        if "id" in given:
            self.ids.append(given["id"])

    def handle_data(self, data: str) -> None:
        if self.script is not None:
            self.script.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self.script is not None:
            if "".join(self.script) != script():
                self.problems.append("it holds <script> other than that of the live panel")
            self.script = None

    def _look_at_addresses(self, tag: str, given: dict[str, str]) -> None:
        for name, value in given.items():
            if name.startswith("on"):
                self.problems.append(f"<{tag}> acts on {quote(name)}")
            if name in LOADING and not value.startswith("data:"):
                self.problems.append(f"<{tag}> would load {quote(value)}")
        address = given.get("href", given.get("xlink:href", ""))
        if address.startswith("#"):
            self.targets.append(address[1:])
        elif address and tag == "a" and not address.startswith(("http://", "https://")):
            self.problems.append(f"a link leads to {quote(address)}")
        elif address and tag != "a" and not address.startswith("data:"):
            self.problems.append(f"<{tag}> would load {quote(address)}")
