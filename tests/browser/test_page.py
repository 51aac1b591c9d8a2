"""The demo's page, driven as people drive it: each test is one thing that somebody wants to do."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from bot.demo.run import Demo
from bot.slack.routes import WORDS
from tests.browser.window import DARK, HANDOFFS, LIGHT, Window

pytestmark = pytest.mark.browser

MARA, MILO, SAM, RITA, THEO, INES, GUS = (
    "U0MARA",
    "U0MILO",
    "U0SAM",
    "U0RITA",
    "U0THEO",
    "U0INES",
    "U0GUS",
)
LEADS = b"""name,company,email,tier,score
Ada Quist,Aster Labs,ada.quist@aster-labs.example,A,91
Bo Ferro,Basalt Foods,bo.ferro@basalt-foods.example,B,72
Cleo Ivers,Cedar Tools,cleo.ivers@cedar-tools.example,B,64
Dan Petit,Dune Optics,dan.petit@dune-optics.example,C,40
"""
OTHERS = b"""name,company,email,tier,score
Eva Holm,Elm Software,eva.holm@elm-software.example,B,88
Finn Rask,Flint Media,finn.rask@flint-media.example,B,75
Gil Bjork,Gale Systems,gil.bjork@gale-systems.example,B,61
Hal Moss,Heath Pharma,hal.moss@heath-pharma.example,B,57
"""
NUMBER = re.compile(r"H-\d+")
At = Callable[[str], None]


def log(window: Window, words: str) -> str:
    """Log a handoff as Mara by typing, and give its number."""
    window.enter(MARA)
    said = window.ask(f"/sla log {words}").inner_text()
    found = NUMBER.search(said)
    assert found, said
    expect(card(window, found[0])).to_be_visible()
    return found[0]


def card(window: Window, number: str) -> Locator:
    return (
        window.page.locator('[data-testid="message"]:not([data-ephemeral])')
        .filter(has_text=f"{number} ·")
        .last
    )


# ---- Marketing


def test_a_handoff_is_typed_with_the_help_of_hints(window: Window, at: At) -> None:
    at("10:00")
    window.enter(MARA)
    window.hook("composer").press_sequentially("/sla l")
    hint = window.page.locator('[data-testid="hint"][data-word="log"]')
    expect(hint).to_contain_text("Hand leads over")
    hint.click()
    expect(window.hook("composer")).to_have_value("/sla log ")
    window.hook("composer").press_sequentially('6 webinar "June webinar" A=2 B=4')
    window.hook("composer").press("Enter")
    expect(window.private().last).to_contain_text("6 webinar leads are handed over")
    expect(window.message("6 webinar leads · 6 to take now")).to_contain_text("June webinar")


def test_a_handoff_is_logged_by_the_form_with_a_file(window: Window, at: At) -> None:
    at("10:10")
    window.enter(MILO)
    window.say("/sla log")
    expect(window.hook("modal-title")).to_have_text("Log leads")
    window.hook("modal-submit").click()
    expect(window.hook("field-error").first).to_have_text("Please complete this required field.")
    window.field("source").fill("trade fair")
    window.field("campaign").fill("Expo, hall 4")
    window.field("file").set_input_files({"name": "leads.csv", "mimeType": "text/csv", "buffer": LEADS})
    expect(window.hook("file")).to_contain_text("leads.csv")
    window.field("note").fill("Met at the stand; all asked for a price list.")
    window.draw("log", window.hook("modal"))
    window.hook("modal-submit").click()
    expect(window.hook("modal")).to_contain_text("4 trade fair leads are handed over")
    window.hook("modal-close").click()
    shown = window.message("4 trade fair leads")
    expect(shown).to_contain_text("Expo, hall 4")
    expect(shown).not_to_contain_text("Quist")


def test_the_agreement_is_saved_as_a_file_changed_and_sent_back(window: Window, at: At) -> None:
    at("10:15")
    window.enter(MARA)
    expect(window.ask("/sla agreement export")).to_contain_text("on their way to our DM")
    window.open_dm(MARA)
    sent = window.message("Change the .yml")
    expect(sent.get_by_test_id("attached")).to_have_count(2)
    with window.page.expect_download() as saved:
        sent.get_by_test_id("download").first.click()
    text = saved.value.path().read_text(encoding="utf-8")
    assert saved.value.suggested_filename.endswith("-v1.yml")
    window.enter(MARA)
    window.say("/sla agreement upload")
    for faulty, shown in (("{", "to be mended"), ("", "is kept as the draft")):
        changed = text.replace("\nname: ", f"\nname: {faulty}New ")
        window.field("file").set_input_files(
            {"name": "back.yml", "mimeType": "text/yaml", "buffer": changed.encode()}
        )
        expect(window.hook("file")).to_contain_text("back.yml")
        window.hook("modal-submit").click()
        expect(window.hook("modal")).to_contain_text(shown)
    window.hook("modal-close").click()


def test_the_shortcut_opens_the_form_too(window: Window) -> None:
    window.enter(MARA)
    window.hook("shortcuts").click()
    window.page.locator("[data-shortcut]").first.click()
    expect(window.hook("modal-title")).to_have_text("Log leads")
    window.page.keyboard.press("Escape")
    expect(window.hook("modal")).to_be_hidden()


# ---- Sales


def test_a_check_mark_takes_a_share_and_gives_it_back(window: Window, at: At) -> None:
    at("10:20")
    number = log(window, '9 partner "Partner referrals" B=9')
    window.become(RITA)
    window.check(card(window, number))
    expect(card(window, number)).to_contain_text("Taken 3 (@Rita Novak 3)")
    expect(card(window, number).get_by_test_id("reaction")).to_have_attribute("aria-pressed", "true")
    window.become(THEO)
    window.check(card(window, number))
    expect(card(window, number)).to_contain_text("@Theo Brandt 3")
    window.become(RITA)
    window.draw("channel")
    window.check(card(window, number))
    expect(card(window, number)).to_contain_text("Taken 3 (@Theo Brandt 3)")


def test_some_leads_are_taken_by_number_and_some_refused_with_a_reason(window: Window, at: At) -> None:
    at("10:30")
    number = log(window, '8 content "ROI guide" B=8')
    window.become(SAM)
    window.press(card(window, number), "card.take_other")
    expect(window.hook("modal-title")).to_have_text("Take leads")
    window.field("count").fill("")
    window.field("numbers").fill("2-4")
    window.submit()
    expect(card(window, number)).to_contain_text("Taken 3 (@Sam Okafor 3)")
    window.press(card(window, number), "card.reject")
    expect(window.hook("modal-title")).to_have_text("Reject leads")
    window.field("reason").select_option("wrong_role")
    window.field("numbers").fill("7, 8")
    window.submit()
    expect(card(window, number)).to_contain_text("2 wrong role")
    expect(card(window, number)).to_contain_text("3 to take now")


def test_leads_are_worked_from_the_list_in_the_dm(window: Window, at: At) -> None:
    at("10:40")
    window.enter(MILO)
    window.say("/sla log")
    window.field("source").fill("paid search")
    window.field("campaign").fill("Brand and category")
    window.field("file").set_input_files({"name": "leads.csv", "mimeType": "text/csv", "buffer": OTHERS})
    expect(window.hook("file")).to_be_visible()
    window.hook("modal-submit").click()
    expect(window.hook("modal")).to_contain_text("handed over")
    said = window.hook("modal").inner_text()
    window.hook("modal-close").click()
    number = NUMBER.findall(said)[0]
    window.become(RITA)
    window.say(f"/sla take {number} all")
    expect(card(window, number)).to_contain_text("@Rita Novak")
    window.open_dm(RITA)
    listed = window.message(number)
    expect(listed).to_contain_text("Eva Holm")
    window.draw("work", listed, down_to=listed.locator('[data-action-id="lead.touched_all"]').first)
    window.press(listed.locator("[data-block-id]").filter(has_text="Eva Holm").last, "lead.touched")
    done = window.message(number).locator("[data-block-id]").filter(has_text="Eva Holm").last
    expect(done).to_contain_text("contacted")
    done.locator("select").select_option(label="SQL")
    expect(window.message(number)).to_contain_text("SQL")


def test_a_rep_is_warned_says_contacted_and_asks_why(window: Window, at: At) -> None:
    at("11:00")
    number = log(window, '2 "demo request" "Website form" A=2')
    window.become(THEO)
    window.say(f"/sla take {number} all")
    expect(card(window, number)).to_contain_text("@Theo Brandt 2")
    for _ in range(5):
        window.move("+10m")
    window.open_dm(THEO)
    nudge = window.message("2 leads need a first touch")
    expect(nudge).to_contain_text(number)
    window.draw("nudge", nudge)
    window.choose(nudge, "nudge.more", "Why This?")
    expect(window.private().last).to_contain_text("Used 50min of 1h")
    window.press(nudge, "nudge.touched_all")
    expect(window.message("nothing of this waits on you any more")).to_be_visible()
    window.go()
    expect(card(window, number)).to_contain_text("contacted 2")


# ---- everyone


@pytest.mark.parametrize("word", sorted(set(WORDS) - {"log", "setup"}))
def test_each_word_is_answered_to_the_person_alone(window: Window, word: str) -> None:
    window.enter(RITA)
    answered = window.ask(f"/sla {word}")
    expect(answered).to_contain_text("Only visible to you")
    ts = answered.get_attribute("data-ts")
    window.become(THEO)
    expect(window.page.locator(f'[data-testid="message"][data-ts="{ts}"]')).to_have_count(0)


def test_the_status_can_be_shared(window: Window, at: At) -> None:
    at("12:10")
    window.enter(SAM)
    status = window.ask("/sla")
    expect(status).to_contain_text("Qualified")
    window.draw("status", status)
    window.press(status, "share.post")
    expect(window.message("Shared by @Sam Okafor")).to_contain_text("Marketing")


def test_a_wrong_word_is_answered_with_the_right_one(window: Window) -> None:
    window.enter(RITA)
    expect(window.ask("/sla handofs")).to_contain_text("Did you mean /sla handoffs?")


@pytest.mark.parametrize(
    ("person", "words"),
    [
        (RITA, "of yours"),
        (MARA, "Log Leads"),
        (INES, "Qualified"),
        (GUS, "Baton is for the members of both teams."),
    ],
)
def test_home_shows_each_person_their_own(window: Window, person: str, words: str) -> None:
    home = window.open_home(person, theme=DARK if person == RITA else LIGHT)
    expect(home).to_contain_text(words)
    if person == RITA:
        window.draw("home")


def test_a_guest_is_told_kindly_that_this_is_not_theirs(window: Window) -> None:
    window.enter(GUS)
    expect(window.ask("/sla log 5 webinar")).to_be_visible()
    expect(window.hook("modal")).to_be_hidden()


def test_what_one_has_not_read_is_marked(window: Window) -> None:
    window.enter(SAM, "C0GENERAL")
    window.say("Coffee at three?")
    expect(window.message("Coffee at three?")).to_be_visible()
    window.enter(RITA)
    unread = window.page.locator('[data-channel="C0GENERAL"]').get_by_test_id("unread")
    expect(unread).to_have_text("1")
    window.go("C0GENERAL")
    expect(unread).to_have_count(0)
    expect(window.hook("new-mark")).to_be_visible()


def test_emoji_are_picked_and_threads_answered(window: Window) -> None:
    window.enter(SAM, "C0GENERAL")
    window.say("Who is at the fair?")
    asked = window.hook("messages").get_by_test_id("message").filter(has_text="Who is at the fair?")
    asked.hover()
    asked.get_by_test_id("add-reaction").click()
    expect(window.hook("emoji-picker")).to_be_visible()
    window.hook("emoji-picker").locator("button").first.click()
    expect(asked.get_by_test_id("reaction")).to_have_attribute("aria-pressed", "true")
    asked.hover()
    asked.get_by_test_id("reply-in-thread").click()
    window.hook("thread-composer").fill("I am.")
    window.hook("thread-composer-send").click()
    expect(window.hook("thread-messages")).to_contain_text("I am.")
    expect(asked.get_by_test_id("replies")).to_contain_text("1 reply")


def test_emoji_are_picked_by_the_keyboard(window: Window) -> None:
    window.enter(SAM, "C0GENERAL")
    window.say("with *all* keys ✅\n• one\n\nand on")
    said = window.message("with all keys")
    expect(said.get_by_test_id("text").locator("svg.emoji")).to_have_count(1)
    expect(said.locator(".list-line + br + br")).to_have_count(0)
    expect(said.locator(".list-line + br")).to_have_count(1)
    said.hover()
    said.get_by_test_id("add-reaction").press("Enter")
    search = window.hook("emoji-search")
    search.fill("no such thing")
    expect(window.hook("emoji-picker")).to_contain_text("No emoji of this name.")
    search.fill("he")
    search.press("ArrowDown")
    window.page.keyboard.press("Enter")
    expect(said.locator(".reaction").first).to_contain_text("1")


def test_the_drawer_shows_what_goes_between_slack_and_the_bot(window: Window) -> None:
    window.enter(RITA)
    window.hook("traffic-toggle").click()
    window.ask("/sla goals")
    call = window.hook("traffic").locator('[data-testid="call"][data-what^="/sla"]').first
    expect(call).to_be_visible()
    call.locator("summary").click()
    expect(call).to_contain_text("response_url")
    window.page.keyboard.press("Escape")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_both_themes_are_readable(window: Window, theme: str) -> None:
    window.enter(INES, theme=theme)
    paper = window.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    ink = window.page.evaluate("getComputedStyle(document.body).color")
    assert (_brightness(paper) < _brightness(ink)) is (theme == DARK)


def _brightness(colour: str) -> int:
    return sum(int(part) for part in re.findall(r"\d+", colour)[:3])


def test_a_narrow_screen_holds_everything(window: Window) -> None:
    window.page.set_viewport_size({"width": 390, "height": 780})
    for open_place in (lambda: window.enter(RITA), lambda: window.open_home(RITA)):
        open_place()
        spill = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert window.page.evaluate(spill) == 0
    window.hook("menu").click()
    window.go()
    expect(window.hook("messages")).to_be_visible()


def test_what_was_logged_wrong_is_corrected_in_the_form_it_was_logged_by(window: Window) -> None:
    # Late in the day: what it leaves of the caps is not enough for those who take leads.
    number = log(window, '25 webinar "June webinar" A=6 B=19 note call early')
    window.choose(card(window, number), "card.more", "Correct")
    expect(window.field("tier_b")).to_have_value("19")

    window.field("source").fill("trade fair")
    window.field("tier_b").fill("12")
    window.hook("modal-submit").click()
    expect(window.hook("modal")).to_contain_text(f"{number} is corrected")
    window.page.keyboard.press("Escape")

    expect(card(window, number)).to_contain_text("18 trade fair leads")
    expect(card(window, number)).to_contain_text("Corrected today")


# ---- a week later


def test_next_monday_brings_the_digest_with_its_charts(window: Window) -> None:
    window.enter(INES)
    window.move("next_monday")
    digest = window.message("promises, Marketing")
    expect(digest).to_contain_text("This week")
    window.draw("digest", digest)
    digest.get_by_test_id("replies").click()
    thread = window.hook("thread-messages")
    expect(thread.get_by_test_id("chart")).to_have_count(2)
    expect(thread.get_by_test_id("data-table").locator("tbody tr")).not_to_have_count(0)
    window.draw("digest-thread", thread.get_by_test_id("message").last, width=1280)


def test_every_message_of_three_weeks_is_drawn(window: Window, demo: Demo) -> None:
    for person in (SAM, RITA, THEO):
        window.open_dm(person)
        window.go(HANDOFFS)
        expect(window.hook("message").first).to_be_visible()
        expect(window.hook("unknown-block")).to_have_count(0)
    assert demo.sandbox.messages(HANDOFFS)
