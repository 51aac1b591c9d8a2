"""Whose status says leave is asked once who covers, and gets one summary when back."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.jobs import life
from bot.services.leave import says_leave
from tests.slack.office import MAYA, REP1, REP2, Office, everything_said


@pytest.fixture
def taken(office: Office) -> Office:
    office.type(MAYA, "/sla log webinar June B=6")
    office.settle()
    office.type(REP1, "/sla take H-1 3")
    office.settle()
    return office


@pytest.mark.parametrize(
    ("text", "emoji", "is_leave"),
    [
        ("Vacationing", ":palm_tree:", True),
        ("back on Monday", ":palm_tree:", True),
        ("On vacation", ":sunny:", True),
        ("Urlaub bis 1.7.", "", True),
        ("In a meeting", ":spiral_calendar_pad:", False),
        ("Working remotely", ":house_with_garden:", False),
        ("holidaymakers campaign", "", False),
        ("", "", False),
    ],
)
def test_a_status_of_leave_is_known_from_others(text: str, emoji: str, is_leave: bool) -> None:  # noqa: FBT001
    assert says_leave({"status_text": text, "status_emoji": emoji}) is is_leave


def test_a_rep_on_leave_is_offered_cover_once_a_day(taken: Office) -> None:
    until = int((taken.clock.at + timedelta(days=7)).timestamp())
    for _ in range(2):
        taken.slack.set_status(REP1, "Vacationing", ":palm_tree:", until)
        taken.settle()
    offers = [one for one in taken.slack.dms(REP1) if "status says leave" in one["text"]]
    assert len(offers) == 1
    assert "3 leads of yours wait for a first touch" in everything_said(offers[0])

    taken.press(REP1, offers[0], "away.open")
    view = taken.view(REP1)
    chosen = next(block for block in view["blocks"] if block.get("block_id") == "until")
    assert chosen["element"]["initial_date_time"] == until
    assert "alone" not in str(taken.submit(REP1, until=until, cover=REP2))
    taken.settle()
    assert "(<@UREP2> 3)" in everything_said(taken.card())


def test_others_are_asked_nothing(taken: Office) -> None:
    before = len(taken.slack.dms(MAYA))
    taken.slack.set_status(MAYA, "Vacationing", ":palm_tree:")
    taken.settle()
    assert len(taken.slack.dms(MAYA)) == before


def test_who_is_back_gets_one_summary_in_working_hours(taken: Office) -> None:
    assert "away until" in taken.type(REP1, f"/sla away until Wed 06:00 cover <@{REP2}>")
    taken.clock.at = datetime(2026, 6, 17, 5, tzinfo=UTC)
    life.run(taken.context)
    taken.settle()
    assert not any("Welcome back" in one["text"] for one in taken.slack.dms(REP1))
    for hour in (7, 8, 9):
        taken.clock.at = datetime(2026, 6, 17, hour, 5, tzinfo=UTC)
        life.run(taken.context)
        taken.settle()
    (summary,) = [one for one in taken.slack.dms(REP1) if "Welcome back" in one["text"]]
    assert "No lead waits on you" in everything_said(summary)
    assert "3 untouched leads of yours went to <@UREP2>" in everything_said(summary)
