"""Who is away is left alone: what reaches them goes to who works for them, and coming back tells of it."""

import pytest

from tests.slack.office import MAYA, REP1, REP2, SARA, Office, everything_said


@pytest.fixture
def duty(office: Office) -> tuple[Office, str, str]:
    """An office with three leads to take, its duty rep and the other rep."""
    office.type(MAYA, "/sla log webinar June B=3")
    office.settle()
    rep = REP1 if f"<@{REP1}>'s" in everything_said(office.card()) else REP2
    return office, rep, REP2 if rep == REP1 else REP1


def test_where_the_cover_is_away_too_their_cover_is_told(duty: tuple[Office, str, str]) -> None:
    office, rep, other = duty
    office.type(rep, f"/sla away until Thu 12:00 cover <@{other}>")
    office.type(other, f"/sla away until Wed 12:00 cover <@{SARA}>")
    office.settle()
    assert f"<@{SARA}>'s" in everything_said(office.card())
    office.after(hours=3)
    assert not any("decision" in everything_said(one) for one in office.slack.dms(other))
    assert "3 leads need a decision" in everything_said(office.dm(SARA))
    assert "snoozed until" in office.type(SARA, "/sla snooze H-1 until 16:00 the list is shut")


def test_what_was_told_to_who_stands_in_is_made_true_again(duty: tuple[Office, str, str]) -> None:
    office, rep, other = duty
    office.type(rep, "/sla away until Thu 12:00")
    office.after(hours=3)
    told = [
        one for who in (other, SARA) for one in office.slack.dms(who) if "decision" in everything_said(one)
    ]
    assert len(told) == 1
    office.type(other, "/sla take H-1 all")
    office.settle()
    assert not any(
        "decision" in everything_said(one) for who in (other, SARA) for one in office.slack.dms(who)
    )


def test_without_a_cover_the_duty_rep_has_the_leads_and_the_answer_says_so(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June B=3")
    office.settle()
    office.type(REP1, "/sla take H-1 all")
    assert "3 leads go to the duty rep with a fresh start" in office.type(REP1, "/sla away until Thu 12:00")


def test_who_is_alone_gets_no_fresh_start_by_leaving(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June B=3")
    office.settle()
    for rep in (SARA, REP1, REP2):
        said = office.type(rep, "/sla away until Thu 12:00")
    assert "fresh start" not in said
    for rep in (REP1, REP2):
        office.type(rep, "/sla away back")


def test_who_comes_back_early_reads_in_the_answer_what_happened_meanwhile(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June B=6")
    office.settle()
    office.type(REP1, "/sla take H-1 2")
    office.type(REP2, "/sla take H-1 2")
    office.type(REP1, f"/sla away until Thu 12:00 cover <@{REP2}>")
    office.type(REP1, f"/sla away until Wed 12:00 cover <@{SARA}>")
    said = office.type(REP1, "/sla away back")
    assert "You have shares and the rota again" in said
    assert f"2 untouched leads of yours went to <@{REP2}>" in said
