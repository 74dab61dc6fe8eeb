"""The network itself: boxes in layers by causal depth, and links that pass between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, PathPatch, Polygon
from matplotlib.path import Path

from rivals.charts.layers import (
    GAP,
    TIGHT,
    Layers,
    Link,
    Parents,
    Place,
    Trunk,
    arrange,
    stack,
)
from rivals.charts.paper import (
    INK,
    MUTED,
    SERIES,
    WIDE,
    entitle,
    is_page,
    name_plainly,
    paper,
    shorten,
    wrap,
)
from rivals.network import Network
from rivals.phrases import count, list_all, quoted, say_percent
from rivals.scenario import label_of

ACCENT, EFFECT = SERIES[0], SERIES[1]
LINE, PAD, HEAD = 0.13, 0.07, 0.065  # inches: a line of text, air in a box, an arrow's head


@dataclass(frozen=True)
class Sheet:
    """How large boxes and letters are on a paper of a width in inches."""

    width: float
    box: float
    size: float  # points

    def count_letters(self, share: float = 1.0) -> int:
        """How many letters stand in a line of a box, bold ones, or smaller by a share."""
        return int((self.box - 2 * PAD) / (0.0093 * self.size * share))


@dataclass(frozen=True)
class Box:
    """What stands in a variable's box."""

    name: str
    roles: tuple[str, ...]
    state: str
    chance: float
    reports: int
    kind: str  # explanation, effect or ""

    @property
    def colour(self) -> str:
        """Explanations and effects stand out."""
        return {"explanation": ACCENT, "effect": EFFECT}.get(self.kind, MUTED)

    @property
    def likeliest(self) -> str:
        """The likeliest state and its probability."""
        return f"{self.state}: {say_percent(self.chance)}"


@dataclass(frozen=True)
class Text:
    """Lines of a box in one style; sizes are shares of the box's."""

    lines: tuple[str, ...]
    colour: str
    share: float = 0.93
    weight: str = "normal"


def draw_network(network: Network, posteriors: pd.DataFrame, *, width: float = WIDE) -> Axes:
    """Boxes in layers by causal depth, each with its likeliest state, and what bears on what.

    `posteriors` is a table of `case.variables()`. Explanations and effects stand out; how many
    counted reports bear on a variable stands in its box.
    """
    wide = is_page(width)
    sheet = Sheet(width - 0.1, 1.5, 7.5) if wide else Sheet(width - 0.1, 1.24, 7.0)
    boxes = describe_boxes(network, posteriors)
    texts = {name: _write(box, sheet) for name, box in boxes.items()}
    layers = _fit(network.parents, sheet, 4 if wide else 2)
    plan = Plan(layers, arrange(layers, sheet.box, sheet.width), texts, sheet)
    with paper(width, 0.6 + plan.end) as axes:
        axes.set_axis_off()
        axes.set_xlim(-0.03, sheet.width + 0.03)
        axes.set_ylim(-plan.end - 0.02, 0.02)
        for link in layers.routes:
            _draw_link(axes, plan.trace(link), boxes[link[0]].colour, link)
        for name, box in boxes.items():
            _draw_box(axes, box, plan, name)
    return entitle(axes, _entitle(boxes, layers), _tell(boxes, layers))


def _fit(parents: Parents, sheet: Sheet, most: int) -> Layers:
    """Rows with so many boxes, or fewer where trunks need the room."""
    for boxes in range(most, 1, -1):
        layers = stack(parents, boxes)
        if max(map(_count_trunks, layers.rows)) * TIGHT + boxes * (sheet.box + GAP) < sheet.width:
            return layers
    return stack(parents, 1)


def _count_trunks(row: Sequence[Place]) -> int:
    return sum(isinstance(place, Trunk) for place in row)


def describe_boxes(network: Network, posteriors: pd.DataFrame) -> dict[str, Box]:
    """What there is to say of each variable, in the order of the file."""
    heard = count_reports(network)
    return {name: _describe(network, posteriors, name, heard[name]) for name in heard}


def count_reports(network: Network) -> dict[str, int]:
    """How many counted reports bear on each variable; one may bear on several."""
    heard: dict[str, set[int]] = {name: set() for name in network.parents}
    for (_, name), claims in network.statements.items():
        heard[name] |= {claim.item for claim in claims}
    for item, name, _ in network.leaves:
        heard[name].add(item)
    start = network.first_report  # the items before are no reports
    return {name: sum(item >= start for item in items) for name, items in heard.items()}


def _describe(network: Network, posteriors: pd.DataFrame, variable: str, reports: int) -> Box:
    scenario, name = network.scenario, name_plainly(variable)
    causes, effects = (
        [label_of(key, noun) for key, noun in nouns.items() if noun.claim.variable == variable]
        for nouns in (scenario.hypotheses, scenario.effects)
    )
    if [label.casefold() for label in causes] == [name.casefold()]:
        name, causes = causes[0], [""]
    roles = [f"Explanation: {label}".removesuffix(": ") for label in causes]
    roles += [f"Effect: {label}" for label in effects]
    if variable in {**network.what_if.do, **network.what_if.given}:
        roles.append("Set for a what-if" if variable in network.what_if.do else "Given, a what-if")
    states = scenario.variables[variable].states
    chances = posteriors["posterior"].loc[[(variable, state) for state in states]].to_numpy(float)
    likeliest = int(np.argmax(chances >= chances.max() - 1e-12))
    state = states[likeliest].replace("_", " ")
    kind = "explanation" if causes else "effect" if effects else ""
    return Box(name, tuple(roles), state, float(chances[likeliest]), reports, kind)


def _write(box: Box, sheet: Sheet) -> tuple[Text, ...]:
    """The lines of a box; the number of reports has the last one, alone or beside the state."""
    room, close = sheet.count_letters(0.93), sheet.count_letters(0.82)
    state = wrap(box.likeliest, room, 3)
    badge = say_reports(box)
    if badge and (len(state) > 1 or len(state[0]) + len(badge) > close):
        state.append("")
    return (
        Text(tuple(wrap(box.name, sheet.count_letters(), 3)), INK, 1.0, "bold"),
        *(Text(tuple(wrap(role, room, 3)), box.colour) for role in box.roles),
        Text(tuple(state), INK),
    )


def say_reports(box: Box) -> str:
    """The badge of a box.

    >>> say_reports(Box("Raid", (), "yes", 1.0, 7, ""))
    '7 reports'
    """
    return count(box.reports, "report") if box.reports else ""


@dataclass(frozen=True)
class Plan:
    """Where everything stands, in inches from the left and from above."""

    layers: Layers
    middles: Mapping[Place, float]
    texts: Mapping[str, tuple[Text, ...]]
    sheet: Sheet

    @cached_property
    def level(self) -> dict[Place, int]:
        """In which row each place is."""
        return {place: i for i, row in enumerate(self.layers.rows) for place in row}

    def height(self, name: str) -> float:
        """How high a variable's box is."""
        return LINE * sum(len(text.lines) for text in self.texts[name]) + 2 * PAD

    @cached_property
    def bands(self) -> list[tuple[float, float]]:
        """Where each row begins and ends: further apart where links run far aside."""
        bands, y = list[tuple[float, float]](), 0.0
        for row, steps in zip(self.layers.rows, self.layers.list_steps(), strict=True):
            end = y + max(self.height(name) for name in row if isinstance(name, str))
            bands.append((y, end))
            aside = max((abs(self.middles[a] - self.middles[b]) for a, b in steps), default=0.0)
            y = end + min(0.44, 0.22 + 0.06 * aside)
        return bands

    @property
    def end(self) -> float:
        """How far down the last box ends."""
        return self.bands[-1][1] if self.bands else 0.0

    def corner(self, name: str) -> tuple[float, float]:
        """The lower left corner of a variable's box."""
        top = self.bands[self.level[name]][0]
        return self.middles[name] - self.sheet.box / 2, -top - self.height(name)

    def trace(self, link: Link) -> list[tuple[float, float]]:
        """The points of a link: straight beside boxes, and an S from row to row."""
        route = self.layers.routes[link]
        points = [(self.middles[link[0]], self.corner(link[0])[1])]
        for upper, lower in pairwise(route):
            last = lower == link[1]
            start, end = self.middles[upper], self._port(link) if last else self.middles[lower]
            top, bottom = self.bands[self.level[upper]][1], self.bands[self.level[lower]][0]
            bottom -= HEAD if last else 0.0
            half = (top + bottom) / 2
            points += [(start, -top), (start, -half), (end, -half), (end, -bottom)]
        return points

    def _port(self, link: Link) -> float:
        """Where a link meets the upper edge of a box: in the order in which they come."""
        routes = {k: r for k, r in self.layers.routes.items() if k[1] == link[1]}
        order = sorted(routes, key=lambda k: self.middles[routes[k][-2]])
        step = min(0.13, 0.7 * self.sheet.box / len(order))
        return self.middles[link[1]] + step * (order.index(link) - (len(order) - 1) / 2)


def _draw_link(axes: Axes, points: list[tuple[float, float]], colour: str, link: Link) -> None:
    codes = [Path.MOVETO, *[Path.LINETO, *[Path.CURVE4] * 3] * (len(points) // 4)]
    line = 0.8 if colour == MUTED else 1.1
    axes.add_patch(
        PathPatch(
            Path(points, codes),
            fc="none",
            ec=colour,
            lw=line,
            label=f"{link[0]} → {link[1]}",
            zorder=1 if colour == MUTED else 2,
        )
    )
    x, y = points[-1]
    axes.add_patch(
        Polygon([(x - 0.03, y), (x + 0.03, y), (x, y - HEAD)], fc=colour, ec="none", zorder=3)
    )


def _draw_box(axes: Axes, box: Box, plan: Plan, name: str) -> None:
    (x, y), height, sheet = plan.corner(name), plan.height(name), plan.sheet
    quiet = not box.kind
    axes.add_patch(FancyBboxPatch(
        (x, y), sheet.box, height, boxstyle="round,pad=0,rounding_size=0.06", label=name,
        fc=(box.colour, 0.05 if quiet else 0.13), ec=box.colour, lw=0.7 if quiet else 1.4,
    ))  # fmt: skip
    line = y + height - PAD
    for text in plan.texts[name]:
        for words in text.lines:
            line -= LINE
            axes.text(
                x + PAD,
                line + 0.03,
                words,
                color=text.colour,
                fontsize=sheet.size * text.share,
                fontweight=text.weight,
            )
    if box.reports:
        axes.text(
            x + sheet.box - PAD,
            line + 0.03,
            say_reports(box),
            color=MUTED,
            fontsize=sheet.size * 0.93,
            ha="right",
        )


def _entitle(boxes: Mapping[str, Box], layers: Layers) -> str:
    size = f"{count(len(boxes), 'variable')}, {count(len(layers.routes), 'link')}"
    heard = [box for box in boxes.values() if box.reports]
    if not heard:
        return f"What bears on what: {size}; no report counts yet"
    most = max(heard, key=lambda box: box.reports)
    return (
        f"What bears on what: {size}; counted reports speak of {len(heard)}, most often of "
        f"{quoted(shorten(most.name, 40))}"
    )


def _tell(boxes: Mapping[str, Box], layers: Layers) -> str:
    """Every box and every link in words, row by row."""
    rows = [[name for name in row if isinstance(name, str)] for row in layers.rows]
    told = [
        f"Row {i}: {'; '.join(_tell_box(boxes[n]) for n in row)}." for i, row in enumerate(rows, 1)
    ]
    links = [
        f"{boxes[name].name} → {list_all(below)}."
        for row in rows
        for name in row
        if (below := [boxes[to].name for cause, to in layers.routes if cause == name])
    ]
    return " ".join([
        f"Boxes in {count(len(rows), 'row')}, causes above effects.", *told,
        "What bears on what:" if links else "Nothing bears on anything else.", *links,
    ])  # fmt: skip


def _tell_box(box: Box) -> str:
    return (
        ", ".join(filter(None, [f"{box.name} ({box.likeliest}", *box.roles, say_reports(box)]))
        + ")"
    )
