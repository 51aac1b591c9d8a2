"""The process that `baton run` is, on a clock that runs fifty times as fast; to be killed at any moment."""

import logging
import os
import signal
import socket
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from urllib.request import urlopen

from slack_bolt import App

from bot import app, serving
from bot.http.server import Door
from bot.jobs import schedule
from bot.jobs.sending import Sending
from bot.settings import Settings
from bot.signals import SignalEvent
from bot.slack_time import SlackTime
from tests.jobs.world import MONDAY

FASTER = 50
OFTENER, SHORTEST = 20, timedelta(milliseconds=50)
"""Jobs run so much more often; what is faster yet would only heat the machine."""
READY_SECONDS = 30
FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["tests.chaos.bots", "bot.socket_mode", "bot.postgresql"])


@dataclass
class FastClock:
    """The machine's clock from a moment on, faster: the same in every process that was told the moment."""

    began: float = field(default_factory=time.time)

    def now(self) -> datetime:
        return MONDAY + timedelta(seconds=(time.time() - self.began) * FASTER)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / FASTER)

    at = property(lambda self: self.now(), lambda _self, _at: None)
    """For an office, which moves its own clock."""


def _door_by_the_machine(app: App, secret: str, app_id: str, _now: object, pool: ThreadPoolExecutor) -> Door:
    """Make the way in over HTTP: the sandbox signs by the machine's clock, whatever time it tells."""
    return Door(app, secret, app_id, lambda: datetime.now(UTC), pool)


def serve(environment: Mapping[str, str], clock: FastClock, log: str, *, looks: bool) -> None:
    """Be a bot until killed; one that never `looks` is a control."""
    os.environ.update(environment)
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    logging.basicConfig(level=logging.WARNING, format="%(process)d %(levelname)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a run that is skipped is made up for
    vars(app)["SlackTime"] = partial(SlackTime, carried=lambda: clock.now().timestamp())
    vars(serving)["Door"] = _door_by_the_machine
    schedule.EVERY = {name: max(SHORTEST, every / OFTENER) for name, every in schedule.EVERY.items()}
    if not looks:
        Sending._is_absent = lambda *_: True  # type: ignore[method-assign]
        Sending.sweep = lambda *_: False  # type: ignore[method-assign]
    serving.run(Settings(_env_file=None), clock, SignalEvent)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@dataclass
class Bot:
    """One of the processes: begun again each time it was killed."""

    environment: Mapping[str, str]
    clock: FastClock
    log: str
    looks: bool = True
    port: int = field(default_factory=_free_port)
    process: BaseProcess | None = None

    def start(self) -> None:
        """Begin it, unless it runs: without a database it ends by itself."""
        if self.process is not None and self.process.is_alive():
            return
        environment = {**self.environment, "BATON_PORT": str(self.port)}
        given = (environment, self.clock, self.log)
        self.process = FORKS.Process(target=serve, args=given, kwargs={"looks": self.looks}, daemon=True)
        self.process.start()

    def wait_until_ready(self) -> None:
        """Give it time to begin; it may die of a database that is gone meanwhile."""
        last = time.monotonic() + READY_SECONDS
        while self.process is not None and self.process.is_alive() and time.monotonic() < last:
            with suppress(OSError), urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1):
                return
            time.sleep(0.02)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.process.close()
            self.process = None

    def doze(self, seconds: float) -> None:
        """Stop it for so much of its own time, as a machine that is frozen."""
        if self.process is None or self.process.pid is None or not self.process.is_alive():
            return
        os.kill(self.process.pid, signal.SIGSTOP)
        self.clock.sleep(seconds)
        os.kill(self.process.pid, signal.SIGCONT)
