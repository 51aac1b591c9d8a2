"""The running demo, the browser on it, and what no page of it may do."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from bot.demo import cast, run
from bot.demo.kept import Kept
from bot.demo.run import Demo
from bot.demo.story import OPENS_AT
from tests.browser.window import Window

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PICTURES = os.environ.get("BATON_SCREENSHOTS")
PATIENCE_MS = 30_000
"""For what shall be seen, on a machine that is busy with other tests."""
UNKNOWN = '[data-testid="unknown-block"], [data-testid="unknown-element"]'


@pytest.fixture(scope="session")
def told() -> Kept:
    """Play the three weeks once, for all browser tests to begin after."""
    with run.opened() as demo:
        return demo.keep()


@pytest.fixture(scope="module")
def demo(told: Kept) -> Iterator[Demo]:
    """Open the demo for these tests alone: its threads would disturb the chances that other tests draw."""
    with run.opened(start=told) as demo:
        yield demo


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def window(demo: Demo, browser: Browser) -> Iterator[Window]:
    """Give a window that ends with no complaint of the browser and nothing undrawn."""
    complaints: list[str] = []
    context = browser.new_context(
        viewport={"width": 1280, "height": 860},
        device_scale_factor=2 if PICTURES else 1,
        reduced_motion="reduce",
        locale="en-GB",
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield Window(page, demo.sandbox.url, Path(PICTURES) if PICTURES else None)
    undrawn = page.locator(UNKNOWN).count()
    context.close()
    assert (complaints, undrawn) == ([], 0)


@pytest.fixture
def at(demo: Demo) -> Callable[[str], None]:
    """Move the demo's clock on to a time of its first day: a picture shows the same minute each time."""

    def move(hour_and_minute: str) -> None:
        opening = OPENS_AT.astimezone(ZoneInfo(cast.ZONE))
        instant = datetime.combine(opening.date(), time.fromisoformat(hour_and_minute), opening.tzinfo)
        with demo.stage.held():
            demo.stage.advance(instant)

    return move
