"""The hours of a calendar as people write them, read into minutes and refused where they make no sense."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = 24 * 60
TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])|24:00")
ZONE = re.compile(r"(?!posix/|right/|(?:localtime|posixrules|Factory)$)[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")

Interval = tuple[str, str]
Minutes = tuple[int, int]
"""Opening and closing in minutes after midnight; a closing past 24:00 is on the next day."""


class CalendarError(ValueError):
    """A calendar that cannot be reckoned with: `code` says what is wrong, `value` with what."""

    def __init__(self, code: str, value: object = None) -> None:
        super().__init__(f"{code}: {value}")
        self.code = code
        self.value = value


def zone_named(name: str) -> ZoneInfo:
    """Find an IANA zone; names that are paths, or whose days have leap seconds, are refused."""
    if not isinstance(name, str) or not ZONE.fullmatch(name):
        raise CalendarError("unknown_zone", name)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise CalendarError("unknown_zone", name) from error


def minutes_of_week(week: Mapping[str, Iterable[Interval]]) -> tuple[tuple[Minutes, ...], ...]:
    """Give seven days of hours, Monday first; a day that is not named is closed."""
    for name in week:
        if name not in WEEKDAYS:
            raise CalendarError("unknown_weekday", name)
    return tuple(minutes_of_day(week.get(name, ())) for name in WEEKDAYS)


def minutes_of_dates(extra: Mapping[date, Iterable[Interval]]) -> dict[date, tuple[Minutes, ...]]:
    return {plain_date(day): minutes_of_day(hours) for day, hours in extra.items()}


def minutes_of_day(hours: Iterable[Interval]) -> tuple[Minutes, ...]:
    """Read the intervals of one day; touching is allowed, overlapping is not."""
    if isinstance(hours, str):
        raise CalendarError("bad_interval", hours)
    day = sorted(_interval(pair) for pair in hours)
    for (_, close), later in pairwise(day):
        if later[0] < close:
            raise CalendarError("overlapping_hours", f"{_text(later[0])}-{_text(later[1])}")
    return tuple(day)


def plain_date(day: date) -> date:
    if not isinstance(day, date) or isinstance(day, datetime):
        raise CalendarError("bad_date", day)
    return day


def _interval(pair: Interval) -> Minutes:
    """Read one (open, close); a closing not after the opening is on the next day."""
    if isinstance(pair, str) or len(pair) != len(("open", "close")):
        raise CalendarError("bad_interval", pair)
    opens, closes = _minute(pair[0]), _minute(pair[1])
    if opens == MIDNIGHT:
        raise CalendarError("bad_time", pair[0])
    return opens, closes if closes > opens else closes + MIDNIGHT


def _minute(text: str) -> int:
    if not isinstance(text, str) or not TIME.fullmatch(text):
        raise CalendarError("bad_time", text)
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def _text(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"
