"""Reactions whose events were lost are found again, and count from just after the last look without them."""

import pytest
from sqlmodel import col, select

from bot.demo.cast import CHANNEL, GUS, MARA, MILO, RITA, SAM, THEO
from bot.messages import leads
from bot.models import Event
from bot.services import verify
from tests.story.week import CHECK, Week, at
from tests.twin import ours


@pytest.fixture
def logged(week: Week) -> Week:
    week.go("tue 10:00")
    week.type(MILO.id, "/sla log webinar B=12")
    return week


def unheard(week: Week, user: str, *, is_on: bool = True) -> None:
    """Put ✅ on the card, or take it off, while no event reaches the bot."""
    week.demo.sandbox.fail("event", "lost")
    act = week.demo.sandbox.react if is_on else week.demo.sandbox.unreact
    act(user, CHANNEL, week.card(1)["ts"], CHECK)
    week.demo.sandbox.heal()


def look(week: Week) -> object:
    done = week.demo.baton.jobs["reactions"]()
    week.settle()
    return done


def test_a_lost_reaction_takes_its_share(logged: Week) -> None:
    unheard(logged, RITA.id)
    unheard(logged, THEO.id)
    assert look(logged) == 2
    assert f"(<@{RITA.id}> 4, <@{THEO.id}> 4)" in logged.says(1)
    assert look(logged) == 0


def test_it_counts_from_the_last_look_that_did_not_show_it(logged: Week) -> None:
    logged.go("tue 13:50")
    look(logged)
    unheard(logged, RITA.id)
    logged.go("tue 14:30")
    assert "was due Tue 14:00" in logged.says(1)
    look(logged)
    with logged.reading() as (session, _):
        taken = session.exec(select(Event).where(ours(Event)).where(Event.kind == "taken")).one()
        assert at("tue 13:50") < taken.happened_at < at("tue 13:51")
        assert taken.data["via"] == "found"
        assert list(verify.differences(session)) == []


def test_it_counts_from_no_earlier_than_the_last_change(logged: Week) -> None:
    look(logged)
    logged.go("tue 12:00")
    logged.type(SAM.id, "/sla take H-1 4")
    logged.type(SAM.id, "/sla take H-1 back")
    unheard(logged, RITA.id)
    logged.go("tue 12:30")
    assert look(logged) == 1
    assert f"(<@{RITA.id}> 4)" in logged.says(1)


def test_a_lost_removal_gives_back_also_where_nothing_is_left_to_take(logged: Week) -> None:
    for rep in (RITA, SAM, THEO):
        logged.react(rep.id, 1)
    assert "to take now" not in logged.says(1)
    unheard(logged, SAM.id, is_on=False)
    assert look(logged) == 1
    assert "4 to take now" in logged.says(1)


def test_a_found_reaction_is_taken_off_like_any_other(logged: Week) -> None:
    unheard(logged, RITA.id)
    look(logged)
    assert "4 leads of H-1 are given back" in logged.react(RITA.id, 1, is_on=False)


@pytest.mark.parametrize("user", [GUS.id, MARA.id])
def test_a_reaction_of_somebody_who_may_not_take_stays_without_effect(logged: Week, user: str) -> None:
    unheard(logged, user)
    look(logged)
    assert "12 to take now" in logged.says(1)


def test_cards_on_which_nothing_can_change_are_not_asked_about(logged: Week) -> None:
    logged.type(RITA.id, "/sla take H-1 all")
    logged.type(RITA.id, "/sla touch H-1")
    before = len(logged.demo.sandbox.calls("reactions.get"))
    look(logged)
    assert len(logged.demo.sandbox.calls("reactions.get")) == before


def test_what_slack_cannot_tell_now_is_asked_the_next_time(logged: Week) -> None:
    unheard(logged, RITA.id)
    logged.demo.sandbox.fail("reactions.get", "rate_limited", times=1)
    assert look(logged) == 0
    assert look(logged) == 1


def test_a_touched_lead_is_not_given_back_by_a_lost_removal(logged: Week) -> None:
    logged.react(RITA.id, 1)
    message = logged.dms(RITA.id)[0]
    logged.press(RITA.id, message, leads.TOUCHED, "1:1")
    unheard(logged, RITA.id, is_on=False)
    look(logged)
    assert f"(<@{RITA.id}> 4)" in logged.says(1)
    with logged.reading() as (session, _):
        assert not session.exec(select(Event).where(ours(Event)).where(col(Event.kind) == "undone")).all()
