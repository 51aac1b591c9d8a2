"""What a restored store may not know: whether it was sent, and what fell due, since the backup was made."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import case, func, literal, or_, select, update
from sqlmodel import Session, col

from bot.context import Context
from bot.database import EPOCH, UtcDateTime
from bot.jobs import life, posts, release, tick
from bot.models import Agreement, Handoff, Notice, Workspace
from bot.services import outbox

log = logging.getLogger(__name__)

DUE: Sequence[Callable[[Context], object]] = (life.run, release.run, tick.run, posts.run)
DEADLINES = (
    Workspace.look_at,
    Agreement.look_at,
    Agreement.next_daily_at,
    Agreement.next_digest_at,
    Handoff.release_at,
)


@dataclass
class Past:
    """A clock that goes again through the time since the backup."""

    at: datetime

    def now(self) -> datetime:
        """Give the instant that is gone through."""
        return self.at

    def sleep(self, seconds: float) -> None:
        """Never asked for."""


def run(context: Context) -> tuple[int, int]:
    """Make a store that nobody uses fit to send; gives how many notices are looked for, and held back.

    1. What it calls unsent may stand in Slack: it is looked for before it is sent.
    2. All that fell due since is done at its own instant. What would be said of it, the former Baton may have
       said: it is not sent, and the next digest counts it among what nobody knows of.
    """
    now = context.now()
    with context.transaction() as session:
        looked_for = _look_first(session, now)
    _go_through(context, now)
    with context.transaction() as session:
        return looked_for, _hold_back(session)


def _look_first(session: Session, now: datetime) -> int:
    outbox.recover(session, now, everything=True)
    unsent = (
        col(Notice.ts).is_(None),
        col(Notice.kind) != "home",
        col(Notice.state).in_(("pending", "uncertain", "parked")),
    )
    files = update(Notice).where(*unsent, col(Notice.kind).in_(outbox.UNKEYED))
    session.execute(files.values(is_plain=True))
    settled_at = literal(now + outbox.SETTLE, UtcDateTime())
    marked = (
        update(Notice)
        .where(*unsent)
        .values(
            error=outbox.RESTORED,
            first_send_at=func.coalesce(col(Notice.first_send_at), col(Notice.created_at)),
            not_before=case((col(Notice.not_before) < settled_at, settled_at), else_=col(Notice.not_before)),
        )
    )
    return outbox.rows_of(session.execute(marked))


def _go_through(context: Context, now: datetime) -> None:
    past = Past(EPOCH)
    then = replace(context, clock=past)
    while (due := _next_due(context, past.at)) is not None and due <= now:
        past.at = due
        for job in DUE:
            try:
                job(then)
            except ExceptionGroup:  # what fails for one agreement is left to the bot that will run
                log.exception("not all that was due at %s is done", due)


def _next_due(context: Context, after: datetime) -> datetime | None:
    with context.reading() as session:
        found = [
            session.scalar(select(func.min(col(column))).where(col(column) > after)) for column in DEADLINES
        ]
    return min((at for at in found if at is not None), default=None)


def _hold_back(session: Session) -> int:
    unsent = update(Notice).where(
        col(Notice.ts).is_(None),
        col(Notice.kind) != "home",
        col(Notice.state) == "pending",
        or_(col(Notice.error).is_(None), col(Notice.error) != outbox.RESTORED),
    )
    return outbox.rows_of(session.execute(unsent.values(state="unknown", error=outbox.RESTORED)))
