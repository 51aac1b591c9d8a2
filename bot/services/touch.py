"""Report the first contact with leads, now or for earlier."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from bot.errors import UserError
from bot.models import Clock, Handoff
from bot.services import agreements, ledger, own, people, rights, work
from bot.services.agreements import Agreed
from bot.services.rights import Act
from sla_rules.kinds import ActKind, ClockKind, LeadState


def touch(
    session: Session,
    agreed: Agreed,
    handoff: Handoff,
    *,
    user: str,
    now: datetime,
    numbers: Sequence[int] = (),
    at: datetime | None = None,
    may_repeat: bool = True,
) -> list[int]:
    """Touch the named leads, or all of one's own that are untouched; a touch implies acceptance.

    A lead of one's own that was touched is tried again, if it is named and `may_repeat`.
    """
    rights.require(session, agreed, user, Act.TOUCH)
    touched_at = _checked(agreed, handoff, at, now)
    state = ledger.read(session, agreed, handoff, now)
    taken = [lead.n for lead in state.leads.values() if lead.state is LeadState.TAKEN and lead.owner == user]
    untaken = [lead.n for lead in state.leads.values() if lead.state is LeadState.OPEN]
    tried = [
        lead.n
        for lead in state.leads.values()
        if lead.state is LeadState.TOUCHED and lead.owner == user and may_repeat
    ]
    workable = {*taken, *untaken, *tried}
    if missing := sorted(set(numbers) - workable):
        raise UserError("nothing_to_touch_in", field="numbers", numbers=missing, handoff=handoff.number)
    chosen = sorted(set(numbers)) or taken
    if not chosen:
        raise UserError("nothing_to_touch", handoff=handoff.number)
    data = {"reported": True} if at is not None else {}
    ledger.record(
        session, agreed, handoff, [ledger.NewAct(ActKind.TOUCHED, user, touched_at, chosen, data)], now
    )
    work.refresh_all(session, agreed, handoff, {user, *(state.leads[n].owner or user for n in chosen)}, now)
    return chosen


def _checked(agreed: Agreed, handoff: Handoff, at: datetime | None, now: datetime) -> datetime:
    """Allow a touch up to one working day back, after the handover and not in the future."""
    if at is None:
        return now
    if at > now:
        raise UserError("touch_in_future", field="at")
    if agreed.calendar.elapsed(at, now) > agreed.calendar.day_seconds:
        raise UserError("touch_too_long_ago", field="at")
    return max(at, handoff.handed_over_at)


def mine(session: Session, agreed: Agreed, handoff: Handoff, user: str, now: datetime) -> list[int]:
    """List the leads that somebody took and has not touched."""
    state = ledger.read(session, agreed, handoff, now)
    return [lead.n for lead in state.leads.values() if lead.state is LeadState.TAKEN and lead.owner == user]


def waiting_on_clocks(
    session: Session, workspace_id: int, user: str, clock_ids: Collection[int], now: datetime
) -> list[tuple[int, list[int]]]:
    """List (handoff, leads) that wait for a first touch on those of these clocks that one answers for."""
    rows = session.scalars(
        select(Clock).where(
            own.among(Clock, workspace_id, clock_ids),
            col(Clock.kind) == ClockKind.FIRST_TOUCH,
            col(Clock.waiting) > 0,
        )
    )
    keys: dict[int, set[str]] = {}
    for row in rows:
        agreed = agreements.by_id(session, workspace_id, row.agreement_id)
        if people.answers_for(session, agreed, row.owner, now) == user:
            keys.setdefault(row.handoff_id, set()).add(row.key)
    return [
        (handoff_id, _waiting(session, workspace_id, handoff_id, found, now))
        for handoff_id, found in sorted(keys.items())
    ]


def _waiting(
    session: Session, workspace_id: int, handoff_id: int, keys: Collection[str], now: datetime
) -> list[int]:
    handoff = own.one(session, Handoff, workspace_id, handoff_id)
    agreed = agreements.by_id(session, workspace_id, handoff.agreement_id)
    state = ledger.read(session, agreed, handoff, now)
    return sorted({n for clock in state.clocks if clock.key in keys for n in clock.waiting})
