"""The live panel as its reader meets it: the same numbers as Python, whatever is changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

import rivals
from browser.panels import act, draw_actions, miss, write_page
from conftest import BUDGET
from generate import seeded
from rivals import explorer
from rivals.case import Case
from rivals.errors import ImpossibleEvidence
from rivals.words import word_for

ROOT = Path(__file__).parents[2]
NEAR = 1e-9
MADE = [(seed, explained) for seed in (0, 4, 9, 12, 20, 22) for explained in (False, True)]
MANY = 200 if BUDGET == "full" else 60  # actions at a past moment
UNFOLD = "document.querySelectorAll('details').forEach(d => { d.open = true })"

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def warehouse() -> Case:
    """The teaching case."""
    return rivals.read(ROOT / "scenarios" / "warehouse-fire")


@pytest.fixture(scope="session")
def real() -> Case:
    """The project's own case."""
    return rivals.read(ROOT / "scenarios" / "cuba-venezuela")


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the page's console and its errors say."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text))
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def show(page: Page, tmp_path: Path, complaints: list[str]) -> Iterator[Open]:
    """Opens a file with the panels of some cases; at the end nothing may have complained."""

    def open_page(*cases: Case, fragment: str = "") -> Page:
        path = tmp_path / "panel.html"
        path.write_text(write_page(*map(explorer.explore, cases)), "utf-8")
        page.goto("about:blank")
        page.goto(path.as_uri() + fragment)
        return page

    yield open_page
    assert complaints == []


def stand(page: Page) -> dict[str, Any]:
    """What the panel stands at, nothing changed."""
    return act(page, [("none", 0, None)])[0]


# --- the numbers ---


@pytest.mark.parametrize(("moment", "actions"), [("2026-02-22", MANY), (None, 200)])
def test_random_actions_on_the_real_case_give_python_s_numbers(
    show: Open,
    real: Case,
    moment: str | None,
    actions: int,
    record_property: Callable[[str, object], None],
) -> None:
    case = real.as_of(moment)
    page = show(case)

    states = act(page, draw_actions(page, 5, actions))

    errors = [miss(case, state) for state in states]
    record_property("largest error: panel", (max(errors), f"cuba-venezuela {moment}"))
    assert max(errors) < NEAR
    assert len({str(state["answer"]["present"]) for state in states}) > actions / 2


def test_40_random_actions_on_the_warehouse_give_python_s_numbers(
    show: Open, warehouse: Case, record_property: Callable[[str, object], None]
) -> None:
    page = show(warehouse)

    states = act(page, draw_actions(page, 6, 40))

    errors = [miss(warehouse, state) for state in states]
    record_property("largest error: panel", (max(errors), "warehouse-fire"))
    assert max(errors) < NEAR


@pytest.mark.parametrize(("seed", "explained"), MADE)
def test_40_random_actions_on_made_scenarios_give_python_s_numbers(
    show: Open,
    tmp_path: Path,
    seed: int,
    explained: bool,
    record_property: Callable[[str, object], None],
) -> None:
    made = seeded(seed, explained=explained)
    case = rivals.read(made.write(tmp_path / "made")).as_of(made.as_of).without(*made.without)
    case = case.given(**made.given).do(**made.do)
    page = show(case)

    states = act(page, draw_actions(page, seed, 40))

    errors = [miss(case, state) for state in states]
    record_property("largest error: panel", (max(errors), f"seed {seed}, {explained}"))
    assert max(errors) < NEAR
    assert not any(re.search("NaN|undefined|Infinity", state["shown"]) for state in states)


def test_some_of_the_made_scenarios_have_what_ifs_of_each_kind() -> None:
    made = [seeded(seed, explained=explained) for seed, explained in MADE]

    assert any(one.given for one in made)
    assert any(one.do for one in made)
    assert any(one.as_of for one in made)


def test_numbers_too_far_apart_for_floating_point_are_done_in_logarithms(
    show: Open, tmp_path: Path
) -> None:
    folder = tmp_path / "quarrel"
    folder.mkdir()
    sources = "".join(f"  s{i}: {{reliability: 0.9999}}\n" for i in range(200))
    (folder / "scenario.yaml").write_text(
        "title: T\nquestion: Q\nhypotheses: {h: h=yes, g: g=yes}\nvariables:\n"
        "  h: {prior: {yes: 0.3}}\n  g: {prior: {yes: 0.2}}\n"
        "settings: {accuracy: 0.9999, fidelity: {relayed: 0.9999}}\nsources:\n" + sources,
        "utf-8",
    )
    said = ["yes"] * 101 + ["no"] * 99
    (folder / "reports.yaml").write_text(
        "".join(
            f"- {{id: r{i}, published: 2026-01-01, source: s{i}, claims: {{h: {state}}}}}\n"
            for i, state in enumerate(said)
        ),
        "utf-8",
    )
    case = rivals.read(folder)

    page = show(case)

    assert miss(case, stand(page)) < NEAR
    states = act(page, [("switch", i, None) for i in (1, 2, 150)])
    assert max(miss(case, state) for state in states) < NEAR
    assert states[0]["answer"]["present"] != states[1]["answer"]["present"]
    assert page.evaluate("document.querySelector('.rivals-panel').panel.evaluator.inLogs")


def test_what_is_read_is_what_was_computed(show: Open, real: Case) -> None:
    page = show(real)
    causes = real.causes(draws=0).loc[real.effect]

    bars = page.locator(".rp-results .rp-beliefs li")

    assert bars.count() == len(causes)
    for i, (_, row) in enumerate(causes.sort_values("because", ascending=False).iterrows()):
        text = bars.nth(i).inner_text()
        assert text.startswith(row["label"])
        assert text.count(f"{100 * row['because']:.1f}%") == 2  # now, and published
        assert word_for(row["because"], real.scenario.settings.scale) in text
        tick = bars.nth(i).locator(".rp-tick").last
        assert tick.evaluate("e => parseFloat(e.style.left)") == pytest.approx(
            100 * row["because"], abs=1e-3
        )


THREE = """
title: T
question: Q
hypotheses: {first: a=x, second: a=y}
variables: {a: {states: [x, y, z], prior: {x: 0.2, y: 0.3, z: 0.5}}}
"""


def test_numbers_of_one_distribution_move_together_while_they_fit(
    show: Open, tmp_path: Path
) -> None:
    folder = tmp_path / "three"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(THREE, "utf-8")
    (folder / "reports.yaml").write_text("", "utf-8")
    page = show(rivals.read(folder))

    together, too_much = act(page, [("number", 0, "60"), ("number", 1, "30"), ("number", 1, "70")])[
        1:
    ]

    assert together["answer"]["present"] == pytest.approx([0.6, 0.3])
    assert too_much["answer"]["present"] == pytest.approx([0.3 * 0.2 / 0.7, 0.7])
    shown = page.locator("input[type=number]").evaluate_all("all => all.map(e => e.value)")
    assert shown[:2] == ["8.57", "70"]


def test_a_switch_of_an_origin_or_a_source_works_on_all_its_reports(show: Open, real: Case) -> None:
    page = show(real)
    page.evaluate(UNFOLD)
    counted = real.evidence.counted
    most = max((o for s in counted for o in s.report.origin or ()), key=lambda o: sum(
        o in (s.report.origin or ()) for s in counted))  # fmt: skip
    source = next(s.report.source for s in counted if s.report.source)

    page.get_by_role("checkbox", name=f"Origin: {most}").uncheck()
    without_origin = stand(page)
    page.get_by_role("checkbox", name=f"Origin: {most}").check()
    page.get_by_role("group", name=real.scenario.sources[source].name, exact=True).get_by_role(
        "checkbox"
    ).uncheck()

    for state, name in ((without_origin, f"origin:{most}"), (stand(page), f"source:{source}")):
        expected = real.without(name).beliefs(draws=0)["posterior"]
        assert np.allclose(state["answer"]["present"], expected, rtol=0, atol=NEAR)


# --- going back, and handing it on ---


def test_reset_gives_the_published_numbers(show: Open, real: Case) -> None:
    page = show(real)
    before = stand(page)["answer"]

    act(page, draw_actions(page, 8, 30))
    page.get_by_role("button", name="Reset").click()

    after = stand(page)["answer"]
    for what in ("present", "because", "combinations"):
        assert np.allclose(after[what], before[what], rtol=0, atol=1e-12)
    assert page.locator(".rp-changed").count() == 0


def test_a_link_carries_the_whole_state(show: Open, real: Case) -> None:
    page = show(real)
    act(page, draw_actions(page, 9, 60))
    before = stand(page)
    page.get_by_role("button", name="Copy link").click()
    link = page.get_by_label("Link to this state").input_value()

    page = show(real, fragment="#" + link.split("#")[1])

    after = stand(page)
    assert link.startswith("file:")
    assert any(not on for on in before["heard"])
    assert before["moved"]
    assert before["imposed"]
    for what in ("heard", "relied", "answer"):
        assert after[what] == before[what]
    assert sorted(map(str, after["moved"])) == sorted(map(str, before["moved"]))
    assert sorted(after["imposed"]) == sorted(before["imposed"])


def test_a_link_followed_on_the_open_page_is_obeyed(show: Open, warehouse: Case) -> None:
    page = show(warehouse)
    key = page.evaluate("document.querySelector('.rivals-panel').panel.model.key")

    page.evaluate(f"location.hash = '#rivals={key}&off=0'")

    expect(page.get_by_text("Reports 1 of 3 left out")).to_be_visible()
    assert not stand(page)["heard"][0]


NOT_WELL = [
    "rivals=KEY&off=99",
    "rivals=KEY&off=-1",
    "rivals=KEY&off=1e0",
    "rivals=KEY&off=0:1",
    "rivals=KEY&trust=0:1.5",
    "rivals=KEY&trust=0",
    "rivals=KEY&trust=0:0.5,9:0.5",
    "rivals=KEY&trust=0:NaN",
    "rivals=KEY&move=0:1:0.7,0:0:0.7",
    "rivals=KEY&move=2:7:0.5",
    "rivals=KEY&do=0:5",
    "rivals=KEY&do=x:0",
    "rivals=KEY&off=0&off=1",
    "rivals=KEY&off=0&more=1",
    "rivals=000000000000&off=0",
    "rivals=KEY&off=0=1",
    "off=0",
    "%E0%A4%A",
    "rivals=KEY&__proto__=0",
]


def test_a_fragment_that_is_not_whole_and_well_is_ignored(show: Open, warehouse: Case) -> None:
    page = show(warehouse)
    before = stand(page)
    key = page.evaluate("document.querySelector('.rivals-panel').panel.model.key")

    heeded = [
        fragment
        for fragment in NOT_WELL
        if stand(show(warehouse, fragment="#" + fragment.replace("KEY", key))) != before
    ]

    assert heeded == []


# --- the page ---


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    """What the reader prefers."""
    return str(request.param)


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["page", "telephone"])
def test_axe_finds_nothing_wrong_with_all_of_it_unfolded(
    browser: Browser, real: Case, scheme: str, size: tuple[int, int]
) -> None:
    view: Any = {"width": size[0], "height": size[1]}
    with browser.new_context(color_scheme=scheme, viewport=view) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.set_content(write_page(explorer.explore(real)))
        page.evaluate(UNFOLD)
        act(page, draw_actions(page, 4, 30))
        page.get_by_role("button", name="Copy link").click()

        contrast = {"enabled": BUDGET == "full" or size[0] > 1000}  # slow, and of colours only
        options = {"resultTypes": ["violations"], "rules": {"color-contrast": contrast}}
        violations = Axe().run(page, options=options).response["violations"]

        assert page.locator("input").count() > 200  # an empty page has no violations either
        assert [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in violations] == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_every_control_has_a_name_of_its_own(show: Open, warehouse: Case) -> None:
    page = show(warehouse)
    page.evaluate(UNFOLD)

    names = page.locator(".rivals-panel :is(input:not([readonly]), select)").evaluate_all(
        "all => all.map(e => e.getAttribute('aria-label') || e.labels[0].textContent.trim())"
    )

    assert len(names) > 20
    assert all(names)
    assert len(set(names)) == len(names)


def test_all_of_it_can_be_done_from_the_keyboard(show: Open, warehouse: Case) -> None:
    page = show(warehouse)
    start = stand(page)

    def seek(wanted: str) -> None:
        for _ in range(200):
            page.keyboard.press("Tab")
            if page.evaluate(f"document.activeElement.matches({wanted!r})"):
                ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert ring != "none", wanted
                return
        pytest.fail(f"the keyboard does not reach {wanted}")

    for i in range(4):
        seek("summary")
        if i > 0:  # the first group is open
            page.keyboard.press("Enter")
    page.evaluate("document.activeElement.blur()")
    page.evaluate("scrollTo(0, 0)")
    page.locator("h1").click()
    seek("input[type=checkbox]")
    page.keyboard.press("Space")
    assert not any(stand(page)["heard"])
    seek("input[type=range]")
    page.keyboard.press("ArrowRight")
    assert any(chance is not None for chance in stand(page)["relied"])
    seek("input[type=number]")
    page.keyboard.press("Control+A")
    page.keyboard.type("12.5")
    assert 0.125 in stand(page)["relied"]
    seek("button")  # the way back to what was stated
    page.keyboard.press("Enter")
    assert all(chance is None for chance in stand(page)["relied"])
    assert page.evaluate("document.activeElement.type") == "range"
    page.locator("h1").click()
    seek("button")
    page.keyboard.press("Enter")
    assert stand(page)["heard"] == start["heard"]


def test_a_focused_control_is_not_hidden_under_the_results(show: Open, real: Case) -> None:
    page = show(real)
    page.evaluate(UNFOLD)
    page.locator("select").last.focus()

    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        hidden = page.evaluate(
            "(() => { const box = document.activeElement.getBoundingClientRect();"
            "const results = document.querySelector('.rp-results').getBoundingClientRect();"
            "return results.bottom - box.bottom; })()"
        )
        assert hidden < 0


def test_the_leader_is_read_out_once_the_reader_pauses(show: Open, warehouse: Case) -> None:
    page = show(warehouse)
    live = page.locator("[aria-live=polite]")
    expect(live).to_have_text(page.locator(".rp-lead").inner_text())
    before = live.text_content()

    act(page, [("number", 0, "90"), ("number", 0, "95")])
    at_once = live.text_content()

    expect(live).not_to_have_text(str(before))
    assert at_once == before
    assert live.text_content() == page.locator(".rp-lead").text_content()


def test_what_cannot_be_is_said_in_words_with_the_report_at_fault(
    show: Open, warehouse: Case
) -> None:
    page = show(warehouse)
    page.get_by_text("Set by hand").click()
    with pytest.raises(ImpossibleEvidence) as error:
        _ = warehouse.do(ignition="no").network

    page.get_by_label("Did anything in the hall catch fire").select_option("no")

    assert page.locator(".rp-trouble").is_visible()
    assert f"“{error.value.report}”" in page.locator(".rp-trouble").inner_text()
    assert "NaN" not in page.locator("main").inner_text()
    assert page.locator(".rp-results .rp-word").all_inner_texts() == ["not defined"] * 3
    page.get_by_label("Did anything in the hall catch fire").select_option("")
    assert not page.locator(".rp-trouble").is_visible()
    assert miss(warehouse, stand(page)) < NEAR


def test_two_panels_on_a_page_mind_their_own_business(
    show: Open, warehouse: Case, real: Case
) -> None:
    page = show(warehouse, real, warehouse)

    act(page, draw_actions(page, 2, 10))

    assert page.locator(".rivals-panel[data-live]").count() == 3
    changed = "e => e.querySelectorAll('.rp-changed').length"
    assert [page.locator(".rivals-panel").nth(i).evaluate(changed) > 0 for i in range(3)] == [
        True,
        False,
        False,
    ]
    ids = page.evaluate("[...document.querySelectorAll('.rivals-panel [id]')].length")
    assert ids == 0


def test_a_notebook_that_puts_scripts_in_afresh_starts_it(page: Page, warehouse: Case) -> None:
    page.set_content("<!doctype html><title>Lab</title><main></main>")

    page.evaluate(
        """(markup) => {  // as JupyterLab's renderer does
          const host = document.createElement('div');
          host.innerHTML = markup;
          for (const old of [...host.querySelectorAll('script')]) {
            const fresh = document.createElement('script');
            for (const {name, value} of old.attributes) fresh.setAttribute(name, value);
            fresh.textContent = old.textContent;
            old.replaceWith(fresh);
          }
          document.querySelector('main').append(host);
        }""",
        explorer.explore(warehouse).html,
    )

    assert miss(warehouse, stand(page)) < NEAR


def test_without_javascript_it_says_that_the_figures_stand(
    browser: Browser, warehouse: Case
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.set_content(write_page(explorer.explore(warehouse)))

        assert page.locator(".rivals-panel").inner_text() == (
            "This panel computes in the page, with JavaScript, which does not run here. "
            "The figures above stand as published."
        )
        assert page.locator("input:visible, button:visible").count() == 0


HOSTILE = """
title: "</script><script>document.title='gone'</script>"
question: Q
effects: {e: {claim: b=yes, label: "<img src=x onerror=document.title='gone'>"}}
hypotheses:
  h: {claim: a=yes, label: "</script><b>bold</b>"}
  g: {claim: c=yes, label: "a\\u202Eb ${document.title='gone'} \\u2028 class=\\"dataframe\\""}
variables:
  a: {ask: "</title><i>?</i>", prior: {yes: 0.2}}
  c: {ask: "<!--<script>", states: ["<u>no</u>", "yes"], prior: {yes: 0.4}}
  b: {noisy_or: {leak: 0.1, causes: {a: 0.5, c: 0.6}}}
  __proto__: {prior: {yes: 0.5}}
sources:
  s: {name: "<script>document.title='gone'</script>", grade: B}
"""
HOSTILE_LOG = """
- id: "</script>"
  published: 2026-01-01
  source: s
  summary: "</script><script>document.title='gone'</script> --> <svg onload=document.title='gone'>"
  origin: ["<o>", "__proto__"]
  claims: {a: yes}
- {id: constructor, published: 2026-01-02, source: s, origin: ["__proto__"], claims: {c: yes}}
"""


def test_what_a_hostile_scenario_says_is_shown_as_text(show: Open, tmp_path: Path) -> None:
    folder = tmp_path / "hostile"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(HOSTILE, "utf-8")
    (folder / "reports.yaml").write_text(HOSTILE_LOG, "utf-8")
    case = rivals.read(folder)

    page = show(case)
    page.evaluate(UNFOLD)

    text = page.locator(".rp-body").inner_text()
    assert page.title() == "Panels"
    assert "</script><b>bold</b>" in text
    assert "a⟨U+202E⟩b ${document.title='gone'} ⟨U+2028⟩" in text
    assert "--> <svg onload=document.title='gone'>" in text
    assert page.locator(".rp-body :is(script, img, svg, u, b:not(.rp-tick), o)").count() == 0
    states = act(page, draw_actions(page, 1, 30))
    assert max(miss(case, state) for state in states) < NEAR


# --- how fast ---


TIME = """
async (count) => {
  const panel = document.querySelector('.rivals-panel').panel;
  const controls = [
    ...panel.switches.map(one => () => one.box.click()),
    ...panel.dials.map((one, i) => () => {
      one.slider.value = String((37 * i) % 100);
      one.slider.dispatchEvent(new Event('input', {bubbles: true}));
    }),
    ...panel.choices.map(one => () => {
      one.select.selectedIndex = (one.select.selectedIndex + 1) % one.select.options.length;
      one.select.dispatchEvent(new Event('change', {bubbles: true}));
    }),
  ];
  const times = [];
  for (let i = 0; i < count; i++) {
    times.push(await new Promise(done => requestAnimationFrame(() => {
      const start = performance.now();
      controls[(i * 17) % controls.length]();
      const handled = performance.now() - start;
      const channel = new MessageChannel();  // comes after the frame is written
      channel.port1.onmessage = () => done([handled, performance.now() - start]);
      channel.port2.postMessage(0);
    })));
  }
  return times;
}
"""


def test_one_change_to_the_real_case_is_on_the_page_within_a_frame(
    show: Open, real: Case, record_property: Callable[[str, object], None]
) -> None:
    page = show(real)
    page.evaluate(UNFOLD)
    page.evaluate(TIME, 20)

    times = page.evaluate(TIME, 150)

    handled, written = median(t[0] for t in times), median(t[1] for t in times)
    record_property("median update in ms", (handled, written))
    print(f"median update: {handled:.1f} ms handled, {written:.1f} ms written")
    assert written < 16
