"""The one table of what the bot does by itself, and how often."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

EVERY: Mapping[str, timedelta] = {
    # A channel takes a message a second: who looks once a second sends one in two.
    "deliver": timedelta(milliseconds=250),
    "tick": timedelta(seconds=15),
    "posts": timedelta(seconds=30),
    "life": timedelta(seconds=30),
    "release": timedelta(seconds=60),
    "reactions": timedelta(minutes=5),
    "people": timedelta(minutes=1),
    "days_off": timedelta(days=1),
    "tokens": timedelta(minutes=5),
    "forget": timedelta(hours=1),
    "slack_time": timedelta(minutes=1),
    "audit": timedelta(minutes=5),
}
"""Each job looks at rows that are due: a run too many does nothing, the next makes up for a missed one."""


def scheduler(bodies: Mapping[str, Callable[[], object]]) -> BackgroundScheduler:
    """Make the scheduler, not yet started; each job runs at once, then at its interval, one run at a time."""
    if bodies.keys() != EVERY.keys():
        raise ValueError(f"jobs without an interval or without a body: {bodies.keys() ^ EVERY.keys()}")
    # Nothing is stored: what is due stands in the tables. A late run is better than none, whatever the delay.
    defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    pool = ThreadPoolExecutor(max_workers=len(EVERY))
    made = BackgroundScheduler(timezone=UTC, executors={"default": pool}, job_defaults=defaults)
    for name, every in EVERY.items():
        made.add_job(
            bodies[name],
            "interval",
            seconds=every.total_seconds(),
            id=name,
            next_run_time=datetime.now(UTC),
        )
    return made
