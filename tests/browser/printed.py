"""Reads what Chromium prints: objects, bookmarks and text of a PDF, as far as Skia writes them."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator
from functools import cached_property


class Printed:
    """A PDF whose objects stand one by one in the file, as Skia's do."""

    def __init__(self, data: bytes) -> None:
        found = re.finditer(rb"^(\d+) 0 obj\n(.*?)\nendobj$", data, re.DOTALL | re.MULTILINE)
        self.objects = {int(match[1]): match[2] for match in found}
        root = re.search(rb"/Root (\d+) 0 R", data[data.rindex(b"trailer") :])
        assert root, "the trailer names the catalog"
        self.catalog = self.objects[int(root[1])]

    def follow(self, start: bytes, key: str) -> bytes:
        """The object that an entry of another leads to; b"" where there is no such entry."""
        match = re.search(rb"/%s (\d+) 0 R" % key.encode(), start)
        return self.objects[int(match[1])] if match else b""

    @cached_property
    def pages(self) -> list[bytes]:
        """The pages in their order."""
        return list(self._leaves(self.follow(self.catalog, "Pages")))

    def _leaves(self, node: bytes) -> Iterator[bytes]:
        kids = re.search(rb"/Kids \[([^\]]*)\]", node)
        if not kids:
            yield node
            return
        for number in re.findall(rb"(\d+) 0 R", kids[1]):
            yield from self._leaves(self.objects[int(number)])

    @cached_property
    def bookmarks(self) -> list[str]:
        """The titles of the bookmarks in their order, those inside others after them."""
        return list(self._titles(self.follow(self.follow(self.catalog, "Outlines"), "First")))

    def _titles(self, node: bytes) -> Iterator[str]:
        while node:
            yield _read_title(node)
            yield from self._titles(self.follow(node, "First"))
            node = self.follow(node, "Next")

    @cached_property
    def roles(self) -> set[str]:
        """The kinds of structure elements."""
        nodes = b"\n".join(self.objects.values())
        return {role.decode() for role in re.findall(rb"/Type /StructElem\n/S /(\w+)", nodes)}

    @cached_property
    def text(self) -> str:
        """The text of all pages as drawn, without any space and with ligatures taken apart."""
        drawn = "".join("".join(self._draw(page)) for page in self.pages)
        return unicodedata.normalize("NFKC", drawn)

    def _draw(self, page: bytes) -> Iterator[str]:
        fonts = {
            name: read_map(unpack(self.follow(self.objects[int(number)], "ToUnicode")))
            for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", page)
        }
        drawn = unpack(self.follow(page, "Contents"))
        font: dict[int, str] = {}
        for name, glyphs in re.findall(rb"/(F\d+) \S+ Tf|<([0-9A-F]+)>", drawn):
            if name:
                font = fonts[name]
            for at in range(0, len(glyphs), 4):
                yield font.get(int(glyphs[at : at + 4], 16), "\ufffd").strip()


def unpack(node: bytes) -> bytes:
    """The content of a stream."""
    head, _, rest = node.partition(b"stream\n")
    content = rest.rpartition(b"\nendstream")[0]
    return zlib.decompress(content) if b"/FlateDecode" in head else content


def read_map(source: bytes) -> dict[int, str]:
    """Glyphs as text, from a font's ToUnicode map."""
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar\n(.*?)endbfchar", source, re.DOTALL):
        for glyph, text in re.findall(rb"<(\w+)> <(\w+)>", block):
            found[int(glyph, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange\n(.*?)endbfrange", source, re.DOTALL):
        for first, last, text in re.findall(rb"<(\w+)> <(\w+)> <(\w+)>", block):
            start = int(first, 16)
            for glyph in range(start, int(last, 16) + 1):
                found[glyph] = chr(int(text, 16) + glyph - start)
    return found


def _read_title(node: bytes) -> str:
    """An entry's title: a literal string, or UTF-16 in hexadecimal digits."""
    match = re.search(rb"/Title (?:\(((?:\\.|[^\\()])*)\)|<([0-9A-Fa-f]+)>)", node, re.DOTALL)
    assert match, node
    if match[2]:
        return bytes.fromhex(match[2].decode()).decode("utf-16")
    literal = re.sub(rb"\\([0-7]{3})", lambda m: bytes([int(m[1], 8)]), match[1])
    raw = re.sub(rb"\\(.)", rb"\1", literal)
    return raw.decode("utf-16") if raw.startswith(b"\xfe\xff") else raw.decode("latin-1")
