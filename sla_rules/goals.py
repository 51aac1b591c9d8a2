"""Periods, and the pace of a goal within one: expected by now, needed a day."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sla_rules.kinds import Per
from sla_rules.working_time import WorkingTime

ONE_DAY = timedelta(days=1)
QUARTER_MONTHS = 3
LABEL = re.compile(r"(?P<year>\d{4})-(?:W(?P<week>\d\d)|Q(?P<quarter>[1-4])|(?P<month>\d\d))", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """A week, month or quarter: from `start_on` until `end_on`, which is the next one's first day."""

    kind: Per
    start_on: date
    end_on: date

    def __contains__(self, day: date) -> bool:
        return self.start_on <= day < self.end_on

    @property
    def label(self) -> str:
        """Name it: `2018-02`, `2018-Q1`, `2018-W07` (the ISO week that its fourth day is in)."""
        if self.kind is Per.WEEK:
            year, week, _ = (self.start_on + 3 * ONE_DAY).isocalendar()
            return f"{year:04}-W{week:02}"
        if self.kind is Per.QUARTER:
            return f"{self.start_on.year:04}-Q{self.start_on.month // QUARTER_MONTHS + 1}"
        return f"{self.start_on.year:04}-{self.start_on.month:02}"


def period_of(day: date, per: Per, week_starts: int = 0) -> Period:
    """Find the period of a day; weeks begin on `week_starts` (Monday is 0), others are the calendar's."""
    if per is Per.WEEK:
        start_on = day - (day.weekday() - week_starts) % 7 * ONE_DAY
        return Period(per, start_on, start_on + 7 * ONE_DAY)
    months = 1 if per is Per.MONTH else QUARTER_MONTHS
    start_on = date(day.year, (day.month - 1) // months * months + 1, 1)
    year_after, month = divmod(start_on.month - 1 + months, 12)
    return Period(per, start_on, date(start_on.year + year_after, month + 1, 1))


def named(label: str, week_starts: int = 0) -> Period | None:
    """Find the period of a label, such as `2018-02`; None where there is none of that name."""
    found = LABEL.fullmatch(label)
    try:
        return _of_label(found, week_starts) if found else None
    except ValueError:
        return None


def _of_label(found: re.Match[str], week_starts: int) -> Period:
    year = int(found["year"])
    if found["week"]:
        monday = date.fromisocalendar(year, int(found["week"]), 1)
        # A week has the name of the ISO week that its fourth day is in.
        return period_of(monday + (week_starts + 3) % 7 * ONE_DAY, Per.WEEK, week_starts)
    if found["quarter"]:
        return period_of(date(year, int(found["quarter"]) * QUARTER_MONTHS, 1), Per.QUARTER)
    return period_of(date(year, int(found["month"]), 1), Per.MONTH)


def previous(period: Period) -> Period:
    return period_of(period.start_on - ONE_DAY, period.kind, period.start_on.weekday())


@dataclass(frozen=True, slots=True)
class Pace:
    """How a goal stands at an instant; the needed are None when no working day is left."""

    target: float
    so_far: float
    expected: float
    planned_ahead: float
    days_left: int
    needed_a_day: float | None
    needed_after_plan: float | None

    @property
    def on_plan(self) -> bool:
        return self.so_far >= self.expected


def pace(
    *,
    target: float,
    so_far: float,
    period: Period,
    now: datetime,
    calendar: WorkingTime,
    planned_until_now: float | None = None,
    planned_ahead: float = 0,
    blackout: Collection[date] = (),
) -> Pace:
    """Hold what was reached against the plan, or where `planned_until_now` is None, the working time gone."""
    days_left = working_days(period, now, calendar, blackout)
    return Pace(
        target=target,
        so_far=so_far,
        expected=expected_by_now(
            target, period, now, calendar, planned_until_now=planned_until_now, blackout=blackout
        ),
        planned_ahead=planned_ahead,
        days_left=days_left,
        needed_a_day=needed_a_day(target, so_far, 0, days_left),
        needed_after_plan=needed_a_day(target, so_far, planned_ahead, days_left),
    )


def expected_by_now(
    target: float,
    period: Period,
    now: datetime,
    calendar: WorkingTime,
    *,
    planned_until_now: float | None = None,
    blackout: Collection[date] = (),
) -> float:
    """Give the plan's sum until now, else the target's share by working time gone, blackout days left out."""
    if planned_until_now is not None:
        return planned_until_now
    start_at, end_at = _bounds(period, calendar)
    closed = [calendar.day_bounds(day) for day in blackout]
    gone = calendar.elapsed(start_at, min(max(now, start_at), end_at), closed)
    whole = calendar.elapsed(start_at, end_at, closed)
    return target * gone / whole if whole else 0.0


def share_gone_at(
    share: float, period: Period, calendar: WorkingTime, blackout: Collection[date] = ()
) -> datetime:
    """Give when so much of a period's working time is gone, blackout days left out; never at a closing."""
    start_at, end_at = _bounds(period, calendar)
    closed = [calendar.day_bounds(day) for day in blackout]
    whole = calendar.elapsed(start_at, end_at, closed)
    reached = calendar.add(start_at, round(share * whole), closed)
    return calendar.next_open(reached or start_at)


def needed_a_day(target: float, so_far: float, planned_ahead: float, days_left: int) -> float | None:
    """Spread what is missing, less what is planned, over the days left; None where no day is."""
    if days_left <= 0:
        return None
    return max(0.0, target - so_far - planned_ahead) / days_left


def working_days(
    period: Period, now: datetime, calendar: WorkingTime, blackout: Collection[date] = ()
) -> int:
    """Count the days of the period with work left, today among them, blackout days not."""
    start_at, end_at = _bounds(period, calendar)
    return calendar.working_days_left(max(now, start_at), end_at, without=blackout)


def weighted_target(parts: Iterable[tuple[float, int]]) -> float:
    """Weigh the targets that held within one period, one at least, by the working seconds under each."""
    weighed = list(parts)
    seconds = sum(worked for _, worked in weighed)
    if not seconds:
        return weighed[-1][0]
    return sum(target * worked for target, worked in weighed) / seconds


def _bounds(period: Period, calendar: WorkingTime) -> tuple[datetime, datetime]:
    return calendar.day_bounds(period.start_on)[0], calendar.day_bounds(period.end_on)[0]
