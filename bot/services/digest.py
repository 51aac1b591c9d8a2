"""The week's digest: the verdict, each promise with its figure, why leads were refused, what comes next."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import and_, exists, func, or_, select
from sqlmodel import Session, col

from bot.facts.figures import DigestFact, GoalFact, PromiseFact, ReasonFact, SpanFact, WeekFact
from bot.models import Clock, Lead, Notice, table_of
from bot.services import away, card, figures, in_period, moved, spent, tallies, times, weeks
from bot.services.agreements import Agreed
from bot.services.promised import resting_on
from bot.services.reps import SNOOZED
from bot.services.tallies import Slice
from bot.services.weeks import Week
from sla_rules import attainment, fold, funnel
from sla_rules.kinds import ClockKind, ClockState, LeadState, Metric, RejectionKind, Side

WEEKS = 5
FACT = TypeAdapter(DigestFact)
RATES = {
    "acceptance_rate": Metric.ACCEPTANCE_RATE,
    "sql_rate": Metric.SQL_RATE,
    "won_per_100": Metric.WON_PER_100,
}


def to_post(session: Session, agreed: Agreed, start_on: date, now: datetime) -> dict[str, Any]:
    """Gather a week once, as its digest and the thread tell it, with what later digests compare with."""
    found, told = _gathered(session, agreed, start_on, now)
    found = replace(found, missed=_missed(session, agreed, start_on))
    return {"week": start_on.isoformat(), "fact": FACT.dump_python(found, mode="json"), "told": told}


def is_overtaken(session: Session, agreed: Agreed, notice: Notice) -> bool:
    """Say whether a later week's digest was gathered while this one could not be posted."""
    later = select(col(Notice.id)).where(
        col(Notice.workspace_id) == agreed.workspace_id,
        col(Notice.agreement_id) == agreed.id,
        col(Notice.kind) == moved.KIND,
        col(Notice.id) > notice.id,
    )
    return notice.ts is None and session.scalar(later.limit(1)) is not None


def _missed(session: Session, agreed: Agreed, start_on: date) -> list[date]:
    """List the weeks just before this one of which no digest came; those before the agreement had none."""
    weeks = [start_on - timedelta(weeks=number) for number in range(1, WEEKS)]
    keys = {f"{moved.KIND}:{agreed.id}:{week}": week for week in weeks}
    came = select(col(Notice.key)).where(
        col(Notice.workspace_id) == agreed.workspace_id,
        col(Notice.key).in_(keys),
        or_(col(Notice.ts).is_not(None), col(Notice.state) == "unknown"),
    )
    told = {keys[key] for key in session.scalars(came)}
    first_on = agreed.calendar.local_date(agreed.history[0][0]) if agreed.history else start_on
    missed = takewhile(lambda week: week not in told and week + timedelta(weeks=1) > first_on, weeks)
    return sorted(missed)


def posted(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> DigestFact:
    """Give the digest as it was gathered when it fell due; a figure told is not rewritten."""
    key = notice.thread_key or notice.key
    about = session.scalar(
        select(col(Notice.about)).where(
            col(Notice.workspace_id) == agreed.workspace_id, col(Notice.key) == key
        )
    )
    if about and "fact" in about:
        with suppress(ValidationError):  # gathered by a release that knew less of a digest
            return FACT.validate_python(about["fact"])
    return fact(session, agreed, date.fromisoformat(notice.about["week"]), now)


def fact(session: Session, agreed: Agreed, start_on: date, now: datetime) -> DigestFact:
    """Gather the digest of the week that begins on this day, as it is now."""
    return _gathered(session, agreed, start_on, now)[0]


def _gathered(
    session: Session, agreed: Agreed, start_on: date, now: datetime
) -> tuple[DigestFact, list[list[Any]]]:
    """Gather a week, and what is kept of it to compare with."""
    end_on = start_on + timedelta(days=7)
    part = Slice(start_on, end_on)
    past = weeks.gather(session, agreed, start_on)
    counts = past[-1].sums
    rates = figures.promise_facts(session, agreed, start_on, end_on)
    goals = [figures.as_promise(goal) for goal in _paced(session, agreed, end_on, now)]
    promises = [*rates, *goals]
    lead_goal = next(
        (goal for goal in figures.goal_facts(session, agreed, now) if goal.side is Side.MARKETING), None
    )
    since = moved.since_told(session, agreed, past)
    found = DigestFact(
        agreement_id=agreed.id,
        name=agreed.document.name,
        start_on=start_on,
        end_on=end_on - timedelta(days=1),
        promises=promises,
        fix_first=_fix_first(promises),
        reasons=_reasons(session, agreed, part),
        delivered=counts.get("delivered", 0),
        qualified=weeks.qualified(counts),
        accepted=counts.get("accepted", 0),
        sql=counts.get("sql", 0),
        won=counts.get("won", 0),
        needed_a_day=lead_goal.needed_a_day if lead_goal else None,
        days_left=lead_goal.days_left if lead_goal else 0,
        needed_after_plan=lead_goal.needed_after_plan if lead_goal else None,
        planned_ahead=lead_goal.planned if lead_goal else 0,
        needed_in=lead_goal.label if lead_goal else "",
        planned_next=figures.planned(session, agreed, end_on, end_on + timedelta(days=7)),
        away_next=[row.user_id for row in away.now_and_next(session, agreed, now, now + timedelta(days=7))],
        weeks=[_week(session, agreed, week, now) for week in past[-WEEKS:]],
        spent=_spent(session, agreed, part),
        is_quiet=not (
            counts.get("delivered", 0)
            or any(one.of for one in rates)
            or any(one.is_kept is False for one in goals)
        ),
        now=now,
        unknown_posts=_unknown_posts(session, agreed),
        missed=(),
        versions=resting_on(session, agreed, start_on, end_on),
        refused=counts.get("rejected_quality", 0),
        unhandled=_unhandled(session, agreed, part),
        excused=sum(counts.get(f"{kind}.{fold.EXCUSED}", 0) for kind in ClockKind),
        snoozed=sum(tallies.sums(session, agreed, part, SNOOZED).values()),
        review_on=agreed.document.cadence.review if _is_review_past(agreed, now) else None,
        conversion=_span(session, agreed, past, "conversion"),
        cycle=_span(session, agreed, past, "cycle"),
        **{name: attainment.measure(metric, counts).value for name, metric in RATES.items()},
        undecided=counts.get("undecided", 0),
        neutral=counts.get("rejected_neutral", 0),
        is_young=2 * _unended(counts) > counts.get("delivered", 0),
        from_on=in_period.in_force_from(agreed, past[-1].period),
        until_on=agreed.today(now) if agreed.today(now) < end_on else None,
        moved=since,
        week_after=_week_after(end_on, agreed.today(now)),
    )
    return found, moved.to_keep(past[-1], since, past)


def _week_after(end_on: date, today: date) -> Literal["to_come", "running", "over"]:
    if today < end_on:
        return "to_come"
    return "running" if today < end_on + timedelta(days=7) else "over"


def _is_review_past(agreed: Agreed, now: datetime) -> bool:
    """Say whether the review is past and no later one is agreed."""
    return agreed.row.state == "in_force" and agreed.document.cadence.review < agreed.today(now)


def _unended(counts: Mapping[str, int]) -> int:
    """Count the leads of which nobody knows yet what becomes of them."""
    ended = ("rejected_quality", "rejected_neutral", "won", "lost", "recycled")
    return counts.get("delivered", 0) - sum(counts.get(measure, 0) for measure in ended)


def _span(session: Session, agreed: Agreed, past: Sequence[Week], span: str) -> SpanFact:
    """Say how long leads of the week took, and those of the weeks before, week by week of the handover."""
    week = past[-1]
    part = Slice(week.period.start_on, week.period.end_on)
    median = times.percentile(session, agreed, part, span, 0.5) if week.sums.get(f"{span}.n") else None
    means = (_mean(some, span) for some in (past[-1:], past[-5:-1], past[-9:-5]))
    mean, before, earlier = (funnel.in_days(one) for one in means)
    return SpanFact(mean, funnel.in_days(median), before, earlier)


def _mean(some: Sequence[Week], span: str) -> float | None:
    total, n = (sum(week.sums.get(f"{span}.{part}", 0) for week in some) for part in ("sum", "n"))
    return funnel.ratio(total, n)


def _paced(session: Session, agreed: Agreed, end_on: date, now: datetime) -> list[GoalFact]:
    """Hold each goal to its pace at the end of the week, if the agreement was in force by then."""
    end_at, _ = agreed.calendar.day_bounds(end_on)
    told_at = min(now, end_at - timedelta(seconds=1))
    if not agreed.history or agreed.history[0][0] > told_at.timestamp():
        return []
    return figures.goal_facts(session, agreed, told_at)


def _spent(session: Session, agreed: Agreed, part: Slice) -> list[tuple[str, int]]:
    """Say where the time of a lead went on average, of those touched or refused."""
    measures = ("where.n", *(f"where.{one}" for one in fold.SPENT))
    found = tallies.sums(session, agreed, part, measures)
    total = {one: found.get(f"where.{one}", 0) for one in fold.SPENT}
    return spent.a_lead(total, found.get("where.n", 0))


def _fix_first(promises: list[PromiseFact]) -> PromiseFact | None:
    """Name the broken promise that is furthest from its target, in parts of the target."""
    broken = [promise for promise in promises if promise.is_kept is False and promise.value is not None]
    return max(broken, key=_miss, default=None)


def _miss(promise: PromiseFact) -> float:
    value = promise.value or 0
    return abs(value - promise.target) / promise.target if promise.target else 0


def _reasons(session: Session, agreed: Agreed, part: Slice) -> list[ReasonFact]:
    counts = tallies.reasons(session, agreed, part)
    if not counts:
        return []
    sources = tallies.values_of(session, agreed, "source", part.start_on, part.end_on)
    by_source = {
        source: tallies.reasons(session, agreed, Slice(part.start_on, part.end_on, "source", source))
        for source in sources
    }
    found = []
    for reason, count in sorted(counts.items(), key=lambda item: -item[1]):
        top = max(sources, key=lambda source: by_source[source].get(reason, 0), default="")
        known = agreed.document.rejection_reasons.get(reason)
        found.append(
            ReasonFact(
                reason=reason,
                label=card.label(agreed, reason),
                kind=known.kind if known else RejectionKind.QUALITY,
                clause=agreed.document.clause_of(f"rejection_reasons.{reason}") or "",
                n=count,
                top_source=top,
                top_source_n=by_source[top].get(reason, 0) if top else 0,
            )
        )
    return found


def _week(session: Session, agreed: Agreed, week: Week, now: datetime) -> WeekFact:
    period = week.period
    judged = [(one.side, one.is_kept) for one in week.promises if one.is_kept is not None]
    judged += [(goal.side, goal.is_on_plan) for goal in _paced(session, agreed, period.end_on, now)]
    kept = {side: [is_kept for of, is_kept in judged if of is side] for side in Side}
    plan = figures.planned(session, agreed, period.start_on, period.end_on)
    return WeekFact(
        label=period.label,
        delivered=week.sums.get("delivered", 0),
        qualified=weeks.qualified(week.sums),
        accepted=week.sums.get("accepted", 0),
        won=week.sums.get("won", 0),
        planned=sum(count for _, _, count in plan),
        marketing_kept=sum(kept[Side.MARKETING]),
        marketing_made=len(kept[Side.MARKETING]),
        sales_kept=sum(kept[Side.SALES]),
        sales_made=len(kept[Side.SALES]),
        target=weeks.target(session, agreed, period),
        is_partial=agreed.today(now) < period.end_on or in_period.in_force_from(agreed, period) is not None,
    )


def _unhandled(session: Session, agreed: Agreed, part: Slice) -> int:
    """Count the leads that nobody decided within their time: for Marketing they count as qualified."""
    leads, clocks = table_of(Lead).c, table_of(Clock).c
    from_arrival = and_(
        clocks.kind == ClockKind.FIRST_TOUCH, clocks.tier.in_(agreed.document.clocks.from_arrival)
    )
    is_late = exists().where(
        clocks.workspace_id == leads.workspace_id,
        clocks.handoff_id == leads.handoff_id,
        clocks.tier == leads.tier,
        clocks.state == ClockState.BREACHED,
        clocks.waiting > 0,
        or_(clocks.kind == ClockKind.DECIDE, from_arrival),
    )
    found = select(func.count()).where(
        leads.workspace_id == agreed.workspace_id,
        leads.agreement_id == agreed.id,
        leads.day >= part.start_on,
        leads.day < part.end_on,
        leads.state == LeadState.OPEN,
        is_late,
    )
    return session.scalar(found) or 0


def _unknown_posts(session: Session, agreed: Agreed) -> int:
    """Count the posts of which nobody knows whether they landed (decision 14)."""
    query = select(func.count()).select_from(Notice)
    return (
        session.scalar(
            query.where(
                col(Notice.workspace_id) == agreed.workspace_id,
                col(Notice.agreement_id) == agreed.id,
                col(Notice.state) == "unknown",
            )
        )
        or 0
    )
