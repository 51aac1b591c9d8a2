"""Figures of single people and signs of gaming since the last review: for the two leads' eyes only."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlmodel import Session

from bot.facts.review import PeopleFact, RepFact, SignFact
from bot.models import Handoff, Lead, table_of
from bot.services import figures, tallies, times
from bot.services.agreements import Agreed
from bot.services.tallies import Slice
from sla_rules.goals import Period
from sla_rules.kinds import ClockKind, Per, Tier

FEW = 10
"""Fewer leads say nothing of a person."""
MANY = 20
AT_ONCE_S = 120
LAST_DAYS = 3
LAST_TENTH, QUARTER, THIRD = 0.9, 0.25, 3
HOUR_S = 3600
SNOOZED = tuple(f"{kind}.snoozed" for kind in ClockKind)
ONE_DAY = timedelta(days=1)


def fact(session: Session, agreed: Agreed, start_on: date, end_on: date) -> PeopleFact:
    """Gather what each rep took and touched in these days, and what looks odd."""
    people = tallies.values_of(session, agreed, "rep", start_on, end_on)
    reps = [_rep(session, agreed, Slice(start_on, end_on, "rep", person)) for person in people]
    return PeopleFact(
        name=agreed.document.name,
        start_on=start_on,
        end_on=end_on - ONE_DAY,
        reps=sorted(reps, key=lambda rep: -rep.taken),
        signs=[
            *_of_reps(reps),
            *_of_snoozes(session, agreed, reps, start_on, end_on),
            *_of_takings(session, agreed, reps, start_on, end_on),
            *_of_marketing(session, agreed, start_on, end_on),
            *_of_evenings(session, agreed, start_on, end_on),
        ],
    )


def _rep(session: Session, agreed: Agreed, part: Slice) -> RepFact:
    counts = tallies.sums(session, agreed, part)
    median = times.percentile(session, agreed, part, "touch", 0.5)
    return RepFact(
        user_id=part.value,
        taken=counts.get("accepted", 0),
        in_time=counts.get("first_touch.kept", 0),
        late=counts.get("first_touch.late", 0),
        median_s=None if median is None else round(median),
    )


def _of_reps(reps: list[RepFact]) -> Iterator[SignFact]:
    for rep in reps:
        touched = rep.in_time + rep.late
        if rep.taken >= FEW and rep.late > rep.in_time:
            yield SignFact("taken_and_left", person=rep.user_id, n=rep.late, of=touched)
        if touched >= FEW and rep.median_s is not None and rep.median_s < AT_ONCE_S:
            yield SignFact("touched_at_once", person=rep.user_id, n=rep.median_s, of=touched)


def _of_snoozes(
    session: Session, agreed: Agreed, reps: list[RepFact], start_on: date, end_on: date
) -> Iterator[SignFact]:
    """Name who snoozed a quarter and more of what they took."""
    for rep in reps:
        part = Slice(start_on, end_on, "rep", rep.user_id)
        n = sum(tallies.sums(session, agreed, part, SNOOZED).values())
        if n >= FEW and n >= QUARTER * rep.taken:
            yield SignFact("snoozed", person=rep.user_id, n=n, of=rep.taken)


def _of_takings(
    session: Session, agreed: Agreed, reps: list[RepFact], start_on: date, end_on: date
) -> Iterator[SignFact]:
    """Name who took most leads when a tenth of the time to decide, or less, was left."""
    terms = agreed.terms()
    if terms is None:
        return
    late: Counter[str] = Counter()
    for tier in Tier:
        if target := terms.targets.get((ClockKind.DECIDE, tier)):
            asked = {"tier": tier, "from_s": LAST_TENTH * target, "until_s": target}
            rows = session.execute(_taken_between(), {**_own(agreed, start_on, end_on), **asked})
            late.update({row[0]: row[1] for row in rows})
    for rep in reps:
        if rep.taken >= MANY and 2 * late[rep.user_id] > rep.taken:
            yield SignFact("taken_at_the_end", person=rep.user_id, n=late[rep.user_id], of=rep.taken)


@cache
def _taken_between() -> Select[Any]:
    leads = table_of(Lead).c
    return (
        select(leads.owner, func.count())
        .where(
            leads.workspace_id == bindparam("workspace_id"),
            leads.agreement_id == bindparam("agreement_id"),
            leads.day >= bindparam("start_on"),
            leads.day < bindparam("end_on"),
            leads.tier == bindparam("tier"),
            leads.owner.is_not(None),
            leads.take_s > bindparam("from_s"),
            leads.take_s <= bindparam("until_s"),
        )
        .group_by(leads.owner)
    )


def _of_evenings(session: Session, agreed: Agreed, start_on: date, end_on: date) -> Iterator[SignFact]:
    """Say where a third and more of the leads came just before days off, or on them."""
    n = of = 0
    for at, count in session.execute(_handovers(), _own(agreed, start_on, end_on)):
        of += count
        # The first hour of work that follows ends more than a day later.
        worked_at = agreed.calendar.add(at, HOUR_S)
        n += count if worked_at is not None and worked_at - at > ONE_DAY else 0
    if of >= MANY and THIRD * n >= of:
        yield SignFact("handed_over_before_days_off", n=n, of=of)


@cache
def _handovers() -> Select[Any]:
    rows = table_of(Handoff).c
    return select(rows.handed_over_at, rows.count).where(
        rows.workspace_id == bindparam("workspace_id"),
        rows.agreement_id == bindparam("agreement_id"),
        rows.day >= bindparam("start_on"),
        rows.day < bindparam("end_on"),
        rows.state != "voided",
        rows.is_imported.is_(False),
    )


def _own(agreed: Agreed, start_on: date, end_on: date) -> dict[str, Any]:
    return {
        "workspace_id": agreed.workspace_id,
        "agreement_id": agreed.id,
        "start_on": start_on,
        "end_on": end_on,
    }


def _of_marketing(session: Session, agreed: Agreed, start_on: date, end_on: date) -> Iterator[SignFact]:
    """Name the months of which more than half came in the last three working days."""
    month = figures.period(agreed, Per.MONTH, start_on)
    while month.end_on <= end_on:
        of = _delivered(session, agreed, month.start_on, month.end_on)
        n = _delivered(session, agreed, _last_days_from(agreed, month), month.end_on)
        if of >= MANY and 2 * n > of:
            yield SignFact("handed_over_at_the_end", period=month.label, n=n, of=of)
        month = figures.period(agreed, Per.MONTH, month.end_on)


def _last_days_from(agreed: Agreed, month: Period) -> date:
    day, worked = month.end_on, 0
    while worked < LAST_DAYS and day > month.start_on:
        day -= ONE_DAY
        worked += agreed.calendar.works_on(day)
    return day


def _delivered(session: Session, agreed: Agreed, start_on: date, end_on: date) -> int:
    return tallies.sums(session, agreed, Slice(start_on, end_on)).get("delivered", 0)
