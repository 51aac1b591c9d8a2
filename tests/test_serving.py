"""`baton run` as a process of its own: it answers, is watched over, and ends with nothing lost."""

import os
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path
from subprocess import PIPE
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from bot.context import Context
from bot.models import Handoff, Notice
from bot.sandbox.server import Sandbox
from tests.sandbox.small_bot import until
from tests.served import RUN, Process, running, surroundings, workspace
from tests.slack.office import CHANNEL, MAYA
from tests.twin import ours

CALLERS = 20
WAYS = pytest.mark.parametrize("way", ["http", "socket"])


def log_until_it_ends(slack: Sandbox, caller: int) -> int:
    """Log handoffs as fast as they are taken; gives how many were acknowledged."""
    for n in count():
        answer = slack.command(MAYA, CHANNEL, f"/sla log webinar c{caller}-{n} B=1")
        if not answer["ok"]:
            return n
        assert "H-" in answer["message"]["text"], answer
    raise AssertionError


@WAYS
def test_while_twenty_log_it_stops_in_time_and_what_was_acknowledged_is_there(
    tmp_path: Path, way: str
) -> None:
    with workspace(tmp_path) as (slack, context):
        with running(slack, tmp_path, way) as bot, ThreadPoolExecutor(CALLERS) as callers:
            logging = [callers.submit(log_until_it_ends, slack, caller) for caller in range(CALLERS)]
            time.sleep(1.5)
            code, seconds = bot.stop()
            acknowledged = sum(one.result() for one in logging)
        with context.reading() as session:
            logged = session.scalar(select(func.count()).select_from(Handoff).where(ours(Handoff)))
            held = (
                select(func.count())
                .select_from(Notice)
                .where(ours(Notice))
                .where(col(Notice.state) == "sending")
            )
            assert session.scalar(held) == 0
    print(f"{acknowledged} acknowledged, stopped in {seconds:.1f} s")
    assert (code, logged) == (0, acknowledged), bot.said[-20:]
    assert seconds < 10
    assert acknowledged >= CALLERS


def test_a_call_that_slack_does_not_answer_does_not_keep_it_from_ending(tmp_path: Path) -> None:
    with workspace(tmp_path) as (slack, context):
        slack.fail("chat.postMessage", "accept_then_hang", seconds=12)
        with running(slack, tmp_path, "socket") as bot:
            assert slack.command(MAYA, CHANNEL, "/sla log webinar June B=3")["ok"]
            held = select(col(Notice.id)).where(ours(Notice)).where(col(Notice.state) == "sending")
            until(lambda: read(context, held) is not None)
            code, seconds = bot.stop()
    assert code == 0
    assert seconds < 10


def test_who_stops_it_before_it_serves_does_not_wait_for_slack(tmp_path: Path) -> None:
    with workspace(tmp_path) as (slack, _), socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(30)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/api/"
        environment = surroundings(slack, tmp_path, "socket") | {"SLACK_API_URL": url}
        with subprocess.Popen(RUN, env=environment, stderr=PIPE) as process:
            try:
                with silent.accept()[0]:
                    process.terminate()
                    said = process.communicate(timeout=30)[1]
            finally:
                process.kill()
    assert process.returncode == -signal.SIGTERM
    assert b"Traceback" not in said


def test_a_log_that_nobody_reads_keeps_it_from_nothing(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.set_blocking(write, False)
    with suppress(BlockingIOError):
        while os.write(write, b"x" * 4096):
            pass
    os.set_blocking(write, True)
    with workspace(tmp_path) as (slack, _):
        environment = surroundings(slack, tmp_path, "socket")
        with subprocess.Popen(RUN, env=environment, stderr=write) as process:
            try:
                until(lambda: slack.connections > 0, 30)
                assert slack.command(MAYA, CHANNEL, "/sla log webinar June B=3")["ok"]
                process.terminate()
                assert process.wait(30) == 0
            finally:
                process.kill()
    for end in (read, write):
        os.close(end)


def read(context: Context, query: Any) -> Any:
    with context.reading() as session:
        return session.scalar(query)


@WAYS
def test_a_process_that_runs_is_alive_ready_and_counts(tmp_path: Path, way: str) -> None:
    with workspace(tmp_path) as (slack, _), running(slack, tmp_path, way, BATON_LOG_LEVEL="DEBUG") as bot:
        assert slack.command(MAYA, CHANNEL, "/sla status")["ok"]
        assert bot.get("/healthz") == (200, "ok\n")
        assert bot.get("/readyz") == (200, "ok\n")
        assert 'baton_acts_total{outcome="done",word="status"} 1.0' in bot.get("/metrics")[1]
        assert knocked(bot) == {"http": 401, "socket": 404}[way]
        assert bot.stop()[0] == 0
    said = " ".join(bot.said)
    assert "word=status outcome=done" in said
    assert [line for line in bot.said if "WARNING slack_bolt" in line] == []
    for secret in (slack.bot_token, slack.app_token, slack.signing_secret):
        assert secret not in said


def knocked(bot: Process) -> int:
    """Speak as Slack, without a signature."""
    with pytest.raises(HTTPError) as refused:
        urlopen(f"http://127.0.0.1:{bot.port}/slack/events", data=b"{}")
    with refused.value as error:
        return error.code
