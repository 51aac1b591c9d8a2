"""A clock is snoozed with a reason, within what the agreement allows."""

import pytest

from tests.slack.office import MAYA, REP1, REP2, Office


@pytest.fixture
def taken(office: Office) -> Office:
    office.type(MAYA, "/sla log webinar June B=2")
    office.settle()
    office.type(REP1, "/sla take H-1 all")
    return office


def test_a_snoozed_clock_stands_still(taken: Office) -> None:
    assert "H-1 is snoozed until" in taken.type(REP1, "/sla snooze H-1 until 15:00 she is on a plane")
    taken.after(hours=6)
    # From 10:00 to 16:00, of which the clock stood still until 15:00.
    why = taken.type(REP1, "/sla why H-1")
    assert "paused 4h 59min" in why
    assert f"by <@{REP1}>: she is on a plane" in why


def test_why_names_a_snooze_as_long_as_it_lasts(taken: Office) -> None:
    taken.type(REP1, "/sla snooze H-1 until 15:00 she is on a plane")
    taken.after(hours=1)
    assert "First touch, B: snoozed" in taken.type(REP2, "/sla why H-1")
    taken.after(hours=5)
    assert "First touch, B: running" in taken.type(REP2, "/sla why H-1")


def test_a_snooze_keeps_to_the_limits_of_the_agreement(taken: Office) -> None:
    before = taken.rows()
    assert "Say why" in taken.type(REP1, "/sla snooze H-1 until 15:00")
    assert "The agreement allows until" in taken.type(REP1, "/sla snooze H-1 until Fri 15:00 on leave")
    assert "is no time" in taken.type(REP1, "/sla snooze H-1 until someday")
    assert "Nothing of this waits on you" in taken.type(REP2, "/sla snooze H-1 until 15:00 why not")
    assert taken.rows() == before

    for hour in ("11:00", "12:00"):
        assert "is snoozed" in taken.type(REP1, f"/sla snooze H-1 until {hour} on the phone")
    assert "allows no more" in taken.type(REP1, "/sla snooze H-1 until 13:00 on the phone")


def test_the_form_offers_the_longest_snooze(taken: Office) -> None:
    assert taken.type(REP1, "/sla snooze H-1") == ""
    view = taken.view(REP1)
    until = next(block for block in view["blocks"] if block.get("block_id") == "until")
    # One working day from Monday at ten.
    assert until["element"]["initial_date_time"] == taken.clock.at.timestamp() + 24 * 3600
    assert "Say why" in str(taken.submit(REP1, until=until["element"]["initial_date_time"], reason=" "))
    done = taken.submit(REP1, until=until["element"]["initial_date_time"], reason="She is on a plane")
    assert done["response_action"] == "clear"
