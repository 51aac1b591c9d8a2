"""Leads are handed on to a colleague, with the time that runs."""

import pytest

from tests.slack.office import ALAN, MAYA, REP1, REP2, SARA, Office, everything_said


@pytest.fixture
def taken(office: Office) -> Office:
    """An office in which one rep took six leads."""
    office.type(MAYA, "/sla log webinar June B=6")
    office.settle()
    office.type(REP1, "/sla take H-1 all")
    office.settle()
    return office


def test_some_leads_go_to_a_colleague_and_their_time_goes_along(taken: Office) -> None:
    taken.after(hours=2)
    assert "2 leads of H-1 are <@UREP2>'s now" in taken.type(REP1, f"/sla hand H-1 <@{REP2}> 1-2")
    taken.settle()

    why = taken.type(REP2, "/sla why H-1")
    assert "Used 2h" in why
    assert "(<@UREP1> 4, <@UREP2> 2)" in everything_said(taken.card())
    assert "2 leads to contact" in everything_said(taken.dm(REP2))


def test_the_form_hands_on_all_that_is_open(taken: Office) -> None:
    taken.press(REP1, taken.dm(REP1), "hand.open")
    assert "no rep" in taken.submit(REP1, to=ALAN)["errors"]["to"]
    assert "yours already" in taken.submit(REP1, to=REP1)["errors"]["to"]
    assert taken.submit(REP1, to=REP2)["response_action"] == "clear"
    taken.settle()
    assert "(<@UREP2> 6)" in everything_said(taken.card())


def test_nobody_hands_on_what_is_not_theirs_but_the_lead_may(taken: Office) -> None:
    assert "No open lead of H-1 is yours" in taken.type(REP2, f"/sla hand H-1 <@{SARA}>")
    assert "not yours to hand on" in taken.type(REP2, f"/sla hand H-1 <@{SARA}> 1")
    assert "Name the colleague" in taken.type(REP1, "/sla hand H-1 bob")
    assert "1 lead of H-1 is <@UREP2>'s now" in taken.type(SARA, f"/sla hand H-1 <@{REP2}> 1")
