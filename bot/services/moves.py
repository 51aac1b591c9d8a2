"""Find the clock that somebody means: the next of a handoff that waits on them, or all of theirs."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from bot.errors import UserError
from bot.facts.clocks import ClockFact
from bot.models import Clock, Handoff
from bot.services import clocks, handoffs, notes, own, people
from bot.services.agreements import Agreed


def by_id(session: Session, workspace_id: int, clock_id: int) -> Clock:
    """Read a clock of this workspace; one of another workspace does not exist here."""
    row = own.find(session, Clock, workspace_id, clock_id)
    if row is None:
        raise UserError("no_such_clock")
    return row


def next_of(session: Session, agreed: Agreed, handoff: Handoff, user: str, now: datetime) -> Clock:
    """Find the clock that is due first of those that wait on somebody, or on whom they cover."""
    waiting = [row for row in _of(session, handoff) if row.waiting]
    mine = [row for row in waiting if people.answers_for(session, agreed, row.owner, now) == user]
    if not mine:
        raise UserError("nothing_waits")
    return min(mine, key=lambda row: (row.due_at is None, row.due_at, row.id))


def of(session: Session, agreed: Agreed, handoff: Handoff, user: str, now: datetime) -> list[Clock]:
    """List the clocks of a handoff that are somebody's, or of whom they cover, the latest first."""
    mine = [
        row for row in _of(session, handoff) if people.answers_for(session, agreed, row.owner, now) == user
    ]
    return sorted(mine, key=lambda row: (row.started_at, row.id), reverse=True)


def fact(session: Session, agreed: Agreed, clock: Clock, now: datetime) -> ClockFact:
    """Say of a clock what messages show, whether or not leads wait on it still."""
    handoff = handoffs.by_id(session, agreed.workspace_id, clock.handoff_id)
    link = notes.of(session, agreed.workspace_id, clock.handoff_id, "link").get(1, "")
    return clocks.fact(agreed, clock, handoff.number, handoff.source, link, now)


def _of(session: Session, handoff: Handoff) -> Sequence[Clock]:
    return session.scalars(
        select(Clock).where(
            col(Clock.workspace_id) == handoff.workspace_id, col(Clock.handoff_id) == handoff.id
        )
    ).all()
