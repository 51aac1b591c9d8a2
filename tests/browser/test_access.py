"""The page with a screen reader and a keyboard alone, what it fetches, and how soon it is there."""

from collections.abc import Callable
from importlib.resources import files

import pytest
from playwright.sync_api import Request, ViewportSize, expect

from tests.browser.window import DARK, HANDOFFS, LIGHT, Window

pytestmark = pytest.mark.browser

MARA, RITA, INES = "U0MARA", "U0RITA", "U0INES"
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
NARROW: ViewportSize = {"width": 390, "height": 780}
LOOKS = [
    (LIGHT, "wide"),
    (DARK, "narrow"),
    pytest.param(LIGHT, "narrow", marks=pytest.mark.slow),
    pytest.param(DARK, "wide", marks=pytest.mark.slow),
]


def channel(window: Window, theme: str) -> None:
    window.enter(RITA, theme=theme, tour="")
    expect(window.hook("tour")).to_be_visible()


def thread(window: Window, theme: str) -> None:
    window.enter(INES, theme=theme)
    digest = window.page.locator('[data-testid="message"]').filter(has=window.hook("replies")).last
    digest.get_by_test_id("replies").click()
    expect(window.hook("thread-messages").get_by_test_id("message").last).to_be_visible()


def modal(window: Window, theme: str) -> None:
    window.enter(MARA, theme=theme)
    window.say("/sla log")
    expect(window.hook("modal-title")).to_have_text("Log leads")
    window.hook("modal-submit").click()
    expect(window.hook("field-error").first).to_be_visible()


def home(window: Window, theme: str) -> None:
    expect(window.open_home(RITA, theme=theme)).to_contain_text("of yours")


def dm(window: Window, theme: str) -> None:
    window.open_home(RITA, theme=theme)
    window.hook("messages-tab").click()
    expect(window.hook("message").last).to_be_visible()


def answer_and_drawer(window: Window, theme: str) -> None:
    window.enter(RITA, theme=theme)
    window.hook("traffic-toggle").click()
    window.ask("/sla")
    window.hook("composer").press_sequentially("/sla h")
    expect(window.hook("hint").first).to_be_visible()


def emoji(window: Window, theme: str) -> None:
    window.enter(RITA, theme=theme)
    message = window.message("on plan")
    message.hover()
    message.get_by_test_id("add-reaction").click()
    expect(window.hook("emoji-picker")).to_be_visible()


@pytest.mark.parametrize(("theme", "size"), LOOKS)
@pytest.mark.parametrize("place", [channel, thread, modal, home, dm, answer_and_drawer, emoji])
def test_axe_finds_nothing(
    window: Window, place: Callable[[Window, str], None], theme: str, size: str
) -> None:
    if size == "narrow":
        window.page.set_viewport_size(NARROW)
    place(window, theme)
    window.page.evaluate(AXE)
    found = window.page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    assert [(one["id"], one["impact"], [node["target"] for node in one["nodes"]][:4]) for one in found] == []


def test_the_page_is_worked_by_keys_alone(window: Window) -> None:
    window.enter(RITA, "C0GENERAL")
    keys = window.page.keyboard
    composer = window.hook("composer")
    expect(composer).to_be_focused()
    keys.type("one")
    keys.press("Shift+Enter")
    keys.type("two")
    expect(composer).to_have_value("one\ntwo")
    keys.press("Enter")
    expect(window.message("one")).to_contain_text("two")
    keys.type("/s")
    keys.press("Enter")
    expect(composer).to_have_value("/sla ")
    keys.type("h")
    keys.press("ArrowDown")
    chosen = window.page.locator('[data-testid="hint"][aria-selected="true"]')
    expect(chosen).to_have_count(1)
    expect(composer).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    keys.press("Escape")
    expect(window.hook("hint-list")).to_be_hidden()
    expect(composer).to_have_value("/sla h")


def test_nothing_comes_from_another_host(window: Window) -> None:
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(_host(request)))
    window.enter(MARA, tour="")
    window.open_home(MARA)
    window.enter(INES, HANDOFFS, theme=DARK)
    assert set(asked) == {window.url}


def _host(request: Request) -> str:
    return "/".join(request.url.split("/")[:3])


def test_every_module_is_asked_for_at_once(window: Window) -> None:
    """One after the other they would take a round trip for each that names another."""
    modules = "performance.getEntriesByType('resource').filter(one => one.name.endsWith('.js'))"
    window.enter(RITA)
    named, ahead = window.page.evaluate(
        f"[{modules}.map(one => new URL(one.name).pathname), {modules}.map(one => one.initiatorType)]"
    )
    answer = window.page.request.get(window.url)
    assert set(named) == {part.split(">")[0][1:] for part in answer.headers["link"].split(", ")}
    assert "script" in ahead or "link" in ahead
