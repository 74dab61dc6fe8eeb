"""Charts say what they show, in a title and in words, with the numbers of their table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

import rivals
from rivals import charts
from rivals.phrases import say_percent

mpl.use("agg")

WAREHOUSE = "scenarios/warehouse-fire"


@pytest.fixture(autouse=True)
def closed_figures() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def case() -> rivals.Case:
    return rivals.read(WAREHOUSE)


CHARTS: dict[str, Callable[[rivals.Case, float], Axes]] = {
    "trail": lambda case, width: charts.trail(case.trail(100), width=width),
    "causes": lambda case, width: charts.causes(case.causes(100), width=width),
    "combinations": lambda case, width: charts.combinations(case.combinations(100), width=width),
    "sources": lambda case, width: charts.sources(case.sources(), width=width),
    "beliefs": lambda case, width: charts.beliefs(case.beliefs(100), width=width),
}


@pytest.mark.parametrize("width", [charts.WIDE, charts.NARROW], ids=["page", "telephone"])
@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_every_chart_has_a_title_and_alternative_text(
    draw: Callable[[rivals.Case, float], Axes], width: float, case: rivals.Case
) -> None:
    axes = draw(case, width)

    assert axes.get_title(loc="left")
    assert len(charts.describe(axes)) > 40


def test_axes_that_no_chart_made_have_no_alternative_text() -> None:
    _, axes = plt.subplots()

    assert charts.describe(axes) == ""


@pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
def test_charts_use_only_the_colours_that_a_page_can_change(
    draw: Callable[[rivals.Case, float], Axes], case: rivals.Case
) -> None:
    axes = draw(case, charts.WIDE)

    known = {to_rgb(colour) for colour in charts.COLOURS.values()}
    used = {to_rgb(line.get_color()) for line in axes.lines}
    used |= {to_rgb(text.get_color()) for text in axes.texts}
    assert used <= known


def test_the_alternative_text_of_causes_tells_presence_and_why(case: rivals.Case) -> None:
    table = case.causes(draws=100)

    told = charts.describe(charts.causes(table))

    for _, row in table.iterrows():
        assert f"{row['label']} was why {say_percent(row['because'])}" in told
        assert f"was present {say_percent(row['posterior'])}" in told


def test_the_title_of_causes_names_the_likeliest_reason(case: rivals.Case) -> None:
    table = case.causes(draws=0).loc[["fire"]]
    swapped = table.copy()
    swapped["because"] = swapped["because"].iloc[::-1].to_numpy()

    titles = [charts.causes(t).get_title(loc="left") for t in (table, swapped)]

    leaders = [t.loc[t["because"].idxmax(), "label"] for t in (table, swapped)]
    assert [title.split(" is the")[0] for title in titles] == leaders


def test_every_effect_has_its_own_part_in_the_chart_of_causes() -> None:
    table = rivals.read("scenarios/cuba-venezuela").causes(draws=0)

    axes = charts.causes(table)

    assert len(axes.texts) >= 2 * len(table) + 2
    assert "Medical leave" in [text.get_text() for text in axes.texts]


def test_the_trail_tells_where_each_hypothesis_came_from_and_stands(case: rivals.Case) -> None:
    table = case.trail(draws=0)

    told = charts.describe(charts.trail(table, {"wiring": "Faulty wiring"}))

    start = say_percent(table.attrs["start"]["because"]["wiring"])
    assert (
        f"Faulty wiring from {start} to {say_percent(table['because', 'wiring'].iloc[-1])}" in told
    )


def test_a_trail_without_effects_shows_presence(folder: object) -> None:
    case = rivals.read(folder)  # type: ignore[arg-type]
    table = case.trail(draws=0)

    axes = charts.trail(table)

    assert bool(case.effect) == ("as the reason" in axes.get_title(loc="left")) or table.empty


def test_the_title_of_a_trail_without_effects_is_a_sentence() -> None:
    table = rivals.read("scenarios/iraq-1993").trail(draws=0)

    title = charts.trail(table).get_title(loc="left")

    assert title.startswith("Minor rose from")


def test_a_source_that_speaks_on_two_topics_is_one_source() -> None:
    table = rivals.read("scenarios/harbour-strike").sources()

    title = " ".join(charts.sources(table).get_title(loc="left").split())

    assert len(table) > table.index.get_level_values("source").nunique()
    assert title == "How far the claims of 7 sources fit this model"


def test_an_empty_log_has_a_chart_that_says_so(case: rivals.Case) -> None:
    axes = charts.trail(case.as_of("2020-01-01").trail(draws=0))

    assert "No report" in axes.get_title(loc="left")


def test_the_largest_moves_come_first_and_name_what_moved() -> None:
    table = rivals.read(WAREHOUSE).trail(draws=0)

    moved = charts.moved_most(table)

    steps = (moved["after"] - moved["before"]).abs()
    assert steps.is_monotonic_decreasing
    assert moved.loc["meter-log", "hypothesis"] == "wiring"
    assert moved.loc["meter-log", "after"] == table.loc["meter-log", ("because", "wiring")]


def test_moves_of_one_hypothesis_are_its_own() -> None:
    moved = charts.moved_most(rivals.read(WAREHOUSE).trail(draws=0), 3, "arson")

    assert set(moved["hypothesis"]) == {"arson"}


def test_what_weighs_nothing_never_moves_anything() -> None:
    table = rivals.read("scenarios/cuba-venezuela").trail(draws=0)

    moved = charts.moved_most(table, len(table))

    assert set(table.loc[moved.index, ("report", "status")]) == {"counted"}


def test_combinations_beyond_the_first_are_summed(case: rivals.Case) -> None:
    table = case.combinations(draws=0)

    told = charts.describe(charts.combinations(table, most=2))

    rest = say_percent(table["posterior"].iloc[2:].sum())
    assert f"{len(table) - 2} other combinations {rest}" in told


def test_sources_stand_in_the_order_of_the_file_and_are_not_ranked() -> None:
    table = rivals.read("scenarios/cuba-venezuela").sources()

    told = charts.describe(charts.sources(table))

    places = [told.index(name) for name in dict.fromkeys(table["name"])]
    assert places == sorted(places)


def test_labels_are_text_and_never_formulas(case: rivals.Case) -> None:
    table = case.beliefs(draws=0).assign(label=["$\\frac{1}{0}$", "a\nb", "$"])

    axes = charts.beliefs(table)
    axes.figure.canvas.draw()

    assert any(text.get_text() == "$\\frac{1}{0}$" for text in axes.texts)


def test_a_range_that_was_not_computed_is_not_shown(case: rivals.Case) -> None:
    table = case.causes(draws=0)

    told = charts.describe(charts.causes(table))

    assert table["low"].isna().all()
    assert not re.search(r"\(.* to .*\)", told)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2.2."""
    bright = sorted(
        float(np.dot([0.2126, 0.7152, 0.0722], [_linear(c) for c in to_rgb(colour)]))
        for colour in (one, other)
    )
    return (bright[1] + 0.05) / (bright[0] + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


@pytest.mark.parametrize("name", [n for n in charts.COLOURS if n != "rule"])
def test_colours_that_carry_text_can_be_read_on_white(name: str) -> None:
    assert contrast(charts.COLOURS[name], "#ffffff") >= 4.5


def test_a_table_is_left_as_it_was(case: rivals.Case) -> None:
    table = case.causes(draws=0)
    before = table.copy()

    charts.causes(table)

    pd.testing.assert_frame_equal(table, before)
