"""A bad week: too many leads, a dispute, a question, a lapse, an excuse, an absence, a holiday."""

from collections import Counter
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from bot.demo.cast import CHANNEL, INES, MARA, MILO, REPS, RITA, SAM, THEO
from bot.demo.run import TEXT
from bot.models import Handoff, Notice
from bot.services import ledger, verify
from tests.story.week import BERLIN, Week, local, opened, read
from tests.test_story import webinar_list
from tests.twin import ours

HOLIDAY = date(2026, 6, 8)
WITH_HOLIDAY = TEXT.replace("days_off: []", f"days_off: [{HOLIDAY}]")
NEWSLETTER, WEBINAR, DEMOS = 1, 2, (3, 4, 5, 6)


def test_a_bad_week_is_told_calmly_to_both_sides(tmp_path: Path) -> None:
    with opened(tmp_path, text=WITH_HOLIDAY) as week:
        half_a_batch_is_refused_disputed_and_given_back(week)
        the_webinar_brings_106_leads_and_a_question(week)
        fifteen_leads_go_on_when_a_rep_leaves(week)
        what_nobody_touched_goes_back_to_the_pool(week)
        a_late_decision_is_excused(week)
        four_ask_for_a_demo_on_friday_evening_before_a_holiday(week)
        what_is_late_comes_to_the_thread_and_the_manager_once(week)
        the_time_adds_up(week)
        nobody_heard_more_than_was_worth_it(week)
        with week.reading() as (session, _):
            assert [str(one) for one in verify.differences(session)] == []


def half_a_batch_is_refused_disputed_and_given_back(week: Week) -> None:
    week.go("mon 10:00")
    week.type(MILO.id, '/sla log newsletter "Monthly letter" B=10')
    week.type(RITA.id, f"/sla reject H-{NEWSLETTER} outside_icp 1-5 all below ten people")
    told = read(week.dms(MILO.id)[-1])
    assert "5 of the 10 leads of H-1 refused by <@U0RITA>: outside our ICP* · §4.1" in told
    assert "20 to 500 employees" in told
    assert "until Wed 10:00" in told

    week.go("mon 11:00")
    assert "is disputed" in week.type(MILO.id, f"/sla dispute H-{NEWSLETTER} three of them have 200")
    assert "disputes 5 refusals" in read(week.dms(SAM.id)[-1])
    assert "back in the pool" in week.press(SAM.id, week.dms(SAM.id)[-1], "dispute.settle")
    assert "in the pool again" in read(week.dms(MILO.id)[-1])
    assert "10 to take now" in week.says(NEWSLETTER)
    assert "You refused 1 of them before" in week.type(RITA.id, f"/sla take H-{NEWSLETTER} 6")


def the_webinar_brings_106_leads_and_a_question(week: Week) -> None:
    week.go("tue 09:10")
    week.log_list(MARA.id, "webinar", "June webinar", webinar_list())
    card = week.says(WEBINAR)
    assert "106 webinar leads" in card
    assert "§7.3" in card
    assert "leads of H-2 are yours" in week.type(THEO.id, f"/sla take H-{WEBINAR} 15")
    assert "Your clock stands still" in week.type(THEO.id, f"/sla ask H-{WEBINAR} 1-15 who came to the end?")
    assert "paused" in week.says(WEBINAR)
    week.go("tue 11:10")
    (question,) = [one for one in replies(week, WEBINAR) if "asks" in read(one)]
    assert week.press(MARA.id, question, "ask.answer") == ""
    week.demo.sandbox.submit(MARA.id, {"answer": {"value": "All of them stayed."}})
    week.settle()
    assert "All of them stayed." in read(replies(week, WEBINAR)[0])
    assert "paused" not in week.says(WEBINAR)
    assert "paused 1h 59min" in week.type(THEO.id, f"/sla why H-{WEBINAR}")


def fifteen_leads_go_on_when_a_rep_leaves(week: Week) -> None:
    week.go("tue 15:00")
    assert "15 leads go there with a fresh start" in week.type(
        THEO.id, f"/sla away until 10 Jun cover <@{SAM.id}>"
    )
    assert f"<@{SAM.id}> 15" in week.says(WEBINAR)
    week.type(SAM.id, f"/sla touch H-{WEBINAR} 1-10")


def what_nobody_touched_goes_back_to_the_pool(week: Week) -> None:
    week.go("wed 15:05")
    lapsed = [read(one) for one in week.dms(SAM.id) if "went back to the pool" in read(one)]
    assert len(lapsed) == 1
    assert "5 leads of H-2 went back to the pool" in lapsed[0]


def a_late_decision_is_excused(week: Week) -> None:
    week.go("wed 16:00")
    said = week.type(RITA.id, f"/sla excuse H-{NEWSLETTER} the phones were down")
    assert "lead is asked to excuse H-1" in said, said
    assert "the phones were down" in read(week.dms(MARA.id)[-1])
    assert "is excused" in week.press(MARA.id, week.dms(MARA.id)[-1], "excuse.grant")
    assert "neither as kept nor as broken" in read(week.dms(RITA.id)[-1])


def four_ask_for_a_demo_on_friday_evening_before_a_holiday(week: Week) -> None:
    for minute, number in zip((50, 53, 57, 59), DEMOS, strict=True):
        week.go(f"fri 16:{minute}")
        assert f"H-{number}:" in week.type(MILO.id, f"/sla log demo-request Website A=1 arrived 16:{minute}")
    before = [len(week.dms(rep.id)) for rep in REPS]
    week.go("next mon 18:00")
    assert [len(week.dms(rep.id)) for rep in REPS] == before, "nothing on the weekend and on the holiday"


def what_is_late_comes_to_the_thread_and_the_manager_once(week: Week) -> None:
    week.sleep_until("next mon 18:00")
    week.demo.stage.advance(_tuesday(10, 5))
    due = [read(one) for rep in REPS for one in week.dms(rep.id) if "H-3" in read(one) and "H-6" in read(one)]
    # Of all four one message before their time and one after it; Home and the thread are for the rest.
    assert len(due) == 2
    week.demo.stage.advance(_tuesday(16, 1))
    for number in DEMOS:
        posts = [read(one) for one in replies(week, number)]
        assert len(posts) == 1
        assert all(rep.id not in posts[0] for rep in REPS), "the thread names the handoff, not the person"
    roundups = [one for one in week.dms(INES.id) if "H-3" in read(one)]
    assert len(roundups) == 1


def the_time_adds_up(week: Week) -> None:
    now = week.demo.stage.clock.now()
    with week.reading() as (session, agreed):
        states = [
            ledger.read(session, agreed, row, now)
            for row in session.exec(select(Handoff).where(ours(Handoff))).all()
        ]
    waiting = [lead for state in states for lead in state.leads.values() if lead.waits_since is not None]
    assert waiting
    for lead in waiting:
        if not lead.refused_by:
            assert sum(lead.spent.values()) == ledger.epoch(now) - (lead.arrived_at or lead.handed_over_at)


def nobody_heard_more_than_was_worth_it(week: Week) -> None:
    with week.reading() as (session, agreed):
        told = session.exec(select(Notice).where(ours(Notice)).where(col(Notice.person).is_not(None))).all()
        for notice in told:
            at = local(notice.created_at.timestamp())
            if notice.kind in ("nudge", "roundup", "duty", "pace"):
                assert time(9) <= at.time() <= time(17), notice.key
                assert agreed.calendar.works_on(at.date()), notice.key
        days = Counter((notice.person, agreed.today(notice.created_at)) for notice in told if notice.counts)
        assert max(days.values()) <= 3
        of_rita = [notice for notice in told if notice.person == RITA.id and notice.kind != "home"]
        assert len(of_rita) < 12


def replies(week: Week, number: int) -> list[dict[str, Any]]:
    card = week.card(number)["ts"]
    return [
        one
        for one in week.demo.sandbox.messages(CHANNEL)
        if one.get("thread_ts") == card and one["ts"] != card
    ]


def _tuesday(hour: int, minute: int) -> datetime:
    return datetime(2026, 6, 9, hour, minute, tzinfo=BERLIN).astimezone(UTC)
