"""The instruments that briefings are looked at with: do they see what they are there to see?"""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GOOD = "<!doctype html><html lang=en><title>t</title><main><h1>A heading</h1></main></html>"


def test_axe_sees_a_picture_without_alternative_text(page: Page) -> None:
    page.set_content(
        GOOD.replace("</h1>", '</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">')
    )

    rules = [violation["id"] for violation in Axe().run(page).response["violations"]]

    assert rules == ["image-alt"]


def test_axe_passes_a_page_with_nothing_wrong(page: Page) -> None:
    page.set_content(GOOD)

    assert Axe().run(page).violations_count == 0


def test_a_request_to_a_host_is_seen_and_fails(page: Page) -> None:
    failed = []
    page.on("requestfailed", lambda request: failed.append((request.url, request.failure)))

    page.set_content('<img src="https://example.com/pixel.png">')

    assert failed == [("https://example.com/pixel.png", "net::ERR_NAME_NOT_RESOLVED")]
