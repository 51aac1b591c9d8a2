"""How goals stand in a period that somebody names, and from when on an agreement has any."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, select
from sqlmodel import Session

from bot.facts.figures import GoalFact
from bot.models import Tally, table_of
from bot.services import figures
from bot.services.agreements import Agreed
from bot.services.known import known
from bot.services.promised import promised
from sla_rules import goals
from sla_rules.goals import Period
from sla_rules.kinds import Per

SHORTEST_FIRST = tuple(Per)


def named(agreed: Agreed, label: str) -> Period | None:
    """Find the period of a label; weeks begin as the cadence says."""
    return goals.named(label, figures.week_starts(agreed))


def goal_facts(session: Session, agreed: Agreed, within: Period, now: datetime) -> list[GoalFact]:
    """Say how each goal stands: of shorter ones each period in it, longer ones as they stood at its end."""
    end_at, _ = agreed.calendar.day_bounds(within.end_on)
    until = min(now, end_at - timedelta(seconds=1))
    agreed_pers = {one.goal.per for one in promised(session, agreed, within.start_on, within.end_on, now)}
    first_on, last_on = first_day(session, agreed, now), agreed.today(until)
    found = []
    for per in (per for per in SHORTEST_FIRST if per in agreed_pers):
        at = until if _is_longer(per, within) else now
        for period in _periods(agreed, per, within, last_on):
            if period.end_on > first_on:
                facts = figures.goal_facts(session, agreed, at, period.start_on)
                mine = [fact for fact in facts if fact.label == period.label]
                found += [_told(fact, last_on) for fact in mine] if at < now else mine
    return found


def _is_longer(per: Per, within: Period) -> bool:
    return SHORTEST_FIRST.index(per) > SHORTEST_FIRST.index(within.kind)


def _periods(agreed: Agreed, per: Per, within: Period, last_on: date) -> Iterator[Period]:
    """List the periods that begin in this one and have begun; of longer ones the one that its end is in."""
    period = figures.period(agreed, per, last_on if _is_longer(per, within) else within.start_on)
    if not _is_longer(per, within) and period.start_on < within.start_on:
        period = figures.period(agreed, per, period.end_on)
    while period.start_on <= last_on:
        yield period
        period = figures.period(agreed, per, period.end_on)


def _told(fact: GoalFact, on: date) -> GoalFact:
    """Leave out what was needed from a past day on."""
    return replace(fact, planned=0, needed_a_day=None, needed_after_plan=None, until_on=on)


def so_far(agreed: Agreed, within: Period, now: datetime) -> date | None:
    """Give the last day that is counted of a period that still runs; None of one that is over."""
    today = agreed.today(now)
    return today if today in within else None


def in_force_from(agreed: Agreed, within: Period) -> date | None:
    """Give the day in a period on which the agreement came into force, if that is not its first."""
    if not agreed.history:
        return None
    begun_on = agreed.calendar.local_date(agreed.history[0][0])
    return begun_on if within.start_on < begun_on < within.end_on else None


def first_day(session: Session, agreed: Agreed, now: datetime) -> date:
    """Say from which day on there can be figures: its first leads, imported ones too, or its beginning."""
    own = {"workspace_id": agreed.workspace_id, "agreement_id": agreed.id}
    leads_on = known(session, agreed.mark, "first_day", lambda: session.scalar(_first_leads(), own))
    begun_on = (
        agreed.today(datetime.fromtimestamp(agreed.history[0][0], now.tzinfo)) if agreed.history else None
    )
    return min((day for day in (leads_on, begun_on) if day), default=agreed.today(now))


@cache
def _first_leads() -> Select[Any]:
    tallies = table_of(Tally).c
    return select(func.min(tallies.day)).where(
        tallies.workspace_id == bindparam("workspace_id"),
        tallies.agreement_id == bindparam("agreement_id"),
        tallies.by == literal_column("'all'"),
        tallies.value == literal_column("''"),
        tallies.measure == literal_column("'delivered'"),
        tallies.n > literal_column("0"),
    )
