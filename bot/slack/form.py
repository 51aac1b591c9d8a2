"""The fields of a submitted modal, read and checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.slack.typed import tidy, whole

ID = re.compile(r"[A-Z0-9]{2,40}")
LONGEST_FIELD = 3_000
LAST_SECOND = 4_102_444_800
"""Of the year 2099."""


class Unexpected(Exception):  # noqa: N818  (a body that Slack does not document, not a failure of ours)
    """A body is not as Slack documents it, so nothing can be done with it."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a modal as they were submitted, by their names."""

    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Read what was typed; empty where nothing was."""
        return tidy(str(self._value(name, "value") or ""))[:LONGEST_FIELD]

    def raw(self, name: str) -> str:
        """Read a text exactly as it was typed, its lines apart."""
        return str(self._value(name, "value") or "")[:LONGEST_FIELD].replace("\r\n", "\n")

    def lines(self, name: str) -> list[str]:
        """Read what was typed on several lines; empty ones are left out."""
        typed = str(self._value(name, "value") or "")[:LONGEST_FIELD]
        return [line for line in map(tidy, typed.splitlines()) if line]

    def has(self, name: str) -> bool:
        """Say whether the modal asked for this."""
        return name in self.values

    def number(self, name: str, code: str = "count_unclear") -> int | None:
        """Read a whole number; None where nothing was typed. Raises UserError."""
        typed = self.text(name)
        return whole(typed, code, name) if typed else None

    def chosen(self, name: str) -> str:
        """Read the value of the option chosen."""
        option = self._value(name, "selected_option")
        return str(option.get("value", "")) if isinstance(option, Mapping) else ""

    def chosen_all(self, name: str) -> list[str]:
        """Read the values of the boxes that are ticked."""
        options = _listed(self._value(name, "selected_options"))
        return [str(option.get("value", "")) for option in options if isinstance(option, Mapping)]

    def day(self, name: str) -> str:
        """Read a day, "2026-06-18"; empty where none was chosen."""
        return str(self._value(name, "selected_date") or "")

    def instant(self, name: str) -> datetime | None:
        """Read a date and time."""
        seconds = self._value(name, "selected_date_time")
        is_sound = isinstance(seconds, int) and 0 < seconds < LAST_SECOND
        return datetime.fromtimestamp(seconds, UTC) if is_sound else None

    def time(self, name: str) -> str:
        """Read a time of day, "09:00"."""
        return str(self._value(name, "selected_time") or "")

    def person(self, name: str) -> str:
        return checked(self._value(name, "selected_user"), ID) if self._value(name, "selected_user") else ""

    def people(self, name: str) -> list[str]:
        return [checked(user, ID) for user in _listed(self._value(name, "selected_users"))]

    def file(self, name: str) -> str | None:
        """Read the id of the file put in, if one was."""
        files = _listed(self._value(name, "files"))
        return checked(files[0].get("id"), ID) if files and isinstance(files[0], Mapping) else None

    def _value(self, name: str, kind: str) -> Any:
        found: Any = self.values.get(name)
        for part in ("value", kind):
            found = found.get(part) if isinstance(found, Mapping) else None
        return found


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def checked(found: Any, pattern: re.Pattern[str]) -> str:
    if not isinstance(found, str) or not pattern.fullmatch(found):
        raise Unexpected(f"not as documented: {str(found)[:40]!r}")
    return found
