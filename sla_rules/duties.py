"""Duties that recur: on which days a duty is due, when its turn opens and when its time is over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sla_rules.agreement import Agreement
from sla_rules.goals import ONE_DAY, Period, period_of
from sla_rules.hours import WEEKDAYS
from sla_rules.kinds import Per
from sla_rules.sections import Duty
from sla_rules.working_time import WorkingTime

OPENS_BEFORE = 5
"""Working days."""
LAST_DAY = "last day"
DAYS_SEARCHED = 366


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a duty: `place` is where it stands among the duties of the text."""

    place: int
    within: Period
    due_on: date
    """The day that the text names; one that is off is kept on the last working day before it."""
    opens_at: datetime
    reminds_at: datetime
    """The opening of the day on which it is to be done."""
    due_at: datetime
    """When the hours of that day end."""


def turns(document: Agreement, calendar: WorkingTime, today: date) -> Iterator[Turn]:
    """List of each duty the turn of this period and of the next, which a day off may bring forward."""
    for place, duty in enumerate(document.duties):
        this = _period(document, duty, today)
        for within in (this, _period(document, duty, this.end_on)):
            if (turn := _turn(calendar, place, duty, within)) is not None:
                yield turn


def due_on(duty: Duty, within: Period) -> date:
    """Find the day of a period: of the week, or of the month, of a quarter the last; a short month's last."""
    if duty.every is Per.WEEK:
        return _weekday_in(within, WEEKDAYS.index(duty.due))
    last = within.end_on - ONE_DAY
    if duty.due == LAST_DAY:
        return last
    return last.replace(day=min(last.day, int("".join(filter(str.isdigit, duty.due)))))


def _weekday_in(within: Period, weekday: int) -> date:
    return within.start_on + (weekday - within.start_on.weekday()) % 7 * ONE_DAY


def _period(document: Agreement, duty: Duty, day: date) -> Period:
    return period_of(day, duty.every, WEEKDAYS.index(document.cadence.week_starts))


def _turn(calendar: WorkingTime, place: int, duty: Duty, within: Period) -> Turn | None:
    named = due_on(duty, within)
    kept_on = _working_day(calendar, named)
    if kept_on is None:
        return None
    opens_on = kept_on
    for _ in range(OPENS_BEFORE):
        earlier = _working_day(calendar, opens_on - ONE_DAY)
        if earlier is None or earlier < within.start_on:
            break
        opens_on = earlier
    opening, closing = _hours(calendar, kept_on)
    return Turn(place, within, named, _hours(calendar, opens_on)[0], opening, closing)


def _working_day(calendar: WorkingTime, day: date) -> date | None:
    """Find the last working day up to a day."""
    days = (day - n * ONE_DAY for n in range(DAYS_SEARCHED))
    return next((found for found in days if calendar.works_on(found)), None)


def _hours(calendar: WorkingTime, day: date) -> tuple[datetime, datetime]:
    """Give when a working day's hours begin and end; a night's end with its civil day."""
    opening = calendar.opening(day)
    if opening is None:
        raise ValueError(f"no working day: {day}")
    _, end_at = calendar.day_bounds(day)
    worked = calendar.elapsed(opening, end_at)
    return opening, calendar.add(opening, worked) or end_at
