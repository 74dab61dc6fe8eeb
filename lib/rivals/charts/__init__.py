"""Tables -> pictures. Each chart takes a table and returns Axes; none is shown by itself.

A chart's title says what it shows, computed from the table; `describe` gives its alternative text.

>>> import rivals
>>> table = rivals.read("scenarios/warehouse-fire").causes(draws=0)
>>> axes = rivals.charts.causes(table)
>>> axes.get_title(loc="left")
'Faulty wiring is the likeliest reason: 61%'
"""

from __future__ import annotations

from rivals.charts.bars import accounts, conflicts, impact
from rivals.charts.course import trail
from rivals.charts.field import grid
from rivals.charts.funnel import funnel
from rivals.charts.history import history
from rivals.charts.lines import curve
from rivals.charts.moves import LETTERS, moved_most
from rivals.charts.network import draw_network
from rivals.charts.opinions import dispute, name_piece, opinions
from rivals.charts.pairs import compare, had
from rivals.charts.paper import COLOURS, NARROW, WIDE, describe
from rivals.charts.rows import (
    beliefs,
    causes,
    combinations,
    inquiry,
    name_combination,
    robustness,
    sources,
)
from rivals.charts.scores import calibration
from rivals.charts.swing import name_judgement, tornado
from rivals.charts.turning import turning_points
from rivals.charts.upset import upset
from rivals.charts.waiting import waiting

__all__ = [
    "COLOURS",
    "LETTERS",
    "NARROW",
    "WIDE",
    "accounts",
    "beliefs",
    "calibration",
    "causes",
    "combinations",
    "compare",
    "conflicts",
    "curve",
    "describe",
    "dispute",
    "draw_network",
    "funnel",
    "grid",
    "had",
    "history",
    "impact",
    "inquiry",
    "moved_most",
    "name_combination",
    "name_judgement",
    "name_piece",
    "opinions",
    "robustness",
    "sources",
    "tornado",
    "trail",
    "turning_points",
    "upset",
    "waiting",
]
