"""Each notice reads as things stand when it is sent."""

import re
from pathlib import Path

from sqlmodel import select

from bot import services
from bot.demo.cast import CHANNEL, INES, MILO, RITA, SAM, THEO
from bot.jobs.rendering import KINDS
from bot.models import Clock, Event, Notice
from tests.slack.office import everything_said
from tests.story.week import Week, at, read
from tests.twin import ours


def test_every_kind_of_notice_that_is_stored_is_rendered(week: Week) -> None:
    week.go("tue 10:00")
    week.type(MILO.id, "/sla log webinar B=4 A=1")
    week.type(RITA.id, "/sla take H-1 2")
    week.demo.sandbox.open_home(RITA.id)
    week.type(MILO.id, "/sla agreement export")
    week.go("next mon 10:00")
    with week.reading() as (session, _):
        rows = session.exec(select(Notice).where(ours(Notice))).all()
    assert {row.kind for row in rows} >= {"card", "work", "nudge", "daily", "digest", "signing", "home"}
    assert {row.state for row in rows} == {"shown"}
    assert all(row.shown == row.wanted for row in rows)


def test_every_kind_of_notice_that_a_service_asks_for_is_rendered() -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path(services.__file__).parent.glob("*.py")]
    asked = {kind for source in sources for kind in re.findall(r'\bkind="(\w+)"', source)}
    assert asked - {"home"} <= KINDS.keys()


def test_a_card_opens_sales_clocks_when_it_can_be_seen(week: Week) -> None:
    week.go("tue 10:00")
    week.demo.sandbox.fail("chat.postMessage", "rate_limited", seconds=600)
    week.type(MILO.id, "/sla log webinar B=4")
    with week.reading() as (session, _):
        assert session.exec(select(Clock).where(ours(Clock))).all() == []
    week.go("tue 10:11")
    with week.reading() as (session, _):
        clock = session.exec(select(Clock).where(ours(Clock))).one()
        posted = session.exec(select(Event).where(ours(Event)).where(Event.kind == "posted")).one()
    assert clock.started_at == posted.happened_at.replace(microsecond=0)
    assert at("tue 10:10") <= clock.started_at < at("tue 10:11")
    assert f"{posted.happened_at.timestamp():.6f}" == week.card(1)["ts"]


def test_a_list_of_an_earlier_day_points_to_the_newer_one(week: Week) -> None:
    week.go("tue 10:00")
    week.type(MILO.id, "/sla log webinar first B=6")
    week.type(RITA.id, "/sla take H-1 2")
    week.type(RITA.id, "/sla take H-1 1")
    assert len(week.dms(RITA.id)) == 1
    week.go("wed 09:30")
    week.type(MILO.id, "/sla log webinar second B=6")
    week.type(RITA.id, "/sla take H-2 2")
    lists = [one for one in week.dms(RITA.id) if "H-2" in read(one) or "newer message" in read(one)]
    assert ["newer message" in read(one) for one in lists] == [True, False]
    assert "H-1" in read(lists[1])


def test_home_is_drawn_again_for_who_looked_today_and_nobody_else(week: Week) -> None:
    def drawn(user: str) -> int:
        return sum(call.body["user_id"] == user for call in week.calls("views.publish"))

    for day in ("tue", "thu"):
        week.go(f"{day} 10:00")
        week.demo.sandbox.open_home(RITA.id)
        week.settle()
        before = drawn(RITA.id)
        week.type(MILO.id, f"/sla log webinar {day} B=2")
        number = {"tue": 1, "thu": 2}[day]
        week.type(RITA.id, f"/sla take H-{number} 1")
        week.type(THEO.id, f"/sla take H-{number} 1")
        assert before < drawn(RITA.id) <= before + 3
        assert f"H-{number}" in everything_said(week.demo.sandbox.home(RITA.id) or {})
        assert drawn(THEO.id) == 0

    week.go("fri 10:00")
    before = drawn(RITA.id)
    week.type(RITA.id, "/sla touch H-2")
    assert drawn(RITA.id) == before


def test_a_home_opened_is_no_message(week: Week) -> None:
    week.go("tue 10:00")
    for one in (SAM, INES):
        week.demo.sandbox.open_home(one.id)
        week.settle()
        assert week.dms(one.id) == []
    assert len(week.demo.sandbox.messages(CHANNEL)) == 1
