"""Two leads negotiate on the page: one proposes, the other declines, both sign."""

import pytest
from playwright.sync_api import Locator, expect

from bot.demo import cast
from bot.demo.run import TEXT
from tests.browser.window import Window

pytestmark = pytest.mark.browser

MARA, SAM = cast.MARA.id, cast.SAM.id


def propose(window: Window, target: int) -> None:
    """Send a changed text back as Mara, and put it to both leads."""
    window.enter(MARA)
    window.say("/sla agreement upload")
    text = TEXT.replace("target: 160", f"target: {target}")
    window.field("file").set_input_files(
        {"name": "dach.yml", "mimeType": "text/yaml", "buffer": text.encode()}
    )
    window.hook("modal-submit").click()
    expect(window.hook("modal")).to_contain_text("is kept as the draft")
    window.hook("modal-close").click()
    window.ask("/sla propose")


def card(window: Window, version: int) -> Locator:
    return window.page.locator('[data-testid="message"]:not([data-ephemeral])').filter(
        has_text=f"DACH, version {version},"
    )


def sign(window: Window, person: str, version: int) -> None:
    window.enter(person)
    window.press(card(window, version), "agreement.sign")
    window.hook("confirm-yes").click()
    expect(card(window, version).locator('[aria-busy="true"]')).to_have_count(0)


def test_a_proposal_is_declined_a_better_one_signed_and_what_differs_reads_well(window: Window) -> None:
    propose(window, 120)
    proposal = card(window, 2)
    expect(proposal).to_contain_text("160 → 120")
    window.draw("proposal", proposal)

    window.become(SAM)
    proposal.locator('[data-action-id="agreement.sign"]').last.click()
    expect(window.hook("confirm")).to_contain_text("You sign exactly the text")
    window.draw("sign")
    window.hook("confirm-no").click()
    expect(proposal).to_contain_text("waits for both signatures")
    window.press(proposal, "agreement.decline")
    window.field("because").fill("120 starves one of three reps")
    window.submit()
    expect(proposal).to_contain_text("is declined by @Sam Okafor: 120 starves one of three reps")
    expect(proposal.locator("[data-action-id]")).to_have_count(0)

    propose(window, 140)
    sign(window, MARA, 3)
    expect(card(window, 3)).to_contain_text("waits for the other signature")
    sign(window, SAM, 3)
    expect(card(window, 3)).to_contain_text("is signed and in force")
    window.draw("signed", card(window, 3))
    expect(window.ask("/sla agreement diff 1 3")).to_contain_text("160 → 140")
