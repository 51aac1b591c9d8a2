"""The calendar of an agreement, and its public holidays written out for the years around a day."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator

from sla_rules.faults import flaw
from sla_rules.hours import CalendarError, minutes_of_day, zone_named
from sla_rules.working_time import WorkingTime
from sla_rules.written import Dates, Day, Line, Section, Weekdays, matched, none_as_nothing, written

YEARS_BACK = 3
YEARS_AHEAD = 5

Spans = tuple[tuple[str, str], ...]


def read_hours(text: str) -> Spans:
    """Read `09:00-12:00, 13:00-17:30`, or `closed`, as pairs of opening and closing."""
    parts = [] if text == "closed" else [part.strip() for part in text.split(",")]
    found = [matched(r"(\d{1,2}:\d{2}) ?- ?(\d{1,2}:\d{2})", part, "hours_expected") for part in parts]
    spans = tuple((span[1], span[2]) for span in found)
    try:
        minutes_of_day(spans)
    except CalendarError as error:
        raise flaw(error.code, value=error.value) from error
    return spans


def read_zone(text: str) -> str:
    """Read the name of an IANA time zone."""
    try:
        zone_named(text)
    except CalendarError as error:
        raise flaw(error.code, value=text) from error
    return text


def read_country(text: str) -> str:
    """Read a country's ISO code."""
    return matched(r"[A-Z]{2}", text, "country_expected")[0]


def subdivisions_of(country: str) -> tuple[str, ...] | None:
    """List the subdivisions that have holidays of their own; None for a country that is not known."""
    import holidays  # costs a quarter second and 35 MB: for those who write or sign, not for every start

    known = getattr(holidays, country, None)
    return None if known is None else tuple(known.subdivisions)


class PublicHolidays(Section):
    """Whose public holidays are days off."""

    country: Annotated[str, written(read_country)]
    """Two letters, such as `DE`."""
    subdivision: Line | None = None
    """Its part, such as `BY`."""

    def between(self, first_year: int, last_year: int) -> frozenset[date]:
        """Write out the public holidays of these years, both included."""
        import holidays  # see subdivisions_of

        years = range(first_year, last_year + 1)
        return frozenset(holidays.country_holidays(self.country, subdiv=self.subdivision, years=years))


class Calendar(Section):
    """When both sides work: hours by day of the week, and what differs on single dates."""

    zone: Annotated[str, written(read_zone)]
    """An IANA time zone, such as `Europe/Berlin`."""
    hours: Annotated[dict[Weekdays, Annotated[Spans, written(read_hours)]], Field(min_length=1)]
    """By day of the week; what is not named is closed."""
    holidays: Annotated[PublicHolidays | None, BeforeValidator(none_as_nothing)]
    """Public holidays that are days off, or `none`."""
    days_off: tuple[Dates, ...] = ()
    """Further days off."""
    dates: dict[Day, Annotated[Spans, written(read_hours)]] = Field(default_factory=dict)
    """Other hours on single days."""

    @field_validator("hours")
    @classmethod
    def _some_hours(cls, hours: dict[tuple[str, ...], Spans]) -> dict[tuple[str, ...], Spans]:
        if not any(hours.values()):
            raise flaw("no_working_time")
        named = [day for days in hours for day in days]
        if twice := sorted({day for day in named if named.count(day) > 1}):
            raise flaw("weekday_twice", value=", ".join(twice))
        return hours

    @property
    def week(self) -> dict[str, Spans]:
        """Give the hours of each day of the week."""
        return {day: spans for days, spans in self.hours.items() for day in days}

    def expand(self, around: date) -> tuple[date, ...]:
        """List all days off from three years back to five ahead, whole years, in order."""
        first, last = around.year - YEARS_BACK, around.year + YEARS_AHEAD
        public = self.holidays.between(first, last) if self.holidays else frozenset()
        signed = (day for span in self.days_off for day in span.days())
        return tuple(sorted(public.union(day for day in signed if first <= day.year <= last)))

    def working_time(self, days_off: Iterable[date]) -> WorkingTime:
        """Make the calendar to reckon with; with public holidays it knows only the years written out."""
        days = frozenset(days_off)
        if self.holidays and not days:
            raise ValueError(f"the days off of {self.holidays.country} are not expanded")
        known = (date(min(days).year, 1, 1), date(max(days).year, 12, 31)) if self.holidays else None
        return _shared(self.zone, tuple(self.week.items()), days, tuple(self.dates.items()), known)


@lru_cache(maxsize=256)
def _shared(
    zone: str,
    week: tuple[tuple[str, Spans], ...],
    days_off: frozenset[date],
    extra: tuple[tuple[date, Spans], ...],
    known: tuple[date, date] | None,
) -> WorkingTime:
    """Make one for all agreements whose calendar is the same: what it worked out, it worked out for all."""
    return WorkingTime(zone, dict(week), days_off, dict(extra), known)
