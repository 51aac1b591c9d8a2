"""A store, a small Slack and a clock moved by hand: what delivery needs to live."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bot.context import Context
from bot.database import reading, transaction
from bot.facts.said import Message
from bot.gateway import Gateway
from bot.jobs import deliver
from bot.models import Gate, Notice, Workspace
from bot.sandbox.server import Sandbox
from bot.services import notices
from bot.store import migrate
from tests import stores
from tests.twin import ours

MONDAY = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)
WORKSPACE = 1


@dataclass
class HandClock:
    """A clock that stands until it is moved."""

    at: datetime = MONDAY

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def line_of(_session: Session, notice: Notice, now: datetime) -> Message:
    return Message(text=f"{notice.key} r{notice.wanted} {now:%H:%M:%S}")


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def new_store(path: Path) -> Engine:
    engine = stores.engine(path)
    migrate(engine)
    with transaction(engine) as session:
        session.add(Workspace(id=WORKSPACE, team_id="T0SANDBOX", created_at=MONDAY))
    return engine


@dataclass
class World:
    """All parts, and short ways to say what a test does with them."""

    engine: Engine
    slack: Sandbox
    clock: HandClock
    render: Callable[..., Any] = line_of
    posted: list[tuple[str, datetime]] = field(default_factory=list)

    @cached_property
    def context(self) -> Context:
        return Context(self.engine, self.clock, Gateway(self.slack.bot_token, self.slack.api_url))

    def want(self, key: str, place: str = "C1", kind: str = "card", **facts: Any) -> None:
        with transaction(self.engine) as session:
            notices.want(
                session,
                workspace_id=WORKSPACE,
                key=key,
                kind=kind,
                place=place,
                now=self.clock.now(),
                **facts,
            )

    def bump(self, key: str) -> None:
        with transaction(self.engine) as session:
            notices.bump(session, WORKSPACE, key, self.clock.now())

    def deliver(self) -> int:
        return deliver.run(self.context, self.render, self.note)

    def note(self, _session: Session, notice: Notice, at: datetime) -> None:
        self.posted.append((notice.key, at))

    def after(self, **span: float) -> int:
        """Move the clock and deliver."""
        self.clock.at += timedelta(**span)
        return self.deliver()

    def settle_down(self, until: timedelta = timedelta(hours=1)) -> None:
        """Step the clock to each next due instant, until nothing is due before `until` from now."""
        end, idle = self.clock.at + until, 0
        while (due := self.next_due()) is not None and due <= end:
            self.clock.at = max(self.clock.at, due)
            idle = 0 if self.deliver() else idle + 1
            assert idle < 5, f"due at {due}, and nothing is done about it"

    def next_due(self) -> datetime | None:
        with reading(self.engine) as session:
            return deliver.next_due(session)

    def notice(self, key: str) -> Notice:
        with reading(self.engine) as session:
            return session.exec(select(Notice).where(ours(Notice)).where(col(Notice.key) == key)).one()

    def gate(self, name: str) -> Gate | None:
        with reading(self.engine) as session:
            return session.get(Gate, (WORKSPACE, name))

    def texts(self, place: str = "C1") -> list[str]:
        """Read what the bot wrote in a channel, oldest first."""
        return [message["text"] for message in self.slack.messages(place) if "bot_id" in message]

    def refusals(self) -> list[int]:
        """List the statuses of calls that the sandbox limited."""
        return [call.status for call in self.slack.traffic if call.status == 429]
