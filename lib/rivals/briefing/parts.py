"""The stationery: templates that escape whatever a scenario says, and what they return."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from rivals.phrases import count, neutralise, say_date, say_percent
from rivals.words import word_for

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Part:
    """A piece of a briefing: HTML that a notebook shows and the exporter takes over."""

    html: str

    def _repr_html_(self) -> str:
        return self.html

    def __html__(self) -> str:
        return self.html


def _tame(value: object) -> object:
    """What a template is given; markup of this package's own stays as it is."""
    return value if not isinstance(value, str) or isinstance(value, Markup) else neutralise(value)


def fill(template: str, **data: Any) -> Part:
    """A template of `templates/parts` with data in it, everything escaped."""
    return Part(_environment().get_template(f"parts/{template}.html.j2").render(**data).strip())


def join(*parts: Part) -> Part:
    """Several pieces as one."""
    return Part("\n".join(part.html for part in parts if part.html))


def fold(summary: str, inside: Part) -> Part:
    """What a reader may unfold."""
    return fill("fold", summary=summary, inside=inside)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=_tame,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        percent=say_percent,
        date=say_date,
        markdown=_mark_prose,
        word=word_for,
        shorten=lambda text, room: textwrap.shorten(text, room, placeholder=" …"),
    )
    environment.globals.update(count=count)
    return environment


def _mark_prose(text: str) -> Markup:
    return Markup(render_prose(text))  # noqa: S704  (the renderer lets no HTML through)


def render_prose(text: str) -> str:
    """Markdown of a scenario as HTML: no raw HTML, no headings, no pictures, http(s) links only."""
    return _render(text, ("heading", "lheading", "image", "html_block", "html_inline"))


def render_page(text: str) -> str:
    """Markdown of a notebook as HTML: as for scenarios, and with headings."""
    return _render(text, ("image", "html_block", "html_inline"))


def _render(text: str, without: tuple[str, ...]) -> str:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable(list(without))
    tokens = markdown.parse(neutralise(text))
    for token in tokens:
        _tame_links(token)
    return str(markdown.renderer.render(tokens, markdown.options, {}))


def _tame_links(token: Token) -> None:
    """Drop links to anything but a page of the web; mark the others as foreign."""
    open_links: list[Token | None] = []
    kept = []
    for child in token.children or ():
        if child.type == "link_open":
            href = str(child.attrGet("href") or "")
            allowed = href.startswith(("http://", "https://"))
            open_links.append(child if allowed else None)
            if allowed:
                child.attrSet("rel", "noopener noreferrer")
                kept.append(child)
        elif child.type == "link_close":
            if open_links.pop() is not None:
                kept.append(child)
        else:
            kept.append(child)
    if token.children is not None:
        token.children = kept


def table(frame: pd.DataFrame, caption: str, names: Mapping[str, str] | None = None) -> Part:
    """A table whose first column heads its rows, in a box that scrolls on narrow screens.

    Columns are shown as they are named in `names`; the frame's index is not shown.
    """
    columns = [(names or {}).get(str(c), str(c)) for c in frame.columns]
    numeric = [pd.api.types.is_numeric_dtype(kind) for kind in frame.dtypes]
    rows = [[_cell(value) for value in row] for row in frame.itertuples(index=False)]
    return fill("table", caption=caption, columns=columns, rows=rows, numeric=numeric)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.3g}"
    return str(value)
