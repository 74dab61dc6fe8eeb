"""Briefings as their reader meets them: in a browser without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from conftest import BUDGET

REAL = "cuba-venezuela"
NAMES = ("warehouse-fire", REAL)
PAGE, TELEPHONE = (1280, 900), (390, 844)
WIDE = {"width": PAGE[0], "height": PAGE[1]}
VIEWS = list(product(NAMES, ("light", "dark"), (PAGE, TELEPHONE)))
LOOKED_AT = [view for view in VIEWS if BUDGET == "full" or view[:2] != (REAL, "dark")]


@pytest.fixture(scope="session")
def addresses(briefed: Callable[[str], Path]) -> dict[str, str]:
    """The address of the briefing on each of two scenarios of the project."""
    return {name: briefed(name).as_uri() for name in NAMES}


@pytest.fixture(params=NAMES)
def address(request: pytest.FixtureRequest, addresses: dict[str, str]) -> str:
    """Each of them in turn."""
    return addresses[request.param]


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    """What the reader prefers."""
    return str(request.param)


@pytest.fixture(params=[PAGE, TELEPHONE], ids=["page", "telephone"])
def reader(request: pytest.FixtureRequest, browser: Browser, scheme: str) -> Iterator[Page]:
    """An empty page of a width and a colour scheme."""
    width, height = request.param
    with browser.new_context(
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": width, "height": height},
    ) as context:
        yield context.new_page()


@pytest.mark.parametrize(
    ("address", "scheme", "reader"),
    LOOKED_AT,
    indirect=True,
    ids=lambda value: {PAGE: "page", TELEPHONE: "telephone"}.get(value, value),
)
def test_axe_finds_nothing_wrong_with_all_of_it_unfolded(
    reader: Page, address: str, *, full_budget: bool
) -> None:
    """The small case has all kinds of what stands on a page, and is looked at in full each time.

    The contrasts of the real case take twenty seconds: where time is short, they are seen once.
    What else axe looks at is the same in every colour.
    """
    reader.goto(address)
    reader.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")

    contrast = full_budget or REAL not in address or reader.viewport_size == WIDE
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": contrast}}}
    violations = Axe().run(reader, options=options).response["violations"]

    assert reader.locator("svg[role=img]").count() > 20  # an empty page has no violations either
    assert [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in violations] == []


def test_the_page_is_never_wider_than_the_screen(reader: Page, address: str) -> None:
    reader.goto(address)
    reader.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")

    assert reader.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_nothing_is_asked_of_anybody_and_nothing_complains(page: Page, address: str) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(address, wait_until="networkidle")

    assert asked == [address]
    assert complaints == []


def test_the_first_screen_answers_what_how_likely_how_sure_what_changed_and_why(
    reader: Page, address: str
) -> None:
    reader.goto(address)
    width, height = reader.viewport_size.values()  # type: ignore[union-attr]

    screens = 1 if width == PAGE[0] else 2
    for part in (".leader", ".big", ".word", ".range", ".confidence", ".changed p", ".why li"):
        box = reader.locator(f".answer {part}").last.bounding_box()
        assert box, part
        assert box["y"] + box["height"] <= screens * height, part


def test_contents_lead_to_their_sections(page: Page, address: str) -> None:
    page.goto(address)
    links = page.locator("nav a")

    sections = 16 + ("warehouse-fire" in address)  # which has analysts
    assert links.count() == page.locator("main h2").count() == sections
    for i in range(links.count()):
        links.nth(i).click()
        target = page.locator(":target")
        assert target.locator("h2").first.inner_text() == links.nth(i).inner_text()


def test_contents_are_folded_on_a_telephone_and_one_tap_away_everywhere(
    browser: Browser, address: str
) -> None:
    width, height = TELEPHONE
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        page = context.new_page()
        page.goto(f"{address}#method-and-reproduction")
        last = page.locator("nav a").last
        folded = last.is_visible()
        page.locator("a.back").click()

        assert not folded
        assert last.is_visible()
        assert page.locator("nav a").first.bounding_box()["y"] < height  # type: ignore[index]


def test_without_javascript_the_page_is_whole_but_for_the_panel(
    browser: Browser, address: str
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address)

        still = page.locator(".rp-still")
        assert "The figures above stand as published." in still.inner_text()
        assert still.is_visible()
        assert not page.locator(".rp-body").is_visible()
        assert page.locator(".answer .big").inner_text().endswith("%")
        assert page.locator(".picture.wide svg").count() > 12


def test_the_panel_runs_in_the_page_and_starts_from_the_published_answer(
    page: Page, address: str
) -> None:
    page.goto(address)

    published = page.locator(".answer .leader").inner_text()
    assert published in page.locator(".rp-lead").first.inner_text()
    before = page.locator(".rp-now").first.inner_text()
    page.locator(".rp-group", has_text="Reports").locator("summary").first.click()
    page.locator(".rp-group", has_text="Reports").locator("input[type=checkbox]").first.click()
    assert page.locator(".rp-now").first.inner_text() != before


def test_the_first_stop_of_the_keyboard_skips_to_the_content(page: Page, address: str) -> None:
    page.goto(address)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_link_to_a_report_opens_the_month_that_it_lies_in(page: Page, address: str) -> None:
    page.goto(address)
    link = page.locator(".lettered a").first

    link.click()

    assert page.locator(":target").is_visible()


def test_boxes_that_scroll_can_be_reached_by_keyboard_and_have_a_name(
    page: Page, address: str
) -> None:
    page.goto(address)

    boxes = page.locator(".scroll").evaluate_all("all => all.map(e => [e.tabIndex, e.ariaLabel])")

    assert len(boxes) > 2
    assert [index for index, name in boxes if index != 0 or not name] == []


def test_charts_change_their_ink_with_the_reader_s_colours(browser: Browser, address: str) -> None:
    inks = []
    for scheme in ("light", "dark"):
        with browser.new_context(color_scheme=scheme) as context:  # type: ignore[arg-type]
            page = context.new_page()
            page.goto(address)
            text = page.locator(".picture.wide svg text").first
            inks.append(text.evaluate("e => getComputedStyle(e).fill"))

    assert inks == ["rgb(89, 99, 110)", "rgb(165, 174, 185)"]


def test_paper_shows_what_the_screen_folds_away(page: Page, addresses: dict[str, str]) -> None:
    page.goto(addresses["cuba-venezuela"])
    month = page.locator("details.month .report").first

    assert month.bounding_box() is None or not month.is_visible()
    page.emulate_media(media="print")

    assert month.is_visible()
    assert not page.locator("nav").is_visible()
    assert not page.locator("a.back").is_visible()
    written = page.locator("main a[href^=http]").first
    after = written.evaluate("e => getComputedStyle(e, '::after').content")
    assert written.get_attribute("href") in after  # type: ignore[operator]
