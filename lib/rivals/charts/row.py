"""One row of a chart: its label and its number, and how rows are set on a page."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from rivals.charts.paper import INK, MUTED, RULE, is_page, paper, wrap
from rivals.charts.scale import PERCENT, Scale, move_apart
from rivals.phrases import say_percent, say_range

LINE, NOTE, EDGE = 0.16, 0.13, 0.7  # inches: a line of text, a small one, what title and axis take
COLUMN = 0.4  # of the width: the labels, where they have a column
LETTERS_AN_INCH, SMALL_AN_INCH = 12.2, 13.8
SMALL, BOLD = 0.066, 0.085  # inches: a small letter, a bold one


@dataclass(frozen=True)
class Row:
    """One line of a chart: its label, the number that matters, and what it is seen against."""

    label: str
    value: float
    other: float = math.nan
    low: float = math.nan
    high: float = math.nan
    heading: str = ""  # stands above the row, with those below it
    note: str = ""  # stands small below the label
    told: str = ""  # the number in words, where that is not a percentage
    frame: tuple[float, float] | None = None  # how far it could lie under other assumptions
    faint: bool = False  # stands behind the others

    @property
    def shown(self) -> str:
        """The number in words, with its range."""
        if self.told or self.is_remark:
            return self.told
        span = say_range(self.low, self.high)
        number = say_percent(self.value)
        return f"{number} ({span})" if span not in ("", number) else number

    @property
    def is_remark(self) -> bool:
        """Whether the row says something and shows nothing."""
        return math.isnan(self.value)


Mark = Callable[[Axes, Row, float], None]
"""Draws a row's mark at a height."""


@dataclass(frozen=True)
class Style:
    """How rows are drawn: on which scale, with which mark, and what is named once."""

    mark: Mark
    scale: Scale = PERCENT
    keys: tuple[str, str] | None = None  # what the two dots of the first row are
    frame: tuple[int, str] | None = None  # below which row to say what frames are, and what
    heads: tuple[tuple[float, str, str], ...] = ()  # place, text, alignment: above all rows
    columns: bool = False  # on a page: labels left of the marks, not above
    lines: int = 1  # how many a note may have


@dataclass(frozen=True)
class _Sheet:
    """Where things stand: heights in inches from above, the rest on the scale."""

    texts: list[tuple[list[str], list[str]]]  # of each row the lines of its label and its note
    places: list[float]
    end: float
    left: float
    right: float
    inch: float
    columns: bool

    def height(self, row: int) -> float:
        """How high the label and note of a row are."""
        label, note = self.texts[row]
        return LINE * len(label) + NOTE * len(note)


def draw_rows(rows: Sequence[Row], width: float, style: Style) -> Axes:
    """Axes of a width in inches with all rows, one below the other."""
    sheet = _lay_out(rows, width, style)
    with paper(width, EDGE + sheet.end) as axes:
        _draw_scale(axes, style, sheet)
        for i, (row, y) in enumerate(zip(rows, sheet.places, strict=True)):
            _write_row(axes, row, sheet, i)
            if row.is_remark:
                continue
            axes.plot([style.scale.low, style.scale.high], [-y, -y], color=RULE, lw=0.8, zorder=1)
            style.mark(axes, row, -y)
        if rows and style.keys:
            _name_dots(axes, rows[0], sheet, style)
        if style.frame:
            _name_frame(axes, rows[style.frame[0]], sheet, style)
        return axes


def _lay_out(rows: Sequence[Row], width: float, style: Style) -> _Sheet:
    columns = style.columns and is_page(width)
    scale, reach = style.scale, style.scale.high - style.scale.low
    number = BOLD * max((len(row.shown) for row in rows), default=0)
    texts = [_break_text(row, width, style, columns=columns) for row in rows]
    bounds, inch = (scale.low, scale.high), reach / (width - 0.15)
    if columns:
        inch = reach / ((0.97 - COLUMN) * width - number - 0.35)
        bounds = scale.low - (COLUMN * width + 0.15) * inch, scale.high + (number + 0.15) * inch
    places, end = _place(rows, texts, style, columns=columns)
    return _Sheet(texts, places, end, *bounds, inch, columns)


def _break_text(
    row: Row, width: float, style: Style, *, columns: bool
) -> tuple[list[str], list[str]]:
    """Label and note on lines; without a column of its own the label shares one with the number."""
    room = COLUMN * width if columns else width - 0.15
    note = wrap(row.note, int(SMALL_AN_INCH * room), style.lines) if row.note else []
    if columns:
        room = width if row.is_remark else room
        return wrap(row.label, int((LETTERS_AN_INCH + 1) * room)), note
    most = 1 if is_page(width) else 3
    beside = LETTERS_AN_INCH * (room - BOLD * len(row.shown) - 0.2)
    return wrap(row.label, max(12, int(beside)), most), note


def _place(
    rows: Sequence[Row], texts: list[tuple[list[str], list[str]]], style: Style, *, columns: bool
) -> tuple[list[float], float]:
    """How far down each row's mark stands, in inches, and where the last row ends."""
    places, y = [], 0.24 if style.heads else 0.0
    for i, (row, (label, note)) in enumerate(zip(rows, texts, strict=True)):
        height = LINE * len(label) + NOTE * len(note)
        y += 0.32 if row.heading else 0.0
        air = 0.05 if row.faint else 0.08
        y += air + height / 2 if columns else height + 0.14
        places.append(y)
        y += air + height / 2 if columns else 0.16
        y += 0.2 * _count_names(style, i)
    return places, y


def _count_names(style: Style, i: int) -> int:
    """How many lines below a row say what its dots and its frame are."""
    return (i == 0 and style.keys is not None) + (style.frame is not None and style.frame[0] == i)


def _draw_scale(axes: Axes, style: Style, sheet: _Sheet) -> None:
    """The x axis with its ticks, and the names that stand above all rows."""
    scale = style.scale
    air = 0.0 if sheet.columns else 0.012 * (scale.high - scale.low)
    axes.set_xlim(sheet.left - air, sheet.right + air)
    axes.set_ylim(-sheet.end, 0)
    axes.set_yticks([])
    axes.set_xticks([x for x, _ in scale.ticks], [text for _, text in scale.ticks])
    axes.tick_params(axis="x", length=0)
    for (x, _), label in zip(scale.ticks, axes.get_xticklabels(), strict=True):
        if not sheet.columns and x in (scale.low, scale.high):
            label.set_horizontalalignment("left" if x == scale.low else "right")
        if sheet.columns:
            middle = scale.low < x == 0
            top = -0.15 if style.heads else 0.0
            colour = MUTED if middle else RULE
            axes.plot([x, x], [-sheet.end, top], color=colour, lw=0.8, zorder=1 if middle else 0)
        for y in [] if sheet.columns else sheet.places:  # no line through a label
            axes.plot([x, x], [-y - 0.06, -y + 0.06], color=RULE, lw=0.8, zorder=0)
    axes.spines["bottom"].set_visible(bool(scale.ticks) and not sheet.columns)
    for x, text, align in style.heads:
        axes.text(x, -0.06, text, color=MUTED, fontsize=8, ha=align, va="center")


def _write_row(axes: Axes, row: Row, sheet: _Sheet, i: int) -> None:
    (label, note), height, y = sheet.texts[i], sheet.height(i), -sheet.places[i]
    bottom = y - height / 2 if sheet.columns else y + 0.09
    line = bottom + NOTE * len(note)
    ink = MUTED if row.faint else INK
    axes.text(sheet.left, line, "\n".join(label), color=ink, va="bottom", linespacing=1.15)
    if note:
        axes.text(
            sheet.left, bottom, "\n".join(note), color=MUTED, va="bottom", fontsize=7.5,
            linespacing=1.15,
        )  # fmt: skip
    level, align = (y, "center") if sheet.columns else (line, "bottom")
    weight = "normal" if row.faint else "bold"
    axes.text(sheet.right, level, row.shown, color=ink, va=align, ha="right", fontweight=weight)
    if row.heading:
        top = bottom + height + 0.05
        axes.text(sheet.left, top, row.heading, color=MUTED, fontweight="bold", va="bottom")


def _name_dots(axes: Axes, row: Row, sheet: _Sheet, style: Style) -> None:
    """Say below the first row what its two dots are, each on its outer side when they are close."""
    assert style.keys  # asked only then
    sizes = [SMALL * len(key) * sheet.inch for key in style.keys]
    places = [row.value, row.other]
    air = 0.1 * sheet.inch
    if abs(row.value - row.other) < sum(sizes) / 2 + air:
        middle, side = (row.value + row.other) / 2, -1 if row.value <= row.other else 1
        places = [
            middle + side * (sizes[0] + air) / 2,
            middle - side * (sizes[1] + air) / 2,
        ]
    padded = [size + air for size in sizes]
    edges = style.scale.low - air / 2, style.scale.high + air / 2
    for x, key in zip(move_apart(places, padded, *edges), style.keys, strict=True):
        _write_below(axes, (x, -sheet.places[0]), key, 1)


def _name_frame(axes: Axes, row: Row, sheet: _Sheet, style: Style) -> None:
    """Say below a row, and below the names of its dots, what the frames are."""
    assert style.frame  # asked only then
    i, text = style.frame
    middle = sum(row.frame) / 2 if row.frame else row.value
    size = SMALL * len(text) * sheet.inch
    [x] = move_apart([middle], [size], style.scale.low, style.scale.high)
    _write_below(axes, (x, -sheet.places[i]), text, _count_names(style, i))


def _write_below(axes: Axes, place: tuple[float, float], text: str, line: int) -> None:
    axes.annotate(
        text, place, (0, -1 - 12 * line), textcoords="offset points", ha="center", va="center",
        fontsize=8, color=MUTED,
    )  # fmt: skip
