"""The briefing's own pictures: the network, combinations as a matrix of dots, the funnel."""

from __future__ import annotations

import io
import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import same_color, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, PathPatch, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

import rivals
from rivals import charts
from rivals.briefing.figures import draw_svg
from rivals.charts.funnel import funnel, read_flow
from rivals.charts.layers import Layers, Trunk, arrange, count_crossings, measure_depths, stack
from rivals.charts.network import count_reports, draw_network
from rivals.charts.upset import upset
from rivals.phrases import say_percent, say_range
from rivals.prose import say_origins

mpl.use("agg")

WIDTHS = {"page": charts.WIDE, "telephone": charts.NARROW}
every_width = pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)

FIRE = rivals.read("scenarios/warehouse-fire")
CUBA = rivals.read("scenarios/cuba-venezuela").as_of("2026-02-22")
ASIA = rivals.read("tests/published/asia")
CASES = {"fire": FIRE, "cuba": CUBA, "asia": ASIA, "empty log": FIRE.as_of("2020-01-01")}
every_case = pytest.mark.parametrize("name", CASES)

LONG = "Those four people whom nobody names, who say that they know what others only guess at"
HOSTILE = (r"$\frac{1}{0}$ <b>&", "Donau" * 20, LONG, "WITHHELD BY ORDER OF THE COURT")


@pytest.fixture(autouse=True)
def closed_figures() -> Iterator[None]:
    yield
    plt.close("all")


def labels_of(case: rivals.Case) -> dict[str, str]:
    return {name: noun.label or name for name, noun in case.scenario.hypotheses.items()}


def network(case: rivals.Case, width: float) -> Axes:
    return draw_network(case.network, case.variables(), width=width)


def dots(case: rivals.Case, width: float) -> Axes:
    return upset(case.combinations(100), labels_of(case), width=width)


def threads(case: rivals.Case, width: float) -> Axes:
    return funnel(case.reports(), width=width)


Draw = Callable[[rivals.Case, float], Axes]
every_chart = pytest.mark.parametrize("draw", [network, dots, threads])


@cache
def seen(draw: Draw, name: str, width: float) -> Axes:
    """A chart that is only looked at, drawn once for all tests."""
    return draw(CASES[name], width)


def title_of(axes: Axes) -> str:
    return " ".join(axes.get_title(loc="left").split())


def figure_of(axes: Axes) -> Figure:
    figure = axes.get_figure(root=True)
    assert isinstance(figure, Figure)
    return figure


def places_of(axes: Axes) -> list[tuple[str, Bbox]]:
    """Everything that is written on a chart, where it is drawn."""
    figure_of(axes).draw_without_rendering()
    hidden = [*axes.xaxis.findobj(Text), *axes.yaxis.findobj(Text)]
    texts = [t for t in axes.findobj(Text) if isinstance(t, Text) and t not in hidden]
    return [
        (text.get_text(), text.get_window_extent())
        for text in texts
        if text.get_visible() and text.get_text().strip()
    ]


def list_faults(axes: Axes) -> list[tuple[str, ...]]:
    """Texts that reach over the edge of the paper, and pairs that share room."""
    places, paper = places_of(axes), figure_of(axes).bbox.padded(1)
    cut = [(text,) for text, box in places if not _holds(paper, box)]
    pairs = [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(places, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 3
    ]
    return cut + pairs


def _holds(outer: Bbox, inner: Bbox) -> bool:
    return bool(
        outer.x0 <= inner.x0 and inner.x1 <= outer.x1
        and outer.y0 <= inner.y0 and inner.y1 <= outer.y1
    )  # fmt: skip


# --- what holds for every chart ---


@every_width
@every_case
@every_chart
def test_every_chart_says_what_it_shows_and_nothing_is_cut_or_overlaps(
    draw: Draw, name: str, width: float
) -> None:
    axes = seen(draw, name, width)

    assert title_of(axes)
    assert charts.describe(axes)
    assert figure_of(axes).get_figwidth() == width
    assert not axes.axison
    assert list_faults(axes) == []


@every_chart
def test_the_same_case_gives_the_same_bytes_in_colours_that_a_page_can_change(draw: Draw) -> None:
    first, again = (draw_svg(draw(CUBA, charts.WIDE), "told") for _ in range(2))

    assert first == again
    colours = set(re.findall(r"#[0-9a-fA-F]{6}\b", first))
    assert colours <= set(charts.COLOURS.values())
    assert len(first) < 60_000


@every_chart
def test_nothing_white_lies_under_a_chart(draw: Draw) -> None:
    axes = draw(CUBA, charts.WIDE)

    assert not axes.axison
    known = {to_rgb(colour) for colour in charts.COLOURS.values()}
    filled = [patch for patch in axes.patches if patch.get_facecolor()[3] > 0]
    assert {to_rgb(patch.get_facecolor()) for patch in filled} <= known


@every_width
@every_chart
def test_letters_are_large_enough_to_read(draw: Draw, width: float) -> None:
    axes = draw(CUBA, width)

    assert min(text.get_fontsize() for text in axes.texts) >= 6.5


def test_tables_are_left_as_they_were() -> None:
    tables = [CUBA.variables(), CUBA.combinations(0), CUBA.reports()]
    before = [table.copy() for table in tables]

    draw_network(CUBA.network, tables[0])
    upset(tables[1])
    funnel(tables[2])

    for table, was in zip(tables, before, strict=True):
        pd.testing.assert_frame_equal(table, was)


# --- the network ---


def rename(case: rivals.Case, labels: Sequence[str]) -> rivals.Case:
    """The case with other labels for hypotheses and effects."""
    change = {
        kind: {
            key: noun.model_copy(update={"label": label})
            for (key, noun), label in zip(
                getattr(case.scenario, kind).items(), labels, strict=False
            )
        }
        for kind in ("hypotheses", "effects")
    }
    return replace(
        case, dossier=replace(case.dossier, scenario=case.scenario.model_copy(update=change))
    )


def boxes_of(axes: Axes) -> dict[str, Bbox]:
    """The box of each variable, in inches of the picture."""
    return {
        str(patch.get_label()): Bbox.from_bounds(
            patch.get_x(), patch.get_y(), patch.get_width(), patch.get_height()
        )
        for patch in axes.patches
        if isinstance(patch, FancyBboxPatch)
    }


def list_strays(axes: Axes) -> list[str]:
    """What is written, except for the title, and does not stand within a box."""
    places = places_of(axes)
    boxes = [axes.transData.transform_bbox(box) for box in boxes_of(axes).values()]
    return [
        text
        for text, place in places
        if text != axes.get_title(loc="left") and not any(_holds(box, place) for box in boxes)
    ]


def links_of(axes: Axes) -> dict[tuple[str, str], PathPatch]:
    """The line of each link; a link that is drawn twice fails."""
    lines = [p for p in axes.patches if isinstance(p, PathPatch) and " → " in str(p.get_label())]
    found = {}
    for line in lines:
        cause, name = str(line.get_label()).split(" → ")
        assert (cause, name) not in found
        found[cause, name] = line
    return found


def trace(line: PathPatch, steps: int = 12) -> np.ndarray:
    """Points all along a line: (points, 2)."""
    points, t = [], np.linspace(0, 1, steps)[:, np.newaxis]
    last = np.zeros(2)
    for ends, code in line.get_path().iter_segments():
        p = np.reshape(ends, (-1, 2))
        if code == 2:
            points.append(last + t * (p[0] - last))
        elif code == 4:
            a, b, c = p
            points.append(
                (1 - t) ** 3 * last + 3 * t * (1 - t) ** 2 * a + 3 * t**2 * (1 - t) * b + t**3 * c
            )
        last = p[-1]
    return np.concatenate(points)


@every_width
@every_case
def test_every_link_of_the_model_is_drawn_once(name: str, width: float) -> None:
    case = CASES[name]
    axes = seen(network, name, width)

    assert set(links_of(axes)) == {
        (cause, effect) for effect, v in case.scenario.variables.items() for cause in v.parents
    }


@every_width
@every_case
def test_every_variable_has_a_box_and_no_two_boxes_touch(name: str, width: float) -> None:
    case = CASES[name]
    boxes = boxes_of(seen(network, name, width))

    assert set(boxes) == set(case.scenario.variables)
    for one, other in itertools.combinations(boxes.values(), 2):
        assert not one.padded(0.03).overlaps(other.padded(0.03))


@every_width
@every_case
def test_links_lead_down_from_cause_to_effect_and_through_no_box(name: str, width: float) -> None:
    axes = seen(network, name, width)

    boxes = boxes_of(axes)
    for (cause, effect), line in links_of(axes).items():
        points = trace(line)
        assert (np.diff(points[:, 1]) <= 1e-9).all()
        assert boxes[cause].x0 < points[0, 0] < boxes[cause].x1
        assert points[0, 1] == pytest.approx(boxes[cause].y0)
        assert boxes[effect].x0 < points[-1, 0] < boxes[effect].x1
        assert boxes[effect].y1 < points[-1, 1] < boxes[effect].y1 + 0.1
        for box in boxes.values():
            assert box.padded(-0.001).count_contains(points) == 0


@every_width
@every_case
def test_all_that_is_said_of_a_variable_stands_in_its_box(name: str, width: float) -> None:
    axes = seen(network, name, width)

    assert list_strays(axes) == []


@every_case
def test_boxes_tell_the_likeliest_state_and_its_probability(name: str) -> None:
    case = CASES[name]
    axes = seen(network, name, charts.WIDE)

    written = Counter(text.get_text() for text in axes.texts)
    best = case.variables()["posterior"].round(12).groupby(level=0).idxmax()
    chances = case.variables()["posterior"].loc[list(best)]
    expected = Counter(
        f"{str(state).replace('_', ' ')}: {say_percent(chance)}"
        for (_, state), chance in chances.items()
    )
    assert expected <= written


@every_case
def test_badges_tell_how_many_counted_reports_bear_on_a_variable(name: str) -> None:
    case = CASES[name]
    heard = Counter(v for s in case.evidence.counted for v in s.counts)

    axes = seen(network, name, charts.WIDE)

    assert +Counter(count_reports(case.network)) == heard
    badges = Counter(
        t.get_text() for t in axes.texts if re.fullmatch(r"\d+ reports?", t.get_text())
    )
    assert badges == Counter(f"{n} report{'s' if n > 1 else ''}" for n in heard.values())


def test_what_is_given_is_no_report_and_what_is_set_hears_none() -> None:
    case = FIRE.given(petrol_found="yes").do(spread="hall")

    axes = network(case, charts.WIDE)

    assert count_reports(case.network)["petrol_found"] == 0
    assert count_reports(case.network)["spread"] == 0
    assert {"Given, a what-if", "Set for a what-if"} <= {t.get_text() for t in axes.texts}
    assert not any(name == "spread" for _, name in links_of(axes))


def test_explanations_and_effects_stand_out() -> None:
    axes = network(CUBA, charts.WIDE)

    colours = {str(p.get_label()): p.get_edgecolor() for p in axes.patches}
    causes = {h.claim.variable for h in CUBA.scenario.hypotheses.values()}
    effects = {e.claim.variable for e in CUBA.scenario.effects.values()}
    for name in CUBA.scenario.variables:
        series = "series-1" if name in causes else "series-2" if name in effects else "muted"
        assert same_color(colours[name], charts.COLOURS[series])


@every_case
def test_the_alternative_text_tells_every_box_and_every_link(name: str) -> None:
    case = CASES[name]
    told = charts.describe(seen(network, name, charts.WIDE))

    groups = re.search(r"What bears on what: (.*)", told)
    assert groups
    links = Counter(
        (cause.casefold(), effect.casefold())
        for group in groups[1].removesuffix(".").split(". ")
        for cause, below in [group.split(" → ")]
        for effect in re.split(r", | and ", below)
    )
    assert links == Counter(
        (cause.replace("_", " "), effect.replace("_", " "))
        for effect, v in case.scenario.variables.items()
        for cause in v.parents
    )
    assert told.count("%)") + told.count("%, ") == len(case.scenario.variables)


def test_the_title_tells_the_size_and_what_reports_speak_of_most() -> None:
    heard = count_reports(CUBA.network)

    assert max(heard, key=lambda name: heard[name]) == "us_pressure"
    assert title_of(network(CUBA, charts.WIDE)) == (
        "What bears on what: 30 variables, 56 links; counted reports speak of "
        f"{sum(n > 0 for n in heard.values())}, most often of “US pressure”"
    )
    assert title_of(network(ASIA, charts.WIDE)).endswith("8 links; no report counts yet")


@every_width
def test_hostile_labels_stay_in_their_boxes_as_text(width: float) -> None:
    axes = network(rename(CUBA, HOSTILE), width)

    assert list_faults(axes) == []
    assert list_strays(axes) == []
    figure_of(axes).savefig(io.BytesIO(), format="svg")


@every_width
def test_a_model_without_links_is_a_set_of_boxes(width: float) -> None:
    roots = [name for name, v in FIRE.scenario.variables.items() if not v.parents]
    case = FIRE.do(**{
        name: v.states[0] for name, v in FIRE.scenario.variables.items() if name not in roots
    })  # fmt: skip

    axes = network(case, width)

    assert links_of(axes) == {}
    assert len(boxes_of(axes)) == len(case.scenario.variables)
    assert "0 links" in title_of(axes)
    assert "Nothing bears on anything else." in charts.describe(axes)


# --- how the network is laid out ---


def invent(size: int, seed: int) -> dict[str, tuple[str, ...]]:
    """Parents of so many variables, at random, each among those before it."""
    random = np.random.default_rng(seed)
    return {
        f"v{i}": tuple(f"v{j}" for j in random.permutation(i)[: min(i, int(random.integers(0, 4)))])
        for i in range(size)
    }


def test_depth_is_the_longest_path_from_a_root() -> None:
    parents = {"a": (), "b": ("a",), "c": ("a", "b"), "late": (), "d": ("c", "late"), "alone": ()}

    depths = measure_depths(parents)

    assert depths == {"a": 0, "b": 1, "c": 2, "late": 2, "d": 3, "alone": 0}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("most", [1, 2, 4])
def test_causes_stand_above_their_effects_in_rows_that_are_not_too_wide(
    most: int, seed: int
) -> None:
    parents = invent(25, seed)

    layers = stack(parents, most)

    level = {place: i for i, row in enumerate(layers.rows) for place in row}
    assert sorted(p for p in level if isinstance(p, str)) == sorted(parents)
    assert all(level[cause] < level[name] for name, own in parents.items() for cause in own)
    assert max(sum(isinstance(p, str) for p in row) for row in layers.rows) <= most
    for (cause, name), route in layers.routes.items():
        assert [level[place] for place in route] == list(range(level[cause], level[name] + 1))
        assert all(place.cause == cause for place in route if isinstance(place, Trunk))


def test_crossings_are_counted() -> None:
    rows = [["a", "b"], ["c", "d"]]

    assert count_crossings(rows, [[("a", "d"), ("b", "c")]]) == 1
    assert count_crossings(rows, [[("a", "c"), ("b", "d")]]) == 0
    assert count_crossings(rows, [[("a", "c"), ("a", "d"), ("b", "d")]]) == 0


def test_no_order_of_a_small_network_has_fewer_crossings() -> None:
    found = stack(ASIA.network.parents, 4)

    steps = found.list_steps()
    orders = itertools.product(*(itertools.permutations(row) for row in found.rows))
    assert count_crossings(found.rows, steps) == min(count_crossings(o, steps) for o in orders)


@pytest.mark.parametrize("seed", range(4))
def test_ordering_leaves_fewer_crossings_than_the_order_of_the_file(seed: int) -> None:
    parents = invent(25, seed)

    found = stack(parents, 4)

    order = list(parents)
    plain = [
        sorted(row, key=lambda p: order.index(p if isinstance(p, str) else p.cause))
        for row in found.rows
    ]
    steps = found.list_steps()
    assert count_crossings(found.rows, steps) < count_crossings(plain, steps)


@pytest.mark.parametrize("seed", range(4))
def test_places_stand_in_order_and_apart(seed: int) -> None:
    layers: Layers = stack(invent(25, seed), 2)

    middles = arrange(layers, 1.0, 6.0)

    for row in layers.rows:
        xs = [middles[place] for place in row]
        assert xs == sorted(xs)
        assert xs[0] >= 0
        assert xs[-1] <= 6.0
        boxes = [middles[place] for place in row if isinstance(place, str)]
        assert all(b - a >= 1.1 for a, b in itertools.pairwise(boxes))


@every_width
def test_a_network_of_twice_the_size_still_fits_its_paper(width: float) -> None:
    scenario = CUBA.scenario
    twin = {
        f"{name}_two": v.model_copy(
            update={"prior": dict.fromkeys(v.states, 1 / len(v.states)), "table": None,
                    "noisy_or": None, "noisy_max": None, "ranked": None}
        )
        for name, v in scenario.variables.items()
    }  # fmt: skip
    both = scenario.model_copy(update={"variables": {**scenario.variables, **twin}})
    case = replace(CUBA, dossier=replace(CUBA.dossier, scenario=both))

    axes = network(case, width)

    assert len(boxes_of(axes)) == 60
    assert list_faults(axes) == []


# --- combinations ---


def filled(axes: Axes) -> list[list[int]]:
    """In each row of dots from above, which columns hold a solid one."""
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    columns = sorted({float(line.get_xdata()[0]) for line in dots})
    rows = sorted({float(line.get_ydata()[0]) for line in dots}, reverse=True)
    return [
        [
            columns.index(float(dot.get_xdata()[0]))
            for dot in dots
            if float(dot.get_ydata()[0]) == y
            and same_color(dot.get_color(), charts.COLOURS["series-1"])
        ]
        for y in rows
    ]


def bars_of(axes: Axes) -> list[float]:
    """How long each bar is, from above."""
    bars = [line for line in axes.lines if line.get_linewidth() == 9]
    return [float(np.ptp(line.get_xdata())) for line in bars]


@every_width
@every_case
def test_solid_dots_are_the_hypotheses_that_hold(name: str, width: float) -> None:
    case = CASES[name]
    table = case.combinations(0)
    names = list(case.scenario.hypotheses)

    axes = upset(table, width=width, most=5)

    assert filled(axes) == [list(np.flatnonzero(row)) for row in table[names].to_numpy()[:5]]


@every_width
def test_bars_are_as_long_as_combinations_are_likely(width: float) -> None:
    table = CUBA.combinations(0)

    axes = upset(table, width=width, most=3)

    shown = [*table["posterior"].head(3), table["posterior"].iloc[3:].sum()]
    bars = bars_of(axes)
    assert np.divide(bars, bars[0]) == pytest.approx(np.divide(shown, shown[0]))
    assert f"{len(table) - 3} others" in [text.get_text() for text in axes.texts]


@every_width
@every_case
def test_numbers_beside_bars_are_those_of_the_table(name: str, width: float) -> None:
    case = CASES[name]
    table = case.combinations(100)

    axes = upset(table, width=width, most=4)

    written = [text.get_text() for text in axes.texts]
    told = charts.describe(axes)
    for _, row in table.head(4).iterrows():
        number, span = say_percent(row["posterior"]), say_range(row["low"], row["high"])
        assert number in written
        assert span in (number, *written)
        assert f"{number} ({span})" in told or span == number


def test_each_hypothesis_has_its_own_probability_beside_its_name() -> None:
    beliefs = CUBA.beliefs(0)

    axes = upset(CUBA.combinations(0), labels_of(CUBA))

    written = [text.get_text() for text in axes.texts]
    for _, row in beliefs.iterrows():
        assert f"{row['label']}: {say_percent(row['posterior'])}" in written


def test_the_title_of_combinations_names_the_likeliest() -> None:
    fire, cuba = FIRE.combinations(0), CUBA.combinations(0)

    assert title_of(upset(fire, labels_of(FIRE))) == (
        f"Likeliest together, {say_percent(fire['posterior'].iloc[0])}: Faulty wiring alone"
    )
    assert title_of(upset(cuba, labels_of(CUBA))).endswith(
        "US pressure, Rodríguez's decision and Havana's orders"
    )


def test_without_draws_no_range_is_shown() -> None:
    axes = upset(FIRE.combinations(0))

    assert not any(" to " in text.get_text() for text in axes.texts)
    assert "nan" not in charts.describe(axes)


@every_width
def test_two_hypotheses_of_which_none_ever_holds_can_be_drawn(width: float) -> None:
    table = pd.DataFrame(
        {"a": [False], "b": [False], "prior": [1.0], "posterior": [1.0],
         "low": [math.nan], "high": [math.nan]}
    )  # fmt: skip

    axes = upset(table, width=width)

    assert filled(axes) == [[]]
    assert title_of(axes) == "Likeliest together, 100%: None of them"
    assert list_faults(axes) == []


@every_width
def test_hostile_names_of_hypotheses_are_text_and_fit(width: float) -> None:
    labels = dict(zip(CUBA.scenario.hypotheses, HOSTILE, strict=True))

    axes = upset(CUBA.combinations(100), labels, width=width)

    assert list_faults(axes) == []
    figure_of(axes).savefig(io.BytesIO(), format="svg")


# --- the funnel ---


def bands_of(axes: Axes) -> list[Rectangle]:
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


@every_width
@pytest.mark.parametrize("case", [FIRE, CUBA], ids=["fire", "cuba"])
def test_bands_are_as_wide_as_what_they_hold(case: rivals.Case, width: float) -> None:
    reports = case.reports()
    origins, sources = set(reports["origin"].explode()), set(reports["source"]) - {""}
    sizes = [len(reports), len(origins), len(sources), (reports["status"] == "counted").sum()]

    axes = funnel(reports, width=width)

    widths = [band.get_width() for band in bands_of(axes)]
    assert np.divide(widths, widths[0]) == pytest.approx(np.divide(sizes, sizes[0]))
    written = [text.get_text() for text in axes.texts]
    assert [str(size) for size in sizes] == [text for text in written if text.isdecimal()]


@pytest.mark.parametrize("case", [FIRE, CUBA], ids=["fire", "cuba"])
def test_the_funnel_tells_the_numbers_that_the_prose_tells(case: rivals.Case) -> None:
    axes = funnel(case.reports())

    numbers = re.findall(r"\d+", title_of(axes))
    prose, told = say_origins(case.reports()), charts.describe(axes)
    assert numbers == re.findall(r"\d+", prose)[:4]
    assert re.findall(r"\d+", told) == re.findall(r"\d+", prose)
    assert prose.split("; ")[1] in told


def test_every_report_is_a_thread_from_itself_to_its_origins_its_source_and_what_counts() -> None:
    reports = CUBA.reports()

    flow = read_flow(reports)

    every = [*flow.heard, *flow.unheard]
    assert len(every) == reports["origin"].map(len).sum()
    for level, size in enumerate(flow.sizes):
        assert {way[level] for way in every} - {None} == set(range(size))
    assert all(None not in way for way in flow.heard)
    assert all(way[3] is None for way in flow.unheard)
    spoken = [way[0] for way in every if way[2] is not None]
    assert len(set(spoken)) == (reports["source"] != "").sum()


def test_threads_of_one_origin_meet() -> None:
    flow = read_flow(FIRE.reports())

    carried = Counter(way[1] for way in (*flow.heard, *flow.unheard))
    expected = Counter(FIRE.reports()["origin"].explode())
    assert sorted(carried.values()) == sorted(expected.values())


def test_a_log_that_weighs_nothing_has_an_empty_last_band() -> None:
    reports = FIRE.reports().assign(status="background", source="")

    axes = funnel(reports)

    assert [band.get_width() for band in bands_of(axes)][2:] == [0.0, 0.0]
    assert title_of(axes).endswith("the words of 0 sources; 0 count")
    assert "6 pieces of background weigh nothing" in charts.describe(axes)


def test_a_single_report_is_told_in_the_singular() -> None:
    axes = funnel(FIRE.reports().head(1))

    assert title_of(axes) == "1 report goes back to 1 origin and to the words of 1 source; 1 counts"
    assert {"report in the log", "report that counts"} <= {t.get_text() for t in axes.texts}


def test_no_report_is_told_and_not_drawn() -> None:
    axes = funnel(FIRE.as_of("2020-01-01").reports())

    assert title_of(axes) == "No report has been logged"
    assert not axes.patches


@every_width
def test_thousands_of_reports_stay_a_small_picture(width: float) -> None:
    many = pd.concat([CUBA.reports()] * 20, ignore_index=True)
    many["origin"] = [(f"origin {i % 700}",) for i in range(len(many))]

    axes = funnel(many, width=width)

    assert list_faults(axes) == []
    assert f"{len(many):,}" in title_of(axes)
    assert len(draw_svg(axes, "told")) < 120_000
