"""`/sla help` by what comes next, help on one word, the practice handoff, and the welcome."""

import re
from collections.abc import Iterator

import pytest
from sqlmodel import select

from bot.messages.words import _sentences
from bot.models import Handoff, Tally
from bot.services import verify
from bot.slack.routes import WORDS
from tests.slack.office import ALAN, CHANNEL, GUEST, MAYA, MIKE, REP1, REP2, SARA, Office, opened
from tests.slack.test_setup import fill, sign
from tests.twin import ours

CONTENTS = "What `/sla` understands"
EXAMPLE = re.compile(r"^`(/sla[^`]*)`", re.MULTILINE)
NOT_UNDERSTOOD = re.compile(
    r"do not understand|Write it like|no numbers of|no word of|neither a period"
    r"|is no (?:time|day|number|tier|reason|outcome|amount)"
)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office in which the first rep works five leads of H-1."""
    with opened(tmp_path_factory.mktemp("busy")) as office:
        office.type(MAYA, '/sla log 25 webinar "June webinar" A=6 B=19')
        office.settle()
        office.type(REP1, "/sla take H-1 5")
        office.settle()
        yield office


def test_help_begins_with_the_question_at_hand(new_office: Office) -> None:
    office = new_office
    assert "Nothing is agreed here yet" in office.type(MAYA, "/sla help")
    fill(office)
    office.meet()
    office.settle()
    assert "waits for your signature" in office.type(MAYA, "/sla help")
    sign(office, MAYA)
    said = office.type(MAYA, "/sla help")
    assert "DACH waits for signatures" in said
    assert CONTENTS in said
    sign(office, SARA)
    assert "hands leads over" in office.type(MAYA, "/sla help")
    assert "Put ✅ on a card" in office.type(REP2, "/sla help")
    office.type(GUEST, "/sla status")
    office.meet()
    assert "Guests see the cards" in office.type(GUEST, "/sla help")


def test_help_tells_a_rep_what_waits_on_them(busy: Office) -> None:
    assert "5 leads need an outcome" in busy.type(REP1, "/sla help")


def test_help_on_a_word_shows_examples_and_a_word_that_is_none_its_nearest(busy: Office) -> None:
    said = busy.type(MIKE, "/sla help log")
    assert "Hand leads over" in said
    assert "six hand-raisers" in said
    assert CONTENTS not in said
    assert "Did you mean `/sla log`?" in busy.type(MIKE, "/sla help lgo")
    assert "Did you mean `/sla agreement duties`?" in busy.type(MIKE, "/sla duties")


def test_every_word_is_explained_and_every_example_is_understood(busy: Office) -> None:
    explained = _sentences("en", "examples")
    assert set(explained) == set(WORDS)
    for word, text in explained.items():
        for example in EXAMPLE.findall(text):
            assert example.split()[1:2] in ([word], []), example
            if "draft" in example:
                continue  # it asks for one that stands
            typed = example.replace("H-128", "H-1").replace("@rep", f"<@{REP2}>")
            user = MAYA if word in {"log", "plan", "void", "dispute"} else REP1
            assert not NOT_UNDERSTOOD.search(busy.type(user, typed)), example
            busy.slack.dismiss(user)


def test_the_examples_are_the_same_in_every_language() -> None:
    spoken = {word: EXAMPLE.findall(text) for word, text in _sentences("pt_BR", "examples").items()}
    assert spoken == {word: EXAMPLE.findall(text) for word, text in _sentences("en", "examples").items()}


# ---- practice


def test_after_the_setup_three_leads_are_tried_and_count_nowhere(new_office: Office) -> None:
    office = new_office
    view = fill(office)["view"]
    office.press(MAYA, office.view(MAYA), "setup.practice")
    assert "H-1: 3 practice leads stand in" in str(office.view(MAYA))
    assert view["blocks"][-1]["elements"][0]["text"]["text"] == "Try It with 3 Leads"
    office.slack.dismiss(MAYA)
    office.meet()
    office.settle()
    card = office.card(1)
    assert "1 lead of H-1 is yours" in office.react(REP1, card)
    office.settle()
    assert "Practice lead 1" in str(office.dm(REP1))
    assert "contacted" in office.type(REP1, "/sla touch H-1")

    sign(office, MAYA)
    sign(office, SARA)
    assert " 0 of 240" in office.type(MAYA, "/sla goals")
    with office.context.reading() as session:
        assert session.exec(select(Handoff).where(ours(Handoff))).one().is_trial
        assert not session.exec(select(Tally).where(ours(Tally))).all()
        assert list(verify.differences(session)) == []


def test_help_offers_practice_until_both_have_signed(new_office: Office) -> None:
    office = new_office
    fill(office)
    office.meet()
    office.settle()
    said = office.slack.command(MAYA, CHANNEL, "/sla help")["message"]
    assert "3 practice leads" in office.press(MAYA, said | {"channel": CHANNEL}, "setup.practice")
    sign(office, MAYA)
    sign(office, SARA)
    assert "counts from now on" in office.press(MAYA, said | {"channel": CHANNEL}, "setup.practice")


# ---- the welcome


def test_who_opens_baton_first_is_welcomed_once_and_nobody_else(new_office: Office) -> None:
    office = new_office
    for user in (ALAN, MAYA, ALAN):
        office.slack.open_home(user)
        office.settle()
    assert ["Baton is here" in one["text"] for one in office.slack.dms(ALAN)] == [True]
    assert not office.slack.dms(MAYA)


def test_where_something_is_agreed_nobody_is_welcomed(busy: Office) -> None:
    busy.slack.open_home(ALAN)
    busy.settle()
    assert not busy.slack.dms(ALAN)
