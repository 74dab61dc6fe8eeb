"""Tables -> pictures. Each chart takes a table and returns Axes; none is shown by itself.

A chart's title says what it shows, computed from the table; `describe` gives its alternative text.

>>> import rivals
>>> table = rivals.read("scenarios/warehouse-fire").causes(draws=0)
>>> axes = rivals.charts.causes(table)
>>> axes.get_title(loc="left")
'Faulty wiring is the likeliest reason: 61%'
"""

from __future__ import annotations

from rivals.charts.course import trail
from rivals.charts.moves import LETTERS, moved_most
from rivals.charts.paper import COLOURS, NARROW, WIDE, describe
from rivals.charts.rows import beliefs, causes, combinations, name_combination, robustness, sources

__all__ = [
    "COLOURS",
    "LETTERS",
    "NARROW",
    "WIDE",
    "beliefs",
    "causes",
    "combinations",
    "describe",
    "moved_most",
    "name_combination",
    "robustness",
    "sources",
    "trail",
]
