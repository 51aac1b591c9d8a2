"""Every message and view in the demo's own drawing; with BATON_SCREENSHOTS, a sheet of each kind."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from bot import sandbox
from bot.facts.said import Message
from tests.browser.conftest import PICTURES, UNKNOWN
from tests.browser.window import DARK, LIGHT
from tests.messages.examples import NOW
from tests.messages.gallery import gallery

pytestmark = pytest.mark.browser

PAGE = Path(sandbox.__file__).with_name("page")
ORIGIN = "http://gallery.test"
WIDE, NARROW = 1060, 420
LOOKS = [
    ("en", WIDE, LIGHT),
    ("en", WIDE, DARK),
    ("en", NARROW, LIGHT),
    ("en", NARROW, DARK),
    ("pt_BR", WIDE, LIGHT),
]
TOO_MUCH = "too m"
"""What stands in the names of examples that are there for their size alone."""


@pytest.fixture(scope="module")
def easel(browser: Browser) -> Iterator[Page]:
    """Give a page that draws messages by the demo's scripts, without a server."""
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.route("**/*", _serve)
    page.goto(ORIGIN)
    page.wait_for_selector("[data-ready]", state="attached")
    yield page
    context.close()


def _serve(route: Route) -> None:
    script = PAGE / route.request.url.removeprefix(f"{ORIGIN}/static/")
    route.fulfill(path=script if script.is_file() else Path(__file__).with_name("gallery.html"))


def sheets(locale: str) -> Mapping[str, list[dict[str, Any]]]:
    """Group the examples by kind: by what stands before the comma in their names."""
    drawn = [(name, draw()) for name, draw in gallery(locale).items() if TOO_MUCH not in name]
    shown = [
        {"name": name, "text": one.text, "blocks": one.blocks}
        if isinstance(one, Message)
        else {"name": name, **one}
        for name, one in drawn
    ]
    by_kind = groupby(sorted(shown, key=kind_of), kind_of)
    return {kind: list(examples) for kind, examples in by_kind}


def kind_of(example: Mapping[str, Any]) -> str:
    kind: str = example["name"].partition(",")[0]
    return kind


@pytest.mark.parametrize(("locale", "width", "theme"), LOOKS)
def test_every_message_is_drawn_within_its_width(easel: Page, locale: str, width: int, theme: str) -> None:
    easel.set_viewport_size({"width": width, "height": 900})
    easel.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
    for kind, examples in sheets(locale).items():
        easel.evaluate("([examples, at]) => draw(examples, at)", [examples, NOW.timestamp()])
        if PICTURES:
            sheet = Path(PICTURES) / "gallery" / f"{locale}-{width}-{theme}" / f"{kind}.png"
            easel.screenshot(path=sheet, full_page=True)
        assert easel.locator("[data-example]").count() == len(examples)
        assert easel.locator(UNKNOWN).count() == 0
        spill = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert (kind, easel.evaluate(spill)) == (kind, 0)
