"""What is printed and what leads to several briefings, as readers meet them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from playwright.sync_api import Browser, Page

import rivals
from browser.printed import Printed
from rivals.briefing.pdf import print_page
from rivals.cli import main
from rivals.phrases import say_percent
from rivals.prose import headline, tabulate_standing

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "scenarios" / "warehouse-fire", ROOT / "tests" / "published" / "asia")
A4 = (210 / 25.4 * 72, 297 / 25.4 * 72)  # points
VIEWS = [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)]


@pytest.fixture(scope="session")
def out(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two briefings, their PDFs and their index."""
    folder = tmp_path_factory.mktemp("printed")
    words = ["brief", *map(str, FOLDERS), "--out", str(folder), "--draws", "50", "--pdf"]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    names = ["warehouse-fire.html", "warehouse-fire.pdf", "asia.html", "asia.pdf", "index.html"]
    assert result.stdout.split() == [str(folder / name) for name in names]
    return folder


@pytest.fixture(scope="session")
def printed(out: Path) -> Printed:
    """The warehouse's PDF."""
    return Printed((out / "warehouse-fire.pdf").read_bytes())


def test_it_is_tagged_and_says_its_language_and_title(printed: Printed) -> None:
    assert re.search(rb"/MarkInfo <<[^>]*/Marked true", printed.catalog)
    assert printed.follow(printed.catalog, "StructTreeRoot").startswith(b"<</Type /StructTreeRoot")
    assert b"/Lang (en)" in printed.catalog
    assert b"/DisplayDocTitle true" in printed.catalog
    assert {"H1", "H2", "P", "Table", "TH", "TD", "L", "LI", "Figure", "Link"} <= printed.roles


def test_its_bookmarks_are_the_page_s_headings(printed: Printed, page: Page, out: Path) -> None:
    page.goto((out / "warehouse-fire.html").as_uri())
    headings = page.locator("main h2").all_inner_texts()

    marked = [title for title in printed.bookmarks if title in headings]

    assert len(headings) > 5
    assert marked == headings


def test_its_pages_are_a4(printed: Printed) -> None:
    sizes = {
        tuple(map(float, found))
        for page in printed.pages
        for found in re.findall(rb"/MediaBox \[0 0 (\S+) (\S+)\]", page)
    }

    assert len(printed.pages) > 3
    assert [size for size in sizes if size != pytest.approx(A4, abs=0.5)] == []


def test_the_judgement_is_text_that_can_be_selected(printed: Printed) -> None:
    case = rivals.read(FOLDERS[0])
    standing = tabulate_standing(case, 50, 0)
    said = headline(case, standing)

    first = f"{case.scenario.title} {case.scenario.question}"
    assert "".join(first.split()) in printed.text
    chance = f"{said.answer} {say_percent(standing['headline'].iloc[0])}"
    assert "".join(chance.split()) in printed.text
    assert "Model-assistedjudgement,notanofficialfinding" in printed.text
    assert "\ufffd" not in printed.text


def test_what_the_screen_folds_away_is_printed(printed: Printed) -> None:
    case = rivals.read(FOLDERS[0])

    for place in case.judgements()["at"]:
        assert str(place) in printed.text
    for report in case.reports().index:
        assert str(report) in printed.text


def test_no_place_on_this_machine_and_no_day_of_printing_is_told(out: Path) -> None:
    data = (out / "warehouse-fire.pdf").read_bytes()

    assert b"file:" not in data
    assert b"/CreationDate" not in data
    assert b"/ModDate" not in data
    assert str(out) not in Printed(data).text


def test_the_same_page_gives_the_same_bytes(out: Path, tmp_path: Path) -> None:
    shutil.copy(out / "asia.html", tmp_path)

    again = print_page(tmp_path / "asia.html")

    assert again == tmp_path / "asia.pdf"
    assert again.read_bytes() == (out / "asia.pdf").read_bytes()


@pytest.fixture(params=VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")
def index(request: pytest.FixtureRequest, browser: Browser, out: Path) -> Iterator[Page]:
    """The index, in a width and a colour scheme."""
    scheme, width = request.param
    with browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}
    ) as context:
        page = context.new_page()
        page.goto((out / "index.html").as_uri())
        yield page


def test_axe_finds_nothing_wrong_with_the_index(index: Page) -> None:
    violations = Axe().run(index).response["violations"]

    assert index.locator("article .leader").count() == len(FOLDERS)
    assert [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in violations] == []
    assert index.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_index_leads_to_briefings_and_prints_and_asks_nothing(page: Page, out: Path) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    address = (out / "index.html").as_uri()
    page.goto(address, wait_until="networkidle")
    links = page.locator("a").evaluate_all("all => all.map(a => a.href)")

    assert asked == [address]
    assert complaints == []
    names = ["warehouse-fire.html", "warehouse-fire.pdf", "asia.html", "asia.pdf"]
    assert links == [(out / name).as_uri() for name in names]
    page.locator("h2 a").first.click()
    assert page.locator("h1").inner_text() == rivals.read(FOLDERS[0]).scenario.title
