"""Durations as an agreement writes them: `4h`, `1 working day`, `1h 30min`."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

LONGEST_TEXT = 60
LONGEST_DAYS = 400
EIGHT_HOURS = 8 * 3600

NUMBER = r"([0-9]{1,9}(?:\.[0-9]{1,6})?)"
KIND = r"(?:(?:business|working|work)\ )?"
DURATION = re.compile(
    rf"""(?:{NUMBER}\ ?{KIND}(?:days?|d))?\ ?
         (?:{NUMBER}\ ?{KIND}(?:hours?|hrs?|h))?\ ?
         (?:{NUMBER}\ ?(?:minutes?|mins?|m))?\ ?
         (?:{NUMBER}\ ?(?:seconds?|secs?|s))?""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


class DurationError(ValueError):
    """A text that is no duration: `code` says why, `value` is what was written."""

    def __init__(self, code: str, value: object) -> None:
        super().__init__(f"{code}: {value}")
        self.code = code
        self.value = value


@dataclass(frozen=True, slots=True)
class Duration:
    """Working days and working seconds; a day is as long as the calendar's usual day."""

    days: int
    seconds: int

    def __post_init__(self) -> None:
        """Refuse what no promise can mean, 400 days of eight hours being the most."""
        if self.days < 0 or self.seconds < 0:
            raise DurationError("negative_duration", str(self))
        if not self.days and not self.seconds:
            raise DurationError("no_duration", str(self))
        if self.days * EIGHT_HOURS + self.seconds > LONGEST_DAYS * EIGHT_HOURS:
            raise DurationError("too_long", str(self))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read days, hours, minutes and seconds in this order; `24 business hours` is 24 h."""
        written = " ".join(text.split()) if isinstance(text, str) and len(text) <= LONGEST_TEXT else ""
        found = DURATION.fullmatch(written.removeprefix("-"))
        if not written or not found or not any(found.groups()):
            raise DurationError("bad_duration", text)
        if written.startswith("-"):
            raise DurationError("negative_duration", text)
        days, hours, minutes, seconds = (Decimal(number or 0) for number in found.groups())
        exact = hours * 3600 + minutes * 60 + seconds
        if days % 1:
            raise DurationError("part_of_a_day", text)
        if exact % 1:
            raise DurationError("part_of_a_second", text)
        return cls(int(days), int(exact))

    def seconds_in(self, day_seconds: int) -> int:
        """Count its working seconds where a usual day has `day_seconds`."""
        return self.days * day_seconds + self.seconds

    def __str__(self) -> str:
        """Write it as `parse` reads it, each unit once and none that is nothing."""
        minutes, seconds = divmod(self.seconds, 60)
        hours, minutes = divmod(minutes, 60)
        days = f"{self.days} working day{'s' if self.days > 1 else ''}"
        parts = (
            (self.days, days),
            (hours, f"{hours}h"),
            (minutes, f"{minutes}min"),
            (seconds, f"{seconds}s"),
        )
        return " ".join(part for count, part in parts if count) or "0s"
