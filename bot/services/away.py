"""Go away with a cover, and come back: clocks of leads not yet touched go along."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from bot.errors import UserError
from bot.facts.people import AwayFact
from bot.models import Away, Handoff, Lead
from bot.services import agreements, deliveries, ledger, limits, notices, own, people, rights, work
from bot.services.agreements import Agreed
from bot.services.rights import Act
from sla_rules.kinds import ActKind, LeadState, Side

LONGEST = timedelta(days=366)


def leave(
    session: Session,
    agreed: Agreed,
    *,
    user: str,
    until: datetime,
    cover: str | None,
    now: datetime,
    delivery: str,
) -> int:
    """Leave until an instant; untouched leads go to the cover with a fresh start. Gives how many went."""
    if not deliveries.is_new(session, agreed.workspace_id, delivery, now):
        return 0
    rights.require(session, agreed, user, Act.AWAY)
    if not now < until <= now + LONGEST:
        raise UserError("away_until_unclear")
    if cover is not None:
        _check_cover(session, agreed, user, cover, now)
    since = min((row.from_at for row in _end(session, agreed, user, now)), default=now)
    row = Away(workspace_id=agreed.workspace_id, user_id=user, cover=cover, from_at=since, until_at=until)
    session.add(row)
    session.flush()
    ledger.note_on_agreement(session, agreed, "away", user, now, {"until": until.isoformat(), "cover": cover})
    return sum(
        _leave_one(session, one, user, now) for one in people.works_in(session, agreed.workspace_id, user)
    )


def _leave_one(session: Session, agreed: Agreed, user: str, now: datetime) -> int:
    """Leave the shares of one agreement; the cover takes over where it is in its Sales, else the duty rep."""
    redraw_shares(session, agreed, now)
    agreements.change(session, agreed.workspace_id, agreed.id, look_at=now)
    heir = people.stand_in(session, agreed, user, now) or people.duty_rep(session, agreed, now)
    # Where nobody else is there, leads stay: to oneself there is no fresh start.
    return hand_on(session, agreed, user, heir, now) if heir != user else 0


def come_back(session: Session, agreed: Agreed, *, user: str, now: datetime) -> int:
    """End an absence early; gives its id."""
    rights.require(session, agreed, user, Act.AWAY)
    ended = _end(session, agreed, user, now)
    if not ended:
        raise UserError("not_away")
    ledger.note_on_agreement(session, agreed, "back", user, now, {})
    for one in people.works_in(session, agreed.workspace_id, user):
        redraw_shares(session, one, now)
    return ended[-1].id or 0


def now_and_next(session: Session, agreed: Agreed, now: datetime, until: datetime) -> list[AwayFact]:
    """List the reps who are away at some time from now until an instant."""
    rows = session.scalars(
        select(Away)
        .where(
            col(Away.workspace_id) == agreed.workspace_id,
            col(Away.until_at) > now,
            col(Away.from_at) < until,
            col(Away.is_ended).is_(False),
        )
        .order_by(col(Away.until_at))
    )
    return [
        AwayFact(row.user_id, row.until_at, row.cover) for row in rows if row.user_id in people.reps(agreed)
    ]


def _check_cover(session: Session, agreed: Agreed, user: str, cover: str, now: datetime) -> None:
    if cover == user:
        raise UserError("cover_is_self")
    if agreed.side_of(cover) is not Side.SALES:
        raise UserError("cover_not_in_sales", cover=cover)
    if people.is_away(session, agreed.workspace_id, cover, now):
        raise UserError("cover_is_away", cover=cover)


def _end(session: Session, agreed: Agreed, user: str, now: datetime) -> list[Away]:
    rows = [row for row in people.away_rows(session, agreed.workspace_id, now) if row.user_id == user]
    for row in rows:
        row.is_ended = True
        session.add(row)
    session.flush()
    return rows


def redraw_shares(session: Session, agreed: Agreed, now: datetime) -> None:
    """Make the cards true on which somebody's share changed."""
    undecided = (col(Handoff.agreement_id) == agreed.id) & (col(Handoff.undecided) > 0)
    for handoff_id in session.scalars(
        select(col(Handoff.id)).where(col(Handoff.workspace_id) == agreed.workspace_id, undecided)
    ).all():
        notices.bump(session, agreed.workspace_id, f"card:{handoff_id}", now)
    limits.replan(session, agreed, now)


def hand_on(
    session: Session,
    agreed: Agreed,
    user: str,
    cover: str,
    now: datetime,
    states: Collection[LeadState] = (LeadState.TAKEN,),
) -> int:
    """Move the leads in these states, by default those not yet touched, handoff by handoff."""
    handoff_ids = session.scalars(
        select(col(Lead.handoff_id))
        .where(
            col(Lead.workspace_id) == agreed.workspace_id,
            col(Lead.agreement_id) == agreed.id,
            col(Lead.owner) == user,
            col(Lead.state).in_(states),
        )
        .distinct()
    ).all()
    moved = 0
    for handoff_id in sorted(handoff_ids):
        handoff = own.one(session, Handoff, agreed.workspace_id, handoff_id)
        state = ledger.read(session, agreed, handoff, now)
        numbers = [lead.n for lead in state.leads.values() if lead.owner == user and lead.state in states]
        act = ledger.NewAct(ActKind.MOVED, user, now, numbers, {"to": cover, "why": "away"})
        ledger.record(session, agreed, handoff, [act], now)
        work.refresh_all(session, agreed, handoff, {user, cover}, now)
        moved += len(numbers)
    return moved
