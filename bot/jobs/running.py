"""What a process knows of itself: which jobs move, what time it is for Slack, whether it stops."""

import logging
import secrets
import time
from collections.abc import Callable
from threading import Event

from bot import logs, metrics
from bot.jobs.schedule import EVERY
from bot.slack_time import SlackTime

log = logging.getLogger(__name__)

PLANNING = frozenset({"tick", "posts", "life", "release", "days_off"})
"""What would tell people things on the wrong day where the clock is wrong."""
PATIENCE = 3
GRACE_SECONDS = 60.0


class Running:
    """Wraps the jobs, so that they are seen to move and leave off when the process stops."""

    def __init__(self, slack_time: SlackTime) -> None:
        self.slack_time = slack_time
        self.stopping = Event()
        self._moved: dict[str, float] = {}

    def goes_on(self) -> bool:
        """Say whether a job may begin something more; one that is long asks between any two things."""
        job = logs.fact("job")
        if isinstance(job, str):
            self._moved[job] = time.monotonic()
        return not self.stopping.is_set()

    def watched(self, name: str, body: Callable[[], object]) -> Callable[[], None]:
        """Make a job that does nothing while the process stops, or plans while the clock is wrong."""
        self._moved[name] = time.monotonic()

        def run() -> None:
            with logs.about(job=name, reference=secrets.token_hex(4)):
                if self.goes_on() and (name not in PLANNING or self.slack_time.is_sane()):
                    _measured(name, body)
                self.goes_on()

        return run

    def stuck(self) -> list[str]:
        """Name the jobs that should have moved and did not."""
        now = time.monotonic()
        return [
            name
            for name, moved in self._moved.items()
            if name in EVERY and now - moved > PATIENCE * EVERY[name].total_seconds() + GRACE_SECONDS
        ]


def _measured(name: str, body: Callable[[], object]) -> None:
    try:
        with metrics.JOB_SECONDS.labels(name).time():
            body()
    except Exception:  # the next run may do better, and what is due stands in the tables
        metrics.JOB_FAILURES.labels(name).inc()
        log.exception("a job failed")
