"""A breach is excused: asked by one side, judged by the other's lead, and shown apart."""

import pytest

from bot.services import agreements, tallies
from tests.slack.office import CHANNEL, MAYA, REP1, REP2, SARA, Office, everything_said


@pytest.fixture
def late(office: Office) -> Office:
    """An office in which the decision on two leads is late."""
    office.type(MAYA, "/sla log webinar June B=2")
    office.settle()
    office.after(hours=5)
    office.type(REP1, "/sla take H-1 all")
    office.settle()
    return office


def counted(office: Office, measure: str) -> int:
    with office.context.reading() as session:
        agreed = agreements.by_id(session, 1, 1)
        today = agreed.today(office.clock.now())
        tomorrow = agreed.today(office.clock.now().replace(day=today.day + 1))
        return tallies.sums(session, agreed, tallies.Slice(today, tomorrow)).get(measure, 0)


def test_what_the_other_lead_excuses_counts_in_neither_part(late: Office) -> None:
    assert counted(late, "decide.late") == 2
    assert "lead is asked to excuse H-1" in late.type(REP1, "/sla excuse H-1 the list could not be opened")
    late.settle()
    asked = late.dm(MAYA)
    assert "asks to excuse 2 leads of H-1" in everything_said(asked)
    assert "the list could not be opened" in everything_said(asked)

    assert "is excused" in late.press(MAYA, asked, "excuse.grant")
    late.settle()
    assert (counted(late, "decide.late"), counted(late, "decide.excused")) == (0, 2)
    assert "H-1: excused" in everything_said(late.dm(MAYA))
    assert "2 late leads of H-1 are excused" in everything_said(late.dm(REP1))


def test_what_is_not_excused_stays_late(late: Office) -> None:
    late.type(REP1, "/sla excuse H-1 no time")
    assert "asked about this already" in late.type(REP1, "/sla excuse H-1 really no time")
    late.settle()
    assert "is not excused" in late.press(MAYA, late.dm(MAYA), "excuse.refuse")
    assert counted(late, "decide.late") == 2
    assert "it is asked once" in late.type(REP1, "/sla excuse H-1 but really")


def test_there_is_nothing_to_excuse_where_nothing_was_late(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June B=2")
    office.settle()
    assert "Nothing of H-1 was late for you" in office.type(REP1, "/sla excuse H-1 just so")


def test_of_what_is_excused_neither_the_thread_nor_the_manager_hears(office: Office) -> None:
    office.type(MAYA, "/sla log demo-request June A=2")
    office.settle()
    owner = REP1 if f"<@{REP1}>'s" in everything_said(office.card()) else REP2
    office.after(minutes=45)
    office.after(minutes=16)
    office.type(owner, "/sla excuse H-1 the phones were down")
    office.settle()
    office.press(MAYA, office.dm(MAYA), "excuse.grant")
    for _ in range(6):
        office.after(hours=1)
    card = office.card()["ts"]
    assert [one for one in office.slack.messages(CHANNEL) if one.get("thread_ts") == card != one["ts"]] == []
    assert not any("past its time" in one["text"] for one in office.slack.dms(SARA))
    assert "Excused: first touch 2" in office.type(owner, "/sla why H-1")


def test_an_answer_is_excused_by_its_own_name(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June B=2")
    office.settle()
    office.type(REP1, "/sla ask H-1 are they real?")
    office.after(hours=3)
    office.after(hours=2)
    office.type(MAYA, "/sla excuse H-1 we were at the fair")
    office.settle()
    asked = everything_said(office.dm(SARA))
    assert "asks to excuse 1 answer on H-1" in asked
    assert "that was late" in asked
