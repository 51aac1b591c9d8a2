"""The scheduler drives what is due; it holds nothing itself."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from bot.jobs.schedule import EVERY, scheduler


def idle() -> None:
    pass


def bodies(**given: Callable[[], object]) -> dict[str, Callable[[], object]]:
    return {name: given.get(name, idle) for name in EVERY}


@pytest.fixture
def running() -> Iterator[list[BackgroundScheduler]]:
    started: list[BackgroundScheduler] = []
    yield started
    for one in started:
        one.shutdown()


def start(running: list[BackgroundScheduler], **given: Callable[[], object]) -> None:
    running.append(scheduler(bodies(**given)))
    running[-1].start()


def test_every_job_has_its_interval_and_its_body() -> None:
    made = scheduler(bodies())
    assert {job.id for job in made.get_jobs()} == set(EVERY)
    missing = bodies()
    del missing["tick"]
    with pytest.raises(ValueError, match="tick"):
        scheduler(missing)
    with pytest.raises(ValueError, match="digest"):
        scheduler({**bodies(), "digest": idle})


def test_no_run_is_dropped_for_being_late_and_none_is_made_up_twice(
    running: list[BackgroundScheduler],
) -> None:
    start(running)
    for job in running[0].get_jobs():
        assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)


def test_every_job_runs_at_once_when_the_bot_starts(running: list[BackgroundScheduler]) -> None:
    ran = {name: threading.Event() for name in EVERY}
    start(running, **{name: event.set for name, event in ran.items()})
    assert all(event.wait(2) for event in ran.values())


def test_a_job_that_is_slow_or_fails_holds_up_no_other_and_comes_again(
    running: list[BackgroundScheduler],
) -> None:
    told: list[float] = []
    end = threading.Event()

    def deliver() -> None:
        told.append(time.monotonic())
        raise ZeroDivisionError

    start(running, deliver=deliver, people=lambda: end.wait(10))
    while len(told) < 3 and not end.wait(0.02):
        pass
    end.set()
    assert told[2] - told[1] > EVERY["deliver"].total_seconds() / 2
