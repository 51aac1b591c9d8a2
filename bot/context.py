"""What listeners and jobs are handed: the store, the time, and Slack."""

import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import Engine
from sqlmodel import Session

from bot import database
from bot.gateway import Gateway


class Clock(Protocol):
    """The time that the bot lives in; the demo moves it, a test names it."""

    def now(self) -> datetime:
        """Give the present instant, aware and in UTC."""

    def sleep(self, seconds: float) -> None:
        """Wait until so much of this clock's time has gone."""


class MachineClock:
    """This machine's own time; `__main__` makes it, and nothing else reads it."""

    def now(self) -> datetime:
        """Give the present instant."""
        return datetime.fromtimestamp(time.time(), UTC)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Context:
    """The parts of a running bot, built once in `app.build`."""

    engine: Engine
    clock: Clock
    gateway: Gateway

    def now(self) -> datetime:
        """Read the time: the edge's only way to do so."""
        return self.clock.now()

    def transaction(self) -> AbstractContextManager[Session]:
        """Write all or nothing; no HTTP inside."""
        return database.transaction(self.engine)

    def reading(self) -> AbstractContextManager[Session]:
        """Read without holding up a writer."""
        return database.reading(self.engine)
