"""What every page is held to before it is written: alternative text, and nothing from elsewhere."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

from rivals.errors import ExportError, Problem, quote

LOADING = {"src", "srcset", "data", "poster", "action", "formaction", "background"}
FORBIDDEN = {"script", "iframe", "object", "embed", "form", "base"}


def inspect(page: str) -> None:
    """Raise ExportError with everything that a briefing must not hold."""
    inspector = _Inspector()
    inspector.feed(page)
    inspector.close()
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

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in FORBIDDEN:
            self.problems.append(f"it holds <{tag}>")
        if tag == "img" and not given.get("alt", "").strip():
            self.problems.append("a picture has no alternative text")
        if tag == "svg" and not (
            given.get("role") == "img" and given.get("aria-label", "").strip()
        ):
            self.problems.append("a chart has no alternative text")
        self._look_at_addresses(tag, given)
        if "id" in given:
            self.ids.append(given["id"])

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
