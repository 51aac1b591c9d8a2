"""Marketing's pace in Slack: told to its lead, planned by a form, and settled in the same message."""

from datetime import UTC, datetime

from bot.demo.cast import MARA, MILO
from tests.slack.office import everything_said
from tests.story.week import BERLIN, Week, read, value_of


def go(week: Week, day: int, hour: int, minute: int = 0) -> None:
    week.demo.stage.advance(datetime(2026, 6, day, hour, minute, tzinfo=BERLIN).astimezone(UTC))


def test_a_catch_up_plan_is_asked_for_and_settled_by_the_form(week: Week) -> None:
    week.type(MILO.id, "/sla log webinar B=20")
    go(week, 16, 9, 1)
    (dm,) = [one for one in week.dms(MARA.id) if "planned by today" in read(one)]
    assert "June 2026 is at 20 of 80 qualified leads planned by today (25%)" in read(dm)
    assert "§13.5 asks for a catch-up plan by Tue 17:00" in read(dm)
    assert "Leads that Sales has not decided count" in week.press(
        MARA.id, dm, "pace.why", value_of(dm, "Why This?")
    )

    week.press(MARA.id, dm, "pace.plan", value_of(dm, "Add Planned Handoffs"))
    form = week.demo.sandbox.views(MARA.id)[-1]
    assert "20 of 160" in everything_said(form)
    fields = {"count": 140, "source": "trade fair", "on": "2026-06-24"}
    week.demo.sandbox.submit(MARA.id, {name: {"value": value} for name, value in fields.items()})
    week.settle()
    (dm,) = [one for one in week.dms(MARA.id) if "catch-up" in read(one)]
    assert "A catch-up plan for June 2026 stands" in read(dm)
    assert "Add Planned Handoffs" not in read(dm)
    assert "trade fair" in week.type(MARA.id, "/sla plan")
