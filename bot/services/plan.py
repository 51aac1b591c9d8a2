"""Announce handoffs to come, the plan that Marketing's pace is held against, and say what came of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from bot.errors import UserError
from bot.facts.figures import PlannedFact
from bot.models import Plan, Tally, table_of
from bot.services import deliveries, figures, ledger, notices, pace, rights
from bot.services.agreements import Agreed
from bot.services.rights import Act

MOST_DAYS_AHEAD = 366
MOST_LEADS = 100_000
OPEN_DAYS = 7
"""So long after its day what comes from its source still counts for a plan."""
LOOK_BACK = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Announced:
    """How many leads are planned from a source for a day now, and how many were."""

    count: int
    was: int


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
    is_more: bool = False,
) -> Announced:
    """Plan leads from a source for a day to come: instead of what was planned so before, or as more of it."""
    former = _announced(session, agreed, source, on)
    was = sum(row.count for row in former)
    if not deliveries.is_new(session, agreed.workspace_id, delivery, now):
        return Announced(was, 0)
    rights.require(session, agreed, author, Act.PLAN)
    today = agreed.today(now)
    if not today <= on <= today + timedelta(days=MOST_DAYS_AHEAD):
        raise UserError("plan_day_unclear", day=on)
    if not 1 <= count <= MOST_LEADS:
        raise UserError("plan_count_unclear", count=count)
    count += was if is_more else 0
    for one in former:
        one.is_withdrawn = True
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
    data = {"plan": row.id, "count": count, "day": on.isoformat(), "instead_of": [one.id for one in former]}
    ledger.note_on_agreement(session, agreed, "planned", author, now, data)
    pace.refresh(session, agreed, now)
    notices.bump_daily(session, agreed.workspace_id, agreed.id, today, now)
    return Announced(count, was)


def withdraw(session: Session, agreed: Agreed, *, source: str, on: date, author: str, now: datetime) -> int:
    """Take back what was planned from a source for a day; gives how many leads that were."""
    rights.require(session, agreed, author, Act.PLAN)
    rows = _announced(session, agreed, source, on)
    if not rows:
        raise UserError("nothing_planned", source=source, day=on)
    for row in rows:
        row.is_withdrawn = True
        session.add(row)
        ledger.note_on_agreement(session, agreed, "withdrawn", author, now, {"plan": row.id})
    session.flush()
    pace.refresh(session, agreed, now)
    return sum(row.count for row in rows)


def _announced(session: Session, agreed: Agreed, source: str, on: date) -> Sequence[Plan]:
    return session.scalars(
        select(Plan).where(
            col(Plan.workspace_id) == agreed.workspace_id,
            col(Plan.agreement_id) == agreed.id,
            col(Plan.planned_on) == on,
            col(Plan.source) == source,
            col(Plan.is_withdrawn).is_(False),
        )
    ).all()


def listing(session: Session, agreed: Agreed, now: datetime) -> list[PlannedFact]:
    """List what was planned for the last four weeks and from today on, by day, with what came of it."""
    today = agreed.today(now)
    start_on, end_on = today - LOOK_BACK, today + timedelta(days=MOST_DAYS_AHEAD + 1)
    rows = figures.planned(session, agreed, start_on, end_on)
    came = _came(session, agreed, start_on, today + timedelta(days=1))
    return [
        _fact(row, [on for on, source, _ in rows if source == row[1]], came[row[1].casefold()], today)
        for row in rows
    ]


def _fact(
    row: tuple[date, str, int], days: Sequence[date], came: Mapping[date, int], today: date
) -> PlannedFact:
    """Say what came of a plan; `days` are those for which its source has any."""
    on, source, count = row
    open_until = min([on + timedelta(days=OPEN_DAYS), *(day for day in days if day > on)])
    n = sum(leads for day, leads in came.items() if on <= day < open_until)
    if on > today:
        return PlannedFact(on, source, count, n, "ahead")
    if n >= count:
        return PlannedFact(on, source, count, n, "met")
    if today >= open_until:
        return PlannedFact(on, source, count, n, "missed")
    return PlannedFact(on, source, count, n, "due" if on == today else "late")


def _came(session: Session, agreed: Agreed, start_on: date, end_on: date) -> Mapping[str, dict[date, int]]:
    """Count what was handed over on each day, by source."""
    tallies = table_of(Tally).c
    rows = session.execute(
        select(tallies.value, tallies.day, tallies.n).where(
            tallies.workspace_id == agreed.workspace_id,
            tallies.agreement_id == agreed.id,
            tallies.by == "source",
            tallies.measure == "delivered",
            tallies.day >= start_on,
            tallies.day < end_on,
        )
    )
    found: dict[str, dict[date, int]] = defaultdict(dict)
    for source, day, n in rows:
        by_day = found[source.casefold()]
        by_day[day] = by_day.get(day, 0) + n
    return found
