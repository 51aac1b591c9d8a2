"""Working time of one calendar: when a target is reached, how much has passed, what is left.

Rules: a target reached exactly at closing is reached at that closing; a day off cuts the civil day, out of
night shifts too; clock changes count real seconds (an edge in a gap moves later, one in an overlap is the
first); hours given for a date replace that date's, and make it no day off.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from sla_rules.hours import (
    CalendarError,
    Interval,
    Minutes,
    minutes_of_dates,
    minutes_of_week,
    plain_date,
    zone_named,
)
from sla_rules.spans import ALWAYS, FOR_EVER, Span, Table, clipped, merged

Instant = TypeVar("Instant", int, datetime)
"""Whole seconds since 1970, or an aware datetime, whose part of a second is dropped."""

Pauses = Sequence[tuple[Instant, Instant | None]]
"""Spans that do not count, in any order; None where a pause has not ended."""

ONE_DAY = timedelta(days=1)
FIRST_DAY, LAST_DAY = date(2, 1, 1), date(9998, 12, 31)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 86_400
YEAR = 366 * DAY


class BeyondCalendarError(CalendarError):
    """Asked about days that this calendar does not know."""

    def __init__(self, value: object) -> None:
        super().__init__("beyond_calendar", value)


class WorkingTime:
    """A calendar in working order; immutable, safe between threads, one to build for each distinct calendar.

    `week` has intervals a day, `days_off` are civil days of the zone, `extra` replaces the hours of single
    dates, and `known` is the first and last date that `days_off` covers: asking beyond raises
    `BeyondCalendarError`. A calendar that cannot be reckoned with raises `CalendarError`.
    """

    __slots__ = ("_bounds", "_days_off", "_extra", "_table", "_week", "_zone", "day_seconds", "zone")

    def __init__(
        self,
        zone: str,
        week: Mapping[str, Iterable[Interval]],
        days_off: Iterable[date] = (),
        extra: Mapping[date, Iterable[Interval]] | None = None,
        known: tuple[date, date] | None = None,
    ) -> None:
        self.zone = zone
        self._zone = zone_named(zone)
        self._week = minutes_of_week(week)
        self._extra = minutes_of_dates(extra or {})
        self._days_off = frozenset(map(plain_date, days_off)) - self._extra.keys()
        self.day_seconds = _usual_day(self._week) or _usual_day(self._extra.values())
        if not self.day_seconds:
            raise CalendarError("no_working_time")
        first, last = known or (FIRST_DAY, LAST_DAY)
        self._bounds = self._at(max(first, FIRST_DAY)), self._at(min(last, LAST_DAY) + ONE_DAY)
        self._table = Table(FOR_EVER, ALWAYS, ())

    def add(self, start: Instant, seconds: int, pauses: Pauses[Instant] = ()) -> Instant | None:
        """Give the first instant at which `seconds` of work have passed; None before an open pause."""
        if not isinstance(start, int):
            reached = self.add(epoch(start), seconds, _epochs(pauses) if pauses else ())
            return None if reached is None else datetime.fromtimestamp(reached, start.tzinfo)
        if pauses:
            stretched = self._stretched(start, seconds, pauses)
            return None if stretched is None else self.add(start, stretched)
        if seconds <= 0:
            return _unmoved(start, seconds)
        table = self._table
        if not table.from_at <= start <= table.until_at:
            table = self._grown(start, start)
        # Table.worked_until written out: tests/bench holds this path to 0.7 µs.
        starts, ends, sums = table.starts, table.ends, table.sums
        at = bisect_right(starts, start) - 1
        target = sums[at] + seconds
        if start < ends[at]:
            target -= ends[at] - start
        at = bisect_left(sums, target)  # left, so that a tie lands on the closing
        if at == len(sums):
            return self._add_further(table, start, seconds)
        return ends[at] - sums[at] + target

    def elapsed(self, start: Instant, end: Instant, pauses: Pauses[Instant] = ()) -> int:
        """Count the seconds worked from `start` to `end` outside the pauses; negative backwards."""
        if not isinstance(start, int):
            return self.elapsed(epoch(start), epoch(end), _epochs(pauses) if pauses else ())
        if pauses:
            return self._elapsed_outside(start, end, pauses)
        table = self._table
        if not (table.from_at <= start <= table.until_at and table.from_at <= end <= table.until_at):
            table = self._grown(min(start, end), max(start, end))
        return table.worked_until(end) - table.worked_until(start)

    def breaks_at(self, start: Instant, seconds: int, pauses: Pauses[Instant] = ()) -> Instant | None:
        """Give the last instant at which the target holds: elapsed > `seconds` exactly when later than this.

        That is the deadline itself inside hours, and where the deadline is a closing, the next opening.
        """
        if not isinstance(start, int):
            broken = self.breaks_at(epoch(start), seconds, _epochs(pauses) if pauses else ())
            return None if broken is None else datetime.fromtimestamp(broken, start.tzinfo)
        _unmoved(start, min(seconds, 0))
        late = self.add(start, seconds + 1, pauses)
        return None if late is None else late - 1

    def is_open(self, at: Instant) -> bool:
        return self.elapsed(epoch(at), epoch(at) + 1) == 1

    def next_open(self, at: Instant) -> Instant:
        """Give the first instant of work not before `at`."""
        return cast("Instant", self.breaks_at(at, 0))  # without a pause it is never None

    def working_days_left(
        self, start_at: Instant, end: Instant | date, without: Collection[date] = ()
    ) -> int:
        """Count the working days with work left from an instant until another, or until a day begins.

        Days in `without` are not counted; a night is work of the day on which it starts.
        """
        first = epoch(start_at)
        last = epoch(end) if isinstance(end, (int, datetime)) else self._at(end)
        if self.elapsed(first, last) <= 0:
            return 0
        table = self._table if self._table.holds(first, last) else self._grown(first, last)
        left_out = (self._spans_of(day) for day in set(without))
        return table.days_between(first, last) - sum(bool(clipped(day, first, last)) for day in left_out)

    def local_date(self, at: Instant) -> date:
        return datetime.fromtimestamp(epoch(at), self._zone).date()

    def day_bounds(self, day: date) -> tuple[datetime, datetime]:
        """Give where a civil day begins and where the next one does, in UTC."""
        return _utc(self._at(day)), _utc(self._at(day + ONE_DAY))

    def works_on(self, day: date) -> bool:
        """Say whether hours start on this day."""
        return bool(self._spans_of(day))

    def opening(self, day: date) -> datetime | None:
        """Give when the first hours that start on this day begin, in UTC."""
        spans = self._spans_of(day)
        return _utc(spans[0][0]) if spans else None

    def _stretched(self, start: int, seconds: int, pauses: Pauses[int]) -> int | None:
        """Add to a target what is paused before it is reached."""
        for pause_at, resume_at in _pauses_from(start, pauses):
            if self.elapsed(start, pause_at) >= seconds:
                break
            if resume_at == FOR_EVER:
                return None
            seconds += self.elapsed(pause_at, resume_at)
        return seconds

    def _elapsed_outside(self, start: int, end: int, pauses: Pauses[int]) -> int:
        if end < start:
            return -self._elapsed_outside(end, start, pauses)
        spans = [(at, min(until, end)) for at, until in _pauses_from(start, pauses) if at < end]
        return self.elapsed(start, end) - sum(self.elapsed(*span) for span in spans)

    def _add_further(self, table: Table, start: int, seconds: int) -> int | None:
        no_more = not any(self._week) and table.until_at > self._at(max(self._extra) + 2 * ONE_DAY)
        if no_more or table.until_at == self._bounds[1]:
            raise BeyondCalendarError(seconds)
        self._grown(start, table.until_at + 1)
        return self.add(start, seconds)

    def _grown(self, first: int, last: int) -> Table:
        """Build a table that holds both instants and twice what the present one holds, and keep it.

        Two threads may build at once: each goes on with a table that is right, and either may stay.
        """
        earliest, latest = self._bounds
        if first < earliest or last > latest:
            raise BeyondCalendarError((first, last))
        old = self._table
        if old.from_at > old.until_at:
            from_at, until_at = first, last + YEAR
        else:
            spare = max(YEAR, old.until_at - old.from_at)
            from_at = first - spare if first < old.from_at else old.from_at
            until_at = last + spare if last > old.until_at else old.until_at
        self._table = self._built(max(earliest, from_at), min(latest, until_at))
        return self._table

    def _built(self, from_at: int, until_at: int) -> Table:
        from_day, until_day = self.local_date(from_at), self.local_date(until_at) + ONE_DAY
        # Two days more at each end: a night reaches into the next day, a skipped day (Samoa, 2011) beyond it.
        ordinals = range(from_day.toordinal() - 2, until_day.toordinal() + 2)
        days = (self._spans_of(date.fromordinal(ordinal)) for ordinal in ordinals)
        return Table(self._at(from_day), min(self._at(until_day), self._bounds[1]), days)

    def _spans_of(self, day: date) -> list[Span]:
        """Give what is worked of the hours that start on a day, in order."""
        hours = self._extra.get(day, self._week[day.weekday()])
        spans = merged((self._at(day, opens), self._at(day, closes)) for opens, closes in hours)
        for near in (day, day + ONE_DAY, day + 2 * ONE_DAY):  # the third for a night before a skipped day
            if spans and near in self._days_off:
                off_from, off_until = self._at(near), self._at(near + ONE_DAY)
                spans = clipped(spans, ALWAYS, off_from) + clipped(spans, off_until, FOR_EVER)
        return spans

    def _at(self, day: date, minute: int = 0) -> int:
        """Turn minutes by the wall clock after a day's midnight into an instant."""
        return _at(self._zone, day, minute)


@lru_cache(maxsize=4096)
def _at(zone: ZoneInfo, day: date, minute: int) -> int:
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return epoch(midnight + timedelta(minutes=minute))


def epoch(at: int | datetime) -> int:
    """Give an instant in whole seconds since 1970; a datetime without a zone is a TypeError."""
    if isinstance(at, int):
        return at
    since = at - EPOCH
    return since.days * DAY + since.seconds


def _epochs(pauses: Pauses[datetime]) -> Pauses[int]:
    return [(epoch(at), None if until is None else epoch(until)) for at, until in pauses]


def _utc(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _unmoved(start: int, seconds: int) -> int:
    """Stay where no time is asked for; going back is `elapsed`'s business."""
    if seconds < 0:
        raise ValueError(f"working time is added, not taken away: {seconds}")
    return start


def _pauses_from(start: int, pauses: Pauses[int]) -> list[Span]:
    """Order the pauses after an instant and join those that meet; one without an end lasts for ever."""
    return merged((max(at, start), FOR_EVER if until is None else until) for at, until in pauses)


def _usual_day(days: Iterable[tuple[Minutes, ...]]) -> int:
    """Give the most common length of a day with hours, the longer on a tie; 0 where no day has any."""
    lengths = Counter(sum(closes - opens for opens, closes in hours) * 60 for hours in days if hours)
    return max(lengths, key=lambda length: (lengths[length], length), default=0)
