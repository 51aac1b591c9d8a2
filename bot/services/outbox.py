"""Which notice goes out next, who holds it meanwhile, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, and_, func, or_, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from bot.models import Gate, Notice, Workspace
from bot.services import gates

LEASE = timedelta(seconds=90)
SETTLE = timedelta(seconds=60)
"""How long Slack is given until a post, whose answer was lost, is looked for."""
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440))

# Word for word the condition of the index: SQLite uses a partial index for no other.
OWED = text("notice.shown < notice.wanted AND notice.state IN ('pending', 'shown', 'sending', 'uncertain')")
IN_FLIGHT = ("sending", "uncertain")
CLAIMABLE = ("pending", "shown", "uncertain")
UNKEYED = ("agreement_files", "export")
"""Kinds that are sent as files, at most once: where that is in doubt, the same notice says so in words."""
SWEEPS = (timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=24))
"""When after a second sending it is looked for copies: Slack may take the first one late."""
RESTORED = "restored"
"""The error of what a backup calls unsent: it may have been posted since, and is looked for first."""
PARENT_NEVER_COMES = ("superseded", "dead", "unknown")


def recover(session: Session, now: datetime, *, everything: bool = False) -> None:
    """Take back what a dead sender held: a post may have landed, an edit is simply done again.

    At a start that is `everything` in flight; the settling counts from now, whatever the clock did.
    """
    held = and_(OWED, col(Notice.state) == "sending")
    if not everything:
        held &= col(Notice.lease_until) <= now
    ids = session.scalars(select(col(Notice.id)).where(held).with_for_update(skip_locked=True)).all()
    if not ids:
        return
    lost = held & col(Notice.id).in_(ids)
    is_post = and_(col(Notice.ts).is_(None), col(Notice.kind) != "home")
    is_unkeyed = and_(col(Notice.kind).in_(UNKEYED), col(Notice.is_plain).is_(False))
    taken_back = update(Notice).values(fence=col(Notice.fence) + 1, lease_until=None, shows=None)
    session.execute(taken_back.where(lost, is_unkeyed).values(state="pending", is_plain=True))
    session.execute(taken_back.where(lost, is_post).values(state="uncertain", not_before=now + SETTLE))
    session.execute(taken_back.where(lost, ~is_post).values(state="shown"))


def due(session: Session, now: datetime) -> dict[int, list[int]]:
    """Give, by workspace, the ids of what can go out now: of each place and kind of call the first."""
    heads: dict[int, dict[tuple[str, str], int]] = {}
    for at, row in _waiting(session):
        if at <= now:
            heads.setdefault(row.workspace_id, {}).setdefault((row.place, gates.gate_of(row)), row.id)
    return {workspace_id: list(ids.values()) for workspace_id, ids in heads.items()}


def next_due(session: Session) -> datetime | None:
    """Say when delivery has something to do next: a notice, a lease that runs out, a blocked place to try."""
    lease = select(func.min(col(Notice.lease_until))).where(OWED, col(Notice.state) == "sending")
    blocked = select(func.min(col(Gate.open_at))).where(col(Gate.blocked_by).is_not(None))
    sweep = select(func.min(col(Notice.sweep_at))).where(col(Notice.sweep_at).is_not(None))
    singles = [session.scalar(query) for query in (lease, blocked, sweep)]
    instants = [*singles, *(at for at, _ in _waiting(session))]
    return min((at for at in instants if at is not None), default=None)


def _waiting(session: Session) -> Sequence[tuple[datetime, Row[Any]]]:
    """List (from when it can go out, row) of all that is owed and has nothing else in its way."""
    rows = session.execute(_owed()).all()
    theirs = select(col(Notice.workspace_id)).where(OWED)
    closed = gates.read(session, col(Gate.workspace_id).in_(theirs)) if rows else {}
    busy = {(row.workspace_id, row.place): row.id for row in rows if row.state in IN_FLIGHT}
    return [
        (max(row.not_before, gates.free_at(closed, row) or row.not_before), row)
        for row in rows
        if row.state != "sending" and busy.get((row.workspace_id, row.place), row.id) == row.id
    ]


@cache
def _owed() -> Any:
    parent = aliased(Notice)
    is_parent = (col(parent.workspace_id) == Notice.workspace_id) & (col(parent.key) == Notice.thread_key)
    is_active = (col(Workspace.id) == Notice.workspace_id) & (col(Workspace.state) == "active")
    fields: tuple[Any, ...] = (
        Notice.id,
        Notice.workspace_id,
        Notice.place,
        Notice.state,
        Notice.kind,
        Notice.ts,
        Notice.not_before,
    )
    return (
        select(*fields)
        .join(Workspace, is_active)
        .outerjoin(parent, is_parent)
        .where(
            OWED,
            or_(
                col(Notice.thread_key).is_(None),
                col(parent.ts).is_not(None),
                col(parent.state).in_(PARENT_NEVER_COMES),
            ),
        )
        .order_by(col(Notice.not_before), col(Notice.id))
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """A notice as it was when it was taken; nothing but this lease and fence may say how it ended."""

    notice: Notice
    was_uncertain: bool
    at: datetime
    parent: Notice | None = None
    """The posted notice in whose thread it stands."""

    @property
    def is_edit(self) -> bool:
        """Say whether the message stands in Slack already; a Home is always put up anew."""
        return self.notice.ts is not None or self.notice.kind == "home"

    @property
    def is_unkeyed(self) -> bool:
        """Say whether it could not be found again if Slack's answer were lost."""
        return self.notice.kind in UNKEYED and not self.notice.is_plain

    @property
    def gate(self) -> str:
        """Name the gate that its sending goes through."""
        return gates.gate_of(self.notice)


def claim(session: Session, notice_id: int, now: datetime) -> Claim | None:
    """Take this notice for the length of a lease, unless it is held, closed off, or no longer due."""
    seen = session.get(Notice, notice_id, with_for_update={"skip_locked": True})
    if seen is None or seen.state not in CLAIMABLE or not _may_pass(session, seen, now):
        return None
    was_uncertain = seen.state == "uncertain" or seen.error == RESTORED
    taken = (
        update(Notice)
        .where(col(Notice.workspace_id) == seen.workspace_id, col(Notice.id) == notice_id)
        .where(col(Notice.fence) == seen.fence, OWED, col(Notice.not_before) <= now)
        .values(state="sending", fence=seen.fence + 1, lease_until=now + LEASE)
        .values(first_send_at=seen.first_send_at or now)
    )
    try:
        with session.begin_nested():
            if not rows_of(session.execute(taken)):
                return None
    except IntegrityError:  # another notice is in flight to this place
        return None
    session.refresh(seen)
    return Claim(seen, was_uncertain, now, parent_of(session, seen))


def _may_pass(session: Session, notice: Notice, now: datetime) -> bool:
    """Say whether nothing else is in flight to this place, and all gates on the way there are open."""
    another = select(col(Notice.id)).where(
        col(Notice.workspace_id) == notice.workspace_id,
        col(Notice.place) == notice.place,
        col(Notice.state).in_(IN_FLIGHT),
        col(Notice.id) != notice.id,
    )
    # Looked at first, so that nobody waits at the index for a post whose end is being written down.
    if session.scalar(another) is not None:
        return False
    names = {gates.WORKSPACE, gates.gate_of(notice), notice.place}
    its_own = (col(Gate.workspace_id) == notice.workspace_id) & col(Gate.name).in_(names)
    free = gates.free_at(gates.read(session, its_own), notice)
    return free is None or free <= now


def parent_of(session: Session, notice: Notice) -> Notice | None:
    """Find the posted notice in whose thread this one stands."""
    parent = select(Notice).where(
        col(Notice.workspace_id) == notice.workspace_id, col(Notice.key) == notice.thread_key
    )
    found = session.scalar(parent) if notice.thread_key else None
    return found if found and found.ts else None


def settle(session: Session, claim: Claim, **values: Any) -> bool:
    """Write down how it ended; false where the lease ran out and somebody else has it now."""
    held = and_(
        col(Notice.workspace_id) == claim.notice.workspace_id,
        col(Notice.id) == claim.notice.id,
        col(Notice.fence) == claim.notice.fence,
        col(Notice.state) == "sending",
    )
    result = session.execute(update(Notice).where(held).values(lease_until=None, **values))
    return bool(rows_of(result))


def put_back(session: Session, claim: Claim, **values: Any) -> bool:
    """Let it wait for another try, still before what was wanted after it."""
    if claim.was_uncertain:  # its own instant gave way to that of the look
        values = {"not_before": claim.notice.created_at, **values}
    return settle(session, claim, state="shown" if claim.notice.ts else "pending", **values)


def was_last_try(claim: Claim) -> bool:
    """Say whether it failed as often as it may."""
    return claim.notice.attempts >= len(BACKOFF)


def put_off(session: Session, claim: Claim, error: str, now: datetime) -> bool:
    """Let it wait longer after each failure."""
    attempts = claim.notice.attempts
    return put_back(session, claim, attempts=attempts + 1, error=error, not_before=now + BACKOFF[attempts])


def to_sweep(session: Session, now: datetime) -> Sequence[Notice]:
    """List the messages sent twice whose next look for copies is due."""
    due = and_(col(Notice.sweep_at).is_not(None), col(Notice.sweep_at) <= now)
    return session.scalars(select(Notice).where(due)).all()


def sweep_next(session: Session, notice: Notice, sent_at: datetime, now: datetime) -> None:
    """Set the next look for copies, or end the looking."""
    next_at = next((sent_at + step for step in SWEEPS if sent_at + step > now), None)
    its_own = (col(Notice.workspace_id) == notice.workspace_id, col(Notice.id) == notice.id)
    session.execute(update(Notice).where(*its_own).values(sweep_at=next_at))


def rows_of(result: Any) -> int:
    """Say how many rows a statement changed."""
    return int(result.rowcount)
