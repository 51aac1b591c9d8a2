"""The database goes away while Baton runs, and comes back: it lives on, says so, and goes on by itself."""

import socket
import time
from collections.abc import Iterator
from email.utils import formatdate
from http.client import HTTPConnection

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from bot import postgresql
from bot.context import Context, MachineClock
from bot.database import engine_for, reading
from bot.gateway import Gateway
from bot.http import server
from bot.http.health import Health
from bot.jobs.running import Running
from bot.services import overdue
from bot.slack_time import SlackTime
from bot.store import migrate
from tests.postgres import Server

STORE = "store: not reached"


@pytest.fixture
def database() -> Iterator[Server]:
    with Server() as database:
        yield database


def get(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_without_its_database_it_lives_and_is_not_ready_until_that_is_back(
    database: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_for(database.url)
    migrate(engine)
    context = Context(engine, MachineClock(), Gateway("", "http://127.0.0.1/"))
    running = Running(SlackTime(context.now))
    running.slack_time.heard(formatdate(time.time(), usegmt=True))

    def look() -> None:
        with context.reading() as session:
            overdue.queue(session)

    job = running.watched("deliver", look)
    taken = server.listening("127.0.0.1", 0)
    port = taken.getsockname()[1]
    with server.serving(server.application(None, Health(context, running, lambda: True).routes()), taken):
        assert get(port, "/readyz") == (200, "ok\n")
        database.stop()
        job()
        assert get(port, "/readyz") == (503, f"{STORE}\n")
        assert get(port, "/healthz") == (200, "ok\n")
        status, metrics = get(port, "/metrics")
        assert (status, "the store could not be read" in metrics) == (200, True)
        assert 'baton_job_failures_total{job="deliver"}' in metrics
        database.start()
        assert get(port, "/readyz") == (200, "ok\n")

        with psycopg.connect(database.url) as standing_still:
            standing_still.execute("LOCK TABLE alembic_version")
            monkeypatch.setattr("bot.http.health.LOOK_SECONDS", 1)
            for _ in range(4):
                assert get(port, "/readyz") == (503, "store: no answer\n")
            assert get(port, "/healthz") == (200, "ok\n")
            monkeypatch.undo()
        assert get(port, "/readyz") == (200, "ok\n")
    taken.close()
    engine.dispose()


def test_a_database_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgresql.ALIVE, "connect_timeout", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        engine = engine_for(f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/none")
        with pytest.raises(OperationalError, match="timeout"), reading(engine) as session:
            session.connection()
        engine.dispose()
