"""Charts -> inline SVG: a caption that says what is seen, alternative text, and the numbers."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rivals.briefing.parts import Part, fill
from rivals.briefing.svg import embed
from rivals.charts import NARROW, WIDE, describe
from rivals.errors import ExportError

Chart = Callable[[float], Axes]
"""Draws Axes of a width in inches."""


def figure(chart: Chart, numbers: Part | None = None, note: str = "") -> Part:
    """A chart, drawn for a page and for a telephone, with its title as caption and its table.

    Raises ExportError for a chart without title or alternative text.
    """
    wide, narrow = chart(WIDE), chart(NARROW)
    title, told = _title(wide), describe(wide)
    if not title or not told:
        raise ExportError("a chart in a briefing has a title and alternative text, got none")
    pictures = [
        (kind, Markup(draw_svg(axes, told)))  # noqa: S704  (drawn here; its text is escaped)
        for kind, axes in (("wide", wide), ("narrow", narrow))
    ]
    return fill("figure", title=title, note=note, pictures=pictures, numbers=numbers)


def _title(axes: Axes) -> str:
    return " ".join((axes.get_title(loc="left") or axes.get_title()).split())


def draw_svg(axes: Axes, told: str) -> str:
    """The Axes as an SVG element without title, with stable bytes; the figure is closed."""
    drawn = axes.get_figure(root=True)
    assert isinstance(drawn, Figure)
    axes.set_title("", loc="left")
    axes.set_title("")
    buffer = io.StringIO()
    settings: dict[Any, Any] = {"svg.hashsalt": "rivals", "svg.fonttype": "none", "svg.id": None}
    with mpl.rc_context(settings), warnings.catch_warnings():
        # Only measuring needs the glyph; the reader's browser has fonts of its own.
        warnings.filterwarnings(
            "ignore", message="Glyph .* missing from font", category=UserWarning
        )
        drawn.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    plt.close(drawn)
    return embed(buffer.getvalue(), told)
