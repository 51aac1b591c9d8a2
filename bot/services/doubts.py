"""What looks unreal in a text, held against what the team's own ledger shows."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session

from bot.models import Tally, table_of
from bot.services import figures, tallies
from bot.services.agreements import Agreed
from sla_rules import attainment
from sla_rules.agreement import Agreement
from sla_rules.doubts import ADD_UP, Doubt, Seen, doubts
from sla_rules.kinds import Metric, Tier

QUARTER = timedelta(weeks=13)
SHORTEST = timedelta(weeks=4)
"""From so many days on a month's mean says something."""
ENOUGH = 20
"""Leads, or promises, from which on a share says something."""
MONTH = 365 / 12
"""Days."""


def of(session: Session, agreed: Agreed, document: Agreement, now: datetime) -> tuple[Doubt, ...]:
    """Name every promise of a text that looks unreal, by what the last quarter showed."""
    end_on = agreed.today(now)
    first_on = _first_day(session, agreed)
    if first_on is None:
        return doubts(document)
    start_on = max(first_on, end_on - QUARTER)
    keys = {(goal.metric, goal.tier) for goal in document.goals}
    return doubts(document, Seen({key: _figure(session, agreed, key, start_on, end_on) for key in keys}))


def _figure(
    session: Session, agreed: Agreed, key: tuple[Metric, Tier | None], start_on: date, end_on: date
) -> float | None:
    """Give a share, or what a month brought; None where too little was counted to say."""
    metric, tier = key
    counted = tallies.sums(session, agreed, figures.part_of(start_on, end_on, tier))
    found = attainment.measure(metric, counted)
    if metric in ADD_UP:
        days = end_on - start_on
        return None if days < SHORTEST or not found.value else found.value * MONTH / days.days
    return found.value if found.of >= ENOUGH else None


def _first_day(session: Session, agreed: Agreed) -> date | None:
    rows = table_of(Tally).c
    first: date | None = session.scalar(
        select(func.min(rows.day)).where(
            rows.workspace_id == agreed.workspace_id,
            rows.agreement_id == agreed.id,
            rows.by == "all",
            rows.measure == "delivered",
        )
    )
    return first
