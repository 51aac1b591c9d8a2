"""Values as people write them in an agreement (`75 %`, `1 working day`, `mon 09:30`), read strictly."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

from sla_rules.durations import Duration, DurationError
from sla_rules.faults import flaw
from sla_rules.hours import WEEKDAYS
from sla_rules.kinds import Tier

MOST_LEADS = 1_000_000
LONGEST_CIVIL_DAYS = 3653
"""Ten years."""
LONGEST_DATE_SPAN = 366
"""Days."""


class Section(BaseModel):
    """A part of the text: frozen, and without a key that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


def written(read: Callable[[str], object]) -> BeforeValidator:
    """Make a reader of text into a validator; a list or a mapping in its place is refused."""

    def validate(value: Any) -> Any:
        if isinstance(value, list | dict):
            raise flaw("text_expected")
        return read(value) if isinstance(value, str) else value

    return BeforeValidator(validate)


def matched(pattern: str, text: str, code: str) -> re.Match[str]:
    """Match the whole of a text, in ASCII: other scripts' digits are not numbers here."""
    match = re.fullmatch(pattern, text, re.ASCII)
    if match is None:
        raise flaw(code, value=text)
    return match


def read_percent(text: str) -> float:
    """Read `75 %` as 0.75; above nothing, at most 100 %."""
    number = float(matched(r"(\d{1,3}(?:\.\d{1,2})?) ?%", text, "percent_expected")[1])
    if not 0 < number <= 100:  # noqa: PLR2004  (per cent)
        raise flaw("percent_out_of_range", value=text)
    return number / 100


def read_count(text: str) -> int:
    """Read a whole number of leads or times above zero: no sign, no leading zero."""
    number = int(matched(r"[1-9]\d{0,6}", text, "count_expected")[0])
    if number > MOST_LEADS:
        raise flaw("count_too_large", value=text, most=MOST_LEADS)
    return number


def read_amount(text: str) -> float:
    """Read a number above zero such as `250000` or `3.5`."""
    number = float(matched(r"(?:0|[1-9]\d{0,11})(?:\.\d{1,2})?", text, "amount_expected")[0])
    if number <= 0:
        raise flaw("amount_expected", value=text)
    return number


def read_day(text: str) -> date:
    """Read `2018-06-29`; a day that no calendar has is refused."""
    matched(r"\d{4}-\d{2}-\d{2}", text, "date_expected")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise flaw("date_not_real", value=text) from error


def read_time(text: str) -> time:
    """Read `16:30`."""
    match = matched(r"([01]?\d|2[0-3]):([0-5]\d)", text, "time_expected")
    return time(int(match[1]), int(match[2]))


def read_duration(text: str) -> Duration:
    """Read a span of working time; its faults keep their own codes."""
    try:
        return Duration.parse(text)
    except DurationError as error:
        raise flaw(error.code, value=text) from error


def read_civil_days(text: str) -> int:
    """Read a span of the civil calendar, `180 days`, as days."""
    match = matched(r"([1-9]\d{0,3}) (day|week|month|year)s?", text, "civil_days_expected")
    days = int(match[1]) * {"day": 1, "week": 7, "month": 30, "year": 365}[match[2]]
    if days > LONGEST_CIVIL_DAYS:
        raise flaw("civil_days_too_long", value=text)
    return days


def read_weekdays(text: str) -> tuple[str, ...]:
    """Read `fri` or `mon-fri` as days of the week."""
    match = matched(r"([a-z]{3})(?: ?- ?([a-z]{3}))?", text.lower(), "weekday_expected")
    first, last = match[1], match[2] or match[1]
    if not {first, last} <= set(WEEKDAYS) or WEEKDAYS.index(first) > WEEKDAYS.index(last):
        raise flaw("weekday_expected", value=text)
    return WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last) + 1]


def read_weekday(text: str) -> str:
    """Read one day of the week."""
    if text.lower() not in WEEKDAYS:
        raise flaw("weekday_expected", value=text)
    return text.lower()


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Days from the first to the last, both included."""

    first_on: date
    last_on: date

    def __contains__(self, day: date) -> bool:
        return self.first_on <= day <= self.last_on

    def days(self) -> tuple[date, ...]:
        """List the days."""
        count = (self.last_on - self.first_on).days + 1
        return tuple(self.first_on + timedelta(days=n) for n in range(count))


def read_date_span(text: str) -> DateSpan:
    """Read `2018-12-24` or `2018-12-24 to 2019-01-01`."""
    first, _, last = text.partition(" to ")
    span = DateSpan(read_day(first.strip()), read_day((last or first).strip()))
    if not 0 <= (span.last_on - span.first_on).days < LONGEST_DATE_SPAN:
        raise flaw("date_span_out_of_order", value=text)
    return span


@dataclass(frozen=True, slots=True)
class WeeklyTime:
    """A time of one day of the week."""

    weekday: str
    at: time


def read_weekly_time(text: str) -> WeeklyTime:
    """Read `mon 09:30`."""
    match = matched(r"([A-Za-z]{3}) (\S+)", text, "weekly_time_expected")
    return WeeklyTime(read_weekday(match[1]), read_time(match[2]))


def read_months(text: str) -> int:
    """Read `2 months`, up to a year."""
    return int(matched(r"([1-9]|1[0-2]) months?", text, "months_expected")[1])


def read_tiers(text: str) -> str:
    """Read `B and C` as tiers that share something; given back in the order of the tiers."""
    tiers = re.split(r" and |, ?", text)
    if not set(tiers) <= set(Tier) or len(set(tiers)) < len(tiers):
        raise flaw("tiers_expected", value=text)
    return " and ".join(sorted(tiers))


def read_cap(text: str) -> int | None:
    """Read a number of leads, or `no cap` as None."""
    return None if text == "no cap" else read_count(text)


def read_key(text: str) -> str:
    """Read a name that other clauses point to."""
    return matched(r"[a-z][a-z0-9_]{0,39}", text, "key_expected")[0]


def read_user(text: str) -> str:
    """Read a Slack member's ID."""
    return matched(r"[UW][A-Z0-9]{1,30}", text, "user_expected")[0]


def read_group(text: str) -> str:
    """Read a Slack user group's ID."""
    return matched(r"S[A-Z0-9]{1,30}", text, "group_expected")[0]


def read_line(text: str) -> str:
    """Read a text that must fit a heading."""
    if "\n" in text:
        raise flaw("one_line_expected", value=text)
    return text


def none_as_nothing(value: Any) -> Any:
    """Take `none`, written where something could stand, for nothing."""
    return None if value == "none" else value


Percent = Annotated[float, written(read_percent)]
Count = Annotated[int, written(read_count)]
Amount = Annotated[float, written(read_amount)]
Day = Annotated[date, written(read_day)]
TimeOfDay = Annotated[time, written(read_time)]
WorkingSpan = Annotated[Duration, written(read_duration)]
CivilDays = Annotated[int, written(read_civil_days)]
Weekdays = Annotated[tuple[str, ...], written(read_weekdays)]
WeeklyAt = Annotated[WeeklyTime, written(read_weekly_time)]
Dates = Annotated[DateSpan, written(read_date_span)]
Months = Annotated[int, written(read_months)]
Tiers = Annotated[str, written(read_tiers)]
Cap = Annotated[int | None, written(read_cap)]
Weekday = Annotated[str, written(read_weekday)]
Key = Annotated[str, written(read_key)]
User = Annotated[str, written(read_user)]
Group = Annotated[str, written(read_group)]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=150), written(read_line)
]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
