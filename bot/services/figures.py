"""Read figures from the tallies: every number shown, at a cost that does not grow with what is stored."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlmodel import Session

from bot.facts import GoalFact, PromiseFact
from bot.models import Lead, Plan, Tally, table_of
from bot.services.agreements import Agreed
from bot.services.known import known
from sla_rules import attainment, funnel, goals
from sla_rules.fold import EXCUSED, KEPT, LATE
from sla_rules.hours import WEEKDAYS
from sla_rules.kinds import ClockKind, Metric, Per, Tier
from sla_rules.promises import Goal

COUNTED = (
    "delivered",
    "undecided",
    "accepted",
    "rejected_quality",
    "rejected_neutral",
    "sql",
    "won",
    "lost",
    "recycled",
    "amount",
    *(f"{kind}.{fate}" for kind in ClockKind for fate in (KEPT, LATE, EXCUSED)),
)
SPANS = ("take", "touch", "conversion", "cycle")
MEANS = tuple(f"{span}.{part}" for span in SPANS for part in ("n", "sum"))


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of the tallies that is asked for: days from `start_on` until before `end_on`, by what."""

    start_on: date
    end_on: date
    by: str = "all"
    value: str = ""


def sums(
    session: Session, agreed: Agreed, part: Slice, measures: tuple[str, ...] = COUNTED
) -> Mapping[str, int]:
    """Add up measures over days."""
    return sums_of(session, agreed, (part,), measures)[part]


def sums_of(
    session: Session, agreed: Agreed, parts: tuple[Slice, ...], measures: tuple[str, ...] = COUNTED
) -> Mapping[Slice, Mapping[str, int]]:
    """Add up measures over the same days for several parts, in one read."""
    if not parts:
        return {}
    return known(session, agreed, (parts, measures), lambda: _sums_of(session, agreed, parts, measures))


def _sums_of(
    session: Session, agreed: Agreed, parts: tuple[Slice, ...], measures: tuple[str, ...]
) -> Mapping[Slice, Mapping[str, int]]:
    start_on, end_on = parts[0].start_on, parts[0].end_on
    asked = {
        "workspace_id": agreed.workspace_id,
        "agreement_id": agreed.id,
        "start_on": start_on,
        "end_on": end_on,
        "bys": list({part.by for part in parts}),
        "values": list({part.value for part in parts}),
        "measures": measures,
    }
    found: dict[Slice, Counter[str]] = {part: Counter() for part in parts}
    for by, value, measure, n in session.execute(_summing(), asked):
        if n and (part := Slice(start_on, end_on, by, value)) in found:
            found[part][measure] = n
    return found


@cache
def _summing() -> Select[Any]:
    tallies = table_of(Tally).c
    return (
        select(tallies.by, tallies.value, tallies.measure, func.sum(tallies.n))
        .where(
            tallies.workspace_id == bindparam("workspace_id"),
            tallies.agreement_id == bindparam("agreement_id"),
            tallies.by.in_(bindparam("bys", expanding=True)),
            tallies.value.in_(bindparam("values", expanding=True)),
            tallies.measure.in_(bindparam("measures", expanding=True)),
            tallies.day >= bindparam("start_on"),
            tallies.day < bindparam("end_on"),
        )
        .group_by(tallies.by, tallies.value, tallies.measure)
    )


def reasons(session: Session, agreed: Agreed, part: Slice) -> Mapping[str, int]:
    """Count the leads refused by reason."""
    tallies = table_of(Tally)
    rows = session.execute(
        select(tallies.c.measure, func.sum(tallies.c.n))
        .where(*_within(agreed, part), tallies.c.measure >= "reason.", tallies.c.measure < "reason/")
        .group_by(tallies.c.measure)
    )
    return {measure.removeprefix("reason."): n for measure, n in rows if n}


def values_of(session: Session, agreed: Agreed, by: str, start_on: date, end_on: date) -> list[str]:
    """List the sources (campaigns, reps, …) that delivered leads in these days."""
    tallies = table_of(Tally)
    rows = session.scalars(
        select(tallies.c.value)
        .where(
            tallies.c.workspace_id == agreed.workspace_id,
            tallies.c.agreement_id == agreed.id,
            tallies.c.by == by,
            tallies.c.measure == "delivered",
            tallies.c.day >= start_on,
            tallies.c.day < end_on,
            tallies.c.n > 0,
        )
        .distinct()
    )
    return sorted(rows)


def _within(agreed: Agreed, part: Slice) -> tuple[ColumnElement[bool], ...]:
    tallies = table_of(Tally)
    return (
        tallies.c.workspace_id == agreed.workspace_id,
        tallies.c.agreement_id == agreed.id,
        tallies.c.by == part.by,
        tallies.c.value == part.value,
        tallies.c.day >= part.start_on,
        tallies.c.day < part.end_on,
    )


# ---- times


def mean(session: Session, agreed: Agreed, part: Slice, span: str) -> float | None:
    """Give the mean of a span in seconds."""
    found = sums(session, agreed, part, (f"{span}.n", f"{span}.sum"))
    return funnel.ratio(found.get(f"{span}.sum", 0), found.get(f"{span}.n", 0))


def percentile(session: Session, agreed: Agreed, part: Slice, span: str, share: float) -> float | None:
    """Give a percentile of a span in seconds: exact up to a thousand values, within 1 % above."""
    return known(
        session, agreed, (part, span, share), lambda: _percentile(session, agreed, part, span, share)
    )


def _percentile(session: Session, agreed: Agreed, part: Slice, span: str, share: float) -> float | None:
    count = sums(session, agreed, part, (f"{span}.n",)).get(f"{span}.n", 0)
    if not count:
        return None
    if count <= funnel.EXACT_UP_TO:
        return funnel.percentile(_values(session, agreed, part, span), share)
    return funnel.percentile_of_buckets(_buckets(session, agreed, part, span), share)


def _values(session: Session, agreed: Agreed, part: Slice, span: str) -> list[int]:
    leads = table_of(Lead)
    column = leads.c[f"{span}_s"]
    query = select(column).where(
        leads.c.workspace_id == agreed.workspace_id,
        leads.c.agreement_id == agreed.id,
        leads.c.day >= part.start_on,
        leads.c.day < part.end_on,
        column.is_not(None),
    )
    if part.by in ("tier", "rep"):
        query = query.where(leads.c["tier" if part.by == "tier" else "owner"] == part.value)
    elif part.by != "all":
        query = query.where(_from_handoffs(agreed, part))
    return list(session.scalars(query))


def _from_handoffs(agreed: Agreed, part: Slice) -> ColumnElement[bool]:
    from_tables = table_of(Lead).metadata.tables["handoff"]
    leads = table_of(Lead)
    ids = select(from_tables.c.id).where(
        from_tables.c.workspace_id == agreed.workspace_id,
        from_tables.c.agreement_id == agreed.id,
        from_tables.c.day >= part.start_on,
        from_tables.c.day < part.end_on,
        from_tables.c[part.by] == part.value,
        from_tables.c.state != "voided",
    )
    return leads.c.handoff_id.in_(ids)


def _buckets(session: Session, agreed: Agreed, part: Slice, span: str) -> dict[int, int]:
    # Named one by one, so that the index finds their days; as a range it would read every day there is.
    names = {f"{span}.b{bucket}": bucket for bucket in range(funnel.BUCKETS)}
    return {names[name]: n for name, n in sums(session, agreed, part, tuple(names)).items()}


# ---- goals and promises


def period(agreed: Agreed, per: Per, day: date) -> goals.Period:
    """Find the period of a day; weeks begin as the cadence says."""
    return goals.period_of(day, per, WEEKDAYS.index(agreed.document.cadence.week_starts))


def goal_facts(session: Session, agreed: Agreed, now: datetime, day: date | None = None) -> list[GoalFact]:
    """Say how each goal that has a pace stands in the period of a day (of today, if none is named)."""
    within = {per: period(agreed, per, day or agreed.today(now)) for per in Per}
    return [
        _goal_fact(session, agreed, index, goal, within[goal.per], now)
        for index, goal in enumerate(agreed.document.goals)
        if goal.metric in attainment.COUNTS
    ]


def _goal_fact(
    session: Session, agreed: Agreed, index: int, goal: Goal, within: goals.Period, now: datetime
) -> GoalFact:
    today = agreed.today(now)
    part = _slice(within.start_on, min(within.end_on, today + timedelta(days=1)), goal.tier)
    so_far = attainment.measure(goal.metric, sums(session, agreed, part)).value or 0
    clause = agreed.document.clause_of(f"goals.{index}") or ""
    if within.end_on <= today:
        return _ended(goal, within, so_far, clause)
    plan = planned(session, agreed, within.start_on, within.end_on)
    ahead = sum(count for day, _, count in plan if day > agreed.today(now))
    # A plan that begins later says nothing of the days before it: until then the target goes by working time.
    until_now = sum(count for day, _, count in plan if day <= agreed.today(now)) or None
    pace = goals.pace(
        target=goal.target,
        so_far=so_far,
        period=within,
        now=now,
        calendar=agreed.calendar,
        planned_until_now=until_now,
        planned_ahead=ahead,
        blackout=[day for span in agreed.document.limits.blackout for day in span.days()],
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
        clause=clause,
    )


def _ended(goal: Goal, within: goals.Period, so_far: float, clause: str) -> GoalFact:
    """Say how a goal ended: there is no pace any more, the target alone counts."""
    return GoalFact(
        side=goal.party,
        metric=goal.metric,
        label=within.label,
        target=goal.target,
        so_far=so_far,
        expected=goal.target,
        planned=0,
        days_left=0,
        needed_a_day=None,
        needed_after_plan=None,
        is_on_plan=so_far >= goal.target,
        clause=clause,
    )


def promise_facts(session: Session, agreed: Agreed, start_on: date, end_on: date) -> list[PromiseFact]:
    """Say how each promise that is a rate was kept in these days; hand-raisers first."""
    promised = [
        (index, goal, _slice(start_on, end_on, goal.tier))
        for index, goal in enumerate(agreed.document.goals)
        if goal.metric not in attainment.COUNTS
    ]
    counted = sums_of(session, agreed, tuple(dict.fromkeys(part for _, _, part in promised)))
    found = [
        _promise_fact(session, agreed, index, goal, part, counted[part]) for index, goal, part in promised
    ]
    return sorted(found, key=lambda promise: (promise.side, promise.tier or "Z"))


def _promise_fact(
    session: Session, agreed: Agreed, index: int, goal: Goal, part: Slice, counted: Mapping[str, int]
) -> PromiseFact:
    figure = attainment.measure(goal.metric, counted)
    # Among so many figures, a median is told where minutes matter.
    has_median = goal.metric is Metric.TOUCHED_IN_TIME and goal.tier is Tier.A and figure.of
    median = percentile(session, agreed, part, "touch", 0.5) if has_median else None
    return PromiseFact(
        side=goal.party,
        metric=goal.metric,
        tier=goal.tier,
        target=goal.target,
        at_most=goal.is_at_most,
        value=figure.value,
        n=figure.n,
        of=figure.of,
        is_kept=attainment.is_kept(goal.metric, goal.target, figure),
        clause=agreed.document.clause_of(f"goals.{index}") or "",
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
    )


def _slice(start_on: date, end_on: date, tier: Tier | None) -> Slice:
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

    return known(session, agreed, ("planned", start_on, end_on), read)


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
