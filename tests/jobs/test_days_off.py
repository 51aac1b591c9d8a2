"""Days off are known far enough ahead, and added by an event."""

from datetime import UTC, date, datetime

from sqlmodel import select

from bot.models import AgreementVersion, Event
from tests.story.week import Week
from tests.twin import ours


def last_known(week: Week) -> str:
    with week.reading() as (session, _):
        return max(session.exec(select(AgreementVersion).where(ours(AgreementVersion))).one().days_off)


def extend(week: Week) -> object:
    return week.demo.baton.jobs["days_off"]()


def test_what_is_known_far_enough_ahead_is_left_alone(week: Week) -> None:
    assert extend(week) == 0
    assert last_known(week) == "2031-12-26"


def test_years_are_added_in_time_once_and_by_an_event(week: Week) -> None:
    week.demo.stage.clock.move_to(datetime(2030, 1, 2, 9, 0, tzinfo=UTC))
    assert extend(week) == 1
    assert extend(week) == 0
    assert last_known(week) == "2035-12-26"
    with week.reading() as (session, agreed):
        added = session.exec(select(Event).where(ours(Event)).where(Event.kind == "days_off_added")).one()
        assert added.data == {"version": 1, "known_until": "2035-12-26"}
        assert not agreed.calendar.works_on(date(2026, 12, 25)), "what was known stays known"
        assert not agreed.calendar.works_on(date(2034, 12, 25))
