"""Figures of single people and signs of gaming since the last review: for the two leads' eyes only."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlmodel import Session

from bot.facts import PeopleFact, RepFact, SignFact
from bot.services import figures, tallies, times
from bot.services.agreements import Agreed
from bot.services.tallies import Slice
from sla_rules.goals import Period
from sla_rules.kinds import Per

FEW = 10
"""Fewer leads say nothing of a person."""
MANY = 20
AT_ONCE_S = 120
LAST_DAYS = 3
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
        signs=[*_of_reps(reps), *_of_marketing(session, agreed, start_on, end_on)],
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
