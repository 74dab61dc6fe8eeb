"""Briefings as their reader meets them: in a browser without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from rivals.briefing import build_briefing

ROOT = Path(__file__).parents[2]
NAMES = ("warehouse-fire", "cuba-venezuela")
PAGE, TELEPHONE = (1280, 800), (390, 844)


@pytest.fixture(scope="session")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The address of the briefing on each scenario of the project."""
    out = tmp_path_factory.mktemp("briefings")
    return {
        name: build_briefing(ROOT / "scenarios" / name, out=out, draws=50).as_uri()
        for name in NAMES
    }


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


def test_axe_finds_nothing_wrong_with_all_of_it_unfolded(reader: Page, address: str) -> None:
    reader.goto(address)
    reader.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")

    violations = Axe().run(reader).response["violations"]

    assert reader.locator("svg[role=img]").count() > 4  # an empty page has no violations either
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


def test_the_first_screen_says_what_how_likely_how_sure_and_why(reader: Page, address: str) -> None:
    reader.goto(address)

    for part in (".leader", ".big", ".word", ".range", ".confidence"):
        box = reader.locator(part).first.bounding_box()
        assert box, part
        assert box["y"] + box["height"] <= reader.viewport_size["height"], part  # type: ignore[index]
    if reader.viewport_size["width"] == PAGE[0]:  # type: ignore[index]
        box = reader.locator(".moves li").first.bounding_box()
        assert box
        assert box["y"] < PAGE[1]


def test_contents_lead_to_their_sections(page: Page, address: str) -> None:
    page.goto(address)
    links = page.locator("nav a")

    assert links.count() == page.locator("main h2").count() > 5
    for i in range(links.count()):
        links.nth(i).click()
        target = page.locator(":target")
        assert target.locator("h2").first.inner_text() == links.nth(i).inner_text()


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
    reader: Page, address: str
) -> None:
    reader.goto(address)

    boxes = reader.locator(".scroll")

    assert boxes.count() > 2
    for i in range(boxes.count()):
        assert boxes.nth(i).get_attribute("tabindex") == "0"
        assert boxes.nth(i).get_attribute("aria-label")


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
