"""What a review looks at: promises kept since the last one, pipeline, and what came onto the agenda."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.facts.figures import PromiseFact
from bot.facts.review import AgendaFact, DraftFact, ReviewedFact, ReviewFact
from bot.models import Event
from bot.services import figures, forecast, ledger, tallies, turns
from bot.services.agreements import Agreed
from bot.services.promised import Promised, identity, promised, resting_on
from bot.services.tallies import Slice
from sla_rules import attainment, drift
from sla_rules.attainment import Figure
from sla_rules.drift import Kept
from sla_rules.goals import Period
from sla_rules.kinds import Metric, Per
from sla_rules.promises import Goal

REVIEWED = "reviewed"


def days(session: Session, agreed: Agreed, now: datetime) -> tuple[date, date]:
    """Say which days a review looks at: since the last one, else since the first in force, until today."""
    reviewed_at = session.scalar(
        select(func.max(col(Event.happened_at))).where(
            col(Event.workspace_id) == agreed.workspace_id,
            col(Event.agreement_id) == agreed.id,
            col(Event.kind) == REVIEWED,
            col(Event.happened_at) < now,
        )
    )
    start_on = agreed.calendar.local_date(ledger.epoch(reviewed_at) if reviewed_at else agreed.history[0][0])
    return start_on, max(agreed.today(now), start_on + timedelta(days=1))


def fact(
    session: Session,
    agreed: Agreed,
    start_on: date,
    end_on: date,
    drafts: tuple[DraftFact, ...],
    now: datetime,
    *,
    is_preview: bool = False,
) -> ReviewFact:
    """Gather the pack over days, with the amendments that were drafted for it."""
    before = tallies.sums(session, agreed, Slice(start_on - (end_on - start_on), start_on))
    kept = all_kept(session, agreed, start_on, end_on)
    return ReviewFact(
        agreement_id=agreed.id,
        name=agreed.document.name,
        review_on=agreed.document.cadence.review,
        start_on=start_on,
        end_on=end_on - timedelta(days=1),
        promises=_promises(session, agreed, kept, start_on, end_on),
        pipeline=_pipeline(tallies.sums(session, agreed, Slice(start_on, end_on))),
        pipeline_before=_pipeline(before) if before.get("delivered") else None,
        drafts=drafts,
        agenda=_agenda(agreed, kept),
        versions=resting_on(session, agreed, start_on, end_on),
        is_preview=is_preview,
        now=now,
        outlooks=[one for one in forecast.outlooks(session, agreed, now) if one.chance is not None],
    )


def _pipeline(sums: attainment.Sums) -> float:
    return attainment.measure(Metric.PIPELINE, sums).value or 0


# ---- promises by their periods


def _promises(
    session: Session, agreed: Agreed, kept_by_goal: list[Kept], start_on: date, end_on: date
) -> list[ReviewedFact]:
    """List each promise with its figure over all the days, and in how many of its periods it was kept."""
    found = []
    for goal, kept in zip(agreed.document.goals, kept_by_goal, strict=True):
        promise = _promise(session, agreed, goal, kept, (start_on, end_on))
        judged = [attainment.is_kept(goal.metric, target, figure) for target, figure in kept.periods]
        # A rate whose first period has not ended yet is judged by the days there are.
        known = [was_kept for was_kept in judged or [promise.is_kept] if was_kept is not None]
        found.append(ReviewedFact(promise, kept=sum(known), made=len(known)))
    found.sort(key=lambda one: (one.promise.side, one.promise.tier or "Z"))
    duties = turns.promise_facts(session, agreed, start_on, end_on)
    return [*found, *(ReviewedFact(one, kept=one.n, made=one.of) for one in duties)]


def _promise(
    session: Session, agreed: Agreed, goal: Goal, kept: Kept, days: tuple[date, date]
) -> PromiseFact:
    clause = agreed.document.clause_of(f"goals.{kept.place}") or ""
    one = Promised(goal, _target_in(session, agreed, goal, *days), clause, kept.place)
    part = figures.part_of(*days, goal.tier)
    found = figures.promise_fact(session, agreed, one, part, tallies.sums(session, agreed, part))
    if goal.metric not in attainment.COUNTS:
        return found
    # A count is promised for a period: over several it is told as their mean.
    values = [figure.value for _, figure in kept.periods if figure.value is not None]
    mean = sum(values) / len(values) if values else None
    return replace(found, value=mean, is_kept=None if mean is None else mean >= one.target)


def all_kept(session: Session, agreed: Agreed, start_on: date, end_on: date) -> list[Kept]:
    """Say how each goal stood in those of its periods that ended in these days, and were in force whole."""
    in_force_on = agreed.calendar.local_date(agreed.history[0][0])
    found = []
    for place, goal in enumerate(agreed.document.goals):
        periods = [one for one in _ended(agreed, goal.per, start_on, end_on) if one.start_on >= in_force_on]
        found.append(Kept(place, [_stood(session, agreed, goal, period) for period in periods]))
    return found


def _ended(agreed: Agreed, per: Per, start_on: date, end_on: date) -> Iterator[Period]:
    period = figures.period(agreed, per, start_on)
    while period.end_on <= end_on:
        yield period
        period = figures.period(agreed, per, period.end_on)


def _stood(session: Session, agreed: Agreed, goal: Goal, period: Period) -> tuple[float, Figure]:
    part = figures.part_of(period.start_on, period.end_on, goal.tier)
    figure = attainment.measure(goal.metric, tallies.sums(session, agreed, part))
    return _target_in(session, agreed, goal, period.start_on, period.end_on), figure


def _target_in(session: Session, agreed: Agreed, goal: Goal, start_on: date, end_on: date) -> float:
    """Give what a goal promised in days: what the versions of those days said, else what it says now."""
    then = promised(session, agreed, start_on, end_on)
    return next((one.target for one in then if identity(one.goal) == identity(goal)), goal.target)


def _agenda(agreed: Agreed, kept_by_goal: list[Kept]) -> list[AgendaFact]:
    """List the goals missed so often running that the text itself puts them on the agenda."""
    document = agreed.document
    found = []
    for goal, kept in zip(document.goals, kept_by_goal, strict=True):
        missed = drift.missed_running(document, kept)
        if missed >= document.consequences.agenda_after:
            clause = document.clause_of(f"goals.{kept.place}") or ""
            found.append(AgendaFact(clause, goal.party, goal.metric, goal.tier, goal.per, missed))
    return found
