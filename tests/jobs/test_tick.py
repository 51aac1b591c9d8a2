"""What is told when a clock warns or breaks: to one person, gathered, in working hours, and only if so."""

import pytest

from bot.demo.cast import INES, MARA, MILO, REPS, RITA, SAM, THEO
from bot.messages import nudge
from bot.services import clocks, verify
from tests.story.week import Week, at, local, read, value_of

PEOPLE = (*REPS, MARA, MILO, INES)


def told(week: Week) -> dict[str, list[str]]:
    """Read the nudges of each person, the lists of leads left out."""
    with week.reading() as (session, _):
        return {
            one.name: [read(dm) for dm in week.dms(one.id) if week.kind_of(session, dm) == "nudge"]
            for one in PEOPLE
        }


def duty_of(week: Week, number: int) -> str:
    return next(rep.id for rep in REPS if f"the move is <@{rep.id}>'s" in week.says(number))


def differences(week: Week) -> list[verify.Difference]:
    with week.reading() as (session, _):
        return list(verify.differences(session))


def test_a_night_without_the_bot_is_told_in_the_morning_and_once(week: Week) -> None:
    week.go("tue 16:00")
    week.type(MILO.id, "/sla log demo-request A=1 arrived 16:00")
    week.sleep_until("tue 22:00")
    week.settle()
    assert not any(told(week).values())
    assert differences(week) == []

    week.go("wed 08:59")
    assert not any(told(week).values())
    week.go("wed 16:00")
    (said,) = [text for texts in told(week).values() for text in texts]
    assert "H-1 passed its time Tue 17:00" in said


def test_a_clock_that_broke_while_the_bot_was_down_is_counted_at_once(week: Week) -> None:
    week.go("tue 10:00")
    week.type(MILO.id, "/sla log webinar B=3")
    week.sleep_until("wed 20:00")
    week.settle()
    with week.reading() as (session, agreed):
        (late,) = clocks.at_risk(session, agreed, at("wed 20:01"))
    assert (late.waiting, late.is_breached) == (3, True)
    assert differences(week) == []


def test_leads_that_went_back_to_the_pool_are_told_as_that(week: Week) -> None:
    week.go("tue 10:00")
    week.type(MILO.id, "/sla log webinar B=3")
    week.type(RITA.id, "/sla take H-1 all")
    week.type(RITA.id, "/sla touch H-1 1")
    week.go("wed 10:01")
    assert "2 leads of H-1 went back to the pool" in told(week)["rita"][-1]
    assert "2 to take now" in week.says(1)
    assert "contacted Tue 10:00" in read(week.dms(RITA.id)[0])
    assert differences(week) == []


def test_leads_that_went_back_at_night_are_told_in_the_morning(week: Week) -> None:
    week.go("tue 10:00")
    week.type(MILO.id, "/sla log webinar B=3")
    week.type(RITA.id, "/sla take H-1 all")
    week.sleep_until("wed 23:00")
    week.settle()
    assert told(week)["rita"] == []
    assert "No lead is yours" in read(week.dms(RITA.id)[-1])
    week.go("thu 09:01")
    assert "3 leads of H-1 went back to the pool" in told(week)["rita"][0]


def test_what_is_done_before_it_was_told_is_not_told(week: Week) -> None:
    week.go("tue 10:00")
    week.type(MILO.id, "/sla log demo-request A=1 arrived 10:00")
    week.sleep_until("tue 10:46")
    week.demo.baton.jobs["tick"]()
    week.type(SAM.id, "/sla touch H-1 1")
    week.go("tue 12:00")
    assert not any(told(week).values())


def test_more_than_two_messages_a_day_become_edits(week: Week) -> None:
    for n, clock in enumerate(("09:05", "09:40", "10:15", "10:50"), start=1):
        week.go(f"tue {clock}")
        week.type(MILO.id, f"/sla log webinar list-{n} B=1")
    week.go("tue 16:00")
    duty = duty_of(week, 1)
    nudges = week.dms(duty)
    assert [f"{local(float(one['ts'])):%H:%M}" for one in nudges] == ["12:05", "12:40"]
    assert all(f"H-{number}" in read(nudges[-1]) for number in (2, 3, 4))


def test_hand_raisers_are_told_beyond_two_messages(week: Week) -> None:
    for n, clock in enumerate(("09:05", "09:40"), start=1):
        week.go(f"tue {clock}")
        week.type(MILO.id, f"/sla log webinar list-{n} B=1")
    week.go("tue 13:00")
    week.type(MILO.id, "/sla log demo-request A=1 arrived 13:00")
    week.go("tue 13:50")
    nudges = week.dms(duty_of(week, 3))
    assert len(nudges) == 3
    assert "H-3 · 1 demo-request" in read(nudges[-1])


def test_a_rep_whose_messages_are_used_up_finds_new_leads_in_the_list_there_is(week: Week) -> None:
    week.go("mon 10:00")
    week.type(MILO.id, "/sla log webinar earlier B=3")
    duty = REPS[(at("tue 10:00").toordinal()) % len(REPS)].id
    week.type(duty, "/sla take H-1 all")
    week.type(duty, "/sla touch H-1")
    before = len(week.dms(duty))
    for n, clock in enumerate(("09:05", "09:40"), start=2):
        week.go(f"tue {clock}")
        week.type(MILO.id, f"/sla log webinar list-{n} B=1")
    week.go("tue 13:30")
    assert duty_of(week, 2) == duty
    week.type(duty, "/sla take H-2 all")
    assert len(week.dms(duty)) == before + 2
    assert "H-2" in read(week.dms(duty)[before - 1])


def test_what_falls_due_within_a_quarter_of_an_hour_is_one_message(week: Week) -> None:
    for clock in ("10:00", "10:14"):
        week.go(f"tue {clock}")
        week.type(MILO.id, f"/sla log demo-request A=1 arrived {clock}")
    week.go("tue 10:50")
    (said,) = [text for texts in told(week).values() for text in texts]
    assert "2 leads need a first touch, first by Tue 11:00" in said


def test_who_covers_is_told_and_may_answer(week: Week) -> None:
    week.go("tue 10:00")
    week.type(MILO.id, "/sla log demo-request A=1 arrived 10:00")
    duty = duty_of(week, 1)
    cover = next(rep.id for rep in REPS if rep.id != duty)
    week.type(duty, f"/sla away until 5 Jun cover <@{cover}>")
    week.go("tue 10:50")
    assert week.dms(duty) == []
    (message,) = week.dms(cover)
    pressed = week.press(cover, message, nudge.TOUCHED_ALL, value_of(message, "Contacted"))
    assert "1 lead contacted" in pressed
    assert "Done: nothing of this waits" in read(week.dms(cover)[0])


@pytest.mark.parametrize("late", [False, True])
def test_an_idle_workspace_is_not_looked_at(week: Week, *, late: bool) -> None:
    week.go("tue 10:00")
    week.type(MILO.id, "/sla log webinar B=1")
    week.type(THEO.id, "/sla outcome H-1 1 recycled")
    if late:
        week.go("fri 10:00")
    assert week.demo.baton.jobs["tick"]() == 0
