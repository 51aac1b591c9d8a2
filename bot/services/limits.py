"""What Sales agreed to take in a day: leads over a cap are dripped, never dumped and never refused."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache

from sqlalchemy import Select, bindparam, func, select
from sqlmodel import Session, col

from bot.models import Event, Handoff, Lead, table_of
from bot.services import handoffs, ledger, people
from bot.services.agreements import Agreed
from sla_rules.kinds import ActKind, LeadState, Tier


def over(session: Session, agreed: Agreed, tiers: Sequence[tuple[Tier, int]], now: datetime) -> list[int]:
    """List the leads of a new batch that are over today's cap: the coldest wait. A trial holds nothing."""
    if agreed.is_trial:
        return []
    numbered = [tier for tier, count in tiers for _ in range(count)]
    with_cap = {tier for tier, _ in tiers if agreed.document.capacity(tier) is not None}
    capped = [n for n, tier in enumerate(numbered, start=1) if tier in with_cap]
    room = _room(session, agreed, now)
    return capped[room:] if room is not None else []


def next_release(agreed: Agreed, now: datetime) -> datetime:
    """Give the opening of the next working day that is no blackout date."""
    day = agreed.today(now) + timedelta(days=1)
    while agreed.document.is_blackout(day) or (opening := agreed.calendar.opening(day)) is None:
        day += timedelta(days=1)
    return opening


def release(session: Session, agreed: Agreed, handoff: Handoff, now: datetime) -> None:
    """Let through what today has room for; what is left waits for the next working day."""
    state = ledger.read(session, agreed, handoff, now)
    held = [lead.n for lead in state.leads.values() if lead.state is LeadState.HELD]
    room = _room(session, agreed, now)
    let = held if room is None else held[:room]
    handoff.release_at = next_release(agreed, now) if len(let) < len(held) else None
    session.flush()
    if let:
        data = {"duty": people.duty_rep(session, agreed, now)}
        ledger.record(session, agreed, handoff, [ledger.NewAct(ActKind.RELEASED, None, now, let, data)], now)


def due(session: Session, now: datetime) -> list[tuple[int, int, int]]:
    """List (workspace, agreement, handoff) with leads to be let through."""
    rows = session.execute(
        select(col(Handoff.workspace_id), col(Handoff.agreement_id), col(Handoff.id))
        .where(col(Handoff.release_at) <= now)
        .order_by(col(Handoff.release_at), col(Handoff.id))
    )
    return [(workspace_id, agreement_id, handoff_id or 0) for workspace_id, agreement_id, handoff_id in rows]


def release_one(session: Session, agreed: Agreed, handoff_id: int, now: datetime) -> None:
    """Release one handoff found due, unless somebody else was quicker."""
    handoff = handoffs.by_id(session, agreed.workspace_id, handoff_id)
    if handoff.release_at is not None and handoff.release_at <= now:
        release(session, agreed, handoff, now)


def _room(session: Session, agreed: Agreed, now: datetime) -> int | None:
    """Work out how many capped leads still fit into today; None where nothing is capped."""
    today = agreed.today(now)
    if agreed.document.is_blackout(today):
        return 0
    tiers = [tier for tier in Tier if agreed.document.capacity(tier) is not None]
    if not tiers:
        return None
    per_rep = min(agreed.document.capacity(tier) or 0 for tier in tiers)
    reps = len(people.present(session, agreed, now))
    return max(0, per_rep * reps - _let_through(session, agreed, today, tiers))


def _let_through(session: Session, agreed: Agreed, today: date, tiers: Sequence[Tier]) -> int:
    """Count the capped leads that Sales got today: handed over and not held, or released."""
    own = {"workspace_id": agreed.workspace_id, "agreement_id": agreed.id, "today": today}
    new = session.scalar(_handed_over(), {**own, "tiers": tiers})
    start_at, end_at = agreed.calendar.day_bounds(today)
    released = session.scalars(_released(), {**own, "start_at": start_at, "end_at": end_at})
    return (new or 0) + sum(len(numbers) for numbers in released)


@cache
def _handed_over() -> Select[int]:
    leads, batches = table_of(Lead), table_of(Handoff)
    return (
        select(func.count())
        .select_from(leads)
        .join(batches, batches.c.id == leads.c.handoff_id)
        .where(
            batches.c.state != "voided",
            leads.c.workspace_id == bindparam("workspace_id"),
            leads.c.agreement_id == bindparam("agreement_id"),
            leads.c.day == bindparam("today"),
            leads.c.tier.in_(bindparam("tiers", expanding=True)),
            leads.c.state != LeadState.HELD,
        )
    )


@cache
def _released() -> Select[list[int]]:
    events, batches = table_of(Event), table_of(Handoff)
    return (
        select(events.c.leads)
        .join(batches, batches.c.id == events.c.handoff_id)
        .where(
            events.c.workspace_id == bindparam("workspace_id"),
            events.c.agreement_id == bindparam("agreement_id"),
            events.c.happened_at >= bindparam("start_at"),
            events.c.happened_at < bindparam("end_at"),
            events.c.kind == ActKind.RELEASED,
            batches.c.state != "voided",
            batches.c.day < bindparam("today"),
        )
    )
