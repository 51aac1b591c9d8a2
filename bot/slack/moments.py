"""Days and times as people type them, read in their own zone."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.slack.in_english import in_english
from bot.slack.typed import Kind, Word, joined
from sla_rules.goals import Period, named, period_of, previous
from sla_rules.kinds import Per

T = TypeVar("T")

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMES = {
    **{
        name: number
        for number, name in enumerate(("january", "february", "march", "april", "may", "june"), 1)
    },
    **{name: number for number, name in enumerate(("july", "august", "september", "october"), 7)},
    "november": 11,
    "december": 12,
    "sept": 9,
    **{name: number for number, name in enumerate(MONTHS, 1)},
}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NEAR = {"today": 0, "tomorrow": 1, "yesterday": -1}
ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})?")
NAMED = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|\.)? ([a-z]+)\.?,?(?: ([0-9]{4}))?")
NAMED_FIRST = re.compile(r"([a-z]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?,?(?: ([0-9]{4}))?")
CLOCK = re.compile(r"([0-9]{1,2})[:.h]([0-9]{2}) ?(am|pm)?|([0-9]{1,2}) ?(am|pm)")
RELATIVE = re.compile(r"(?=.)(this|current|last|previous)? ?(week|month|quarter)?")
GONE = {"last", "previous"}
YEAR = re.compile(r"[-, ]{0,9}(?:of )?(?<![0-9])([0-9]{4})(?![0-9])[-, ]*")
PART = re.compile(
    r"w(?:eek ?)?(?P<week>[0-9]{1,2})|q(?P<quarter>[1-4])|(?P<name>[a-z]+)\.?|(?P<month>[0-9]{1,2})"
)
LONGEST = 7
"""Words in a moment at most: 18 de junho de 2026 às 14:30."""
NOON = 12
LEAP_YEARS = 9
"""Within so many years there is a 29 February."""
YEARS = range(2000, 2200)
"""Others are slips of the pen, and some of them no zone can reckon with."""


def read_day(text: str, today: date, *, is_past: bool = False) -> date | None:
    """Read a day: 2026-06-18, 18 Jun, 18.6., Mon, tomorrow; without a year the nearest to come, or gone."""
    said = in_english(text).strip(" ,")
    if said in NEAR:
        return today + timedelta(days=NEAR[said])
    if (weekday := _weekday(said)) is not None:
        return _nearest_weekday(weekday, today, is_past=is_past)
    year, month, day = _written(said)
    if year is not None:
        return _date(year, month, day)
    return _nearest(month, day, today, is_past=is_past) if month else None


def _written(said: str) -> tuple[int | None, int, int]:
    """Read (year, month, day) as they are written; the year may be left out, month 0 is no day at all."""
    if found := ISO.fullmatch(said):
        return int(found[1]), int(found[2]), int(found[3])
    if found := DOTTED.fullmatch(said):
        return _year(found[3]), int(found[2]), int(found[1])
    if (found := NAMED.fullmatch(said)) and found[2] in NAMES:
        return _year(found[3]), NAMES[found[2]], int(found[1])
    if (found := NAMED_FIRST.fullmatch(said)) and found[1] in NAMES:
        return _year(found[3]), NAMES[found[1]], int(found[2])
    return None, 0, 0


def _year(text: str | None) -> int | None:
    return int(text) if text else None


def read_time(text: str) -> time | None:
    """Read a time of day: 09:50, 9.50, 2pm, 2:30 pm."""
    found = CLOCK.fullmatch(text.casefold().strip())
    if found is None:
        return None
    hour, minute, half = int(found[1] or found[4]), int(found[2] or 0), found[3] or found[5]
    if half:
        if not 1 <= hour <= NOON:
            return None
        hour = hour % NOON + (NOON if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None  # noqa: PLR2004  (of a day, of an hour)


def read_moment(text: str, now: datetime, *, is_past: bool = False) -> datetime | None:
    """Read an instant in the zone of `now`: a time is today's, a day alone begins at midnight."""
    said = re.sub(r"(?<!\s)\s+at\s+", " ", f" {in_english(text)} ").strip()
    at = read_time(said)
    if at is not None:
        return _instant(now.date(), at, now)
    first, _, last = said.rpartition(" ")
    for day_text, time_text in _parts(said, first, last):
        day = read_day(day_text, now.date(), is_past=is_past)
        at = read_time(time_text) if time_text else time()
        if day is not None and at is not None:
            return _instant(day, at, now)
    return None


def _parts(said: str, first: str, last: str) -> list[tuple[str, str]]:
    """List how a text may fall into day and time; "2:30 pm" is two words."""
    words = said.split(" ")
    long_time = [(" ".join(words[:-2]), " ".join(words[-2:]))] if len(words) > 2 else []  # noqa: PLR2004
    return [(said, ""), (first, last), *long_time]


def read_period(text: str, today: date, usual: Per, week_starts: int = 0) -> Period | None:
    """Read a period: last week, W25, May, 2026-05, Q2 2026; of the usual kind: last, or a day in it.

    Without a year it is the latest that has begun.
    """
    said = in_english(text).strip(" ,")
    if found := RELATIVE.fullmatch(said):
        now = period_of(today, Per(found[2] or usual), week_starts)
        return previous(now) if found[1] in GONE else now
    meant = [period for label in _labels(said, today) if (period := named(label, week_starts))]
    if meant:
        return next((period for period in meant if period.start_on <= today), meant[-1])
    days = [read_day(said, today, is_past=is_past) for is_past in (False, True)]
    around = [period_of(day, usual, week_starts) for day in days if day]
    return next((period for period in around if period.start_on <= today), around[-1] if around else None)


def _labels(said: str, today: date) -> list[str]:
    """Write a named period as its label; without a year those of the years it could be in, latest first."""
    year = YEAR.search(said)
    part = PART.fullmatch(YEAR.sub("", said))
    if part is None:
        return []
    years = [int(year[1])] if year else [today.year + 1, today.year, today.year - 1]
    if part["week"] or part["quarter"]:
        form = f"W{part['week']:0>2}" if part["week"] else f"Q{part['quarter']}"
    elif part["name"] in NAMES or (year and part["month"]):
        form = f"{NAMES[part['name']] if part['name'] else int(part['month']):02}"
    else:
        return []
    return [f"{one}-{form}" for one in years if one in YEARS]


def first_of(words: Sequence[Word], read: Callable[[str], T | None]) -> tuple[T | None, int]:
    """Read the longest run of words at the front that makes sense; gives it and how many words it took."""
    usable = [word for word in words[:LONGEST] if word.kind in (Kind.TEXT, Kind.QUOTED)]
    for count in range(len(usable), 0, -1):
        if words[:count] == usable[:count] and (found := read(joined(words[:count]))) is not None:
            return found, count
    return None, 0


def last_of(words: Sequence[Word], read: Callable[[str], T | None]) -> tuple[T | None, int]:
    """Read the longest run of words at the end that makes sense; gives it and how many words it took."""
    for count in range(min(LONGEST, len(words)), 0, -1):
        if (found := read(joined(words[-count:]))) is not None:
            return found, count
    return None, 0


def _instant(day: date, at: time, now: datetime) -> datetime:
    return datetime.combine(day, at, now.tzinfo or ZoneInfo("UTC")).astimezone(UTC)


def _weekday(said: str) -> int | None:
    name = said.removeprefix("next ").rstrip(".")
    if name in DAYS:
        return DAYS.index(name)
    return WEEKDAYS.index(name) if name in WEEKDAYS else None


def _nearest_weekday(weekday: int, today: date, *, is_past: bool) -> date:
    if is_past:
        return today - timedelta(days=(today.weekday() - weekday) % 7)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _nearest(month: int, day: int, today: date, *, is_past: bool) -> date | None:
    step = -1 if is_past else 1
    found = (_date(today.year + step * years, month, day) for years in range(LEAP_YEARS))
    return next((one for one in found if one and (one <= today if is_past else one >= today)), None)


def _date(year: int, month: int, day: int) -> date | None:
    if year not in YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
