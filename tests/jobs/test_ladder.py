"""The ladder as people meet it: a DM, the thread of the card, one round-up to the manager, each once."""

from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.demo.cast import CHANNEL, INES, MARA, MILO, REPS, RITA
from bot.demo.run import TEXT
from bot.messages import card
from bot.models import Handoff
from bot.services import agreements, ask, verify
from tests.story.week import Week, at, local, opened, read, value_of
from tests.twin import ours

PEOPLE = (*REPS, MARA, MILO)
FRIDAY_16 = "/sla log demo-request A=1 arrived 16:00"


def threads(week: Week) -> list[dict[str, Any]]:
    """List what the bot wrote in threads of the channel, digests' left out."""
    posts = [
        one for one in week.demo.sandbox.messages(CHANNEL) if one.get("thread_ts") not in (None, one["ts"])
    ]
    return [one for one in posts if one["text"].startswith("H-")]


def nudges(week: Week) -> list[dict[str, Any]]:
    with week.reading() as (session, _):
        return [dm for one in PEOPLE for dm in week.dms(one.id) if week.kind_of(session, dm) == "nudge"]


def roundups(week: Week, manager: str = INES.id) -> list[dict[str, Any]]:
    with week.reading() as (session, _):
        return [dm for dm in week.dms(manager) if week.kind_of(session, dm) == "roundup"]


def times(messages: list[dict[str, Any]]) -> list[str]:
    """Say when messages were posted, to the minute."""
    return [f"{local(float(one['ts'])):%a %H:%M}" for one in messages]


def stored(week: Week) -> list[verify.Difference]:
    with week.reading() as (session, _):
        return list(verify.differences(session))


def duty_of(week: Week, number: int) -> str:
    return next(rep.id for rep in REPS if f"the move is <@{rep.id}>'s" in week.says(number))


@pytest.fixture
def friday(week: Week) -> Week:
    """A demo request of Friday 16:00, due at closing."""
    week.go("fri 16:00")
    week.type(MILO.id, FRIDAY_16)
    return week


def test_the_ladder_goes_from_a_dm_to_the_thread_to_the_manager(friday: Week) -> None:
    friday.go("next mon 08:59")
    assert times(nudges(friday)) == ["Fri 16:45"]
    friday.go("next mon 09:59")
    assert times(nudges(friday)) == ["Fri 16:45", "Mon 09:00"]
    assert "H-1 passed its time Fri 17:00" in read(nudges(friday)[-1])
    assert threads(friday) == []

    friday.go("next mon 10:01")
    (post,) = threads(friday)
    assert times([post]) == ["Mon 10:00"]
    assert post["thread_ts"] == friday.card(1)["ts"]
    assert "*H-1 (1 demo-request) is open past its time.* Anyone in Sales can take it." in read(post)
    assert "<@" not in read(post)
    assert roundups(friday) == []

    friday.go("next mon 16:01")
    (told,) = roundups(friday)
    assert times([told]) == ["Mon 16:00"]
    assert "H-1 · 1 demo-request, A · first touch 7h late" in read(told)
    assert f"<@{duty_of(friday, 1)}>" in read(told)
    assert stored(friday) == []


def test_each_rung_is_told_once_in_a_week_of_ticks_and_never_outside_hours(friday: Week) -> None:
    for day in range(5):
        friday.demo.stage.advance(at("next mon 18:00") + timedelta(days=day))
    assert times(nudges(friday)) == ["Fri 16:45", "Mon 09:00"]
    assert times(threads(friday)) == ["Mon 10:00"]
    assert times(roundups(friday)) == ["Mon 16:00"]
    for call in friday.calls("chat.postMessage"):
        assert time(9) <= local(call.at).time() < time(17), call


@pytest.mark.parametrize("acts_first", [True, False], ids=["before-the-tick", "before-the-delivery"])
def test_who_acts_in_the_same_second_stops_the_ladder(friday: Week, *, acts_first: bool) -> None:
    friday.go("next mon 09:59")
    friday.sleep_until("next mon 10:00")
    jobs, duty = friday.demo.baton.jobs, duty_of(friday, 1)
    if not acts_first:
        assert jobs["tick"]() == 1
    friday.demo.sandbox.command(duty, CHANNEL, "/sla touch H-1 1")
    friday.settle()
    friday.go("next mon 16:30")
    assert (threads(friday), roundups(friday)) == ([], [])
    assert stored(friday) == []


def test_who_acts_between_thread_and_round_up_stops_the_ladder(friday: Week) -> None:
    friday.go("next mon 11:00")
    friday.type(RITA.id, "/sla touch H-1 1")
    assert "H-1 is in hand again" in read(threads(friday)[0])
    assert not [block for block in threads(friday)[0]["blocks"] if block["type"] == "actions"]
    friday.go("next mon 16:30")
    assert roundups(friday) == []


def test_who_takes_from_the_thread_has_the_lead(friday: Week) -> None:
    friday.go("next mon 11:00")
    (post,) = threads(friday)
    friday.press(RITA.id, post, card.TAKE, value_of(post, "Take"))
    assert "Taken 1" in friday.says(1)
    assert "H-1 is in hand again" in read(threads(friday)[0])
    friday.type(RITA.id, "/sla touch H-1")
    friday.go("next mon 16:30")
    assert roundups(friday) == []


def test_who_takes_late_has_an_hour_of_their_own(friday: Week) -> None:
    friday.go("next mon 11:00")
    friday.type(RITA.id, "/sla take H-1 all")
    friday.go("next mon 11:59")
    assert times(threads(friday)) == ["Mon 10:00"]
    friday.go("next mon 12:01")
    assert times(threads(friday)) == ["Mon 10:00", "Mon 12:00"]
    assert "A first touch is still to come" in read(threads(friday)[1])
    friday.go("next mon 16:30")
    (told,) = roundups(friday)
    assert f"<@{RITA.id}>" in read(told)
    assert stored(friday) == []


def test_what_was_taken_and_given_back_goes_on_where_it_stood(friday: Week) -> None:
    friday.go("next mon 10:30")
    friday.type(RITA.id, "/sla take H-1 all")
    friday.go("next mon 10:40")
    friday.type(RITA.id, "/sla take H-1 back")
    friday.go("next mon 16:30")
    assert times(threads(friday)) == ["Mon 10:00"]
    (told,) = roundups(friday)
    assert f"<@{duty_of(friday, 1)}>" in read(told)
    assert stored(friday) == []


def test_a_report_of_an_earlier_touch_mends_all_that_was_said(friday: Week) -> None:
    friday.go("next mon 16:10")
    assert len(roundups(friday)) == 1
    friday.type(duty_of(friday, 1), "/sla touch H-1 1 at fri 16:30")
    friday.go("next mon 16:20")
    for message in (nudges(friday)[-1], threads(friday)[0], roundups(friday)[0]):
        assert "H-1 was in time after all: a later report says so." in read(message)
    assert stored(friday) == []


def test_the_threads_of_a_handoff_come_as_one_where_they_are_near(week: Week) -> None:
    week.go("mon 09:00")
    week.type(MILO.id, "/sla log webinar A=1 B=2 C=3 arrived 09:00")
    week.go("wed 16:30")
    texts = [read(post) for post in threads(week)]
    assert times(threads(week)) == ["Mon 11:00", "Tue 09:00", "Tue 13:00"]
    assert "(1 webinar)" in texts[0]
    assert "(2 webinar) is open past its time.* Anyone in Sales can take them." in texts[1]
    assert times(roundups(week)) == ["Mon 16:00", "Tue 16:00"]
    assert [read(told).count("H-1 ·") for told in roundups(week)] == [1, 2]


def test_leads_that_went_back_to_the_pool_end_their_clocks_ladder(week: Week) -> None:
    week.go("tue 10:00")
    week.type(MILO.id, "/sla log webinar B=3")
    week.type(RITA.id, "/sla take H-1 all")
    week.go("wed 13:59")
    assert any("3 leads of H-1 went back to the pool" in read(dm) for dm in nudges(week))
    week.go("thu 09:59")
    assert threads(week) == []
    week.go("thu 10:01")
    (post,) = threads(week)
    assert "(3 webinar)" in read(post)
    week.go("thu 16:30")
    (told,) = roundups(week)
    assert f"<@{RITA.id}>" not in read(told) or duty_of(week, 1) == RITA.id


def test_marketings_promise_climbs_the_same_ladder(week: Week) -> None:
    week.go("tue 09:00")
    week.type(MILO.id, "/sla log webinar C=3")
    week.go("tue 10:00")
    week.type(RITA.id, "/sla ask H-1 is the budget real?")
    week.go("wed 16:30")
    assert nudges(week) == [dm for dm in nudges(week) if dm in week.dms(MILO.id)]
    assert times(nudges(week)) == ["Tue 13:00", "Tue 14:00"]
    assert times(threads(week)) == ["Wed 10:00"]
    assert "A question about it waits for Marketing's answer." in read(threads(week)[0])
    (told,) = roundups(week)
    assert times([told]) == ["Wed 16:00"]
    assert f"answer 10h late · <@{MILO.id}>" in read(told)
    assert stored(week) == []


def test_while_a_question_is_open_the_ladder_stands_still(friday: Week) -> None:
    friday.go("next mon 09:30")
    friday.type(RITA.id, "/sla ask H-1 which product?")
    friday.go("next mon 11:30")
    assert threads(friday) == []
    with friday.demo.baton.context.transaction() as session:
        handoff = session.exec(select(Handoff).where(ours(Handoff))).one()
        agreed = agreements.by_id(session, handoff.workspace_id, handoff.agreement_id)
        (question,) = ask.open_in(session, agreed, handoff, at("next mon 11:30"))
        now, words = at("next mon 11:30"), "the large one"
        ask.answer(session, agreed, handoff, user=MILO.id, question=question, text=words, now=now)
    friday.go("next mon 12:29")
    assert threads(friday) == []
    friday.go("next mon 12:31")
    assert "H-1 (1 demo-request) is open past its time" in read(threads(friday)[0])
    assert stored(friday) == []


def test_why_names_the_rung_and_its_clause(friday: Week) -> None:
    friday.go("next mon 09:30")
    said = friday.type(MARA.id, "/sla why H-1")
    assert "So far: told by DM (§13.1)" in said
    assert "Next, if it stays open: the thread Mon 10:00 (§13.2)" in said
    friday.go("next mon 10:30")
    assert "the manager's round-up Mon 16:00 (§13.3)" in friday.type(MARA.id, "/sla why H-1")


@pytest.fixture
def observing(tmp_path: Path) -> Iterator[Week]:
    text = TEXT.replace("observe_until: none", "observe_until: 2026-06-05")
    with opened(tmp_path, text=text) as week:
        yield week


def test_in_the_weeks_of_observing_nobody_is_told(observing: Week) -> None:
    observing.go("wed 10:00")
    observing.type(MILO.id, "/sla log demo-request A=1 arrived 10:00")
    observing.type(MILO.id, "/sla log webinar B=2")
    observing.go("next mon 14:00")
    assert (nudges(observing), threads(observing), roundups(observing)) == ([], [], [])
    said = observing.type(MARA.id, "/sla why H-1")
    assert "past its time" in said
    assert "In the weeks of observing nobody is told (§14.5)" in said
    assert stored(observing) == []

    observing.type(MILO.id, "/sla log demo-request later A=1 arrived 14:00")
    observing.go("next mon 16:30")
    assert times(nudges(observing)) == ["Mon 14:45", "Mon 15:00"]
    assert "H-3 (1 demo-request) is open past its time" in read(threads(observing)[0])
    assert roundups(observing) == []
