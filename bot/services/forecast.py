"""Where each goal will end in its running period: from tallies by day, at a cost that leads do not change."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session

from bot.facts.figures import ForecastFact, OutlookFact
from bot.models import Tally, table_of
from bot.services import figures
from bot.services.agreements import Agreed
from bot.services.known import known
from bot.services.promised import Promised, promised
from bot.services.tallies import COUNTED
from sla_rules import attainment, forecast, past
from sla_rules.agreement import Agreement
from sla_rules.forecast import ENOUGH_WEEKS, MOST_WEEKS, Ahead, Outlook, Week
from sla_rules.goals import Period
from sla_rules.kinds import ClockKind, Metric, Per, Tier
from sla_rules.past import Day, Pattern
from sla_rules.promises import FORMS, Goal

TOO_SLOW = frozenset({Metric.SQL_RATE, Metric.WON_PER_100, Metric.PIPELINE})
"""What may take longer to be decided than the weeks that a forecast looks at."""
ONCE_DECIDED = frozenset({Metric.QUALIFIED_LEADS, Metric.QUALITY_REFUSALS, Metric.ACCEPTANCE_RATE})
AFTER_TAKING = frozenset({ClockKind.FIRST_TOUCH, ClockKind.OUTCOME})
LONGEST_WAIT = 120
"""Days; a promise that takes longer has no decided weeks."""
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """What all goals of an agreement share: its leads by day, its hours, and what is planned."""

    today: date
    first_on: date
    daily: Mapping[tuple[str, str], Mapping[date, Mapping[str, int]]]
    seconds: Mapping[date, int]
    left_today: int
    planned: Mapping[date, int]


def fact(session: Session, agreed: Agreed, now: datetime, within: Period | None = None) -> ForecastFact:
    """Say for each goal, of one running period or of all, how likely its target is, and its range."""
    goals = agreed.document.goals
    return ForecastFact(
        agreement_id=agreed.id,
        name=agreed.document.name,
        goals=[one for one in outlooks(session, agreed, now) if within is None or one.label == within.label],
        left_out=tuple(dict.fromkeys(goal.metric for goal in goals if goal.metric in TOO_SLOW)),
        least_weeks=ENOUGH_WEEKS,
        most_weeks=MOST_WEEKS,
        now=now,
    )


def outlooks(session: Session, agreed: Agreed, now: datetime) -> list[OutlookFact]:
    """List the goals that can be foretold, in the order of the text."""
    today = agreed.today(now)
    within = {per: figures.period(agreed, per, today) for per in Per}
    found = [
        (promise, within[per])
        for per in Per
        for promise in promised(session, agreed, within[per].start_on, within[per].end_on, now)
        if promise.goal.per is per and promise.goal.metric not in TOO_SLOW
    ]
    if not found:
        return []
    found.sort(key=lambda one: one[0].place)
    seen = _seen(session, agreed, [period for _, period in found], now)
    return [_outlook_fact(agreed, promise, period, seen, now) for promise, period in found]


def _outlook_fact(
    agreed: Agreed, promise: Promised, within: Period, seen: Seen, now: datetime
) -> OutlookFact:
    goal = promise.goal
    by_day = seen.daily.get(_part(goal), {})
    sums = _added(by_day, within.start_on, seen.today + ONE_DAY)
    weeks, ahead = _weeks_and_ahead(agreed, goal, within, seen, now)
    outlook = _outlook(promise, weeks, ahead, sums)
    return OutlookFact(
        side=goal.party,
        metric=goal.metric,
        tier=goal.tier,
        label=within.label,
        target=promise.target,
        at_most=goal.is_at_most,
        so_far=attainment.measure(goal.metric, sums).value,
        low=outlook.low if outlook else None,
        high=outlook.high if outlook else None,
        chance=outlook.chance if outlook else None,
        weeks=len(weeks) if goal.metric in attainment.COUNTS else sum(bool(week.of) for week in weeks),
        clause=promise.clause,
    )


def _outlook(promise: Promised, weeks: list[Week], ahead: Ahead, sums: attainment.Sums) -> Outlook | None:
    goal = promise.goal
    if goal.metric in attainment.COUNTS:
        reached = attainment.measure(goal.metric, sums).n
        return forecast.count(weeks, ahead, reached - ahead.pending, promise.target)
    so_far = _day(goal.metric, sums)
    known_now = Week(0, so_far.n, so_far.of, so_far.delivered)
    return forecast.share(weeks, ahead, known_now, promise.target, at_most=goal.is_at_most)


def _weeks_and_ahead(
    agreed: Agreed, goal: Goal, within: Period, seen: Seen, now: datetime
) -> tuple[list[Week], Ahead]:
    """Read a goal's decided weeks, and what its period still has before it."""
    by_day = seen.daily.get(_part(goal), {})
    until = _decided_until(agreed, goal, now)
    starts = past.first_days(seen.first_on, until)
    leads = {on: counted.get("delivered", 0) for on, counted in by_day.items()}
    spread = past.pattern(starts[0] if starts else until, until, leads, seen.seconds)
    # A plan names no tier.
    planned = {} if goal.tier else seen.planned
    days = {on: _day(goal.metric, counted, planned.get(on, 0)) for on, counted in by_day.items()}
    days |= {on: Day(0, 0, 0, n) for on, n in planned.items() if on not in days}
    weeks = past.weeks(starts, days, spread, seen.seconds)
    to_come = sum(n for on, n in planned.items() if seen.today < on < within.end_on)
    to_come += max(0, planned.get(seen.today, 0) - leads.get(seen.today, 0))
    undecided = _added(by_day, within.start_on, seen.today + ONE_DAY)["undecided"]
    return weeks, Ahead(
        worked=_left(within, seen, spread),
        gap=((seen.today - until).days + past.WEEK / 2 + (within.end_on - seen.today).days / 2) / past.WEEK,
        pending=undecided if goal.metric is Metric.QUALIFIED_LEADS else 0,
        planned=to_come,
        clump=past.daily_clump(starts, leads, spread, seen.seconds),
    )


def _left(within: Period, seen: Seen, spread: Pattern) -> float:
    """Give the work left in a period, in usual weeks."""
    days = past.days_between(seen.today + ONE_DAY, within.end_on)
    return spread.worked({seen.today: seen.left_today, **{on: seen.seconds[on] for on in days}})


def _day(metric: Metric, counted: attainment.Sums, planned: int = 0) -> Day:
    figure, delivered = attainment.measure(metric, counted), counted.get("delivered", 0)
    return Day(figure.n, delivered if metric in attainment.COUNTS else figure.of, delivered, planned)


def _part(goal: Goal) -> tuple[str, str]:
    """Name the tallies that a goal counts."""
    return ("tier", goal.tier) if goal.tier else ("all", "")


# ---- which weeks are decided


def _decided_until(agreed: Agreed, goal: Goal, now: datetime) -> date:
    """Find the day before which a promise of all leads is decided: met, broken, or settled by silence."""
    today, wait = agreed.today(now), _wait(agreed.document, goal, agreed.calendar.day_seconds)
    if not wait:
        return today
    for back in range(LONGEST_WAIT):
        day = today - timedelta(days=back)
        breaks_at = agreed.calendar.breaks_at(agreed.calendar.day_bounds(day)[0], wait)
        if breaks_at is not None and breaks_at <= now:
            return day
    return today - timedelta(days=LONGEST_WAIT)


def _wait(document: Agreement, goal: Goal, day: int) -> int:
    """Give the working seconds that a lead may take to be decided, of the slowest tier."""
    clock = ClockKind.DECIDE if goal.metric in ONCE_DECIDED else FORMS[goal.metric].clock
    if clock is None or clock is ClockKind.HANDOVER:
        return 0
    chain = (ClockKind.DECIDE, clock) if clock in AFTER_TAKING else (clock,)
    tiers = (goal.tier,) if goal.tier else tuple(Tier)
    spans = [[document.target(kind, tier) for kind in chain] for tier in tiers]
    return max(sum(span.seconds_in(day) for span in one if span) for one in spans)


# ---- what was seen


def _seen(session: Session, agreed: Agreed, periods: list[Period], now: datetime) -> Seen:
    today = agreed.today(now)
    start_on = min(today - timedelta(days=LONGEST_WAIT, weeks=MOST_WEEKS), *(one.start_on for one in periods))
    end_on = max(one.end_on for one in periods)
    first_on = _first_on(session, agreed) or today
    blackout = set(figures.blackout_days(agreed))
    seconds = {
        on: 0 if on in blackout else agreed.calendar.elapsed(*agreed.calendar.day_bounds(on))
        for on in past.days_between(max(start_on, first_on - timedelta(weeks=1)), end_on)
    }
    tomorrow, _ = agreed.calendar.day_bounds(today + ONE_DAY)
    planned: Counter[date] = Counter()
    for on, _, count in figures.planned(session, agreed, start_on, end_on):
        planned[on] += count
    return Seen(
        today=today,
        first_on=max(first_on, start_on),
        daily=_daily(session, agreed, start_on, end_on),
        seconds=seconds,
        left_today=0 if today in blackout else agreed.calendar.elapsed(now, tomorrow),
        planned=planned,
    )


def _first_on(session: Session, agreed: Agreed) -> date | None:
    """Find the first day that has leads."""
    tallies = table_of(Tally).c
    query = (
        select(tallies.day)
        .where(
            tallies.workspace_id == agreed.workspace_id,
            tallies.agreement_id == agreed.id,
            tallies.by == "all",
            tallies.value == "",
            tallies.measure == "delivered",
            tallies.n > 0,
        )
        .order_by(tallies.day)
        .limit(1)
    )
    first: date | None = session.scalar(query)
    return first


def _daily(
    session: Session, agreed: Agreed, start_on: date, end_on: date
) -> Mapping[tuple[str, str], Mapping[date, Mapping[str, int]]]:
    """Read what was counted on each day, of all leads and of each tier."""

    def read() -> Mapping[tuple[str, str], Mapping[date, Mapping[str, int]]]:
        asked = {
            "workspace_id": agreed.workspace_id,
            "agreement_id": agreed.id,
            "measures": COUNTED,
            "start_on": start_on,
            "end_on": end_on,
        }
        found: dict[tuple[str, str], dict[date, dict[str, int]]] = {}
        for by, value, on, measure, n in session.execute(_counting(), asked):
            found.setdefault((by, value), {}).setdefault(on, {})[measure] = n
        return found

    return known(session, agreed.mark, ("daily", start_on, end_on), read)


@cache
def _counting() -> Select[Any]:
    tallies = table_of(Tally).c
    return select(tallies.by, tallies.value, tallies.day, tallies.measure, tallies.n).where(
        tallies.workspace_id == bindparam("workspace_id"),
        tallies.agreement_id == bindparam("agreement_id"),
        tallies.by.in_(("all", "tier")),
        tallies.value.in_(("", *Tier)),
        tallies.measure.in_(bindparam("measures", expanding=True)),
        tallies.day >= bindparam("start_on"),
        tallies.day < bindparam("end_on"),
    )


def _added(by_day: Mapping[date, Mapping[str, int]], start_on: date, end_on: date) -> Counter[str]:
    """Add up what was counted in these days."""
    found: Counter[str] = Counter()
    for on, counted in by_day.items():
        if start_on <= on < end_on:
            found.update(counted)
    return found
