"""Announce handoffs to come: the plan that Marketing's pace is held against."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from bot.errors import UserError
from bot.models import Plan
from bot.services import deliveries, figures, ledger, notices, pace, rights
from bot.services.agreements import Agreed
from bot.services.rights import Act

MOST_DAYS_AHEAD = 366
MOST_LEADS = 100_000


def announce(
    session: Session,
    agreed: Agreed,
    *,
    count: int,
    source: str,
    on: date,
    author: str,
    now: datetime,
    delivery: str,
) -> None:
    """Plan a number of leads from a source for a day to come."""
    if not deliveries.is_new(session, agreed.workspace_id, delivery, now):
        return
    rights.require(session, agreed, author, Act.PLAN)
    today = agreed.today(now)
    if not today <= on <= today + timedelta(days=MOST_DAYS_AHEAD):
        raise UserError("plan_day_unclear", day=on)
    if not 1 <= count <= MOST_LEADS:
        raise UserError("plan_count_unclear", count=count)
    row = Plan(
        workspace_id=agreed.workspace_id,
        agreement_id=agreed.id,
        planned_on=on,
        source=source,
        count=count,
        author=author,
        created_at=now,
    )
    session.add(row)
    session.flush()
    data = {"plan": row.id, "count": count, "day": on.isoformat()}
    ledger.note_on_agreement(session, agreed, "planned", author, now, data)
    pace.refresh(session, agreed, now)
    notices.bump_daily(session, agreed.workspace_id, agreed.id, today, now)


def withdraw(session: Session, agreed: Agreed, *, source: str, on: date, author: str, now: datetime) -> int:
    """Take back what was planned from a source for a day; gives how many leads that were."""
    rights.require(session, agreed, author, Act.PLAN)
    rows = session.scalars(
        select(Plan).where(
            col(Plan.workspace_id) == agreed.workspace_id,
            col(Plan.agreement_id) == agreed.id,
            col(Plan.planned_on) == on,
            col(Plan.source) == source,
            col(Plan.is_withdrawn).is_(False),
        )
    ).all()
    if not rows:
        raise UserError("nothing_planned", source=source, day=on)
    for row in rows:
        row.is_withdrawn = True
        session.add(row)
        ledger.note_on_agreement(session, agreed, "withdrawn", author, now, {"plan": row.id})
    session.flush()
    pace.refresh(session, agreed, now)
    return sum(row.count for row in rows)


def ahead(session: Session, agreed: Agreed, now: datetime) -> list[tuple[date, str, int]]:
    """List what is planned from today on."""
    today = agreed.today(now)
    return figures.planned(session, agreed, today, today + timedelta(days=MOST_DAYS_AHEAD + 1))
