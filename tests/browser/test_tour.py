"""The tour of the demo: it ticks off what was done, by whatever way, and nothing else."""

import pytest
from playwright.sync_api import Locator, expect

from bot.demo import cast
from bot.demo.run import Demo
from tests.browser.window import HANDOFFS, Window

pytestmark = pytest.mark.browser

MARA, SAM, RITA, INES = cast.MARA.id, cast.SAM.id, cast.RITA.id, cast.INES.id


@pytest.fixture
def walk(window: Window) -> Window:
    """Give a window with the tour at its side, on a screen that holds it beside a thread."""
    window.page.set_viewport_size({"width": 1440, "height": 900})
    window.enter(MARA, tour="")
    expect(window.hook("tour")).to_be_visible()
    return window


def station(window: Window, name: str) -> Locator:
    return window.page.locator(f'[data-station="{name}"]')


def is_done(window: Window, name: str, *, done: bool = True) -> None:
    expect(station(window, name)).to_have_attribute("data-done", str(done).lower())


def show(window: Window, name: str) -> None:
    station(window, name).get_by_test_id("tour-show").click()


def do(window: Window, name: str) -> None:
    station(window, name).get_by_test_id("tour-do").click()
    is_done(window, name)


def test_the_tour_is_walked_by_hand_and_ticked_off_by_what_happens(walk: Window) -> None:
    expect(walk.hook("tour-toggle")).to_contain_text("0/5")
    show(walk, "log")
    expect(walk.hook("composer")).to_have_value('/sla log 6 webinar "June webinar" A=2 B=4')
    is_done(walk, "log", done=False)
    walk.hook("send").click()
    is_done(walk, "log")
    walk.draw("tour")

    show(walk, "accept")
    expect(walk.page.locator(".self")).to_contain_text("Rita Novak")
    card = walk.page.locator('[data-testid="message"].pointed')
    expect(card).to_contain_text("6 webinar leads")
    is_done(walk, "accept", done=False)
    walk.check(card)
    is_done(walk, "accept")

    show(walk, "afternoon")
    expect(walk.page.locator('[data-move="evening"]')).to_be_focused()
    walk.move("evening")
    is_done(walk, "afternoon")
    show(walk, "afternoon")
    expect(walk.page.locator(".pointed")).to_contain_text("passed its time")

    walk.move("next_monday")
    is_done(walk, "digest", done=False)
    show(walk, "digest")
    expect(walk.hook("thread-messages").get_by_test_id("chart").first).to_be_visible()
    is_done(walk, "digest")
    expect(walk.hook("tour-toggle")).to_contain_text("4/5")


def test_what_is_done_for_somebody_is_shown_and_the_last_station_is_signed_by_hand(walk: Window) -> None:
    show(walk, "sign")
    expect(walk.hook("composer")).to_have_value("/sla agreement edit")
    do(walk, "sign")
    signed = walk.message("is signed and in force")
    expect(signed).to_contain_text("160 → 140")
    expect(walk.hook("composer")).to_have_value("")


def test_the_tour_is_closed_and_opened_again(walk: Window) -> None:
    walk.hook("tour-close").click()
    expect(walk.hook("tour")).to_be_hidden()
    walk.page.reload()
    expect(walk.hook("message").first).to_be_visible()
    expect(walk.hook("tour")).to_be_hidden()
    walk.hook("tour-toggle").click()
    expect(walk.hook("tour")).to_be_visible()


def test_the_tour_is_there_after_a_reload_and_under_an_open_thread(window: Window) -> None:
    window.page.set_viewport_size({"width": 1360, "height": 860})
    window.enter(MARA, tour="")
    expect(station(window, "digest").get_by_test_id("tour-show")).to_be_visible()
    window.page.reload()
    expect(station(window, "digest").get_by_test_id("tour-show")).to_be_visible()
    message = window.page.locator('[data-testid="message"]:not([data-ephemeral])').last
    message.hover()
    message.get_by_test_id("reply-in-thread").click()
    expect(window.hook("tour")).to_be_visible()
    tour, thread = window.hook("tour").bounding_box(), window.hook("thread-panel").bounding_box()
    assert tour
    assert thread
    assert (tour["x"], tour["y"]) == (thread["x"], thread["y"] + thread["height"])
    assert tour["y"] + tour["height"] == 860
    window.page.keyboard.press("Escape")
    expect(message).to_be_focused()


def test_on_a_phone_the_tour_is_a_strip_over_the_messages(window: Window) -> None:
    window.page.set_viewport_size({"width": 390, "height": 780})
    window.enter(RITA, tour="")
    expect(window.hook("tour")).to_be_visible()
    tour, main = window.hook("tour").bounding_box(), window.page.locator("#main").bounding_box()
    assert tour
    assert main
    assert tour["y"] + tour["height"] <= main["y"]
    assert main["height"] > tour["height"]


def test_begin_anew_is_asked_for_and_heard(walk: Window, demo: Demo) -> None:
    walk.hook("reset").click()
    walk.hook("confirm-no").click()
    assert demo.anew.empty()
    assert walk.page.request.post(f"{walk.url}/page/act", data={"as": INES, "type": "reset"}).json() == {
        "ok": True
    }
    assert demo.anew.get(timeout=10) is None
    assert demo.sandbox.messages(HANDOFFS)
