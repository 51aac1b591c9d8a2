"""The demo's bot and its Slack on one clock: move the clock, and all that falls due on the way happens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from threading import RLock
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.app import Baton
from bot.context import Context
from bot.demo.cast import ZONE
from bot.demo.clock import MovableClock
from bot.demo.looks import evening_of
from bot.jobs.rendering import render
from bot.jobs.sending import Sending
from bot.models import Agreement, Handoff, Notice, Workspace
from bot.services import outbox, posted

ON_THE_WAY = ("life", "release", "tick", "posts", "deliver")
OPENING = time(9)
MOMENT = timedelta(seconds=10)
"""Slack takes one message a second in a channel."""
SMALLEST_STEP = timedelta(milliseconds=50)
NEVER_POSTED = (col(Notice.ts).is_(None), col(Notice.state) == "pending", col(Notice.kind) != "home")


class Stage:
    """Everything that must not run while the clock is being moved waits for the one lock."""

    def __init__(self, clock: MovableClock) -> None:
        self.clock = clock
        self.lock = RLock()
        self.baton: Baton | None = None
        self.edits_wait = False
        """While weeks are told at speed: only new messages go out, and each is edited once, in the end."""

    @property
    def context(self) -> Context:
        """Give the bot's context; there is none before the bot is built."""
        if self.baton is None:
            raise RuntimeError("the stage has no bot yet")
        return self.baton.context

    def jobs(self, baton: Baton) -> dict[str, Callable[[], object]]:
        """Wrap the jobs, so that they wait while the clock is being moved."""
        return {name: self._waiting(body) for name, body in baton.jobs.items()}

    def _waiting(self, body: Callable[[], object]) -> Callable[[], object]:
        def run() -> None:
            with self.lock:
                body()

        return run

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the clock for as long as the block lasts."""
        with self.lock:
            self.clock.hold()
            try:
                yield
            finally:
                self.clock.release()

    def advance(self, until: datetime) -> None:
        """Step to each next due instant until this one, and do what is due there."""
        while (due := self._next_due()) is not None and due <= until:
            self.clock.move_to(max(due, self.clock.now() + SMALLEST_STEP))
            self.settle()
        self.clock.move_to(until)
        self.settle()

    def settle(self) -> None:
        """Do what is due at this instant."""
        if self.baton is None:
            return
        for name in ON_THE_WAY:
            if name == "deliver" and self.edits_wait:
                self._post_what_is_new(self.baton.context)
            else:
                self.baton.jobs[name]()

    def settle_now(self) -> None:
        """Let a moment pass, and return when what is due stands in Slack."""
        with self.held():
            self.advance(self.clock.now() + MOMENT)

    def _post_what_is_new(self, context: Context) -> None:
        sending = Sending(context, render, posted.card_appeared)
        due = select(col(Notice.id)).where(*NEVER_POSTED, col(Notice.not_before) <= context.now())
        with context.reading() as session:
            found = session.scalars(due.order_by(col(Notice.id))).all()
        for notice_id in filter(None, found):
            sending.deliver(notice_id)

    def move(self, move: str) -> float:
        """Move the clock as the page asks, and give the new time."""
        with self.held():
            self.advance(self._aim(move))
            return self.clock.now().timestamp()

    def _aim(self, move: str) -> datetime:
        now = self.clock.now()
        if move in ("+10m", "+1h"):
            return now + (timedelta(minutes=10) if move == "+10m" else timedelta(hours=1))
        if move == "evening":
            return evening_of(now)
        if move == "next_morning":
            return self._morning(now, 1)
        if move == "next_monday":
            local = now.astimezone(ZoneInfo(ZONE))
            return self._morning(now, 7 - local.weekday())
        return now

    def _morning(self, now: datetime, days: int) -> datetime:
        return self._at(now + timedelta(days=days), OPENING) + timedelta(minutes=31)

    def _at(self, instant: datetime, wall: time) -> datetime:
        """Give that time of the day on which an instant lies here."""
        day = instant.astimezone(ZoneInfo(ZONE)).date()
        return datetime.combine(day, wall, ZoneInfo(ZONE)).astimezone(UTC)

    def _next_due(self) -> datetime | None:
        if self.baton is None:
            return None
        with self.baton.context.reading() as session:
            owed = _next_post(session) if self.edits_wait else outbox.next_due(session)
            instants = [owed, *_columns(session)]
        return min((at for at in instants if at is not None), default=None)


def _next_post(session: Session) -> datetime | None:
    return session.scalar(select(func.min(col(Notice.not_before))).where(*NEVER_POSTED))


def _columns(session: Session) -> list[datetime | None]:
    """Read the deadlines: each is a column."""
    posts = (Agreement.next_daily_at, Agreement.next_digest_at)
    columns = (Workspace.look_at, Agreement.look_at, *posts, Handoff.release_at)
    return [session.scalar(select(func.min(col(column)))) for column in columns]
