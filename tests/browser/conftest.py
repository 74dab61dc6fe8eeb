"""Chromium without a network, for tests that look at a briefing as its reader would."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Every host is unresolvable, so that a request to anywhere fails as it does on a plane.
OFFLINE = ["--host-resolver-rules=MAP * ~NOTFOUND"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder as one that needs a browser."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium of this machine; without one the test is skipped, in CI it fails."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and os.environ.get("CI"):
        pytest.fail(f"CI has to look at the briefings: none of {', '.join(NAMES)} is installed")
    if found is None:
        pytest.skip(f"none of {', '.join(NAMES)} is installed")
    with sync_playwright() as playwright:
        sandbox = os.geteuid() != 0  # root may not use Chromium's sandbox
        started = playwright.chromium.launch(
            executable_path=found, args=OFFLINE, chromium_sandbox=sandbox
        )
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page of its own context."""
    with browser.new_context() as context:
        yield context.new_page()
