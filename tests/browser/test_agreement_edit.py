"""The agreement changed on the page: every kind of field, faults under theirs, what lies below drawn anew."""

import pytest
from playwright.sync_api import Locator, expect

from bot.demo import cast
from bot.messages.agreement_edit import SECTIONS
from bot.messages.agreement_fields import ITEMS
from tests.browser.window import Window

pytestmark = pytest.mark.browser

MARA, SAM = cast.MARA.id, cast.SAM.id


def contents(window: Window, person: str) -> Locator:
    window.enter(person)
    window.say("/sla agreement edit")
    modal = window.hook("modal")
    expect(modal).to_contain_text("10 · Goals")
    return modal


def open_section(window: Window, name: str) -> None:
    modal = window.hook("modal")
    row = modal.locator('[data-action-id="agreement.edit_section"]').nth(SECTIONS.index(name))
    row.click()
    expect(modal.locator('[data-action-id="agreement.edit_section"]')).to_have_count(0)


def back(window: Window) -> None:
    window.hook("modal-close").click()


def test_every_section_opens_and_is_saved_as_it_was(window: Window) -> None:
    modal = contents(window, MARA)
    window.draw("edit", modal)
    for name in SECTIONS:
        open_section(window, name)
        window.draw(f"edit-{name}", modal)
        if name in ITEMS:
            back(window)
        else:
            window.hook("modal-submit").click()
        expect(modal).to_contain_text("10 · Goals")
    expect(modal).not_to_contain_text("changed")


def test_a_target_hours_and_people_are_changed_and_the_draft_proposed(window: Window) -> None:
    modal = contents(window, SAM)
    open_section(window, "goals")
    modal.locator('[data-action-id="agreement.edit_item"]').first.click()
    window.page.get_by_role("menuitem", name="Edit…").click()
    window.field("target").fill("many")
    window.hook("modal-submit").click()
    expect(modal).to_contain_text("not a whole number above zero")
    window.draw("edit-fault", modal)
    window.field("target").fill("9000")
    window.field("per").select_option("quarter")
    window.hook("modal-submit").click()
    expect(modal).to_contain_text("9000 a quarter")
    back(window)
    expect(modal).to_contain_text("more than Sales' stated capacity")
    open_section(window, "parties")
    modal.locator('[data-block-id="parties.sales.rota"]').get_by_role("button").first.click()
    window.hook("modal-submit").click()
    open_section(window, "services")
    modal.locator('[data-block-id="services.fields"] [data-option-value="campaign"]').check()
    window.hook("modal-submit").click()
    open_section(window, "cadence")
    window.field("cadence.daily").fill("17:15")
    window.hook("modal-submit").click()
    expect(modal).to_contain_text("daily 17:15")
    window.draw("edit-draft", modal)
    modal.locator('[data-action-id="agreement.edit_propose"]').click()
    expect(modal).to_contain_text("What changes from version")
    window.draw("propose", modal)
    window.hook("modal-submit").click()
    expect(modal).to_contain_text("for both leads to sign")
    back(window)
    expect(modal).to_be_hidden()


def test_revenue_becomes_a_target(window: Window) -> None:
    modal = contents(window, MARA)
    open_section(window, "goals")
    modal.locator('[data-action-id="agreement.edit_calculate"]').click()
    for name, typed in (("revenue", "100000"), ("deal_size", "5000"), ("won_per_100", "5")):
        window.field(name).fill(typed)
    window.hook("modal-submit").click()
    expect(modal).to_contain_text("20 deals a month need 400 leads")
    window.draw("calculator", modal)
    window.hook("modal-submit").click()
    expect(modal).to_contain_text("300 a month")
    back(window)
    modal.locator('[data-action-id="agreement.edit_discard"]').click()
    window.hook("confirm-yes").click()
    expect(modal.locator('[data-action-id="agreement.edit_discard"]')).to_have_count(0)
