"""The auditor: what is late is counted, and who watches from outside is told only while nothing is."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from sqlalchemy import update

from bot.jobs import audit
from bot.jobs.running import Running
from bot.models import Gate, Workspace
from bot.services import gates, overdue
from bot.slack_time import SlackTime
from tests import twin
from tests.jobs.world import WORKSPACE, World

NONE = dict.fromkeys(("unsent", "uncertain", "posts", "clocks", "agreements", "releases"), 0)


@pytest.fixture
def running(world: World) -> Running:
    return Running(SlackTime(world.clock.now))


@contextmanager
def watcher(status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """Serve as the one who watches; gives its address and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/ping", asked
        server.shutdown()
        thread.join()


def write(world: World, statement: Any) -> None:
    with world.context.transaction() as session:
        session.execute(statement)


def test_where_nothing_is_late_the_watcher_is_told(world: World, running: Running) -> None:
    world.want("card:1")
    with watcher() as (url, asked):
        assert audit.run(world.context, running, url) == NONE
        assert audit.run(world.context, running, "") == NONE
    assert asked == ["/ping"]


def test_what_could_have_gone_out_five_minutes_ago_is_late(world: World, running: Running) -> None:
    world.want("card:1")
    world.clock.at += timedelta(minutes=5)
    with watcher() as (url, asked):
        assert audit.run(world.context, running, url) == NONE | {"unsent": 1}
        assert asked == []
        world.deliver()
        assert audit.run(world.context, running, url) == NONE
    assert asked == ["/ping"]


def test_what_waits_for_a_place_that_somebody_must_mend_is_not_late(world: World, running: Running) -> None:
    world.want("card:1")
    with world.context.transaction() as session:
        in_an_hour = world.clock.at + timedelta(hours=1)
        session.add(Gate(workspace_id=WORKSPACE, name="C1", open_at=in_an_hour, blocked_by="is_archived"))
    world.clock.at += timedelta(minutes=5)
    assert audit.run(world.context, running, "") == NONE


def test_a_post_whose_fate_is_open_for_ten_minutes_is_late(world: World, running: Running) -> None:
    world.slack.fail("chat.postMessage", "accept_then_close")
    world.slack.fail("conversations.history", "server_error", times=None)
    world.want("card:1")
    world.deliver()
    world.clock.at += timedelta(minutes=10)
    assert audit.run(world.context, running, "")["uncertain"] == 1


def test_a_clock_that_nobody_looks_at_is_late_unless_its_workspace_left(
    world: World, running: Running
) -> None:
    write(world, update(Workspace).where(twin.ours(Workspace)).values(look_at=world.clock.at))
    world.clock.at += timedelta(minutes=5)
    assert audit.run(world.context, running, "") == NONE | {"clocks": 1}
    write(world, update(Workspace).where(twin.ours(Workspace)).values(state="uninstalled"))
    assert audit.run(world.context, running, "") == NONE


def test_while_the_clock_is_wrong_the_watcher_is_not_told(world: World, running: Running) -> None:
    running.slack_time.heard(format_datetime(world.clock.at + timedelta(hours=1), usegmt=True))
    with watcher() as (url, asked):
        audit.run(world.context, running, url)
    assert asked == []


def test_a_watcher_that_fails_or_points_elsewhere_is_not_followed(
    world: World, running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    for status in (302, 500):
        with watcher(status) as (url, asked):
            audit.run(world.context, running, url)
        assert asked == ["/ping"]
    audit.run(world.context, running, "http://127.0.0.1:9/secret-path")
    assert len(caplog.records) == 3
    assert "secret-path" not in caplog.text


def test_the_queue_tells_what_is_owed_and_since_when(world: World) -> None:
    world.want("card:1")
    with world.context.reading() as session:
        queue = overdue.queue(session)
    assert queue.owed == {"pending": 1}
    assert queue.waiting_since == world.notice("card:1").not_before


@pytest.mark.parametrize("name", [gates.WORKSPACE, "C1"])
def test_what_somebody_has_to_mend_first_does_not_make_the_queue_old(world: World, name: str) -> None:
    world.want("card:1")
    world.want("card:2", "C2")
    with world.context.transaction() as session:
        gates.close(session, WORKSPACE, name, world.clock.at + timedelta(hours=1), "missing_scope")
    with world.context.reading() as session:
        queue = overdue.queue(session)
    assert queue.owed == {"pending": 2}
    assert (queue.waiting_since is None) == (name == gates.WORKSPACE)


def test_who_is_not_served_any_more_has_no_queue(world: World) -> None:
    world.want("card:1")
    with world.context.transaction() as session:
        session.get_one(Workspace, WORKSPACE).state = "left"
    with world.context.reading() as session:
        queue = overdue.queue(session)
    assert (queue.owed, queue.waiting_since) == ({}, None)
