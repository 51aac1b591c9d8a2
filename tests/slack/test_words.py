"""Every word of `/sla`, with good, missing, absurd and hostile input."""

import logging
from collections.abc import Iterator

import pytest

from bot.services import verify
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
    opened,
)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office with two handoffs; the first rep works five leads of H-1."""
    with opened(tmp_path_factory.mktemp("busy")) as office:
        office.slack.add_person("robot", id="UROBOT", is_bot=True)
        office.type(MAYA, '/sla log 25 webinar "June webinar" A=6 B=19')
        office.type(MIKE, "/sla log 3 fair May C=3")
        office.settle()
        office.type(REP1, "/sla take H-1 5")
        office.settle()
        yield office


GOOD = [
    (MAYA, "", "waits on you"),
    (MAYA, "status", "waits on you"),
    (MAYA, "  STATUS  ", "waits on you"),
    (REP1, "status", "first by"),
    (MAYA, "handoffs", "2 handoffs are open"),
    (SARA, "goals", "§10.1"),
    (REP1, "why H-1", "H-1 is open"),
    (REP1, "why 1", "H-1 is open"),
    (REP1, "digest", "a quiet week"),
    (REP1, "digest this", "15\u201321 Jun"),
    (REP1, "digest 16 Jun", "15\u201321 Jun"),
    (REP1, "digest DACH W25", "15\u201321 Jun"),
    (SARA, "goals dach", "June 2026 so far, to Mon 15 Jun"),
    (SARA, "goals Q2", "Q2 2026 so far, to Mon 15 Jun"),
    (SARA, "status this week", "Week 25 of 2026 so far, to Mon 15 Jun"),
    (SARA, "status <#CSLA|sla> june", "June 2026 so far"),
    (MAYA, "breaches", "nothing is open past its time"),
    (MAYA, "breaches this quarter", "Q2 2026 so far"),
    (REP1, "forecast", "nothing can be foretold yet"),
    (REP1, "forecast June", "nothing can be foretold yet"),
    (MAYA, "help", "These words."),
    (MAYA, "plan", "Nothing is planned"),
    (REP1, "away", "Nobody is away"),
]


@pytest.mark.parametrize(("user", "line", "said"), GOOD)
def test_what_is_asked_is_answered_and_changes_nothing(busy: Office, user: str, line: str, said: str) -> None:
    before = busy.rows()

    assert said in busy.type(user, f"/sla {line}")
    assert busy.rows() == before


REFUSED = [
    # which handoff
    (REP1, "take", "Which handoff?"),
    (REP1, "take x", "Which handoff?"),
    (REP1, "take H-", "Which handoff?"),
    (REP1, "take H-99", "There is no H-99 here"),
    (REP1, "take H-999999999", "There is no H-"),
    (REP1, f"take H-{'9' * 40}", "Which handoff?"),
    (REP1, "touch", "Which handoff?"),
    (REP1, "reject", "Which handoff?"),
    (REP1, "outcome", "Which handoff?"),
    (REP1, "why", "Which handoff?"),
    (REP1, "why H-0", "Which handoff?"),
    (MAYA, "void", "Which handoff?"),
    # who may
    (MAYA, "take H-1", "That is for Sales of DACH"),
    (MAYA, "take H-1 back", "That is for Sales of DACH"),
    (MAYA, "reject H-1 no_intent", "That is for Sales"),
    (MAYA, "reject H-1", "That is for Sales"),
    (MAYA, "touch H-1", "That is for Sales"),
    (MAYA, "outcome H-1 1 won", "That is for Sales"),
    (MAYA, "outcome H-1", "That is for Sales"),
    (MAYA, "away until 1 Jul", "That is for Sales"),
    (REP1, "log 5 webinar x", "That is for Marketing of DACH"),
    (REP1, "log", "That is for Marketing of DACH"),
    (REP1, "plan 90 webinar 18 Jun", "That is for Marketing of DACH"),
    (REP1, "plan withdraw webinar 18 Jun", "That is for Marketing of DACH"),
    (REP1, "void H-1", "That is for Marketing"),
    (MIKE, "void H-1", "Only who logged it can void it"),
    (MAYA, "void H-1", "Sales has acted on H-1"),
    (ALAN, "log 5 webinar x", "That is for Marketing"),
    (ALAN, "take H-1", "That is for Sales"),
    (GUEST, "take H-1", "That is for Sales"),
    (GUEST, "status", "I do not know you yet"),
    (ALAN, "handoffs", "I do not know you yet"),
    (ALAN, "goals", "I do not know you yet"),
    (ALAN, "digest", "I do not know you yet"),
    (ALAN, "why 1", "I do not know you yet"),
    # log
    (MAYA, "log webinar", "how many leads"),
    (MAYA, "log 0 webinar x", "how many leads"),
    (MAYA, "log 25", "where the leads come from"),
    (MAYA, "log 25 webinar x A=6 B=18", "The tiers make 24, but 25"),
    (MAYA, "log 25 webinar x D=25", "is no tier"),
    (MAYA, "log 25 webinar x A=-1", "is no number of leads"),
    (MAYA, "log 25 webinar x A=1e3", "is no number of leads"),
    (MAYA, "log 2001 webinar x", "At most 2,000 leads"),
    (MAYA, "log 99999999 webinar x", "is no number of leads"),
    (MAYA, "log 5 webinar x arrived noon", "is no time"),
    (MAYA, "log 5 webinar x arrived", "is no time"),
    (MAYA, "log 5 webinar x arrived 23:59", "later than they are handed over"),
    (MAYA, "log 5 webinar x arrived 1 Jan 09:00", "too long ago"),
    (MAYA, "log 5 webinar x y", "I do not understand “y”"),
    (MAYA, f"log 5 {'w' * 81} x", "too long: at most 80"),
    (MAYA, f"log 5 webinar {'w' * 121}", "too long: at most 120"),
    (MAYA, f"log 5 webinar x note {'w' * 801}", "too long: at most 800"),
    # take
    (REP1, "take H-1 0", "20 of H-1 are left, not 0"),
    (REP1, "take H-1 21", "20 of H-1 are left, not 21"),
    (REP1, "take H-1 1-3", "not to be taken"),
    (REP1, "take H-1 24-26", "26 of H-1 is not to be taken"),
    (REP1, "take H-1 9-3", "no numbers of leads"),
    (REP1, "take H-1 1-99999", "no numbers of leads"),
    (REP1, "take H-1 D=2", "no numbers of leads"),
    (REP1, "take H-1 C=1", "0 of H-1 are left"),
    (REP1, "take H-1 A=99999999", "no number of leads"),
    (REP1, "take H-1 some of them", "no numbers of leads"),
    (REP2, "take H-1 back", "None of H-1 is yours to give back"),
    # reject
    (REP1, "reject H-1 ugly", "“ugly” is no reason"),
    (REP1, 'reject H-1 "<!channel>"', "is no reason"),
    (REP1, "reject H-1 other 9", "needs a note"),
    (REP1, "reject H-1 no_intent", "more than a fifth"),
    (REP1, "reject H-1 no_intent 99", "cannot be rejected by you"),
    (REP2, "reject H-1 no_intent 1", "cannot be rejected by you"),
    (REP1, "reject H-1 no_intent 1-x", "no numbers of leads"),
    # touch
    (REP2, "touch H-1", "waits for your first touch"),
    (REP2, "touch H-1 1", "not wait for your first touch"),
    (REP1, "touch H-1 x", "no numbers of leads"),
    (REP1, "touch H-1 1 at", "is no time"),
    (REP1, "touch H-1 1 at noon", "is no time"),
    (REP1, "touch H-1 1 at 23:59", "later than now"),
    (REP1, "touch H-1 1 at 1 Jun 10:00", "one working day back"),
    # outcome
    (REP1, "outcome H-1 1", "is no outcome"),
    (REP1, "outcome H-1 1 lucky", "“lucky” is no outcome"),
    (REP1, "outcome H-1 x won", "no numbers of leads"),
    (REP1, "outcome H-1 1 lost 500", "Only a won lead has an amount"),
    (REP1, "outcome H-1 1 won lots", "is no amount"),
    (REP1, "outcome H-1 1 won -5", "is no amount"),
    (REP1, "outcome H-1 1 won at never", "is no time"),
    (REP1, "outcome H-1 1 won at 1 Jan 2020", "must lie between"),
    (REP2, "outcome H-1 1 won", "not yours to close"),
    (REP2, "outcome H-1 won", "You work no lead"),
    # plan
    (MAYA, "plan 90", "I do not understand"),
    (MAYA, "plan 90 webinar", "is no day"),
    (MAYA, "plan many webinar 18 Jun", "“many” is no number"),
    (MAYA, "plan 0 webinar 18 Jun", "0 is no number of leads to plan"),
    (MAYA, "plan 1000000 webinar 18 Jun", "is no number of leads to plan"),
    (MAYA, "plan 90 webinar 31 Jun", "is no day"),
    (MAYA, "plan 90 webinar 2026-06-01", "cannot be planned"),
    (MAYA, "plan 90 webinar 2028-06-01", "cannot be planned"),
    (MAYA, "plan withdraw webinar 18 Jun", "Nothing from webinar is planned"),
    (MAYA, f"plan 90 {'w' * 81} 18 Jun", "too long"),
    # away
    (REP1, "away until", "Say until when"),
    (REP1, "away until someday", "Say until when"),
    (REP1, "away until yesterday", "Say until when"),
    (REP1, "away until 2030-01-01", "Say until when"),
    (REP1, "away until 9999-12-31", "Say until when"),
    (REP1, "away until 1 Jul cover", "chosen from the list"),
    (REP1, "away until 1 Jul cover @nobody", "chosen from the list"),
    (REP1, "away until 1 Jul cover @rep1", "cannot cover for yourself"),
    (REP1, "away until 1 Jul cover @maya", "is not in Sales"),
    (REP1, "away until 1 Jul cover @robot", "is not in Sales"),
    (REP1, "away back", "You are not away"),
    # digest, setup, unknown
    # periods and agreements
    (REP1, "digest W99", "neither a period nor an agreement"),
    (REP1, "digest soon", "Write it like `/sla digest W25`"),
    (REP1, "digest 2027-W01", "Week 1 of 2027 has not begun yet"),
    (REP1, "digest W24", "Week 24 of 2026 was before DACH, which has figures from Mon 15 Jun on"),
    (REP1, "digest June 2026", "A digest is of one week"),
    (REP1, "forecast 2026-05", "was before DACH"),
    (SARA, "goals May", "May 2026 was before DACH"),
    (SARA, "goals 2026-09", "September 2026 has not begun yet"),
    (SARA, "goals Nordics", "neither a period nor an agreement"),
    (SARA, "goals <#CELSE|elsewhere>", "<#CELSE> has no agreement"),
    (SARA, "status 2026-13", "neither a period"),
    (SARA, "breaches H-1", "neither a period"),
    (SARA, "export cats", "Write it like `/sla export leads last month`"),
    (ALAN, "export", "I do not know you yet"),
    (GUEST, "export figures", "I do not know you yet"),
    (MAYA, "setup", "has its agreement already"),
    (MAYA, "lgo 25 webinar", "Did you mean `/sla log`?"),
    (MAYA, "handout", "no word of `/sla`"),
    (MAYA, "<!channel>", "&lt;!channel&gt;"),
    (MAYA, "x" * 2_001, "too long: at most 2,000"),
]


@pytest.mark.parametrize(("user", "line", "said"), REFUSED)
def test_a_refusal_names_the_fault_and_changes_nothing(busy: Office, user: str, line: str, said: str) -> None:
    before = busy.rows()

    assert said in busy.type(user, f"/sla {line}")
    assert busy.rows() == before


def test_all_faults_of_a_command_are_told_at_once(busy: Office) -> None:
    said = busy.type(MAYA, f"/sla log 5 {'w' * 81} x A=z D=1 arrived noon")

    for fault in ("too long", "“z” is no number", "is no tier", "is no time"):
        assert fault in said


HOSTILE = [
    "<!channel> <!here>",
    "<@U123456|root> <@UMAYA>",
    "'; DROP TABLE lead; --",
    "{{ 7 * 7 }} {% for %} ${x} %s %n",
    "\0\u202e\u200b\ud800",
    "٣ Ⅷ ½ ²",
    "-1 1e9 NaN inf 0x10",
    "9" * 400,
    '"' * 300,
    "= A= =5 A=B=C ==",
    "<https://x.example/" + "a" * 1_500 + ">",
    "H-1 " + "1," * 900,
    "H-1 at at at note note until cover",
    "🦄" * 300,
    "\\x00 \\ / * _ ~ ` &amp;lt; &#x3c;",
    "1 " * 900,
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("word", WORDS)
def test_hostile_text_is_text(
    busy: Office, word: str, hostile: str, caplog: pytest.LogCaptureFixture
) -> None:
    for user in (MAYA, REP1):
        said = busy.type(user, f"/sla {word} {hostile}")
        busy.slack.dismiss(user)
        for mark in ("<!channel>", "<!here>", "<@U123456", "not your doing"):
            assert mark not in said

    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_after_all_that_the_ledger_still_explains_every_row(busy: Office) -> None:
    busy.settle()
    with busy.context.reading() as session:
        assert list(verify.differences(session)) == []


def test_where_nothing_is_agreed_every_word_shows_the_way(new_office: Office) -> None:
    for word in WORDS:
        if word in {"setup", "help"}:
            continue
        said = new_office.type(MAYA, f"/sla {word}" + ("" if word == "agreement" else " H-1 5 x 18 Jun"))
        assert "Nothing is agreed here yet" in said or "There is no H-1 here" in said, word


def test_elsewhere_the_only_agreement_speaks(busy: Office) -> None:
    assert "You: nothing waits on you" in busy.type(SARA, "/sla status", channel=ELSEWHERE)
    assert "You: nothing waits on you" in busy.type(SARA, "/sla status", channel=CHANNEL)
