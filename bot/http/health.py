"""What whoever runs Baton asks: does it live, is it ready, and what did it count."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot import metrics
from bot.context import Context
from bot.jobs.running import Running
from bot.services import overdue

SILENT_SECONDS = 300
"""After which Slack counts as out of reach; it is asked every minute."""
LOOK_SECONDS = 5
LOOKERS = 2
OK, NOT_NOW = 200, 503


class Health:
    """Answers for one process; `is_connected` says whether Slack can reach us, as far as one can know."""

    def __init__(self, context: Context, running: Running, is_connected: Callable[[], bool]) -> None:
        self._context = context
        self._running = running
        self._is_connected = is_connected
        self._pool = ThreadPoolExecutor(LOOKERS, "health")
        self._owed = CollectorRegistry()
        self._owed.register(Owed(context, running))

    def routes(self) -> Sequence[Route]:
        """Give the three addresses."""
        return [
            Route("/healthz", self.lives),
            Route("/readyz", self.is_ready),
            Route("/metrics", self.counts),
        ]

    async def lives(self, _request: Request) -> Response:
        """Say whether the jobs move; where they do not, starting anew may help."""
        return _told([f"stuck: {name}" for name in self._running.stuck()])

    async def is_ready(self, _request: Request) -> Response:
        """Say whether Slack's inputs can be taken and answered."""
        return await self._in_time(self._look)

    async def counts(self, _request: Request) -> Response:
        """Give all metrics in Prometheus' form; what is owed is read now, or left out where it cannot be."""
        return await self._in_time(self._count)

    async def _in_time(self, look: Callable[[], Response]) -> Response:
        """Look in a thread; a store that stands still must not hold up more than these few."""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                return await asyncio.get_running_loop().run_in_executor(self._pool, look)
        except TimeoutError:
            return _told(["store: no answer"])

    def _look(self) -> Response:
        silent = self._running.slack_time.silent_for()
        faults = {
            "stopping": self._running.stopping.is_set(),
            "store: not reached": not self._reaches_store(),
            "Slack: not reached": silent is None or silent > SILENT_SECONDS,
            "Slack: not connected": not self._is_connected(),
            "clock: differs from Slack's": not self._running.slack_time.is_sane(),
        }
        return _told([fault for fault, holds in faults.items() if holds])

    def _reaches_store(self) -> bool:
        try:
            with self._context.reading() as session:
                return session.execute(text("SELECT version_num FROM alembic_version")).first() is not None
        except SQLAlchemyError:
            return False

    def _count(self) -> Response:
        said = generate_latest(metrics.REGISTRY)
        try:
            said += generate_latest(self._owed)
        except SQLAlchemyError:
            said += b"# the store could not be read\n"
        return Response(said, media_type=CONTENT_TYPE_LATEST)


def _told(faults: Sequence[str]) -> Response:
    return PlainTextResponse("\n".join(faults or ["ok"]) + "\n", NOT_NOW if faults else OK)


class Owed(Collector):
    """Reads what is owed when it is asked for, so that no request pays for it."""

    def __init__(self, context: Context, running: Running) -> None:
        self._context = context
        self._running = running

    def describe(self) -> Iterable[Metric]:
        """Say nothing beforehand: that would read the store."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Read the queue once."""
        now = self._context.now()
        with self._context.reading() as session:
            queue = overdue.queue(session)
        owed = GaugeMetricFamily("baton_owed", "Messages and edits that wait to be sent", labels=["state"])
        for state, number in queue.owed.items():
            owed.add_metric([state], number)
        yield owed
        for name, said, since in (
            ("baton_queue_age_seconds", "Since when the oldest of them could go out", queue.waiting_since),
            ("baton_tick_lag_seconds", "By how much the clocks are seen too late", queue.ticked_late_since),
        ):
            yield GaugeMetricFamily(name, said, max((now - since).total_seconds(), 0.0) if since else 0.0)
        skew = self._running.slack_time.skew().total_seconds()
        yield GaugeMetricFamily("baton_clock_skew_seconds", "How far our clock is ahead of Slack's", skew)
