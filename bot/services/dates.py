"""Dates and times as files from elsewhere have them: by ISO 8601, or as spreadsheets and CRMs write them."""

import re
from collections.abc import Iterable
from datetime import datetime

NUMERIC = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[./-])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4})"
    r"(?:,? +(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<s>\d\d))?(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?)?",
    re.ASCII,
)
MONTHS, HALF_DAY = 12, 12


def is_day_first(texts: Iterable[str]) -> bool | None:
    """Say whether 3/4/2026 is in April, by the first date that can be read in one way; None without one."""
    for text in texts:
        found = NUMERIC.fullmatch(text)
        if found is not None and found["mark"] != ".":
            if int(found["first"]) > MONTHS:
                return True
            if int(found["second"]) > MONTHS:
                return False
    return None


def read(text: str, *, day_first: bool | None) -> datetime | None:
    """Read a date or time; None where it is neither, or may be two."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    found = NUMERIC.fullmatch(text)
    if found is None or (found["mark"] != "." and day_first is None):
        return None
    day, month = int(found["first"]), int(found["second"])
    if found["mark"] != "." and not day_first:
        day, month = month, day
    try:
        return datetime(int(found["year"]), month, day, _hour(found), *_rest(found))  # noqa: DTZ001  (told by the caller)
    except ValueError:
        return None


def _hour(found: re.Match[str]) -> int:
    """Give the hour of a day; where it is told by its half, 12 comes before 1."""
    hour = int(found["hour"] or 0)
    if not found["half"]:
        return hour
    if not 1 <= hour <= HALF_DAY:
        raise ValueError(found["half"])
    return hour % HALF_DAY + (HALF_DAY if found["half"] in "Pp" else 0)


def _rest(found: re.Match[str]) -> tuple[int, int]:
    return int(found["minute"] or 0), int(found["s"] or 0)
