"""Slack's time is carried on between its answers, so that a step of our clock is seen at once."""

import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial

import pytest

from bot.gateway import client_for
from bot.jobs import running, schedule
from bot.jobs.running import Running
from bot.sandbox.server import Sandbox
from bot.slack_time import SlackTime

NOON = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


class Machine:
    """A clock that can be set, and one beside it that only goes on."""

    def __init__(self) -> None:
        self.at = NOON
        self.carried = 100.0
        self.slack = SlackTime(lambda: self.at, lambda: self.carried)

    def passes(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.carried += seconds


@pytest.fixture
def machine() -> Machine:
    made = Machine()
    made.slack.heard(format_datetime(NOON, usegmt=True))
    return made


def test_while_nothing_was_heard_our_own_clock_is_taken() -> None:
    machine = Machine()
    assert machine.slack.now() == NOON
    assert machine.slack.is_sane()
    assert machine.slack.silent_for() is None


def test_a_clock_that_goes_on_as_slacks_is_sane(machine: Machine) -> None:
    machine.passes(86_400)
    assert machine.slack.skew() == timedelta()
    assert machine.slack.silent_for() == 86_400


@pytest.mark.parametrize(
    ("step", "is_sane"), [(60, True), (61, False), (-60, True), (-61, False), (3600, False), (-86_400, False)]
)
def test_a_step_of_more_than_a_minute_is_not_sane(machine: Machine, step: int, is_sane: bool) -> None:  # noqa: FBT001
    machine.passes(600)
    machine.at += timedelta(seconds=step)
    assert machine.slack.is_sane() is is_sane
    assert machine.slack.now() == NOON + timedelta(seconds=600)


def test_a_change_is_logged_once(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    machine.at += timedelta(hours=1)
    assert not any(machine.slack.is_sane() for _ in range(5))
    machine.at -= timedelta(hours=1)
    assert all(machine.slack.is_sane() for _ in range(5))

    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert "by 3600 s" in caplog.records[0].message


@pytest.mark.parametrize("date", ["", "yesterday", "2026-06-15", "Mon, 15 Jun 2026 12:00:00 -0000x"])
def test_a_date_that_cannot_be_read_tells_nothing(machine: Machine, date: str) -> None:
    machine.passes(100)
    machine.slack.heard(date)
    assert machine.slack.silent_for() == 100


def test_slack_tells_its_time_with_every_answer() -> None:
    later = NOON + timedelta(hours=5)
    machine = Machine()
    with Sandbox(now=later.timestamp) as slack:
        machine.slack.ask(client_for(slack.api_url))
        assert machine.slack.now() == later
        slack.fail("api.test", "rate_limited")
        machine.passes(100)
        machine.slack.ask(client_for(slack.api_url))
        assert machine.slack.silent_for() == 0
        slack.fail("api.test", "close")
        machine.passes(100)
        machine.slack.ask(client_for(slack.api_url))
        assert machine.slack.silent_for() == 100


def test_while_the_clock_is_wrong_nothing_is_planned_and_delivery_goes_on(machine: Machine) -> None:
    ran: list[str] = []
    process = Running(machine.slack)
    jobs = {name: process.watched(name, partial(ran.append, name)) for name in ("posts", "deliver")}

    machine.at += timedelta(hours=1)
    for job in jobs.values():
        job()
    assert ran == ["deliver"]

    machine.slack.heard(format_datetime(machine.at, usegmt=True))
    for job in jobs.values():
        job()
    assert ran == ["deliver", "posts", "deliver"]


def test_what_is_planned_by_the_clock_is_a_job() -> None:
    assert schedule.EVERY.keys() > running.PLANNING


def test_a_job_that_fails_runs_again_and_is_told_of(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ArithmeticError

    job = Running(machine.slack).watched("tick", fail)
    job()
    job()
    assert [record.message for record in caplog.records] == ["a job failed", "a job failed"]


def test_a_process_that_stops_begins_nothing(machine: Machine) -> None:
    ran: list[int] = []
    process = Running(machine.slack)
    job = process.watched("deliver", lambda: ran.append(1))
    process.stopping.set()
    job()
    assert not ran
    assert not process.goes_on()
