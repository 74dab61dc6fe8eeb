"""What matplotlib draws, made fit for a page: own ids, colours that a page may set, few bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import blake2b

from markupsafe import Markup

from rivals.charts import COLOURS
from rivals.phrases import neutralise

TAG = re.compile(r"<[^<>]*>")
REFERENCE = re.compile(r'(xlink:href="|url\()#([^")]+)')


def embed(svg: str, told: str) -> str:
    """An SVG file of matplotlib's as an element of a page, with alternative text.

    Ids are those of no other picture. Colours are variables that a page may set, and styles are
    classes named by what they say, so that the same class means the same in each picture.
    """
    svg = svg[svg.index("<svg") :].strip()
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = _own_ids(_ungroup(_edit_tags(neutralise(svg), _shorten)))
    box = re.search(r'viewBox="[^"]*"', svg)
    assert box, "matplotlib writes a viewBox"
    body, styles = _name_styles(svg[svg.index(">") + 1 :])
    body = re.sub(r"\s*\n\s*", "\n", body).strip()
    # matplotlib says this of every element of the page; here it is inherited by this picture alone
    head = f'<svg {box[0]} stroke-linejoin="round" role="img" aria-label="{_attribute(told)}">'
    return f"{head}\n<style>{styles}</style>\n{body}"


def _edit_tags(svg: str, edit: Callable[[str], str]) -> str:
    """Change what stands in tags and leave text alone, which is the scenario's."""
    return TAG.sub(lambda tag: edit(tag[0]), svg)


def _shorten(tag: str) -> str:
    """The same without what cannot be seen; a hundredth of a point is finer than any screen."""
    if tag.startswith("<path") and 'style="fill: none"' in tag:
        return ""  # the paper: no fill, no line
    tag = re.sub(r' transform="rotate\(-?0 [^)]*\)"', "", tag)
    tag = re.sub(r"\b\d+\.\d{3,}\b", lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), tag)
    return " ".join(tag.split())


def _ungroup(svg: str) -> str:
    """Groups that have no attribute but an id that nothing refers to are left out."""
    used = {name for _, name in REFERENCE.findall(svg)}
    kept: list[bool] = []

    def edit(tag: str) -> str:
        if tag == "</g>":
            return tag if kept.pop() else ""
        if not re.match(r"<g\b", tag):
            return tag
        own = re.fullmatch(r'<g(?: id="([^"]*)")? ?/?>', tag)
        needed = own is None or own[1] in used
        if not tag.endswith("/>"):
            kept.append(needed)
        return tag if needed else ""

    return _edit_tags(svg, edit)


def _own_ids(svg: str) -> str:
    """Drop ids that nothing refers to, and mark the others with a hash of the picture."""
    used = dict.fromkeys(name for tag in TAG.findall(svg) for _, name in REFERENCE.findall(tag))
    mark = blake2b(svg.encode(), digest_size=4).hexdigest()
    own = {name: f"f{mark}-{i}" for i, name in enumerate(used)}

    def edit(tag: str) -> str:
        tag = re.sub(r' id="([^"]*)"', lambda m: f' id="{own[m[1]]}"' if m[1] in own else "", tag)
        return REFERENCE.sub(lambda m: f"{m[1]}#{own[m[2]]}", tag)

    return _edit_tags(svg, edit)


def _name_styles(body: str) -> tuple[str, str]:
    """The picture with classes in place of styles, and what each class means."""
    meanings: dict[str, str] = {}

    def name(style: re.Match[str]) -> str:
        mark = f"s{blake2b(style[1].encode(), digest_size=4).hexdigest()}"
        meanings[mark] = _set_colours(style[1])
        return f' class="{mark}"'

    body = _edit_tags(body, lambda tag: re.sub(r' style="([^"]*)"', name, tag))
    return body, "\n".join(f".{mark}{{{style}}}" for mark, style in meanings.items())


def _set_colours(style: str) -> str:
    """A style whose colours and font the page may set."""
    for name, colour in COLOURS.items():
        style = style.replace(colour, f"var(--chart-{name}, {colour})")
    return style.replace("'DejaVu Sans'", "var(--chart-font, 'DejaVu Sans', sans-serif)")


def _attribute(text: str) -> str:
    return str(Markup.escape(neutralise(text)))
