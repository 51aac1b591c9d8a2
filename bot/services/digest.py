"""The week's digest: the verdict, each promise with its figure, why leads were refused, what comes next."""

from datetime import date, datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select
from sqlmodel import Session, col

from bot.facts.figures import DigestFact, GoalFact, PromiseFact, ReasonFact, WeekFact
from bot.models import Clock, Lead, Notice, table_of
from bot.services import away, card, figures, review, spent, tallies, times
from bot.services.agreements import Agreed
from bot.services.promised import resting_on
from bot.services.reps import SNOOZED
from bot.services.tallies import Slice
from sla_rules import attainment, fold, funnel
from sla_rules.goals import Period
from sla_rules.kinds import ClockKind, ClockState, LeadState, Metric, RejectionKind, Side

WEEKS = 5


def fact(session: Session, agreed: Agreed, start_on: date, now: datetime) -> DigestFact:
    """Gather the digest of the week that begins on this day."""
    end_on = start_on + timedelta(days=7)
    part = Slice(start_on, end_on)
    counts = tallies.sums(session, agreed, part)
    paced = _paced(session, agreed, end_on, now)
    promises = [*figures.promise_facts(session, agreed, start_on, end_on), *map(figures.as_promise, paced)]
    goals = figures.goal_facts(session, agreed, now)
    lead_goal = next((goal for goal in goals if goal.side is Side.MARKETING), None)
    return DigestFact(
        agreement_id=agreed.id,
        name=agreed.document.name,
        start_on=start_on,
        end_on=end_on - timedelta(days=1),
        promises=promises,
        fix_first=_fix_first(promises),
        reasons=_reasons(session, agreed, part),
        delivered=counts.get("delivered", 0),
        qualified=round(attainment.measure(Metric.QUALIFIED_LEADS, counts).value or 0),
        accepted=counts.get("accepted", 0),
        sql=counts.get("sql", 0),
        won=counts.get("won", 0),
        conversion_mean_days=funnel.in_days(times.mean(session, agreed, part, "conversion")),
        conversion_median_days=funnel.in_days(times.percentile(session, agreed, part, "conversion", 0.5)),
        cycle_mean_days=funnel.in_days(times.mean(session, agreed, part, "cycle")),
        needed_a_day=lead_goal.needed_a_day if lead_goal else None,
        days_left=lead_goal.days_left if lead_goal else 0,
        planned_next=figures.planned(session, agreed, end_on, end_on + timedelta(days=7)),
        away_next=[row.user_id for row in away.now_and_next(session, agreed, now, now + timedelta(days=7))],
        weeks=[_week(session, agreed, week) for week in _weeks(agreed, start_on)],
        spent=_spent(session, agreed, part),
        is_quiet=not counts.get("delivered", 0)
        and not any(promise.of for promise in promises if promise.tier),
        now=now,
        unknown_posts=_unknown_posts(session, agreed),
        versions=resting_on(session, agreed, start_on, end_on),
        refused=counts.get("rejected_quality", 0),
        unhandled=_unhandled(session, agreed, part),
        excused=sum(counts.get(f"{kind}.{fold.EXCUSED}", 0) for kind in ClockKind),
        snoozed=sum(tallies.sums(session, agreed, part, SNOOZED).values()),
        review_on=agreed.document.cadence.review if review.is_overdue(agreed, now) else None,
    )


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


def _weeks(agreed: Agreed, start_on: date) -> list[Period]:
    return [figures.week_before(agreed, start_on, back) for back in reversed(range(WEEKS))]


def _week(session: Session, agreed: Agreed, week: Period) -> WeekFact:
    counts = tallies.sums(session, agreed, Slice(week.start_on, week.end_on))
    promises = figures.promise_facts(session, agreed, week.start_on, week.end_on)
    made = {side: [p for p in promises if p.side is side and p.is_kept is not None] for side in Side}
    plan = figures.planned(session, agreed, week.start_on, week.end_on)
    return WeekFact(
        label=week.label,
        delivered=counts.get("delivered", 0),
        qualified=round(attainment.measure(Metric.QUALIFIED_LEADS, counts).value or 0),
        accepted=counts.get("accepted", 0),
        won=counts.get("won", 0),
        planned=sum(count for _, _, count in plan),
        marketing_kept=sum(bool(p.is_kept) for p in made[Side.MARKETING]),
        marketing_made=len(made[Side.MARKETING]),
        sales_kept=sum(bool(p.is_kept) for p in made[Side.SALES]),
        sales_made=len(made[Side.SALES]),
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
