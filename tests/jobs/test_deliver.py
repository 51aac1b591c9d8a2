"""How words go out: once, in order, at Slack's pace, and true in the end."""

import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.database import reading, transaction
from bot.facts.said import Message
from bot.jobs import deliver
from bot.models import Notice, Workspace
from bot.sandbox.server import Sandbox
from bot.services import gates, outbox
from tests import stores
from tests.jobs.world import MONDAY, WORKSPACE, World, section

MINUTE = timedelta(minutes=1)


def test_a_notice_is_one_message_and_later_wishes_are_edits_of_it(world: World) -> None:
    world.want("card:1")
    world.deliver()
    world.bump("card:1")
    world.bump("card:1")
    world.after(seconds=5)
    assert world.texts() == ["card:1 r3 09:00:05"]
    assert len(world.slack.calls("chat.postMessage")) == 1
    assert len(world.slack.calls("chat.update")) == 1, "edits coalesce"


def test_nothing_is_sent_when_what_is_shown_is_what_is_wanted(world: World) -> None:
    world.want("card:1")
    assert world.deliver() == 1
    assert world.after(hours=5) == 0
    assert world.next_due() is None


def test_an_edit_that_changes_nothing_is_not_sent(world: World) -> None:
    world.render = lambda _session, notice, _now: Message(text=f"{notice.key} stands")
    world.want("card:1")
    world.deliver()
    world.bump("card:1")
    world.after(minutes=5)
    assert world.slack.calls("chat.update") == []
    assert world.next_due() is None


def test_a_notice_waits_for_its_instant(world: World) -> None:
    world.want("nudge:U1", "U1", "nudge", person="U1", not_before=MONDAY + 15 * MINUTE)
    assert world.deliver() == 0
    assert world.next_due() == MONDAY + 15 * MINUTE
    world.after(minutes=15)
    assert [message["text"] for message in world.slack.dms("U1")] == ["nudge:U1 r1 09:15:00"]


def test_a_channel_gets_one_message_a_second_in_the_order_they_were_wanted(world: World) -> None:
    for n in range(5):
        world.want(f"card:{n}")
    world.deliver()
    assert len(world.texts()) == 1
    world.settle_down()
    assert [line.split()[0] for line in world.texts()] == [f"card:{n}" for n in range(5)]
    assert world.refusals() == []


def test_two_channels_do_not_wait_for_each_other(world: World) -> None:
    world.want("card:1", "C1")
    world.want("card:2", "C2")
    assert world.deliver() == 2


def test_a_hundred_edits_keep_under_slacks_limit_of_a_minute(world: World) -> None:
    for n in range(100):
        world.want(f"card:{n}")
    world.settle_down()
    for n in range(100):
        world.bump(f"card:{n}")
    before = world.clock.at
    world.settle_down()
    assert len(world.slack.calls("chat.update")) == 100
    assert world.refusals() == []
    assert timedelta(minutes=2) < world.clock.at - before < timedelta(minutes=4)


def test_a_few_edits_at_once_do_not_wait(world: World) -> None:
    for n in range(9):
        world.want(f"card:{n}")
    world.settle_down()
    world.clock.at += MINUTE
    for n in range(9):
        world.bump(f"card:{n}")
    assert world.deliver() == 9


def test_a_429_holds_up_its_own_place_alone_and_is_remembered_over_a_restart(world: World) -> None:
    world.slack.fail(
        "chat.postMessage", "rate_limited", seconds=40, when=lambda args: args["channel"] == "C1"
    )
    world.want("card:1", "C1")
    world.want("card:2", "C2")
    world.deliver()
    assert (world.texts("C1"), len(world.texts("C2"))) == ([], 1)
    deliver.start(world.context)
    assert world.after(seconds=39) == 0
    assert world.after(seconds=1) == 1
    assert len(world.texts("C1")) == 1
    assert world.notice("card:1").attempts == 0


def test_a_429_on_an_edit_holds_up_edits_and_no_posts(world: World) -> None:
    world.want("card:1")
    world.deliver()
    world.slack.fail("chat.update", "rate_limited", seconds=20)
    world.bump("card:1")
    world.want("card:2")
    world.after(seconds=2)
    assert [line.split()[1] for line in world.texts()] == ["r1", "r1"]
    world.after(seconds=20)
    assert [line.split()[1] for line in world.texts()] == ["r2", "r1"]


LOST_ANSWERS = [
    ("accept_then_close", {}),
    ("accept_then_error", {"status": 503}),
    ("accept_then_truncate", {}),
    ("close", {}),
    ("server_error", {}),
    ("error", {"error": "internal_error"}),
    ("error", {"error": "fatal_error"}),
]


@pytest.mark.parametrize(("fault", "how"), LOST_ANSWERS)
def test_a_post_whose_answer_was_lost_is_looked_for_before_it_is_sent_again(
    world: World, fault: str, how: dict[str, Any]
) -> None:
    world.slack.fail("chat.postMessage", fault, **how)
    world.want("card:1")
    world.want("card:2")
    world.deliver()
    assert world.notice("card:1").state == "uncertain"
    world.after(seconds=59)
    assert world.notice("card:2").state == "pending", "the place keeps its order"
    world.settle_down()
    assert [line.split()[0] for line in world.texts()] == ["card:1", "card:2"]
    assert [key for key, _ in world.posted] == ["card:1", "card:2"]
    assert world.notice("card:1").shown == world.notice("card:1").wanted


def test_what_changed_while_a_post_was_in_doubt_is_shown_once_it_is_found(world: World) -> None:
    world.slack.fail("chat.postMessage", "accept_then_close")
    world.want("card:1")
    world.deliver()
    world.bump("card:1")
    world.settle_down()
    assert [line.split()[:2] for line in world.texts()] == [["card:1", "r2"]]


def test_a_post_is_found_behind_hundreds_of_later_messages(world: World) -> None:
    world.slack.fail("chat.postMessage", "accept_then_close")
    world.want("card:1")
    world.deliver()
    for n in range(450):
        world.slack.say("U1", "C1", f"chat {n}")
    world.settle_down()
    assert len(world.texts()) == 1
    assert len(world.slack.calls("conversations.history")) == 3


def test_a_lost_post_in_a_dm_is_looked_for_there(world: World) -> None:
    world.slack.fail("chat.postMessage", "accept_then_close")
    world.want("leads:1:U1", "U1", "work", person="U1")
    world.deliver()
    world.settle_down()
    assert len(world.slack.dms("U1")) == 1
    assert world.notice("leads:1:U1").channel_id == world.slack.dm_channel("U1")


def test_a_lost_reply_is_looked_for_in_its_thread(world: World) -> None:
    world.want("digest:1", kind="digest")
    world.deliver()
    world.slack.fail("chat.postMessage", "accept_then_close")
    world.want("digest:1:thread", kind="digest_thread", thread_key="digest:1")
    world.after(seconds=2)
    world.settle_down()
    assert len(world.texts()) == 2
    assert len(world.slack.calls("conversations.replies")) == 1


@pytest.mark.parametrize("fault", ["server_error", "rate_limited", "close"])
def test_while_the_history_cannot_be_read_nothing_is_guessed(world: World, fault: str) -> None:
    world.slack.fail("chat.postMessage", "accept_then_close")
    world.slack.fail("conversations.history", fault, times=3)
    world.want("card:1")
    world.deliver()
    world.after(seconds=60)
    assert world.notice("card:1").state == "uncertain"
    world.settle_down()
    assert len(world.texts()) == 1
    assert len(world.slack.calls("chat.postMessage")) == 1


def test_a_post_with_the_same_key_by_somebody_else_is_not_taken_for_ours(world: World) -> None:
    world.slack.fail("chat.postMessage", "close")
    world.want("card:1")
    world.deliver()
    world.slack.say("U1", "C1", "mine")
    payload = {"event_type": "baton_notice_posted", "event_payload": {"key": world.notice("card:1").uuid}}
    [forged] = world.slack.parts.slack.channel("C1").messages.values()
    forged.metadata = payload
    world.settle_down()
    assert [line.split()[0] for line in world.texts()] == ["card:1"]


def test_where_the_history_is_closed_to_us_a_doubtful_post_is_not_repeated(world: World) -> None:
    world.slack.parts.slack.scopes -= {"channels:history"}
    world.slack.fail("chat.postMessage", "accept_then_close")
    world.want("card:1")
    world.want("card:2")
    world.deliver()
    world.settle_down()
    assert world.notice("card:1").state == "unknown"
    assert [line.split()[0] for line in world.texts()] == ["card:1", "card:2"]
    world.bump("card:1")
    assert world.after(minutes=5) == 0


def test_two_copies_found_leave_the_first(world: World) -> None:
    world.slack.fail("chat.postMessage", "accept_then_close")
    world.want("card:1")
    world.deliver()
    world.clock.at += timedelta(seconds=2)
    world.context.at(WORKSPACE).gateway.post("C1", Message("late copy"), uuid=world.notice("card:1").uuid)
    world.settle_down()
    assert [line.split()[0] for line in world.texts()] == ["card:1"]


def test_a_post_that_did_not_land_keeps_its_place_when_slack_slows_us_down(world: World) -> None:
    world.want("card:1")
    world.slack.fail("chat.postMessage", "close")
    world.deliver()
    world.after(seconds=20)
    world.want("card:2")
    world.slack.fail("chat.postMessage", "rate_limited", seconds=5)
    world.settle_down()
    assert [line.split()[0] for line in world.texts()] == ["card:1", "card:2"]


def test_a_post_that_lands_within_the_minute_is_found(world: World) -> None:
    world.slack.fail("chat.postMessage", "late_accept", seconds=30)
    world.want("card:1")
    world.deliver()
    world.clock.at += timedelta(seconds=31)
    land(world)
    world.settle_down()
    assert len(world.texts()) == 1
    assert len(world.slack.calls("chat.postMessage")) == 1


@pytest.mark.parametrize("late", [timedelta(seconds=70), timedelta(minutes=10), timedelta(hours=20)])
def test_a_post_that_lands_even_later_is_swept_away(world: World, late: timedelta) -> None:
    world.slack.fail("chat.postMessage", "late_accept", seconds=late.total_seconds())
    world.want("card:1")
    world.deliver()
    world.after(seconds=61)
    assert len(world.texts()) == 1
    world.clock.at = MONDAY + late
    land(world)
    assert len(world.texts()) == 2
    world.settle_down(timedelta(days=2))
    assert [message["ts"] for message in world.slack.messages("C1")] == [world.notice("card:1").ts]
    assert world.next_due() is None


def land(world: World) -> None:
    """Wait until the sandbox has done what it put off."""
    until, before = time.monotonic() + 5, len(world.slack.messages("C1"))
    while len(world.slack.messages("C1")) == before:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_an_edit_whose_answer_was_lost_is_simply_done_again(world: World) -> None:
    world.want("card:1")
    world.deliver()
    world.slack.fail("chat.update", "accept_then_close")
    world.bump("card:1")
    world.after(seconds=2)
    assert world.notice("card:1").state == "shown"
    world.settle_down()
    assert world.notice("card:1").shown == 2
    assert world.slack.calls("conversations.history") == []


def test_blocks_that_slack_refuses_give_way_to_plain_text(world: World) -> None:
    world.render = lambda *_: Message("short", blocks=[{"type": "no such block"}], plain="in full, plainly")
    world.want("digest:1", kind="digest")
    world.deliver()
    assert world.texts() == ["in full, plainly"]
    assert world.notice("digest:1").state == "shown"


def test_a_notice_refused_even_as_plain_text_dies_and_the_place_goes_on(world: World) -> None:
    def render(_session: object, notice: Notice, _now: datetime) -> Message:
        return Message("" if notice.key == "card:1" else "fine")

    world.render = render
    world.want("card:1")
    world.want("card:2")
    world.deliver()
    assert (world.notice("card:1").state, world.notice("card:1").error) == ("dead", "no_text")
    assert world.texts() == ["fine"]


def test_a_dead_notice_is_tried_again_when_it_is_wanted_anew(world: World) -> None:
    world.render = lambda *_: Message("")
    world.want("card:1")
    world.deliver()
    world.render = lambda *_: Message("mended")
    world.bump("card:1")
    world.settle_down()
    assert world.texts() == ["mended"]


def test_a_notice_that_cannot_be_rendered_holds_up_no_other_and_is_given_up_at_last(world: World) -> None:
    def render(_session: object, notice: Notice, _now: datetime) -> Message:
        if notice.key == "card:1":
            raise ZeroDivisionError
        return Message("fine")

    world.render = render
    world.want("card:1")
    world.want("card:2")
    world.deliver()
    assert world.texts() == ["fine"]
    world.settle_down(timedelta(days=3))
    assert world.notice("card:1").state == "dead"


def test_what_has_nothing_left_to_say_is_not_posted(world: World) -> None:
    world.render = lambda *_: None
    world.want("nudge:1", "U1", "nudge")
    world.deliver()
    assert world.notice("nudge:1").state == "superseded"
    assert world.slack.calls("chat.postMessage") == []


def test_what_is_shown_stays_when_there_is_nothing_new_to_say(world: World) -> None:
    world.want("nudge:1", "U1", "nudge")
    world.deliver()
    world.render = lambda *_: None
    world.bump("nudge:1")
    world.after(seconds=2)
    assert (world.notice("nudge:1").state, world.next_due()) == ("shown", None)
    assert world.slack.calls("chat.update") == []


def test_a_place_that_refuses_us_is_parked_and_tried_each_hour(world: World) -> None:
    world.slack.kick("C1")
    world.want("card:1", "C1")
    world.want("card:2", "C1")
    world.want("card:3", "C2")
    world.deliver()
    assert (world.notice("card:1").state, world.notice("card:2").state) == ("parked", "pending")
    assert len(world.texts("C2")) == 1
    gate = world.gate("C1")
    assert gate is not None
    assert gate.blocked_by == "not_in_channel"
    world.after(minutes=59)
    assert len(world.slack.calls("chat.postMessage")) == 2
    world.slack.invite("C1")
    world.after(minutes=1)
    world.settle_down()
    assert [line.split()[0] for line in world.texts("C1")] == ["card:1", "card:2"]


def test_a_place_heard_to_be_mended_is_tried_at_once(world: World) -> None:
    world.slack.archive("C1")
    world.want("card:1")
    world.deliver()
    world.slack.archive("C1", is_archived=False)
    with transaction(world.engine) as session:
        gates.unblock(session, WORKSPACE, "C1", world.clock.now())
    assert world.deliver() == 1


def test_a_revoked_token_ends_all_calls_for_an_hour(world: World) -> None:
    world.slack.revoke_tokens()
    for n in range(3):
        world.want(f"card:{n}", f"C{1 + n % 2}")
    world.deliver()
    world.after(minutes=30)
    assert len(world.slack.traffic) == 1
    world.slack.revoke_tokens(are_revoked=False)
    world.after(minutes=31)
    world.settle_down()
    assert (len(world.texts("C1")), len(world.texts("C2"))) == (2, 1)


def test_a_message_that_somebody_deleted_does_not_rise_again(world: World) -> None:
    world.want("card:1")
    world.deliver()
    world.context.at(WORKSPACE).gateway.delete("C1", world.notice("card:1").ts or "")
    world.bump("card:1")
    world.after(seconds=2)
    world.bump("card:1")
    world.want("card:1")
    world.settle_down()
    assert (world.notice("card:1").state, world.texts()) == ("superseded", [])
    assert len(world.slack.calls("chat.postMessage")) == 1


def test_an_unknown_refusal_is_tried_later_and_later_and_then_given_up(world: World) -> None:
    world.slack.fail("chat.postMessage", "error", times=None, error="weather_too_bad")
    world.want("card:1")
    tried = []
    for _ in range(7):
        world.deliver()
        tried.append(world.clock.at - MONDAY)
        world.clock.at = world.next_due() or world.clock.at
    minutes = [span / MINUTE for span in tried]
    assert minutes == [0, 1, 6, 36, 156, 636, 2076]
    assert world.notice("card:1").state == "dead"


def test_a_reply_waits_for_the_message_it_stands_under(world: World) -> None:
    world.want("digest:1:thread", kind="digest_thread", thread_key="digest:1")
    assert world.deliver() == 0
    world.want("digest:1", kind="digest", not_before=MONDAY + MINUTE)
    world.after(minutes=1)
    world.settle_down()
    parent, reply = (message for message in world.slack.messages("C1") if "bot_id" in message)
    assert reply["thread_ts"] == parent["ts"]


def test_a_reply_to_what_never_came_is_not_posted(world: World) -> None:
    world.render = lambda *_: None
    world.want("digest:1", kind="digest")
    world.deliver()
    world.render = lambda *_: Message("charts")
    world.want("digest:1:thread", kind="digest_thread", thread_key="digest:1")
    world.deliver()
    assert world.notice("digest:1:thread").state == "superseded"


def test_a_home_is_put_up_anew_each_time(world: World) -> None:
    world.render = lambda _s, notice, _n: {"type": "home", "blocks": [section(f"r{notice.wanted}")]}
    world.want("home:U1", "U1", "home", person="U1")
    world.deliver()
    world.want("home:U1", "U1", "home", person="U1")
    world.after(seconds=1)
    home = world.slack.home("U1")
    assert home is not None
    assert home["blocks"][0]["text"]["text"] == "r2"
    assert world.slack.dms("U1") == []


def test_the_instant_of_a_card_is_that_of_its_ts(world: World) -> None:
    world.clock.at = datetime(2026, 6, 15, 9, 0, 0, 123456, tzinfo=UTC)
    world.want("card:1")
    world.want("daily:1", "C2", "daily")
    world.deliver()
    assert world.posted == [("card:1", world.clock.at)]


def test_a_card_counts_as_posted_only_together_with_what_is_written_for_it(world: World) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    world.want("card:1")
    deliver.run(world.context, world.render, broken)
    assert world.notice("card:1").ts is None
    world.settle_down()
    assert len(world.texts()) == 1
    assert [key for key, _ in world.posted] == ["card:1"]


def test_slack_out_of_reach_loses_nothing_and_ends_no_notice(world: World) -> None:
    port = int(world.slack.url.rpartition(":")[2])
    token = world.slack.bot_token
    world.slack.stop()
    world.want("card:1", "C1")
    world.want("card:2", "C2")
    for _ in range(30):
        world.after(minutes=10)
    assert world.notice("card:1").attempts == 0
    with Sandbox(port, now=lambda: world.clock.now().timestamp()) as slack:
        slack.parts.slack.bot_token = token
        slack.add_channel("leads", id="C1")
        slack.add_channel("other", id="C2")
        world.slack = slack
        world.settle_down()
        assert (len(world.texts("C1")), len(world.texts("C2"))) == (1, 1)


def test_a_sender_that_slept_past_its_lease_takes_its_copy_back(world: World) -> None:
    world.slack.fail("chat.postMessage", "delay", seconds=0.5)
    world.want("card:1")
    sender = threading.Thread(target=world.deliver)
    sender.start()
    while world.notice("card:1").state != "sending":
        pass
    with transaction(world.engine) as session:
        outbox.recover(session, world.clock.at + outbox.LEASE)
    sender.join()
    assert world.texts() == []
    world.settle_down()
    assert len(world.texts()) == 1


def test_who_lost_a_claim_cannot_settle_it_for_the_one_who_has_it_now(world: World) -> None:
    world.want("card:1")
    with transaction(world.engine) as session:
        first = outbox.claim(session, world.notice("card:1").id or 0, MONDAY)
        outbox.recover(session, MONDAY, everything=True)
    later = MONDAY + MINUTE
    with transaction(world.engine) as session:
        second = outbox.claim(session, world.notice("card:1").id or 0, later)
        assert first
        assert second
        assert not outbox.settle(session, first, state="shown", ts="1.000001")
        assert outbox.settle(session, second, state="shown", ts="2.000002")
    assert world.notice("card:1").ts == "2.000002"


def test_a_rendering_that_takes_too_long_is_not_sent(world: World) -> None:
    def slow(*_: object) -> Message:
        world.clock.at += timedelta(seconds=46)
        return Message("late")

    world.render = slow
    world.want("card:1")
    world.deliver()
    assert world.slack.calls("chat.postMessage") == []
    world.render = lambda *_: Message("in time")
    world.settle_down()
    assert world.texts() == ["in time"]


def test_the_notices_of_a_workspace_that_left_wait(world: World) -> None:
    world.want("card:1")
    with transaction(world.engine) as session:
        session.get_one(Workspace, WORKSPACE).state = "left"
    assert world.deliver() == 0
    assert world.next_due() is None


def test_what_is_due_is_found_by_its_index(world: World) -> None:
    with reading(world.engine) as session:
        query = str(outbox._owed().compile(world.engine, compile_kwargs={"literal_binds": True}))
        if not stores.IS_POSTGRESQL:
            query = f"QUERY PLAN {query}"
        else:  # of tables this small it would read the whole
            session.connection().execute(text("SET LOCAL enable_seqscan = off"))
        plan = [str(row) for row in session.connection().execute(text(f"EXPLAIN {query}"))]
    assert any("ix_notice_due" in step for step in plan), plan


DYING = """
import os, sys
from datetime import UTC, datetime
from bot.context import Context
from bot.database import engine_for
from bot.facts.said import Message
from bot.gateway import Gateway
from bot.jobs import deliver
from tests.jobs.world import HandClock
store, token, api_url, at, where = sys.argv[1:]
die = lambda *_: os._exit(9)
render = die if where == "before the first byte" else lambda *_: Message("card")
context = Context(
    engine_for(store), HandClock(datetime.fromisoformat(at)), Gateway(token, api_url)
)
deliver.run(context, render, die)
"""


@pytest.mark.parametrize("where", ["before the first byte", "before the commit"])
def test_a_process_that_dies_while_sending_leaves_one_message(
    world: World, tmp_path: Path, where: str
) -> None:
    world.want("card:1")
    store = stores.url(tmp_path / "baton.db")
    arguments = [store, world.slack.bot_token, world.slack.api_url, MONDAY.isoformat(), where]
    died = subprocess.run(
        [sys.executable, "-c", DYING, *map(str, arguments)],
        check=False,
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert died.returncode == 9
    assert world.notice("card:1").state == "sending"
    assert len(world.texts()) == (where == "before the commit")
    world.clock.at += outbox.LEASE
    deliver.start(world.context)
    world.deliver()
    assert world.notice("card:1").state == "uncertain"
    world.settle_down()
    assert len(world.texts()) == 1
    assert [key for key, _ in world.posted] == ["card:1"]
