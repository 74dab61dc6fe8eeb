"""Several briefings -> the page that leads to them, with the answer of each as its page has it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

from rivals.briefing.parts import fill
from rivals.whole import write_whole

NAME = "index"
"""What the page is called, and so no scenario beside it."""

_VOID = {"br", "hr", "img", "input", "link", "meta", "wbr", "col", "source"}


@dataclass(frozen=True)
class Summary:
    """What a briefing's first screen says; "" for what its notebook does not show.

    The fields after `links` are classes of the page's markup.
    """

    title: str
    links: tuple[tuple[str, str], ...]
    lede: str = ""
    moment: str = ""
    kicker: str = ""
    leader: str = ""
    big: str = ""
    word: str = ""
    range: str = ""
    confidence: str = ""


CLASSES = {field.name for field in fields(Summary)} - {"title", "links"}


def write_index(summaries: Iterable[Summary], out: Path) -> Path:
    """Write `out/index.html`, whole or not at all; raises ExportError when it cannot be."""
    page = fill("index", entries=list(summaries)).html
    return write_whole(out / f"{NAME}.html", page + "\n")


def summarise(page: str, files: Sequence[Path]) -> Summary:
    """What a page's first screen says; `files` are the page's own and what was printed of it."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    said = {name: " ".join(text.split()) for name, text in reader.said.items()}
    links = tuple((quote(file.name), file.suffix[1:].upper()) for file in files)
    return Summary(title=said.pop("title", "") or files[0].stem, links=links, **said)


class _Reader(HTMLParser):
    """Keeps the text of the page's title and of the first element of each class."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, str] = {}
        self._open: list[set[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        names = (
            {"title"} if tag == "title" else CLASSES & set((dict(attrs).get("class") or "").split())
        )
        begun = {name for name in names if name not in self.said}
        self.said.update(dict.fromkeys(begun, ""))
        self._open.append(begun)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        for name in set().union(*self._open):
            self.said[name] += data
