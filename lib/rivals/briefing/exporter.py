"""A notebook that was run -> the page: sections, contents, one file that asks nothing of any host.

Also found by JupyterLab and `jupyter nbconvert --to briefing` through the entry point.
"""

from __future__ import annotations

import html
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from nbconvert.exporters.html import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import get_metadata
from nbformat import NotebookNode
from traitlets import default

from rivals.briefing.inspection import inspect
from rivals.briefing.parts import TEMPLATES, render_page
from rivals.errors import ExportError
from rivals.explorer import script, script_hash
from rivals.phrases import neutralise

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)
_DETAILS = r' <a href="#corrected">[^<]*</a>'
"""Leads from the first screen to a section that a notebook of one's own need not have."""

MARKING = "handling"
"""Where a notebook's metadata say how its page is marked."""

PICTURES = ("image/png", "image/jpeg", "image/svg+xml")


@dataclass
class Section:
    """What stands under one heading of the second level.

    An optional one is left out where its cells show nothing; it begins no part.
    """

    name: str
    title: str
    part: str = ""
    blocks: list[Markup] = field(default_factory=list)
    optional: bool = False
    shows: bool = False


@dataclass
class Page:
    """A notebook as the template wants it: what comes before the first heading, then sections."""

    title: str = "Briefing"
    marking: str = ""
    opening: list[Markup] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)

    def add(self, block: str) -> None:
        """Put a piece of HTML where the page has got to."""
        blocks = self.sections[-1].blocks if self.sections else self.opening
        if block.strip():
            blocks.append(Markup(block.strip()))  # noqa: S704  (rendered by this package's parts)

    def begin(self, heading: str, part: str = "") -> None:
        """Open a section; its name is made from its title, and differs from all others.

        `part` is what the contents list says above it, until another part begins.
        """
        title = _plain(heading)
        name = "-".join(re.findall(r"[a-z0-9]+", title.lower())) or "section"
        taken = {section.name for section in self.sections}
        while name in taken:
            name += "-again"
        self.sections.append(Section(name, title, part))

    @property
    def parts(self) -> list[tuple[str, list[Section]]]:
        """The sections in the parts of the contents list, in order."""
        grouped: list[tuple[str, list[Section]]] = []
        for section in self.sections:
            if not grouped or section.part not in ("", grouped[-1][0]):
                grouped.append((section.part, []))
            grouped[-1][1].append(section)
        return grouped

    @property
    def policy(self) -> str:
        """What the page may load and run: nothing, but for the live panel's script if it is there.

        A script is admitted by the hash of its text, so that no other one runs.
        """
        blocks = [*self.opening, *(block for s in self.sections for block in s.blocks)]
        scripted = any(script() in block for block in blocks)
        return POLICY + (f"; script-src {script_hash()}" if scripted else "")


def compose(notebook: NotebookNode) -> Page:
    """The page of a notebook that was run; raises ExportError for what a page cannot hold."""
    page = Page()
    outputs = [list(_show_cell(cell, i)) for i, cell in enumerate(notebook.cells)]
    detailed = any('<h3 id="corrected">' in block for shown in outputs for block in shown)
    found = re.search(r"<h1[^>]*>(.*?)</h1>", "".join(map("".join, outputs)), re.DOTALL)
    for cell, shown in zip(notebook.cells, outputs, strict=True):
        if cell.cell_type == "markdown":
            prose = render_page(cell.source)
            own = re.search(r"<h1>(.*?)</h1>", prose, re.DOTALL)
            if own and not found:
                page.title = _plain(own[1])
            if found:  # an output names the page; the notebook's own title stays in the notebook
                prose = re.sub(r"<h1>.*?</h1>", "", prose, flags=re.DOTALL)
            before, *rest = re.split(r"<h2>(.*?)</h2>", prose, flags=re.DOTALL)
            page.add(before)
            for heading, text in zip(rest[::2], rest[1::2], strict=True):
                page.begin(heading, str(cell.metadata.get("part", "")))
                page.sections[-1].optional = bool(cell.metadata.get("optional", False))
                page.add(text)
        for block in shown:
            page.add(block if detailed else re.sub(_DETAILS, "", block))
            if page.sections and block.strip():
                page.sections[-1].shows = True
    page.sections = [s for s in page.sections if s.shows or not s.optional]
    if found:
        page.title = _plain(found[1])
    page.marking = _find_marking(notebook, "".join(map("".join, outputs)))
    return page


def _find_marking(notebook: NotebookNode, shown: str) -> str:
    """The TLP label that the notebook was run under, or that its question shows."""
    told = re.search(r'<header class="question" data-handling="(TLP:[A-Z+]+)">', shown)
    return str(notebook.metadata.get(MARKING) or (told[1] if told else ""))


def _plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", markup)).split())


def _show_cell(cell: NotebookNode, number: int) -> Iterator[str]:
    for output in cell.get("outputs", ()):
        if output.output_type == "error":
            raise ExportError(f"cell {number + 1} of the notebook failed: {output.evalue}")
        if output.output_type == "stream":
            if output.name == "stdout":
                yield _preformatted(output.text)
        else:
            yield _show_bundle(output, number)


def _show_bundle(output: NotebookNode, number: int) -> str:
    data = output.data
    if "text/html" in data:
        return _frame_tables("".join(data["text/html"]))
    if "text/markdown" in data:
        return render_page("".join(data["text/markdown"]))
    kind = next((kind for kind in PICTURES if kind in data), None)
    if kind:
        alt = get_metadata(output, "alt", kind)  # type: ignore[no-untyped-call]  # (no types there)
        told = str(alt or "").strip()
        if not told:
            raise ExportError(
                f"cell {number + 1} of the notebook shows a picture without alternative text; "
                "charts of rivals have their own"
            )
        return _show_picture(kind, "".join(data[kind]), told)
    return _preformatted("".join(data.get("text/plain", "")))


def _show_picture(kind: str, content: str, told: str) -> str:
    """A picture of a notebook on a sheet of its own, which stays white when the page is dark."""
    if kind == "image/svg+xml":
        content = b64encode(content.encode()).decode()
    source = f"data:{kind};base64,{''.join(content.split())}"
    style = "max-width: 100%; height: auto; background: #fff"
    return f'<p><img alt="{html.escape(neutralise(told))}" src="{source}" style="{style}"></p>'


def _frame_tables(markup: str) -> str:
    """Put a bare table of pandas into a box that scrolls and can be reached by keyboard."""
    if 'class="dataframe"' not in markup:
        return markup
    markup = re.sub(r"<style.*?</style>", "", markup, flags=re.DOTALL)
    return f'<div class="scroll" role="region" tabindex="0" aria-label="Table">{markup}</div>'


def _preformatted(text: str) -> str:
    shown = html.escape(neutralise(text))
    return (
        f'<pre tabindex="0" role="region" aria-label="Output">{shown}</pre>'
        if shown.strip()
        else ""
    )


class BriefingExporter(HTMLExporter):
    """Renders with this project's own template; code is hidden, nothing is fetched."""

    export_from_notebook = "Briefing"
    template_file = "page.html.j2"

    @default("template_paths")
    def _template_paths(self, prune: bool = True, root_dirs: list[str] | None = None) -> list[str]:
        return [str(TEMPLATES)]

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        """The filters of nbconvert, and the one that the template is written for."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]  # (no types there)
        yield "compose", compose

    def from_notebook_node(  # type: ignore[override]  # (as HTMLExporter does)
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page and its resources; raises ExportError for a page that breaks a rule.

        HTMLExporter would rewrite the page with a parser that stamps placeholders into pictures
        without alternative text, so its parent is asked instead.
        """
        page, resources = TemplateExporter.from_notebook_node(
            self,
            nb,
            self._init_resources(resources or {}),  # type: ignore[no-untyped-call]  # (no types)
            **kw,
        )
        inspect(page)
        return page, resources
