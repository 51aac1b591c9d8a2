"""How the last weeks went: counts, promises and targets of each, from one read of the tallies."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from sqlalchemy import Select, bindparam, case, func, select
from sqlmodel import Session

from bot.facts.figures import WON, MovedMetric
from bot.models import Duty, Tally, table_of
from bot.services import figures, turns
from bot.services.agreements import Agreed
from bot.services.promised import identity, promised
from bot.services.tallies import COUNTED
from sla_rules import attainment, goals
from sla_rules.goals import Period
from sla_rules.kinds import Metric, Side, Tier

LOOKED_BACK = 13
"""Weeks: a quarter. What is older is looked at by the review."""
MEASURES = (*COUNTED, "conversion.n", "conversion.sum", "cycle.n", "cycle.sum")
LEAD_COUNTS = (Metric.QUALIFIED_LEADS, Metric.LEADS_DELIVERED)
Part = tuple[Literal["all", "tier"], str]
Sums = Mapping[Part, Mapping[str, int]]
ALL: Part = ("all", "")


@dataclass(frozen=True, slots=True)
class Stood:
    """How one figure of a week stands; `is_kept` is None where it is no promise, or nothing was counted."""

    what: MovedMetric
    tier: Tier | None
    side: Side
    target: float | None
    value: float | None
    is_kept: bool | None


@dataclass(frozen=True, slots=True)
class Week:
    """A week: what was counted of all its leads, and how its promises that are rates were kept."""

    period: Period
    sums: Mapping[str, int]
    promises: Sequence[Stood]

    @property
    def figures(self) -> Sequence[Stood]:
        """Give all that a digest tells of a week."""
        told: Mapping[MovedMetric, float] = {
            Metric.QUALIFIED_LEADS: qualified(self.sums),
            Metric.LEADS_DELIVERED: self.sums.get("delivered", 0),
            WON: self.sums.get("won", 0),
        }
        counts = [Stood(what, None, Side.MARKETING, None, n, None) for what, n in told.items()]
        return [*self.promises, *counts]


def gather(session: Session, agreed: Agreed, start_on: date) -> list[Week]:
    """Read the last weeks until the one that begins on this day, oldest first."""
    periods = [figures.week_before(agreed, start_on, back) for back in reversed(range(LOOKED_BACK))]
    sums = _sums(session, agreed, periods)
    first_on, end_on = periods[0].start_on, periods[-1].end_on
    duties = turns.of_days(session, agreed, first_on, end_on)
    return [
        Week(one, found.get(ALL, {}), _promises(session, agreed, one, found, duties))
        for one, found in zip(periods, sums, strict=True)
    ]


def qualified(sums: Mapping[str, int]) -> int:
    return attainment.measure(Metric.QUALIFIED_LEADS, sums).n


def target(session: Session, agreed: Agreed, week: Period) -> float | None:
    """Give the part of the agreed number of leads that falls on a week's working time, if one is agreed."""
    goal = next((one for one in agreed.document.goals if one.metric in LEAD_COUNTS and not one.tier), None)
    if goal is None or not agreed.history:
        return None
    if week.end_on <= agreed.calendar.local_date(agreed.history[0][0]):
        return None
    start_at, end_at = (agreed.calendar.day_bounds(day)[0] for day in (week.start_on, week.end_on))
    total, day = 0.0, week.start_on
    while day < week.end_on:
        within = figures.period(agreed, goal.per, day)
        then = promised(session, agreed, within.start_on, within.end_on)
        whole = next((one.target for one in then if identity(one.goal) == identity(goal)), goal.target)
        until, since = (
            goals.expected_by_now(whole, within, at, agreed.calendar, blackout=figures.blackout_days(agreed))
            for at in (end_at, start_at)
        )
        total, day = total + until - since, within.end_on
    return total


def _promises(
    session: Session, agreed: Agreed, week: Period, sums: Sums, duties: Sequence[Duty]
) -> list[Stood]:
    found = []
    for one in promised(session, agreed, week.start_on, week.end_on):
        goal = one.goal
        if goal.metric in attainment.COUNTS:
            continue
        figure = attainment.measure(goal.metric, sums.get(_part(goal.tier), {}))
        is_kept = attainment.is_kept(goal.metric, one.target, figure)
        found.append(Stood(goal.metric, goal.tier, goal.party, one.target, figure.value, is_kept))
    of_week = [duty for duty in duties if duty.due_on in week]
    return found + [
        Stood(one.metric, None, one.side, one.target, one.value, one.is_kept)
        for one in turns.promises_of(agreed, of_week)
    ]


def _part(tier: Tier | None) -> Part:
    return ("tier", tier) if tier else ALL


def _sums(session: Session, agreed: Agreed, weeks: Sequence[Period]) -> list[Sums]:
    days = {f"end_{n}": week.end_on for n, week in enumerate(weeks)}
    asked = {
        "workspace_id": agreed.workspace_id,
        "agreement_id": agreed.id,
        "start_on": weeks[0].start_on,
        "measures": MEASURES,
        **days,
    }
    found: list[defaultdict[Part, Counter[str]]] = [defaultdict(Counter) for _ in weeks]
    for week, by, value, measure, n in session.execute(_summing(), asked):
        found[week][by, value][measure] = n
    return list(found)


@cache
def _summing() -> Select[Any]:
    tallies = table_of(Tally).c
    ends = [bindparam(f"end_{n}", type_=tallies.day.type) for n in range(LOOKED_BACK)]
    week = case(*((tallies.day < end, n) for n, end in enumerate(ends)), else_=LOOKED_BACK).label("week")
    return (
        select(week, tallies.by, tallies.value, tallies.measure, func.sum(tallies.n))
        .where(
            tallies.workspace_id == bindparam("workspace_id"),
            tallies.agreement_id == bindparam("agreement_id"),
            tallies.by.in_(("all", "tier")),
            tallies.measure.in_(bindparam("measures", expanding=True)),
            tallies.day >= bindparam("start_on"),
            tallies.day < ends[-1],
        )
        .group_by(week, tallies.by, tallies.value, tallies.measure)
    )
