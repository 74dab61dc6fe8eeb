"""How far an answer moves with each stated number, and what such a number is called."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

from rivals.charts.paper import INK, SERIES, WIDE, draw_nothing, entitle, name_plainly
from rivals.charts.row import Mark, Row, Style, draw_rows
from rivals.charts.scale import span_percent
from rivals.phrases import count, quoted, say_percent, say_range


def tornado(
    table: pd.DataFrame,
    labels: Mapping[str, str] | None = None,
    *,
    most: int = 12,
    width: float = WIDE,
) -> Axes:
    """Per judgement, from where to where the answer goes over its own uncertainty, widest first.

    The table is one of `case.sensitivity()`. Solid: with the number at its higher end; pale: at its
    lower end; a line where the answer stands. What moves nothing is left out.
    """
    hypothesis = str(table.attrs["hypothesis"])
    label, chance = (labels or {}).get(hypothesis, name_plainly(hypothesis)), table.attrs["chance"]
    swing = (table["high"] - table["low"]).abs().sort_values(ascending=False, kind="stable")
    moving = swing[swing > 1e-9]  # below is rounding
    if moving.empty:
        return draw_nothing(width, f"No stated number moves {quoted(label)}")
    rows = [_bar_of(str(path), table.loc[path]) for path in moving.index[:most]]
    scale = span_percent([chance, *(x for row in rows for x in (row.value, row.other))])
    heads = ((chance, f"{say_percent(chance)} as stated", _align(chance, scale.low, scale.high)),)
    small = moving.iloc[0] < 0.01
    keys = None if small else ("number high", "number low")
    axes = draw_rows(rows, width, Style(_draw(chance), scale, keys, heads=heads, columns=True))
    message = f"{rows[0].label} moves {quoted(label)} most: from {rows[0].told}"
    if small:
        message = f"No single number moves {quoted(label)} by a point from {say_percent(chance)}"
    rest = len(moving) - len(rows)
    left = f"; {count(rest, 'other')} less" if rest else ""
    told = "; ".join(f"{row.label} {row.told}" for row in rows)
    stands = f"{label} stands at {say_percent(chance)}"
    return entitle(axes, message, f"Bars, a row for each stated number. {stands}. {told}{left}.")


def _bar_of(path: str, r: pd.Series) -> Row:
    """A row: its value with the number at its higher end, the other at its lower one."""
    low, high = float(r["low"]), float(r["high"])
    at = "a default" if r["at"] == "default" else str(r["at"])
    note = f"stated {say_number(float(r['value']))}, {at}"
    told = say_range(min(low, high), max(low, high))
    return Row(name_judgement(path), high, low, note=note, told=told)


def _draw(chance: float) -> Mark:
    def draw(axes: Axes, row: Row, y: float) -> None:
        for end, alpha in ((row.other, 0.4), (row.value, 1.0)):
            axes.plot(
                [chance, end], [y, y], color=SERIES[0], lw=6, alpha=alpha, solid_capstyle="butt",
                zorder=2,
            )  # fmt: skip
        axes.plot([chance, chance], [y - 0.09, y + 0.09], color=INK, lw=1.2, zorder=3)

    return draw


def _align(x: float, low: float, high: float) -> str:
    place = (x - low) / (high - low)
    return "left" if place < 0.2 else "right" if place > 0.8 else "center"


def say_number(value: float) -> str:
    """A stated probability as a percentage, with as many digits as it was given.

    >>> say_number(0.325), say_number(0.05)
    ('32.5%', '5%')
    """
    return f"{100 * value:.4g}%"


def name_judgement(path: str) -> str:
    """What the number at a path of a scenario's file is, in few words.

    >>> name_judgement("variables.ignition.noisy_or.causes.wiring_fault")
    'Wiring fault → ignition'
    >>> name_judgement("variables.spread.table[1].then.hall")
    'Spread = hall, row 2 of its table'
    >>> name_judgement("settings.grades.B"), name_judgement("sources.owner.reliability")
    ('Grade B', 'Reliability of owner')
    >>> name_judgement("expected.alarm.chance"), name_judgement("expected[1].chance")
    ('Chance of the report alarm', 'Chance of expected report 2')
    """
    section, *parts = path.split(".")
    if section.startswith("expected["):
        return f"Chance of expected report {int(section[9:-1]) + 1}"
    told = _NAMES.get(section, ": ".join)(parts)
    return name_plainly(told)


def _name_setting(parts: list[str]) -> str:
    if parts[0] == "grades" and len(parts) == 2:
        return f"grade {parts[1]}"
    return " of ".join(parts[:1] + [f"{part} claims" for part in parts[1:]])


def _name_number(parts: list[str]) -> str:
    """A number of a variable: of its prior, of a row of its table, of a link or of its leak."""
    name, kind, *rest = parts
    if kind == "prior":
        return f"{name} = {'.'.join(rest)}, prior"
    if kind.startswith("table["):
        return f"{name} = {'.'.join(rest[1:])}, row {int(kind[6:-1]) + 1} of its table"
    if rest[:1] == ["causes"]:
        parent, *states = rest[1:]
        of = {"noisy_or": (states[:1], []), "noisy_max": (states[:1], states[1:])}
        before, after = of.get(kind, (states, []))
        return f"{' = '.join([parent, *before])} → {' = '.join([name, *after])}"
    return " = ".join([name, *rest[1:]]) + ", leak"


_NAMES = {
    "expected": lambda parts: f"chance of the report {name_plainly(parts[0]).lower()}",
    "settings": _name_setting,
    "sources": lambda parts: f"{parts[-1]} of {' '.join(parts[:-1])}",
    "variables": _name_number,
}
