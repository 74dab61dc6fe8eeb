"""What all charts share: paper, ink, colours that stand on light and dark, alternative text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

WIDE, NARROW = 7.4, 3.7
"""Widths in inches: a page's column, and a telephone."""

COLOURS = {
    "ink": "#1f2328",
    "muted": "#59636e",
    "rule": "#d8dee4",
    "series-1": "#0a5fa8",
    "series-2": "#b0460a",
    "series-3": "#00705a",
    "series-4": "#8a3f7f",
    "series-5": "#7a5c00",
    "series-6": "#4b5aa7",
}
"""The only colours that charts use, by name; a page may give each another value when it is dark."""

INK, MUTED, RULE = COLOURS["ink"], COLOURS["muted"], COLOURS["rule"]
SERIES = tuple(value for name, value in COLOURS.items() if name.startswith("series"))

_STYLE: dict[Any, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 9.0,
    "text.color": INK,
    "text.parse_math": False,  # labels are the user's: a dollar sign is a dollar sign
    "axes.edgecolor": RULE,
    "axes.labelcolor": MUTED,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlepad": 12.0,
    "axes.grid": False,
    "xtick.color": RULE,
    "xtick.labelcolor": MUTED,
    "xtick.labelsize": 8.0,
    "ytick.left": False,
    "svg.fonttype": "none",
}

_ALTERNATIVE = "alternative_text"


@cache
def _settle_backend() -> None:
    """Load the backend now: a notebook's, loaded within a context, would be undone at its end."""
    plt.switch_backend(mpl.get_backend())


@contextmanager
def paper(width: float, height: float) -> Iterator[Axes]:
    """Empty Axes of a size in inches, whatever the reader's own style settings are."""
    _settle_backend()
    with plt.style.context("default"), mpl.rc_context(_STYLE):
        figure = plt.figure(figsize=(width, height), layout="constrained")
        yield figure.add_subplot()


def entitle(axes: Axes, message: str, alternative: str, indent: float = 0.0) -> Axes:
    """The Axes with a title that says what they show, and their alternative text.

    `indent`: how many inches the Axes, and so the title, begin right of the paper's edge.
    """
    width = int((_width(axes) - indent) * 11)
    axes.set_title(
        "\n".join(textwrap.wrap(message, width, break_on_hyphens=False)),
        loc="left",
        fontsize=10,
        fontweight="bold",
        pad=16,
    )
    setattr(axes, _ALTERNATIVE, alternative)
    _tell_notebooks(axes, alternative)
    return axes


def _tell_notebooks(axes: Axes, alternative: str) -> None:
    """Let a notebook keep the alternative text beside the picture, as exporters look for it."""
    figure: Any = axes.get_figure(root=True)
    figure._repr_mimebundle_ = partial(_add_alternative, alternative)
    ending: Any = axes
    ending._ipython_display_ = _leave_to_picture


def _add_alternative(alternative: str, **asked: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """No data of its own, but metadata for whatever picture the notebook makes of the figure."""
    return {}, {"alt": alternative}


def _leave_to_picture() -> None:
    """Say nothing of Axes that end a cell where their picture is shown below it anyway."""
    if "inline" not in mpl.get_backend():
        raise NotImplementedError  # IPython's sign to show them as it would have


def describe(axes: Axes) -> str:
    """A chart's alternative text; "" for Axes that no chart of this package made."""
    return str(getattr(axes, _ALTERNATIVE, ""))


def is_wide(axes: Axes) -> bool:
    """Whether there is room for long labels."""
    return is_page(_width(axes))


def is_page(width: float) -> bool:
    """Whether a width in inches is rather a page's than a telephone's."""
    return width > (WIDE + NARROW) / 2


def _width(axes: Axes) -> float:
    figure = axes.get_figure(root=True)
    assert isinstance(figure, Figure)
    return figure.get_figwidth()


def scale_percent(axes: Axes) -> None:
    """The x axis as probability from 0 to 1, labelled in percent."""
    axes.set_xlim(-0.012, 1.012)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.tick_params(axis="x", length=0)
    axes.get_xticklabels()[0].set_horizontalalignment("left")
    axes.get_xticklabels()[-1].set_horizontalalignment("right")
    for x in (0, 0.25, 0.5, 0.75, 1):
        axes.axvline(x, color=RULE, lw=0.7, zorder=0)


def shorten(text: str, room: int) -> str:
    """A text on one line, cut to so many characters."""
    return textwrap.shorten(text, room, placeholder="…") if len(text) > room else text


def name_plainly(name: str) -> str:
    """A name from a file as words, where it has no label.

    >>> name_plainly("wiring_fault")
    'Wiring fault'
    """
    return (name[:1].upper() + name[1:]).replace("_", " ")


def draw_nothing(width: float, message: str) -> Axes:
    """A chart that says why there is nothing to be drawn."""
    with paper(width, 1.2) as axes:
        axes.set_axis_off()
        return entitle(axes, message, f"An empty chart: {message[:1].lower()}{message[1:]}.")


def wrap(text: str, room: int, most: int = 2) -> list[str]:
    """A text on lines of so many characters, the last of at most so many lines cut."""
    lines = textwrap.wrap(text, room, max_lines=most, placeholder="…", break_on_hyphens=False)
    return lines or [""]
