"""Several agreements in one workspace: each speaks in its channel; elsewhere the bot asks which is meant."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete
from sqlmodel import col

from bot.jobs import life
from bot.models import Person
from bot.services import agreements, verify
from bot.slack.routes import WORDS
from tests.slack.office import (
    ALAN,
    CHANNEL,
    ELSEWHERE,
    GUEST,
    MAYA,
    MIKE,
    REP1,
    REP2,
    SARA,
    Office,
    everything_said,
)
from tests.slack.several import LARS, NILS, NINA, NORDIC, two_opened

ASKED = "Which agreement do you mean?"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with two_opened(tmp_path) as office:
        yield office


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """H-1 is of DACH and H-2 of Nordics; the rep of both works two leads of each."""
    with two_opened(tmp_path_factory.mktemp("two")) as office:
        office.type(MAYA, "/sla log webinar June B=8", CHANNEL)
        office.type(MAYA, "/sla log fair Oslo B=9", NORDIC)
        office.settle()
        for number in (1, 2):
            office.type(REP1, f"/sla take H-{number} 2", ELSEWHERE)
        office.settle()
        yield office


def typed(office: Office, user: str, line: str, channel: str = ELSEWHERE) -> dict[str, Any]:
    answer = office.slack.command(user, channel, line)
    assert answer["ok"], answer
    message = answer["message"]
    return dict(message) if message else {}


def choices(message: dict[str, Any]) -> list[str]:
    """List the agreements that are offered."""
    rows = [block for block in message["blocks"] if "accessory" in block]
    return [row["text"]["text"].partition(" ")[0] for row in rows]


def pick(office: Office, user: str, message: dict[str, Any], name: str) -> str:
    """Press the button of an agreement; gives what is answered."""
    row = next(
        block for block in message["blocks"] if name in str(block.get("text")) and "accessory" in block
    )
    before = len(office.hints(user))
    answer = office.slack.press(
        user, message, row["accessory"]["action_id"], row["accessory"]["value"], block_id=row["block_id"]
    )
    assert answer["ok"], answer
    return "\n".join(office.hints(user)[before:])


NEEDS_ONE = [
    # word, by whom, said of DACH, said of Nordics
    ("status", MAYA, "1 handoff open", "1 handoff open"),
    ("handoffs", MAYA, "H-1", "H-2"),
    ("goals", SARA, "*DACH", "*Nordics"),
    ("digest", REP1, "a quiet week", "a quiet week"),
    ("plan", MAYA, "Nothing is planned", "Nothing is planned"),
    ("away", REP1, "Nobody is away", "Nobody is away"),
    ("agreement 1.1", REP1, "@UMAYA", "@UNINA"),
]


@pytest.mark.parametrize(("line", "user", "here", "there"), NEEDS_ONE)
def test_a_word_in_a_channel_speaks_of_that_channels_agreement(
    busy: Office, line: str, user: str, here: str, there: str
) -> None:
    for channel, said in ((CHANNEL, here), (NORDIC, there)):
        message = typed(busy, user, f"/sla {line}", channel)
        assert ASKED not in everything_said(message)
        assert said in everything_said(message)


@pytest.mark.parametrize(("line", "user", "here", "there"), NEEDS_ONE)
def test_elsewhere_the_bot_asks_which_and_then_answers_the_same_word(
    busy: Office, line: str, user: str, here: str, there: str
) -> None:
    message = typed(busy, user, f"/sla {line}")
    assert ASKED in everything_said(message)
    assert sorted(choices(message)) == ["DACH", "Nordics"]

    assert here in pick(busy, user, message, "DACH")
    assert there in pick(busy, user, message, "Nordics")


FINDS_ITS_OWN = ("why", "take", "touch", "reject", "outcome")


@pytest.mark.parametrize("word", FINDS_ITS_OWN)
@pytest.mark.parametrize("channel", [CHANNEL, NORDIC, ELSEWHERE])
def test_a_handoffs_number_finds_its_agreement_itself(busy: Office, word: str, channel: str) -> None:
    for number, name, user in ((1, "DACH", NILS), (2, "Nordics", REP2)):
        said = busy.type(user, f"/sla {word} H-{number}", channel)
        busy.slack.dismiss(user)
        assert ASKED not in said
        assert (f"H-{number} is open" if word == "why" else f"That is for Sales of {name}") in said


@pytest.mark.parametrize("word", WORDS)
def test_no_word_fails_for_there_being_two(busy: Office, word: str, caplog: pytest.LogCaptureFixture) -> None:
    for user in (MAYA, SARA, LARS, ALAN):
        for text in ("", " H-1", " H-2", " x 1 y"):
            for channel in (CHANNEL, NORDIC, ELSEWHERE):
                said = busy.type(user, f"/sla {word}{text}", channel)
                busy.slack.dismiss(user)
                assert "not your doing" not in said
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_what_is_typed_elsewhere_is_done_once_however_often_a_button_is_pressed(office: Office) -> None:
    message = typed(office, MAYA, "/sla plan 90 webinar 18 Jun")

    assert "90" in pick(office, MAYA, message, "Nordics")
    pick(office, MAYA, message, "Nordics")
    pick(office, MAYA, message, "DACH")
    assert "90 webinar" in office.type(MAYA, "/sla plan", NORDIC)
    assert "180" not in office.type(MAYA, "/sla plan", NORDIC)
    assert "Nothing is planned" in office.type(MAYA, "/sla plan", CHANNEL)


def test_a_list_logged_elsewhere_goes_where_was_pressed(office: Office) -> None:
    message = typed(office, MAYA, '/sla log 5 webinar "June &amp; July"')
    assert "H-1: 5 webinar leads are handed over" in pick(office, MAYA, message, "Nordics")
    office.settle()

    cards = [one["text"] for one in office.slack.messages(NORDIC)]
    assert any("H-1" in text for text in cards)
    assert "H-1" in office.type(MAYA, "/sla handoffs", NORDIC)
    assert "H-1" not in office.type(MAYA, "/sla handoffs", CHANNEL)


def test_the_right_of_the_agreement_that_was_pressed_counts(office: Office) -> None:
    message = typed(office, MIKE, "/sla log 5 webinar x")
    assert "That is for Marketing of Nordics" in pick(office, MIKE, message, "Nordics")
    assert "H-1" in pick(office, MIKE, message, "DACH")


def test_the_own_agreement_is_offered_first(office: Office) -> None:
    assert choices(typed(office, NILS, "/sla goals")) == ["Nordics", "DACH"]
    assert choices(typed(office, MIKE, "/sla goals")) == ["DACH", "Nordics"]


def test_whoever_may_read_none_is_refused_and_not_asked(office: Office) -> None:
    said = office.type(GUEST, "/sla status", ELSEWHERE)
    assert ASKED not in said
    assert "Guests" in said


def test_whom_nobody_knows_yet_reads_the_one_that_names_them(office: Office) -> None:
    office.slack.add_person("new", id="UNEW")
    office.slack.invite(ELSEWHERE, "UNEW")
    assert "I do not know you yet" in office.type("UNEW", "/sla status", ELSEWHERE)
    with office.context.transaction() as session:
        session.execute(delete(Person).where(col(Person.user_id) == NILS))
        for agreement_id in (1, 2):
            agreements.change(session, 1, agreement_id)

    said = office.type(NILS, "/sla goals", ELSEWHERE)
    assert ASKED not in said
    assert "Nordics" in said


def test_a_text_too_long_for_a_button_is_sent_to_a_channel(office: Office) -> None:
    said = office.type(MAYA, f"/sla log 5 webinar x note {'w' * 1_990}"[:1_999], ELSEWHERE)
    assert "Use the command in the channel" in said
    assert "<#CSLA>" in said


def test_in_the_dm_status_asks_which_too(office: Office) -> None:
    dm = office.slack.parts.slack.dm("U0BATON", MAYA).id
    before = len(office.hints(MAYA))
    office.slack.say(MAYA, dm, "status")
    assert ASKED in office.hints(MAYA)[before]
    assert "These words" in office.type(MAYA, "/sla help", dm)


def test_the_form_of_the_shortcut_asks_which_of_ones_own(office: Office) -> None:
    office.slack.shortcut(MAYA, "log")
    fields = {block.get("block_id"): block for block in office.view(MAYA)["blocks"]}
    options = fields["agreement"]["element"]["options"]
    assert [option["text"]["text"] for option in options] == ["DACH", "Nordics"]
    office.submit(MAYA, agreement=options[1]["value"], source="fair", tier_b=3)
    office.settle()
    assert "H-1" in office.type(MAYA, "/sla handoffs", NORDIC)

    office.slack.dismiss(NINA)
    office.slack.shortcut(NINA, "log")
    assert "agreement" not in {block.get("block_id") for block in office.view(NINA)["blocks"]}


def test_the_form_in_a_channel_is_for_its_agreement(office: Office) -> None:
    office.type(MAYA, "/sla log", NORDIC)
    assert "agreement" not in {block.get("block_id") for block in office.view(MAYA)["blocks"]}
    office.submit(MAYA, source="fair", tier_b=3)
    office.settle()
    assert "H-1" in office.type(MAYA, "/sla handoffs", NORDIC)


def test_a_rep_of_two_agreements_has_a_list_for_each(busy: Office) -> None:
    lists = [
        everything_said(message)
        for message in busy.slack.dms(REP1)
        if "Your leads of" in everything_said(message)
    ]

    assert len(lists) == 2
    dach, nordics = lists
    assert "Your leads of DACH" in dach
    assert "H-1" in dach
    assert "H-2" not in dach
    assert "Your leads of Nordics" in nordics
    assert "H-1" not in nordics
    assert "H-2" in nordics


def test_home_says_of_which_agreement_each_handoff_is(busy: Office) -> None:
    busy.slack.open_home(REP1)
    busy.settle()
    said = everything_said(busy.slack.home(REP1) or {})

    assert re.search(r"H-1\* · 2 leads of yours · DACH", said)
    assert re.search(r"H-2\* · 2 leads of yours · Nordics", said)


def test_each_agreement_has_its_own_duty(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June B=8", CHANNEL)
    office.type(MAYA, "/sla log fair Oslo B=9", NORDIC)
    office.settle()
    (nordic,) = (one for one in office.slack.messages(NORDIC) if "H-2" in one["text"])

    assert "the move is <@UNILS>'s" in everything_said(nordic)
    assert re.search("the move is <@UREP[12]>'s", everything_said(office.card(1)))


def test_whoever_is_away_is_away_from_all_their_agreements(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June B=2", CHANNEL)
    office.type(MAYA, "/sla log fair Oslo B=2", NORDIC)
    office.settle()
    for number in (1, 2):
        office.type(REP1, f"/sla take H-{number} 2", ELSEWHERE)
    said = office.type(REP1, "/sla away until 1 Jul cover <@UREP2>", ELSEWHERE)
    office.settle()

    assert "4 leads go" in said
    assert "<@UREP2> 2" in everything_said(office.card(1))
    nordic = next(one for one in office.slack.messages(NORDIC) if "H-2" in one["text"])
    assert "<@UNILS> 2" in everything_said(nordic)
    assert "Welcome back" in office.type(REP1, "/sla away back", ELSEWHERE)


def test_an_agreement_that_ended_is_not_asked_about(office: Office) -> None:
    with office.context.transaction() as session:
        agreements.change(session, 1, 1, state="ended")
    life.run(office.context)

    assert ASKED not in office.type(MAYA, "/sla goals", ELSEWHERE)
    assert "Nordics" in office.type(SARA, "/sla goals", ELSEWHERE)
    assert "DACH" in office.type(SARA, "/sla goals", CHANNEL)
    assert "has ended" in office.type(MIKE, "/sla log 5 webinar x", CHANNEL)


def test_after_all_that_the_ledger_still_explains_every_row(busy: Office) -> None:
    busy.settle()
    with busy.context.reading() as session:
        assert list(verify.differences(session)) == []
