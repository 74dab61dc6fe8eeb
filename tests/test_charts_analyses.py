"""Charts of the analyses: what they say stands in their tables, and nothing is cut or overlaps."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

import rivals
from rivals import charts
from rivals.analysis.forecasts import calibrate
from rivals.briefing.figures import draw_svg
from rivals.charts.scale import move_apart, span, span_percent
from rivals.phrases import say_percent, say_range

mpl.use("agg")

WIDTHS = {"page": charts.WIDE, "telephone": charts.NARROW}
LONG = "Those four people whom nobody names, who say that they know what others only guess at"
PRIOR = "variables.wiring_fault.prior.yes"


@pytest.fixture(autouse=True)
def closed_figures() -> Iterator[None]:
    yield
    plt.close("all")


FIRE = rivals.read("scenarios/warehouse-fire")
CUBA = rivals.read("scenarios/cuba-venezuela").as_of("2026-02-22")
EARLIER = CUBA.as_of("2026-02-20")


def labels_of(case: rivals.Case) -> dict[str, str]:
    return {name: noun.label or name for name, noun in case.scenario.hypotheses.items()}


def names_of(case: rivals.Case) -> dict[str, str]:
    return {name: source.name or name for name, source in case.scenario.sources.items()}


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """What the analyses say of the real case, asked once."""
    moved = CUBA.compare(EARLIER)
    return {
        "impact": CUBA.impact(),
        "sensitivity": CUBA.sensitivity("rodriguez_decision"),
        "curve": CUBA.curve("settings.grades.C", "rodriguez_decision"),
        "grid": FIRE.grid(PRIOR, "sources.owner.reliability"),
        "inquiry": CUBA.inquiry(),
        "compare": moved,
        "items": moved.attrs["items"],
        "conflicts": CUBA.conflicts(),
        "causes": CUBA.causes(100),
    }


def imagine(**setting: str) -> pd.DataFrame:
    """A table as `case.had()` has it, with numbers of nobody."""
    index = pd.MultiIndex.from_tuples(
        [("effect", "fire"), ("hypothesis", "arson"), ("hypothesis", "wiring"), ("outcome", "pay")],
        names=["kind", "name"],
    )
    table = pd.DataFrame(
        {
            "label": ["The warehouse burnt", "Arson", "Faulty wiring", "The insurer pays"],
            "posterior": [1.0, 0.3, 0.86, 0.55],
            "had": [0.93, 0.0, 0.86, 0.62],
        },
        index=index,
    )
    table.attrs["setting"] = setting or {"arson": "no"}
    return table


def bound(causes: pd.DataFrame) -> pd.DataFrame:
    """A table as `case.cause_bounds()` has it."""
    table = causes[["label", "because"]].copy()
    table["lowest"], table["highest"] = 0.5 * causes["because"], causes["posterior"]
    return table.assign(how="searched")


def forecast(chances: list[float], happened: list[bool]) -> pd.DataFrame:
    """A calibration table of forecasts of one outcome each."""
    index = pd.MultiIndex.from_arrays(
        [[f"o{i}" for i in range(len(chances))], ["2026-05-01"] * len(chances)],
        names=["outcome", "date"],
    )
    return calibrate([pd.DataFrame({"chance": chances, "happened": happened}, index=index)])


Tables = dict[str, pd.DataFrame]
CHARTS: dict[str, Callable[[Tables, float], Axes]] = {
    "impact": lambda t, w: charts.impact(
        t["impact"], "rodriguez_decision", labels_of(CUBA), names=names_of(CUBA), width=w
    ),
    "impact by source": lambda t, w: charts.impact(
        CUBA.impact_by("source"), "havana_orders", names=names_of(CUBA), width=w
    ),
    "tornado": lambda t, w: charts.tornado(t["sensitivity"], labels_of(CUBA), width=w),
    "curve": lambda t, w: charts.curve(t["curve"], "rodriguez_decision", labels_of(CUBA), width=w),
    "grid": lambda t, w: charts.grid(t["grid"], labels_of(FIRE), width=w),
    "inquiry": lambda t, w: charts.inquiry(t["inquiry"], width=w),
    "turning points": lambda t, w: charts.turning_points(
        FIRE.turning_points(), labels_of(FIRE), width=w
    ),
    "compare": lambda t, w: charts.compare(t["compare"], width=w),
    "accounts": lambda t, w: charts.accounts(
        t["items"], "rodriguez_decision", labels_of(CUBA), width=w
    ),
    "had": lambda t, w: charts.had(imagine(), width=w),
    "conflicts": lambda t, w: charts.conflicts(t["conflicts"], width=w),
    "calibration": lambda t, w: charts.calibration(
        forecast([0.04, 0.12, 0.17, 0.33, 0.61, 0.97], [False, False, True, True, False, True]),
        width=w,
    ),
    "causes with bounds": lambda t, w: charts.causes(t["causes"], bound(t["causes"]), width=w),
}
every_chart = pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)
every_width = pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)


def title_of(axes: Axes) -> str:
    return " ".join(axes.get_title(loc="left").split())


def figure_of(axes: Axes) -> Figure:
    figure = axes.get_figure(root=True)
    assert isinstance(figure, Figure)
    return figure


def texts_of(axes: Axes) -> list[Text]:
    """Everything that is written on a chart, as it is drawn."""
    figure_of(axes).canvas.draw()
    written = [text for text in figure_of(axes).findobj(Text) if isinstance(text, Text)]
    return [text for text in written if text.get_visible() and text.get_text().strip()]


def places_of(axes: Axes) -> list[tuple[str, Bbox]]:
    return [(text.get_text(), text.get_window_extent()) for text in texts_of(axes)]


def list_faults(axes: Axes) -> list[tuple[str, ...]]:
    """Texts that reach over the edge of the paper, and pairs that share room."""
    paper, places = figure_of(axes).bbox, places_of(axes)
    cut = [
        (text,)
        for text, box in places
        if box.x0 < paper.x0 - 1 or box.x1 > paper.x1 + 1
        or box.y0 < paper.y0 - 1 or box.y1 > paper.y1 + 1
    ]  # fmt: skip
    overlapping = [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(places, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 3
    ]
    return cut + overlapping


# --- what holds for every chart ---


@every_width
@every_chart
def test_every_chart_says_what_it_shows(
    draw: Callable[[Tables, float], Axes], width: float, tables: Tables
) -> None:
    axes = draw(tables, width)

    assert title_of(axes)
    assert len(charts.describe(axes)) > 40
    assert axes.get_legend() is None
    assert figure_of(axes).get_figwidth() == width


@every_width
@every_chart
def test_nothing_is_cut_and_no_two_texts_overlap(
    draw: Callable[[Tables, float], Axes], width: float, tables: Tables
) -> None:
    axes = draw(tables, width)

    assert list_faults(axes) == []


def test_a_text_that_is_cut_or_overlaps_is_seen() -> None:
    figure, axes = plt.subplots()
    figure.text(0.98, 0.5, "beyond the edge")
    axes.text(0.5, 0.5, "here")
    axes.text(0.5, 0.5, "and here")

    assert list_faults(axes) == [("beyond the edge",), ("here", "and here")]


@every_chart
def test_the_same_table_gives_the_same_bytes_in_colours_that_a_page_can_change(
    draw: Callable[[Tables, float], Axes], tables: Tables
) -> None:
    first, again = (draw_svg(draw(tables, charts.NARROW), "told") for _ in range(2))

    assert first == again
    colours = set(re.findall(r"#[0-9a-fA-F]{6}\b", first))
    assert colours <= set(charts.COLOURS.values())
    assert all(first.count(c) == first.count(f", {c})") for c in colours)


@pytest.mark.parametrize(
    "draw",
    [
        lambda t: charts.impact(t["impact"], "havana_orders"),
        lambda t: charts.tornado(t["sensitivity"]),
        lambda t: charts.curve(t["curve"], "rodriguez_decision"),
        lambda t: charts.grid(t["grid"]),
        lambda t: charts.inquiry(t["inquiry"]),
        lambda t: charts.compare(t["compare"]),
        lambda t: charts.accounts(t["items"], "havana_orders"),
        lambda t: charts.conflicts(t["conflicts"]),
    ],
)
def test_tables_are_left_as_they_were(draw: Callable[[Tables], Axes], tables: Tables) -> None:
    before = {name: table.copy() for name, table in tables.items()}

    draw(tables)

    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, before[name])


@every_width
def test_long_labels_are_wrapped_or_shortened(width: float, tables: Tables) -> None:
    labels = {name: f"{LONG} {i}" for i, name in enumerate(CUBA.scenario.hypotheses)}
    table = tables["compare"].assign(label=list(labels.values()))
    drawn = [
        charts.compare(table, width=width),
        charts.curve(tables["curve"], "rodriguez_decision", labels, width=width),
        charts.impact(
            tables["impact"],
            "havana_orders",
            names=dict.fromkeys(CUBA.scenario.sources, LONG),
            width=width,
        ),
        charts.causes(tables["causes"].assign(label=LONG), width=width),
        charts.had(imagine().assign(label=LONG), width=width),
    ]

    assert [list_faults(axes) for axes in drawn] == [[]] * len(drawn)


def test_labels_are_text_and_never_formulas(tables: Tables) -> None:
    axes = charts.curve(tables["curve"], "left_freely", {"left_freely": r"$\frac{1}{0}$"})

    figure_of(axes).savefig(io.BytesIO(), format="svg")

    assert r"$\frac{1}{0}$" in [text.get_text() for text in axes.texts]


# --- what speaks for and against ---


def test_the_heaviest_report_is_in_the_title_with_its_decibels(tables: Tables) -> None:
    weights = tables["impact"]["shapley", "rodriguez_decision"]

    axes = charts.impact(tables["impact"], "rodriguez_decision")

    heaviest = weights.abs().idxmax()
    assert title_of(axes) == (
        f"Weighs most for “Rodriguez decision”: {heaviest}, +{weights[heaviest]:.1f} dB"
    )


def test_a_report_that_weighs_most_against_is_told_so(tables: Tables) -> None:
    table = tables["impact"].copy()
    table["shapley"] = -table["shapley"]

    axes = charts.impact(table, "rodriguez_decision")

    assert title_of(axes).startswith("Weighs most, and against “Rodriguez decision”: reuters-e")
    assert "−4." in title_of(axes)


@pytest.mark.parametrize("most", [1, 5, 12, 200])
def test_what_is_shown_and_what_is_not_sum_to_the_whole_shift(most: int, tables: Tables) -> None:
    table = tables["impact"]

    told = charts.describe(charts.impact(table, "rodriguez_decision", most=most))

    shown = [float(number.replace("−", "-")) for number in re.findall(r"([+−]?\d+\.\d) dB", told)]
    assert sum(shown) == pytest.approx(
        table.attrs["shift"]["rodriguez_decision"], abs=0.05 * len(shown)
    )


def test_reports_of_one_origin_stand_together_with_those_that_repeat_it(tables: Tables) -> None:
    table, origin = tables["impact"], "reuters-2026-02-21"
    repeats = [origin in own for own in table["report", "origin"][~table["report", "counted"]]]

    told = charts.describe(charts.impact(table, "rodriguez_decision"))

    group = told[told.index(f"From one origin: {origin}") : told.index("From other origins")]
    assert set(re.findall(r"reuters-[a-z]-[a-z-]+", group)) == {
        "reuters-a-leaving", "reuters-b-bodyguards", "reuters-c-dgcim", "reuters-e-her-orders",
    }  # fmt: skip
    assert f"{sum(repeats)} reports repeat it no weight" in group


def test_what_repeats_is_a_hollow_mark_at_nothing(tables: Tables) -> None:
    axes = charts.impact(tables["impact"], "rodriguez_decision")

    hollow = [line for line in axes.lines if line.get_markerfacecolor() == "none"]
    assert len(hollow) == charts.describe(axes).count("no weight")
    assert {float(x) for line in hollow for x in np.asarray(line.get_xdata())} == {0.0}


def test_a_table_by_source_counts_the_reports_of_each(tables: Tables) -> None:
    table = CUBA.impact_by("source")
    heaviest = table["shapley", "havana_orders"].abs().idxmax()

    axes = charts.impact(table, "havana_orders", names=names_of(CUBA))

    number = table["report", "counted"][heaviest]
    assert names_of(CUBA)[heaviest] in title_of(axes)
    assert f"{number} counted report" in " ".join(text.get_text() for text in axes.texts)


def test_infinite_decibels_are_left_out(tables: Tables) -> None:
    table = tables["impact"].copy()
    table.loc["reuters-e-her-orders", ("shapley", "rodriguez_decision")] = np.nan

    told = charts.describe(charts.impact(table, "rodriguez_decision"))

    assert "reuters-e-her-orders" not in told
    assert "nan" not in told


@pytest.mark.parametrize("case", [FIRE.as_of("2020-01-01"), FIRE.without("source:owner")])
def test_a_log_that_weighs_nothing_has_a_chart_that_says_so(case: rivals.Case) -> None:
    table = case.impact()
    table.loc[:, ("report", "counted")] = False

    axes = charts.impact(table, "wiring", labels_of(FIRE))

    assert title_of(axes) == "No report weighs 0.1 dB for “Faulty wiring” or against it"


def test_bars_of_conflict_lie_right_where_items_disagree(tables: Tables) -> None:
    table = tables["conflicts"]

    axes = charts.conflicts(table, most=4)

    ends = [np.asarray(line.get_xdata())[1] for line in axes.lines if line.get_linewidth() == 6]
    nats = table["nats"]
    assert ends == pytest.approx([*nats.iloc[:2], *nats.iloc[-2:]])
    assert (
        title_of(axes) == f"{nats.index[0]} disagrees most with the rest: +{nats.iloc[0]:.2f} nats"
    )


def test_when_nothing_disagrees_the_title_says_so() -> None:
    table = FIRE.conflicts()
    assert (table["nats"] < 0).all()

    axes = charts.conflicts(table)

    assert title_of(axes) == "Nothing disagrees with the rest of the evidence"


def test_evidence_without_conflict_has_a_chart_that_says_so() -> None:
    axes = charts.conflicts(FIRE.as_of("2020-01-01").conflicts())

    assert "Nothing in the evidence" in title_of(axes)


def test_what_accounts_for_a_change_sums_to_it(tables: Tables) -> None:
    table, items = tables["compare"], tables["items"]

    axes = charts.accounts(items, "rodriguez_decision", labels_of(CUBA))

    change = table.loc["rodriguez_decision", "because after"]
    change -= table.loc["rodriguez_decision", "because before"]
    top = items["because", "rodriguez_decision"].abs().idxmax()
    assert title_of(axes).startswith(f"{top} moved “Rodríguez's decision”, as the reason, most")
    assert title_of(axes).endswith(f"of +{100 * change:.1f} in all")


def test_without_effects_a_change_is_accounted_for_in_decibels(tables: Tables) -> None:
    items = tables["items"].drop(columns=["because", "because_error"], level=0)

    axes = charts.accounts(items, "havana_orders")

    assert "dB" in title_of(axes)
    assert "as the reason" not in title_of(axes)


def test_two_cases_that_do_not_differ_have_a_chart_that_says_so() -> None:
    axes = charts.accounts(FIRE.compare(FIRE).attrs["items"], "wiring", labels_of(FIRE))

    assert title_of(axes) == "Nothing that differs moved “Faulty wiring”"


# --- how an answer moves with stated numbers ---


def test_the_widest_swing_comes_first_in_the_tornado(tables: Tables) -> None:
    table = tables["sensitivity"]
    swing = (table["high"] - table["low"]).abs()
    widest = swing.idxmax()

    axes = charts.tornado(table, labels_of(CUBA), most=3)

    ends = sorted([table.loc[widest, "low"], table.loc[widest, "high"]])
    assert title_of(axes) == (
        f"{charts.name_judgement(widest)} moves “Rodríguez's decision” most: "
        f"from {say_percent(ends[0])} to {say_percent(ends[1])}"
    )
    bars = [np.ptp(np.asarray(line.get_xdata())) for line in axes.lines if line.get_lw() == 6]
    widths = [a + b for a, b in zip(bars[::2], bars[1::2], strict=True)]
    assert widths == pytest.approx(swing.nlargest(3).to_list())


def test_solid_is_where_the_number_is_high(tables: Tables) -> None:
    table = tables["sensitivity"].loc[["sources.reuters_ruling_party_insider.reliability"]]

    axes = charts.tornado(table)

    solid, pale = (
        next(x for x in axes.lines if x.get_lw() == 6 and (x.get_alpha() == 1) == full)
        for full in (True, False)
    )
    assert np.asarray(solid.get_xdata())[1] == table["high"].iloc[0]
    assert np.asarray(pale.get_xdata())[1] == table["low"].iloc[0]


def test_each_number_is_shown_as_stated_with_its_place(tables: Tables) -> None:
    path = "sources.reuters_ruling_party_insider.reliability"
    table = tables["sensitivity"]

    texts = [text.get_text() for text in charts.tornado(table).texts]

    assert f"stated {100 * table.loc[path, 'value']:.4g}%, {table.loc[path, 'at']}" in texts


def test_a_certain_answer_is_moved_by_no_number() -> None:
    axes = charts.tornado(CUBA.sensitivity("us_pressure"), labels_of(CUBA))

    assert title_of(axes) == "No single number moves “US pressure” by a point from over 99%"


def test_a_table_in_which_nothing_moves_has_a_chart_that_says_so(tables: Tables) -> None:
    table = tables["sensitivity"].assign(low=0.5, high=0.5)

    assert title_of(charts.tornado(table)) == "No stated number moves “Rodriguez decision”"


def test_a_curve_passes_half_where_the_exact_sensitivity_says() -> None:
    flip = FIRE.sensitivity("wiring").loc[PRIOR, "flip"]
    table = FIRE.curve(PRIOR, "wiring")

    axes = charts.curve(table, "wiring", labels_of(FIRE))

    rings = [line for line in axes.lines if line.get_markerfacecolor() == "none"]
    halves = [r for r in rings if abs(float(np.asarray(r.get_ydata())[0]) - 0.5) < 1e-6]
    assert float(np.asarray(halves[0].get_xdata())[0]) == pytest.approx(flip, abs=2e-4)
    assert f"it passes 50% at {say_percent(flip)}" in charts.describe(axes)


def test_the_title_of_a_curve_tells_of_the_meeting_nearest_to_the_stated_value() -> None:
    t = np.linspace(0, 1, 101)
    table = pd.DataFrame({"wiring": t, "arson": 0.2}, index=pd.Index(t, name="t"))
    table.attrs |= {"value": 0.4, "judgement": PRIOR}
    farther = table.copy()
    farther.attrs["value"] = 0.1

    titles = [title_of(charts.curve(one, "wiring")) for one in (table, farther)]

    name = "“Wiring fault = yes, prior”"
    assert titles[0] == f"“Wiring” is at 50% where {name} is 50%, not 40%"
    assert titles[1] == f"“Wiring” is level with “Arson”, 20%, where {name} is 20%, not 10%"


def test_a_curve_that_meets_nothing_says_where_it_stays() -> None:
    t = np.linspace(0, 1, 11)
    table = pd.DataFrame({"wiring": 0.6 + 0.3 * t, "arson": 0.1}, index=pd.Index(t, name="t"))
    table.attrs |= {"value": 0.4, "judgement": PRIOR}

    title = title_of(charts.curve(table, "wiring"))

    assert title.startswith("“Wiring” stays between 60% and 90%, wherever")


def test_points_at_which_evidence_is_impossible_are_left_out_of_a_curve() -> None:
    t = np.linspace(0, 1, 11)
    table = pd.DataFrame({"wiring": t, "arson": 1 - t}, index=pd.Index(t, name="t"))
    table.attrs |= {"value": 0.4, "judgement": PRIOR}
    table.iloc[0] = np.nan

    axes = charts.curve(table, "wiring")
    nothing = charts.curve(table * np.nan, "wiring")

    assert "At 0% Wiring stands at 10%" in charts.describe(axes)
    assert title_of(nothing) == "The evidence is impossible wherever this number is put"


def test_a_grid_tells_how_often_the_answer_is_above_half(tables: Tables) -> None:
    table = tables["grid"]

    axes = charts.grid(table, labels_of(FIRE))

    share = (table.to_numpy() > 0.5).sum() / table.notna().to_numpy().sum()
    assert title_of(axes) == (
        f"“Faulty wiring” is above 50% in {say_percent(share)} of the pairs of values"
    )
    [cross] = [line for line in axes.lines if line.get_marker() == "+"]
    place = float(np.asarray(cross.get_ydata())[0]), float(np.asarray(cross.get_xdata())[0])
    assert place == table.attrs["values"]


def test_a_grid_says_where_two_numbers_do_not_fit() -> None:
    row = "variables.sprinklers.table[1].then"
    table = FIRE.grid(f"{row}.working", f"{row}.off", "neglect")
    assert table.isna().to_numpy().any()

    axes = charts.grid(table)
    nothing = charts.grid(table * np.nan)

    known = table.to_numpy()[table.notna().to_numpy()]
    assert f"above 50% in {say_percent((known > 0.5).mean())} of the pairs" in title_of(axes)
    assert "cannot be" in [text.get_text() for text in axes.texts]
    assert "nan" not in charts.describe(axes)
    assert title_of(nothing) == "The evidence is impossible wherever these numbers are put"


@pytest.mark.parametrize(("chance", "side"), [(0.8, "above"), (0.2, "below")])
def test_a_grid_of_one_colour_says_on_which_side_of_half_it_lies(
    chance: float, side: str, tables: Tables
) -> None:
    table = tables["grid"] * 0 + chance

    assert f"“Faulty wiring” stays {side} 50%" in title_of(charts.grid(table, labels_of(FIRE)))


# --- what to ask, and what would change our mind ---


def test_what_would_settle_most_comes_first_with_bits_share_and_cost() -> None:
    table = FIRE.inquiry()["variable"]

    axes = charts.inquiry(FIRE.inquiry())

    best = table.iloc[0]
    share = say_percent(best["share_of_entropy"])
    assert title_of(axes) == (
        f"Have the valve examined: it would settle most, {share} of what is open"
    )
    told = charts.describe(axes)
    assert f"(sprinklers, cost 3) {best['bits']:.2f} bits, {share}" in told


def test_little_that_would_be_told_is_not_sold_as_much(tables: Tables) -> None:
    best = tables["inquiry"]["variable", "share_of_entropy"].max()

    title = title_of(charts.inquiry(tables["inquiry"]))

    assert (
        title == f"No answer would tell much: the best settles {say_percent(best)} of what is open"
    )


@pytest.mark.parametrize("share", [np.nan, 0.0])
def test_when_nothing_is_left_to_ask_the_chart_says_so(share: float) -> None:
    table = FIRE.inquiry()
    table["variable", "share_of_entropy"] = share
    table["variable", "bits"] = 0.0

    assert title_of(charts.inquiry(table)).startswith("Nothing that can be found out would tell")


def squares_of(axes: Axes) -> int:
    return sum(line.get_marker() == "s" for line in axes.lines)


def test_a_square_stands_for_each_report_or_origin_to_leave_out() -> None:
    found = FIRE.turning_points()

    axes = charts.turning_points(found, labels_of(FIRE))

    assert squares_of(axes) == found.sets["size"].sum() + found.origins["size"].sum() > 0
    assert title_of(axes) == "Without 2 reports “Dead sprinklers” would lead, not “Faulty wiring”"
    assert all(name in charts.describe(axes) for name in found.sets["reports"].iloc[0])


def test_a_set_that_was_found_greedily_is_told_so() -> None:
    found = FIRE.turning_points()
    found = replace(found, sets=found.sets.assign(how="greedy"))

    title = title_of(charts.turning_points(found, labels_of(FIRE)))

    assert title.startswith("Without 2 reports, perhaps fewer, “Dead sprinklers” would lead")


def test_when_no_set_changes_the_lead_the_title_says_how_far_was_searched() -> None:
    found = FIRE.turning_points()
    found = replace(found, sets=found.sets.iloc[:0], origins=found.origins.iloc[:0])

    axes = charts.turning_points(found, labels_of(FIRE))

    assert title_of(axes) == (
        "No set of up to 10 reports that was tried changes who leads: “Faulty wiring”"
    )
    assert squares_of(axes) == 0


def test_more_sets_than_there_is_room_for_are_counted() -> None:
    found = FIRE.turning_points()
    many = found.sets.loc[found.sets.index.repeat(7)]

    told = charts.describe(charts.turning_points(replace(found, sets=many), labels_of(FIRE)))

    assert "2 other sets of as many" in told


def test_a_source_that_could_change_the_lead_is_shown_where_it_would_have_to_fall() -> None:
    found = FIRE.turning_points()
    sources = found.sources.assign(falls_to=0.25, leader="arson")

    axes = charts.turning_points(replace(found, sources=sources), labels_of(FIRE))

    assert "The owner 50% to 25% then Arson is level" in charts.describe(axes)
    dots = {
        float(np.asarray(line.get_xdata())[0]) for line in axes.lines if line.get_marker() == "o"
    }
    assert dots == {0.5, 0.25}


# --- what was and what is ---


def test_what_moved_most_is_in_the_title(tables: Tables) -> None:
    table = tables["compare"]
    moved = (table["because after"] - table["because before"]).abs().idxmax()

    title = title_of(charts.compare(table))

    ends = [say_percent(table.loc[moved, f"because {end}"]) for end in ("before", "after")]
    way = (
        "rose" if table.loc[moved, "because after"] > table.loc[moved, "because before"] else "fell"
    )
    label = table.loc[moved, "label"]
    assert title == f"“{label}”, as the reason, {way} most: from {ends[0]} to {ends[1]}"


def test_without_effects_presence_is_compared(tables: Tables) -> None:
    table = tables["compare"].drop(columns=["because before", "because after"])

    told = charts.describe(charts.compare(table))

    first = table.iloc[0]
    assert "as the reason" not in told
    assert say_percent(first["after"]) in told


def test_a_case_beside_itself_has_not_moved() -> None:
    table = FIRE.compare(FIRE)

    assert title_of(charts.compare(table)) == "Nothing moved by as much as a point"
    assert "in common" in title_of(charts.compare(table.iloc[:0]))


def test_what_would_have_been_stands_under_headings_with_effects_in_the_title() -> None:
    axes = charts.had(imagine())

    assert title_of(axes) == "Had arson been no, “The warehouse burnt” would stand at 93%, not 100%"
    texts = [text.get_text() for text in axes.texts]
    assert {"What is to be explained", "Explanations", "What may follow"} <= set(texts)


def test_an_effect_that_would_not_have_moved_leaves_the_title_to_the_outcomes() -> None:
    table = imagine(arson="no", sprinklers="working")
    table.loc[("effect", "fire"), "had"] = 1.0

    title = title_of(charts.had(table))

    assert title == (
        "Had arson been no and sprinklers been working, “The insurer pays” would stand at 62%, "
        "not 55%"
    )


def test_what_is_not_defined_is_left_out_of_what_would_have_been() -> None:
    table = imagine()
    table.loc[("hypothesis", "wiring"), "had"] = np.nan

    told = charts.describe(charts.had(table))

    assert "Faulty wiring" not in told
    assert "nothing that could" in title_of(charts.had(table.assign(had=np.nan))).lower()


def test_forecasts_that_came_true_as_often_as_was_said_lie_on_the_diagonal() -> None:
    table = forecast([0.25] * 4 + [0.75] * 4, [True, False, False, False] + [True] * 3 + [False])

    axes = charts.calibration(table)

    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert [float(np.asarray(d.get_xdata())[0]) for d in dots] == [0.25, 0.75]
    assert [float(np.asarray(d.get_ydata())[0]) for d in dots] == [0.25, 0.75]
    assert title_of(axes) == "On average 50% was given and 50% happened, in 8 forecasts"


def test_what_was_given_lies_to_the_right_and_what_happened_upwards() -> None:
    axes = charts.calibration(forecast([0.1, 0.1, 0.6], [False, False, True]))

    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert [float(np.asarray(d.get_xdata())[0]) for d in dots] == pytest.approx([0.1, 0.6])
    assert [float(np.asarray(d.get_ydata())[0]) for d in dots] == [0.0, 1.0]
    assert title_of(axes) == "On average 27% was given and 33% happened, in 3 forecasts"


def test_where_forecasts_come_from_is_told_and_never_called_skill() -> None:
    table = forecast([0.25, 0.9], [False, True])
    table.attrs["kind"] = "today's model, retrospective"

    axes = charts.calibration(table)

    assert title_of(axes).endswith("(today's model, retrospective)")
    assert "skill" not in title_of(axes) + charts.describe(axes)


def test_without_settled_forecasts_the_chart_says_so() -> None:
    assert title_of(charts.calibration(forecast([], []))) == "No forecast has been settled yet"


def test_bounds_are_a_frame_around_each_cause_and_named_once(tables: Tables) -> None:
    table = tables["causes"]
    bounds = bound(table)

    axes = charts.causes(table, bounds)

    frames = [line for line in axes.lines if len(np.asarray(line.get_xdata())) == 5]
    drawn = sorted((min(f.get_xdata()), max(f.get_xdata())) for f in frames)  # type: ignore[type-var]
    expected = sorted(zip(bounds["lowest"], bounds["highest"], strict=True))
    assert np.array(drawn) == pytest.approx(np.array(expected))
    first = bounds.loc["security_leave"].loc["rodriguez_decision"]
    ends = say_range(first["lowest"], first["highest"])
    assert f"under any coupling {ends}" in charts.describe(axes)
    texts = [text.get_text() for text in axes.texts]
    assert sum("any coupling" in text for text in texts) == 1
    assert not any("coupling" in t.get_text() for t in charts.causes(table).texts)


def test_bounds_that_settle_a_cause_draw_no_frame(tables: Tables) -> None:
    table = tables["causes"]
    bounds = bound(table)
    bounds.iloc[:2, bounds.columns.get_indexer(["lowest", "highest"])] = 0.5
    settled = bounds.assign(lowest=table["because"], highest=table["because"])

    some, none = (charts.causes(table, one) for one in (bounds, settled))

    frames = [sum(len(np.asarray(x.get_xdata())) == 5 for x in a.lines) for a in (some, none)]
    assert frames == [len(table) - 2, 0]
    said = [[t.get_text() for t in a.texts if "any coupling" in t.get_text()] for a in (some, none)]
    assert said == [
        ["frame: under any coupling of the tables' rows"],
        ["the same under any coupling of the tables' rows"],
    ]


# --- what charts are made of ---


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("variables.raid.prior.yes", "Raid = yes, prior"),
        ("variables.fire.noisy_or.leak", "Fire, leak"),
        ("variables.fire.noisy_or.causes.arson", "Arson → fire"),
        ("variables.recall.noisy_or.causes.oil_cut.stopped", "Oil cut = stopped → recall"),
        ("variables.orders.noisy_max.leak.none", "Orders = none, leak"),
        ("variables.orders.noisy_max.causes.motive.yes.all", "Motive = yes → orders = all"),
        ("variables.spread.table[0].then.hall", "Spread = hall, row 1 of its table"),
        ("settings.fidelity.relayed", "Fidelity of relayed claims"),
        ("settings.accuracy", "Accuracy"),
        ("sources.owner.reliability", "Reliability of owner"),
    ],
)
def test_a_stated_number_has_a_name_that_can_be_read(path: str, name: str) -> None:
    assert charts.name_judgement(path) == name


def test_every_stated_number_of_a_scenario_has_a_name_of_its_own() -> None:
    paths = CUBA.sensitivity("us_pressure").index

    assert len({charts.name_judgement(path) for path in paths}) == len(paths)


@pytest.mark.parametrize("seed", range(20))
def test_a_scale_holds_all_values_between_round_numbers(seed: int) -> None:
    values = np.random.default_rng(seed).normal(0, 10.0 ** (seed % 7 - 3), 5).tolist()

    scale = span(values, str)

    assert scale.low <= min(values) < max(values) <= scale.high
    assert len(scale.ticks) <= 6
    step = scale.ticks[1][0] - scale.ticks[0][0]
    assert f"{step:.0e}"[0] in "125"


@pytest.mark.parametrize("values", [[0.0], [1.0], [0.5], [0.999, 1.0], [0.0, 1.0], [0.02, 0.03]])
def test_a_scale_of_chances_is_ten_points_wide_and_stays_within_certainty(
    values: list[float],
) -> None:
    scale = span_percent(values)

    assert 0 <= scale.low <= min(values) <= max(values) <= scale.high <= 1
    assert scale.high - scale.low >= 0.1 - 1e-9


@pytest.mark.parametrize("seed", range(10))
def test_labels_are_moved_apart_in_their_order(seed: int) -> None:
    random = np.random.default_rng(seed)
    wanted, sizes = random.random(6), random.uniform(0.05, 0.15, 6)

    places = np.array(move_apart(wanted.tolist(), sizes.tolist(), 0, 1))

    order = np.argsort(wanted)
    gaps = np.diff(places[order]) - (sizes[order][1:] + sizes[order][:-1]) / 2
    assert (gaps >= -1e-9).all()
    assert (places - sizes / 2 >= -1e-9).all()
    assert (places + sizes / 2 <= 1 + 1e-9).all()


def test_turning_points_are_drawn_where_no_source_is_heard() -> None:
    found = rivals.read("tests/published/dna-and-witness").turning_points()

    axes = charts.turning_points(found)

    assert found.sources.index.names == ["source", "topic"]
    assert charts.describe(axes)


def test_a_bar_as_wide_as_rounding_is_not_drawn() -> None:
    table = rivals.read("scenarios/warehouse-fire").sensitivity()
    table["low"] = table["high"] = table.attrs["chance"]
    table.loc[table.index[0], "high"] += 1e-15

    assert "no stated number moves" in charts.describe(charts.tornado(table))
