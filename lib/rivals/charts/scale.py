"""Scales: where the ends of an axis stand, which round numbers are marked, how they are written."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rivals.phrases import say_percent

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Scale:
    """An axis: its ends, and its ticks with what stands at them."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]


PERCENT = Scale(0, 1, ((0, "0%"), (0.25, "25%"), (0.5, "50%"), (0.75, "75%"), (1, "100%")))
"""Probability from 0 to 1."""


def span(values: Sequence[float], say: Callable[[float], str], most: int = 5) -> Scale:
    """A scale from round number to round number around all values, in at most so many steps.

    >>> [text for _, text in span([-3.2, 4.1], lambda x: f"{x:g}").ticks]
    ['-4', '-2', '0', '2', '4', '6']
    """
    low, high = min(values), max(values)
    step = _round_step((high - low) / most or 1.0)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    while last - first > most:
        step = _round_step(1.01 * step)
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    last = max(last, first + 1)
    places = [round(i * step, 12) for i in range(first, last + 1)]
    return Scale(places[0], places[-1], tuple((x, say(x)) for x in places))


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10 and so on that is not below."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(m * power for m in (1, 2, 5, 10, 20) if m * power >= least * (1 - 1e-9))


def span_percent(values: Sequence[float], most: int = 5) -> Scale:
    """A part of the scale from 0% to 100%, ten points wide at least.

    >>> [text for _, text in span_percent([0.34, 0.61]).ticks]
    ['30%', '40%', '50%', '60%', '70%']
    """
    low, high = min(values), max(values)
    more = max(0.0, 0.1 - (high - low)) / 2
    start = min(max(0.0, low - more), 0.9)
    return span([start, max(start + 0.1, min(1.0, high + more))], say_percent, most)


def move_apart(
    wanted: Sequence[float], sizes: Sequence[float], low: float, high: float
) -> list[float]:
    """Middles near those wanted and in their order, at which labels of such sizes do not touch.

    >>> move_apart([0.5, 0.9, 0.9], [0.2, 0.2, 0.2], 0, 1)
    [0.5, 0.7, 0.9]
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    places, end = dict(enumerate(wanted)), low
    for i in order:
        places[i] = max(places[i], end + sizes[i] / 2)
        end = places[i] + sizes[i] / 2
    end = high
    for i in reversed(order):
        places[i] = min(places[i], end - sizes[i] / 2)
        end = places[i] - sizes[i] / 2
    return [round(places[i], 12) for i in range(len(wanted))]


def say_signed(value: float, unit: str, digits: int = 1) -> str:
    """A number with its sign and unit.

    >>> say_signed(4.5, "dB"), say_signed(-0.02, "dB")
    ('+4.5 dB', '0.0 dB')
    """
    text = f"{value:+.{digits}f}"
    if not text.strip("+-0."):
        text = text[1:]
    return f"{text.replace('-', MINUS)} {unit}".strip()


def say_step(value: float) -> str:
    """A round number with its sign.

    >>> say_step(0.5), say_step(-20), say_step(0)
    ('+0.5', '−20', '0')
    """
    return f"{value:+.10g}".replace("-", MINUS) if value else "0"
