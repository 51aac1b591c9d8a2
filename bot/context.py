"""What listeners and jobs are handed: the store, the time, and Slack."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Protocol, Self

from sqlalchemy import Engine, Select, bindparam, select
from sqlmodel import Session

from bot import database
from bot.gateway import Gateway
from bot.models import Workspace, table_of


class Clock(Protocol):
    """The time that the bot lives in; the demo moves it, a test names it."""

    def now(self) -> datetime:
        """Give the present instant, aware and in UTC."""

    def sleep(self, seconds: float) -> None:
        """Wait until so much of this clock's time has gone."""


class MachineClock:
    """This machine's own time; `commands` makes it, and nothing else reads it."""

    def now(self) -> datetime:
        """Give the present instant."""
        return datetime.fromtimestamp(time.time(), UTC)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class Gateways(Protocol):
    """Each workspace's Slack, by the token of that workspace."""

    def of(self, workspace: int | str) -> Gateway:
        """Give the Slack of a workspace, by our id or by Slack's of its team. Raises Refused."""


class InWork(Exception):  # noqa: N818  (nothing is wrong)
    """Somebody else writes for this workspace now, and sees to what is due there."""


def held(session: Session, workspace: int | str, *, waits: bool = True) -> bool:
    """Keep everybody else from writing for a workspace until this transaction ends: its first statement."""
    if database.is_sqlite(session.get_bind()):
        return True  # whose writers wait for each other, whatever they write
    holding = _holding(is_team=isinstance(workspace, str), waits=waits)
    return session.scalar(holding, {"workspace": workspace}) is not None


@cache
def _holding(*, is_team: bool, waits: bool) -> Select[int]:
    rows = table_of(Workspace).c
    named = rows.team_id if is_team else rows.id
    ours = select(rows.id).where(named == bindparam("workspace"))
    # Rows that refer to the workspace may be written meanwhile; its own may not.
    return ours.with_for_update(key_share=True, skip_locked=not waits)


@dataclass(frozen=True, slots=True)
class Context:
    """The parts of a running bot, built once in `app.build`; `at` one workspace, it has that one's Slack."""

    engine: Engine
    clock: Clock
    gateways: Gateways
    workspace: int | str | None = None

    def at(self, workspace: int | str) -> Self:
        """Bind to the workspace that somebody acts in, or for which something is done."""
        return replace(self, workspace=workspace)

    @property
    def gateway(self) -> Gateway:
        """Give the Slack of the workspace that this is bound to; looked up when a call is to be made."""
        if self.workspace is None:
            raise LookupError("Slack was to be called, and nobody said for which workspace")
        return self.gateways.of(self.workspace)

    def now(self) -> datetime:
        """Read the time: the edge's only way to do so."""
        return self.clock.now()

    @contextmanager
    def transaction(self, *, waits: bool = True) -> Iterator[Session]:
        """Write all or nothing; no HTTP inside. At one workspace, nobody else writes for it meanwhile.

        Raises InWork where somebody does now, unless it `waits`.
        """
        with database.transaction(self.engine) as session:
            if self.workspace is not None and not held(session, self.workspace, waits=waits) and not waits:
                raise InWork
            yield session

    def reading(self) -> AbstractContextManager[Session]:
        """Read without holding up a writer."""
        return database.reading(self.engine)
