"""Look whether anything is late that should not be, and tell whoever watches from outside that nothing is."""

import logging
from http.client import HTTPException
from urllib.request import Request, build_opener

from bot import metrics
from bot.context import Context
from bot.fetch import NoRedirects
from bot.jobs.running import Running
from bot.services import overdue

log = logging.getLogger(__name__)

SECONDS = 5


def run(context: Context, running: Running, deadman_url: str) -> dict[str, int]:
    """Count what is late; where nothing is, and the clock is right, fetch the address that waits for us."""
    with context.reading() as session:
        late = overdue.late(session, context.now())
    for name, number in late.items():
        metrics.LATE.labels(name).set(number)
    if any(late.values()):
        log.error("late: %s", ", ".join(f"{number} {name}" for name, number in late.items() if number))
    elif deadman_url and running.slack_time.is_sane() and not running.stuck():
        _tell(deadman_url)
    return late


def _tell(url: str) -> None:
    request = Request(url, headers={"User-Agent": "Baton"})  # noqa: S310  (set by whoever runs us)
    try:
        with build_opener(NoRedirects).open(request, timeout=SECONDS):
            pass
    except (OSError, HTTPException, ValueError) as error:
        log.warning("whoever watches over us could not be told: %s", type(error).__name__)
