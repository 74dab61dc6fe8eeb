"""Several analysts: what each believes beside both pools, and what two of them come apart over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from rivals.analysis.opinions import Opinions
from rivals.charts.bars import both_sides
from rivals.charts.marks import draw_diamond, draw_spot
from rivals.charts.paper import WIDE, draw_nothing, entitle, name_plainly
from rivals.charts.row import Row, Style, draw_rows
from rivals.charts.scale import say_signed
from rivals.charts.swing import name_judgement
from rivals.phrases import count, quoted, say_percent

POOLS = {"linear": "Linear pool", "log_odds": "Log-odds pool"}


def opinions(found: Opinions, *, most: int = 4, width: float = WIDE) -> Axes:
    """Per hypothesis a dot for each analyst, with the range, and a diamond for each pool.

    From `case.analysts()`: what was why where effects are named, else what was present. The
    hypotheses that the linear pool puts highest are shown.
    """
    ranked = found.pools[found.measure]["linear"].sort_values(ascending=False, kind="stable")
    rows: list[Row] = []
    pooled: list[Row] = []
    for hypothesis in map(str, ranked.index[:most]):
        pools = _list_pools(found, hypothesis)
        rows += [*_list_voices(found, hypothesis), *pools]
        pooled += pools

    def draw(axes: Axes, row: Row, y: float) -> None:
        mark = draw_diamond if any(row is one for one in pooled) else draw_spot
        mark(axes, row, y)

    axes = draw_rows(rows, width, Style(draw, columns=True))
    return entitle(axes, _entitle(found), f"Dots with ranges, and diamonds. {_tell(rows)}.")


def _list_voices(found: Opinions, hypothesis: str) -> list[Row]:
    part = found.beliefs.xs(hypothesis, level="hypothesis")
    why = found.measure == "because"
    ends = ("because_low", "because_high") if why else ("low", "high")
    label = str(part["label"].iloc[0])
    heading = f"{label} was why" if why else f"{label} was present"
    rows: list[Row] = []
    for name, r in part.iterrows():
        low, high = (float(r[end]) for end in ends)
        note = "" if r["weight"] > 0 else "no weight in the pools"
        own = Row(found.names[str(name)], float(r[found.measure]), low=low, high=high, note=note)
        rows.append(replace(own, heading="" if rows else heading))
    return rows


def _list_pools(found: Opinions, hypothesis: str) -> list[Row]:
    row: Any = found.pools[found.measure].loc[hypothesis]
    told = {key: "" if np.isfinite(row[key]) else "not defined" for key in POOLS}
    return [Row(label, float(row[key]), told=told[key], faint=True) for key, label in POOLS.items()]


def _entitle(found: Opinions) -> str:
    row: Any = found.pools[found.measure].loc[found.leader]
    label = quoted(str(found.beliefs["label"].xs(found.leader, level="hypothesis").iloc[0]))
    low, high = say_percent(float(row["lowest"])), say_percent(float(row["highest"]))
    if len(found.names) == 1:
        return f"One analyst puts {label} at {low}"
    if low == high:
        return f"All {len(found.names)} analysts put {label} at {low}"
    return f"The analysts lie between {low} and {high} on {label}"


def _tell(rows: list[Row]) -> str:
    return "; ".join(f"{r.heading + ': ' if r.heading else ''}{r.label} {r.shown}" for r in rows)


def dispute(found: Opinions, *, most: int = 12, width: float = WIDE) -> Axes:
    """What takes one analyst's number for the leader of the pool to another's, in points."""
    names = {"house": "the scenario’s own view", **found.names}
    first, second = (names[name] for name in found.between)
    game = "because" if found.measure == "because" else "points"
    shares = found.account[game][found.leader].astype(float)
    if shares.empty:
        return draw_nothing(
            width, f"Nothing that weighs is put differently by {first} and {second}"
        )
    if shares.isna().any():
        return draw_nothing(width, f"The gap of {first} and {second} cannot be shared out")
    order = shares.abs().sort_values(ascending=False, kind="stable").index
    rows = [_list_item(found, str(name), float(shares[name])) for name in order[:most]]
    if len(order) > most:
        rest = float(shares[order[most:]].sum())
        label = f"{count(len(order) - most, 'other')} together"
        rows.append(Row(label, rest, told=say_signed(rest, "points"), faint=True))
    axes = draw_rows(rows, width, both_sides(rows, ("lowers it", "raises it")))
    gap = say_signed(float(found.gap[game][found.leader]), "points")
    label = quoted(str(found.beliefs["label"].xs(found.leader, level="hypothesis").iloc[0]))
    top = f"{rows[0].label} moves it most, {rows[0].told}"
    message = f"From {first} to {second}: {gap} on {label}; {top}"
    return entitle(axes, message, f"Bars, what accounts for the gap. {_tell(rows)}.")


def _list_item(found: Opinions, name: str, share: float) -> Row:
    item = found.account["item"].loc[name]
    note = f"{item['first']} → {item['second']}"
    return Row(name_piece(name), share, note=note, told=say_signed(share, "points"))


def name_piece(path: str) -> str:
    """What two analysts put differently, in few words.

    >>> name_piece("reports.owner-wiring"), name_piece("variables.arson.prior")
    ('Report owner-wiring', 'Arson, prior')
    >>> name_piece("variables.spread.table[1].then"), name_piece("settings.grades.B")
    ('Spread, row 2 of its table', 'Grade B')
    """
    section, _, rest = path.partition(".")
    if section == "reports":
        return f"Report {rest}"
    owner, _, part = rest.partition(".")
    if section != "variables" or ".causes." in f".{part}" or part == "noisy_or.leak":
        return name_judgement(path)
    if part.startswith("table[") and part.endswith("].then"):
        part = f"row {int(part[6:-6]) + 1} of its table"
    return name_plainly(f"{owner}, {part or 'how it comes about'}")
