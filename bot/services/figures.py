"""How goals and promises stand in a period: every number shown comes from the tallies."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session

from bot.facts.figures import GoalFact, PromiseFact
from bot.models import Plan, table_of
from bot.services import times, turns
from bot.services.agreements import Agreed
from bot.services.known import known
from bot.services.promised import Promised, promised, resting_on
from bot.services.tallies import Slice, sums, sums_of
from sla_rules import attainment, goals
from sla_rules.hours import WEEKDAYS
from sla_rules.kinds import Metric, Per, Tier


def period(agreed: Agreed, per: Per, day: date) -> goals.Period:
    """Find the period of a day; weeks begin as the cadence says."""
    return goals.period_of(day, per, week_starts(agreed))


def week_starts(agreed: Agreed) -> int:
    """Give the weekday on which weeks begin; Monday is 0."""
    return WEEKDAYS.index(agreed.document.cadence.week_starts)


def blackout_days(agreed: Agreed) -> list[date]:
    """List the days that no pace counts."""
    return [day for span in agreed.document.limits.blackout for day in span.days()]


def goal_facts(session: Session, agreed: Agreed, now: datetime, day: date | None = None) -> list[GoalFact]:
    """Say how each goal that has a pace stands in the period of a day (of today, if none is named)."""
    within = {per: period(agreed, per, day or agreed.today(now)) for per in Per}
    found = [
        (promise, within[per])
        for per in Per
        for promise in promised(session, agreed, within[per].start_on, within[per].end_on, now)
        if promise.goal.per is per and promise.goal.metric in attainment.COUNTS
    ]
    found.sort(key=lambda one: one[0].place)
    return [_goal_fact(session, agreed, promise, period_of_it, now) for promise, period_of_it in found]


def _goal_fact(
    session: Session, agreed: Agreed, promise: Promised, within: goals.Period, now: datetime
) -> GoalFact:
    today, goal = agreed.today(now), promise.goal
    promise = replace(promise, target=round(promise.target))  # leads are whole, also where it was weighed
    part = part_of(within.start_on, min(within.end_on, today + timedelta(days=1)), goal.tier)
    so_far = attainment.measure(goal.metric, sums(session, agreed, part)).value or 0
    versions = resting_on(session, agreed, within.start_on, within.end_on)
    if within.end_on <= today:
        return _ended(promise, within, so_far, versions)
    plan = planned(session, agreed, within.start_on, within.end_on)
    ahead = sum(count for day, _, count in plan if day > today)
    # A plan that begins later says nothing of the days before it: until then the target goes by working time.
    until_now = sum(count for day, _, count in plan if day <= today) or None
    pace = goals.pace(
        target=promise.target,
        so_far=so_far,
        period=within,
        now=now,
        calendar=agreed.calendar,
        planned_until_now=until_now,
        planned_ahead=ahead,
        blackout=blackout_days(agreed),
    )
    return GoalFact(
        side=goal.party,
        metric=goal.metric,
        label=within.label,
        target=pace.target,
        so_far=pace.so_far,
        expected=pace.expected,
        planned=ahead,
        days_left=pace.days_left,
        needed_a_day=pace.needed_a_day,
        needed_after_plan=pace.needed_after_plan,
        is_on_plan=pace.on_plan,
        clause=promise.clause,
        versions=versions,
    )


def _ended(promise: Promised, within: goals.Period, so_far: float, versions: tuple[int, ...]) -> GoalFact:
    """Say how a goal ended: there is no pace any more, the target alone counts."""
    return GoalFact(
        side=promise.goal.party,
        metric=promise.goal.metric,
        label=within.label,
        target=promise.target,
        so_far=so_far,
        expected=promise.target,
        planned=0,
        days_left=0,
        needed_a_day=None,
        needed_after_plan=None,
        is_on_plan=so_far >= promise.target,
        clause=promise.clause,
        versions=versions,
        is_over=True,
    )


def promise_facts(session: Session, agreed: Agreed, start_on: date, end_on: date) -> tuple[PromiseFact, ...]:
    """Say how each promise that is a rate was kept in these days; hand-raisers first."""
    read = partial(_promise_facts, session, agreed, start_on, end_on)
    return known(session, agreed.mark, ("promises", start_on, end_on), read)


def _promise_facts(session: Session, agreed: Agreed, start_on: date, end_on: date) -> tuple[PromiseFact, ...]:
    found = [
        (one, part_of(start_on, end_on, one.goal.tier))
        for one in promised(session, agreed, start_on, end_on)
        if one.goal.metric not in attainment.COUNTS
    ]
    counted = sums_of(session, agreed, tuple(dict.fromkeys(part for _, part in found)))
    facts = [promise_fact(session, agreed, one, part, counted[part]) for one, part in found]
    facts += turns.promise_facts(session, agreed, start_on, end_on)
    return tuple(sorted(facts, key=lambda promise: (promise.side, promise.tier or "Z")))


def promise_fact(
    session: Session, agreed: Agreed, promise: Promised, part: Slice, counted: Mapping[str, int]
) -> PromiseFact:
    """Hold what was counted in a part of the tallies against what was promised for it."""
    goal = promise.goal
    figure = attainment.measure(goal.metric, counted)
    # Among so many figures, a median is told where minutes matter.
    has_median = goal.metric is Metric.TOUCHED_IN_TIME and goal.tier is Tier.A and figure.of
    median = times.percentile(session, agreed, part, "touch", 0.5) if has_median else None
    return PromiseFact(
        side=goal.party,
        metric=goal.metric,
        tier=goal.tier,
        target=promise.target,
        at_most=goal.is_at_most,
        value=figure.value,
        n=figure.n,
        of=figure.of,
        is_kept=attainment.is_kept(goal.metric, promise.target, figure),
        clause=promise.clause,
        per=goal.per,
        median_s=None if median is None else round(median),
    )


def as_promise(goal: GoalFact) -> PromiseFact:
    """Hold a goal to its pace, as a promise among the others."""
    return PromiseFact(
        side=goal.side,
        metric=goal.metric,
        tier=None,
        target=goal.expected,
        at_most=False,
        value=goal.so_far,
        n=round(goal.so_far),
        of=round(goal.target),
        is_kept=goal.is_on_plan,
        clause=goal.clause,
        per=goal.label,
        so_far_in="" if goal.is_over else goal.label,
    )


def part_of(start_on: date, end_on: date, tier: Tier | None) -> Slice:
    """Give the part of the tallies that a goal counts: of one tier, or of all leads."""
    return Slice(start_on, end_on, "tier", tier) if tier else Slice(start_on, end_on)


def planned(session: Session, agreed: Agreed, start_on: date, end_on: date) -> list[tuple[date, str, int]]:
    """List the handoffs announced for these days, as (day, source, how many)."""
    days = {
        "workspace_id": agreed.workspace_id,
        "agreement_id": agreed.id,
        "start_on": start_on,
        "end_on": end_on,
    }

    def read() -> list[tuple[date, str, int]]:
        return [(day, source, count) for day, source, count in session.execute(_planning(), days)]

    return known(session, agreed.mark, ("planned", start_on, end_on), read)


@cache
def _planning() -> Select[Any]:
    plans = table_of(Plan).c
    return (
        select(plans.planned_on, plans.source, plans.count)
        .where(
            plans.workspace_id == bindparam("workspace_id"),
            plans.agreement_id == bindparam("agreement_id"),
            plans.planned_on >= bindparam("start_on"),
            plans.planned_on < bindparam("end_on"),
            plans.is_withdrawn.is_(False),
        )
        .order_by(plans.planned_on, plans.id)
    )


def week_before(agreed: Agreed, day: date, weeks: int = 1) -> goals.Period:
    """Give the week that lies so many weeks before the one of this day."""
    return period(agreed, Per.WEEK, day - timedelta(weeks=weeks))
