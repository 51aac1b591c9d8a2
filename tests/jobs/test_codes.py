"""What follows from each word with which Slack refuses a message, and what comes when it is taken back."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.answers import SCOPES, Scope
from bot.database import transaction
from bot.demo.cast import CHANNEL, MARA, MILO
from bot.facts.said import Message
from bot.models import Notice, Workspace
from bot.services import notices
from tests.jobs.world import MONDAY, World
from tests.story.week import BERLIN, Week, read
from tests.twin import ours

POST = "chat.postMessage"
AFTER = {
    Scope.CONTENT: ("dead", 2),
    Scope.PLACE: ("parked", 1),
    Scope.WORKSPACE: ("pending", 1),
    Scope.UNKNOWN: ("pending", 1),
    Scope.MESSAGE: ("superseded", 1),
}
"""How far the word reaches: the state of the notice, and how many calls were made in that hour."""
CODES = {**SCOPES, "restricted_action_read_only_channel": Scope.PLACE, "never_heard_of": Scope.UNKNOWN}


@pytest.mark.parametrize("code", CODES)
def test_each_word_of_refusal_reaches_as_far_as_it_should(world: World, code: str) -> None:
    scope = CODES[code]
    world.slack.fail(POST, "error", times=None, error=code, when=lambda post: post["channel"] == "C1")
    world.want("card:1", "C1")
    world.want("card:2", "C2")
    world.deliver()
    state, calls = AFTER[scope]
    assert world.notice("card:1").state == state
    assert len([call for call in world.slack.calls(POST) if call.body["channel"] == "C1"]) == calls
    assert world.notice("card:2").state == ("pending" if scope is Scope.WORKSPACE else "shown")
    if scope is not Scope.UNKNOWN:
        world.after(minutes=59)
        assert len([call for call in world.slack.calls(POST) if call.body["channel"] == "C1"]) == calls
    world.slack.heal()
    world.settle_down(timedelta(hours=2))
    came = scope in (Scope.PLACE, Scope.WORKSPACE, Scope.UNKNOWN)
    assert len(world.texts("C1")) == came
    assert len(world.texts("C2")) == 1


@pytest.mark.parametrize(("told", "waited"), [(7, 7), (90_000, 3600), (0, 1)])
def test_a_429_is_waited_out_for_as_long_as_slack_says_and_an_hour_at_the_most(
    world: World, told: float, waited: int
) -> None:
    world.slack.fail(POST, "rate_limited", seconds=told)
    world.want("card:1")
    world.deliver()
    assert world.next_due() == MONDAY + timedelta(seconds=waited)


def test_a_429_in_one_workspace_delays_no_other(world: World) -> None:
    with transaction(world.engine) as session:
        session.add(Workspace(id=2, team_id="T2", created_at=MONDAY))
    world.slack.fail(POST, "rate_limited", seconds=600)
    world.want("card:1", "C1")
    world.deliver()
    with transaction(world.engine) as session:
        notices.want(session, workspace_id=2, key="card:1", kind="card", place="C2", now=world.clock.at)
    assert world.deliver() == 1
    assert len(world.texts("C2")) == 1


def test_a_rendering_that_fails_is_given_up_as_a_refused_one_and_holds_up_nothing(world: World) -> None:
    def render(*_: object) -> Message:
        raise ZeroDivisionError

    world.render = render
    world.want("card:1")
    world.settle_down(timedelta(days=3))
    assert (world.notice("card:1").state, world.notice("card:1").error) == ("dead", "not_rendered")


# ---- with the whole bot


def go(week: Week, month: int, day: int, hour: int = 12) -> None:
    week.demo.stage.advance(datetime(2026, month, day, hour, tzinfo=BERLIN).astimezone(UTC))


def said(week: Week) -> list[str]:
    return [read(one) for one in week.demo.sandbox.messages(CHANNEL)]


def test_a_channel_that_is_closed_is_told_of_once_and_comes_back_with_its_cards(week: Week) -> None:
    week.go("tue 10:00")
    archived = {"error": "is_archived", "when": lambda post: post["channel"] == CHANNEL}
    week.demo.sandbox.fail(POST, "error", times=None, **archived)
    for number in range(3):
        week.type(MILO.id, f"/sla log webinar w{number} B=2")
    week.go("tue 15:00")
    (told,) = [read(dm) for dm in week.dms(MARA.id) if "I cannot post" in read(dm)]
    assert "`is_archived`" in told
    week.demo.sandbox.heal()
    week.go("tue 16:05")
    cards = [card for card in said(week) if card.startswith("H-")]
    assert [f"w{number}" in card for number, card in enumerate(cards)] == [True] * 3


def test_after_weeks_in_the_dark_the_newest_digest_alone_comes_and_the_next_says_so(week: Week) -> None:
    week.go("tue 10:00")
    week.demo.sandbox.archive(CHANNEL)
    go(week, 6, 22)
    week.demo.sandbox.archive(CHANNEL, is_archived=False)
    go(week, 6, 23)
    with week.reading() as (session, _):
        digests = (
            select(col(Notice.state))
            .where(ours(Notice))
            .where(col(Notice.kind) == "digest")
            .order_by(col(Notice.id))
        )
        assert session.scalars(digests).all() == ["superseded", "superseded", "shown"]
    (missed,) = [one for one in said(week) if "No digest came" in one]
    assert "for the week of Mon 1 Jun, Mon 8 Jun:" in missed
    assert "/sla digest W24" in missed
    go(week, 6, 30)
    assert len([one for one in said(week) if "No digest came" in one]) == 1


def test_nudges_that_cannot_be_sent_become_one(week: Week) -> None:
    slack = week.demo.sandbox
    week.go("tue 09:30")
    slack.fail(POST, "error", times=None, error="user_disabled", when=lambda post: post["channel"][0] in "UW")
    for hour in (10, 12, 14):
        week.go(f"tue {hour}:00")
        week.type(MILO.id, f"/sla log webinar at{hour} A=1")
    week.go("wed 09:45")
    slack.heal()
    week.go("wed 11:00")
    with week.reading() as (session, _):
        rows = session.scalars(select(Notice).where(ours(Notice)).where(col(Notice.kind) == "nudge")).all()
    told = Counter(one.person for one in rows if one.ts)
    assert told
    assert max(told.values()) == 1
    assert {clock for one in rows for clock in one.about["clocks"]} == {
        clock for one in rows if one.ts for clock in one.about["clocks"]
    }
