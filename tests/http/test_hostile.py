"""Whatever is sent over HTTP: no answer is a failure of ours, nothing is unhandled, and memory stays flat."""

import os
import random
import time
from collections import Counter
from http.client import HTTPConnection
from pathlib import Path

from tests.http.hostile import Hostile, Request
from tests.served import Process, running, workspace
from tests.slack.office import CHANNEL, MAYA

INPUTS = int(os.environ.get("BATON_FUZZ", "600"))
"""`make fuzz` sends ten thousand."""
MOST_GROWTH_MB = 50.0
TOLD = ("unexpected failure", "an event failed", "a job failed", "Traceback", "Failed to run")
"""What stands in the log where something was not foreseen."""


def send(bot: Process, request: Request) -> int:
    connection = HTTPConnection("127.0.0.1", bot.port, timeout=15)
    try:
        connection.request("POST", "/slack/events", request.body, dict(request.headers))
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    return answer.status


def resident_mb(bot: Process) -> float:
    told = Path(f"/proc/{bot.process.pid}/status").read_text("utf-8")
    return int(told.partition("VmRSS:")[2].split()[0]) / 1024


def test_hostile_requests_are_refused_or_dropped_and_nothing_breaks(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    statuses: Counter[int] = Counter()
    seconds = []
    with workspace(tmp_path) as (slack, _), running(slack, tmp_path, "http") as bot:
        hostile = Hostile(slack.signing_secret, seed)
        for _ in range(min(INPUTS, 500) // 2):  # caches fill first
            send(bot, hostile.next())
        before = resident_mb(bot)
        for _ in range(INPUTS):
            request = hostile.next()
            began = time.perf_counter()
            status = send(bot, request)
            seconds.append(time.perf_counter() - began)
            statuses[status] += 1
            assert status in ((200, 413, 415) if request.is_signed else (400, 401)), request
        growth = resident_mb(bot) - before
        assert slack.command(MAYA, CHANNEL, "/sla status")["message"]["text"], "it serves as before"
        code, _ = bot.stop()
    p99 = sorted(seconds)[len(seconds) * 99 // 100] * 1000
    print(f"{INPUTS} inputs: {dict(statuses)}; {growth:.1f} MB more, p99 {p99:.0f} ms")
    assert code == 0
    assert [line for line in bot.said if any(word in line for word in TOLD)] == []
    assert growth < MOST_GROWTH_MB
