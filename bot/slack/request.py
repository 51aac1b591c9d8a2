"""Who asks for what: Slack's bodies read and checked in one place."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from bot.models import Handoff
from bot.services import agreements, handoffs, workspaces
from bot.services.agreements import Agreed
from bot.slack.typed import tidy, whole

ID = re.compile(r"[A-Z0-9]{2,40}")
KEY = re.compile(r"[\w.:-]{1,255}", re.ASCII)
TS = re.compile(r"\d{9,10}\.\d{1,6}", re.ASCII)
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

    def number(self, name: str, code: str = "count_unclear") -> int | None:
        """Read a whole number; None where nothing was typed. Raises UserError."""
        typed = self.text(name)
        return whole(typed, code, name) if typed else None

    def chosen(self, name: str) -> str:
        """Read the value of the option chosen."""
        return str((self._value(name, "selected_option") or {}).get("value", ""))

    def instant(self, name: str) -> datetime | None:
        """Read a date and time."""
        seconds = self._value(name, "selected_date_time")
        is_sound = isinstance(seconds, int) and 0 < seconds < LAST_SECOND
        return datetime.fromtimestamp(seconds, UTC) if is_sound else None

    def time(self, name: str) -> str:
        """Read a time of day, "09:00"."""
        return str(self._value(name, "selected_time") or "")

    def person(self, name: str) -> str:
        return _checked(self._value(name, "selected_user"), ID) if self._value(name, "selected_user") else ""

    def people(self, name: str) -> list[str]:
        return [_checked(user, ID) for user in self._value(name, "selected_users") or []]

    def file(self, name: str) -> str | None:
        """Read the id of the file put in, if one was."""
        files = self._value(name, "files") or []
        return _checked(files[0].get("id"), ID) if files else None

    def _value(self, name: str, kind: str) -> Any:
        return self.values.get(name, {}).get("value", {}).get(kind)


@dataclass(frozen=True, slots=True)
class Asked:
    """One input of one person: a command, a press, a submission or an event."""

    team_id: str
    user_id: str
    key: str
    """What this delivery is known by; a second one brings the same."""
    channel_id: str | None = None
    trigger_id: str = ""
    """With which a modal can be opened, within 3 s."""
    value: str = ""
    """The value of the button pressed or the option chosen, or the text of a message."""
    form: Form = field(default_factory=Form)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """What a modal of ours carried along: ids, and the fields of an earlier step."""
    event: Mapping[str, Any] = field(default_factory=dict)

    def workspace(self, session: Session) -> int:
        """Find the workspace. Raises UserError."""
        return workspaces.by_team(session, self.team_id)

    def agreed(self, session: Session) -> Agreed:
        """Find the agreement that speaks here. Raises UserError."""
        return agreements.spoken_of(session, self.workspace(session), self.channel_id)

    def handoff(self, session: Session, handoff_id: int) -> tuple[Agreed, Handoff]:
        """Find a handoff to act on, and its agreement. Raises UserError."""
        return handoffs.to_act_on(session, handoffs.by_id(session, self.workspace(session), handoff_id))

    def numbered(self, session: Session, number: int) -> tuple[Agreed, Handoff]:
        """Find a handoff to act on by the number people call it by. Raises UserError."""
        return handoffs.to_act_on(session, handoffs.by_number(session, self.workspace(session), number))

    def id(self, text: str | None = None) -> int:
        """Read an id of ours out of a button's value."""
        found = self.value if text is None else text
        if not (found.isascii() and found.isdigit() and len(found) < 16):  # noqa: PLR2004  (digits of SQLite's integers)
            raise Unexpected(f"no id: {found[:40]!r}")
        return int(found)


def of_command(body: Mapping[str, Any]) -> Asked:
    """Read a slash command; its text is the value."""
    text = body.get("text", "")
    if not isinstance(text, str):
        raise Unexpected("a command's text")
    return Asked(
        team_id=_at(body, ID, "team_id"),
        user_id=_at(body, ID, "user_id"),
        channel_id=_at(body, ID, "channel_id"),
        trigger_id=_at(body, KEY, "trigger_id"),
        key=_at(body, KEY, "trigger_id"),
        value=text,
    )


def of_action(body: Mapping[str, Any]) -> Asked:
    """Read the use of a button, a list or an overflow."""
    action = _inside(body, "actions", 0)
    chosen = action.get("selected_option") or action
    channel = body.get("channel")
    return Asked(
        team_id=_team(body),
        user_id=_at(body, ID, "user", "id"),
        channel_id=_at(body, ID, "channel", "id") if channel else None,
        trigger_id=_at(body, KEY, "trigger_id"),
        key=_at(body, KEY, "trigger_id"),
        value=tidy(str(chosen.get("value", "")))[:LONGEST_FIELD],
    )


def of_shortcut(body: Mapping[str, Any]) -> Asked:
    """Read a global shortcut: it is used nowhere in particular."""
    key = _at(body, KEY, "trigger_id")
    return Asked(team_id=_team(body), user_id=_at(body, ID, "user", "id"), key=key, trigger_id=key)


def of_view(body: Mapping[str, Any]) -> Asked:
    """Read a submitted modal."""
    view = _inside(body, "view")
    values = (view.get("state") or {}).get("values")
    metadata = _metadata(view)
    return Asked(
        team_id=_team(body),
        user_id=_at(body, ID, "user", "id"),
        key=_at(view, KEY, "id"),
        trigger_id=str(body.get("trigger_id") or ""),
        channel_id=metadata.get("channel"),
        form=Form(values if isinstance(values, dict) else {}),
        metadata=metadata,
    )


def of_event(body: Mapping[str, Any]) -> Asked:
    """Read an event: who did it, where, and the event itself."""
    event = _inside(body, "event")
    team = (
        _at(body, ID, "authorizations", 0, "team_id")
        if body.get("authorizations")
        else _at(body, ID, "team_id")
    )
    user = event.get("user")
    return Asked(
        team_id=team,
        user_id=_checked(user.get("id") if isinstance(user, dict) else user, ID),
        key=_at(body, KEY, "event_id"),
        channel_id=_channel(event),
        value=tidy(str(event.get("text") or ""))[:LONGEST_FIELD],
        event=event,
    )


def _channel(event: Mapping[str, Any]) -> str | None:
    """Find where an event happened: in a channel, or to something in one; a profile changes nowhere."""
    item = event.get("item")
    found = event.get("channel") or (item.get("channel") if isinstance(item, Mapping) else None)
    return None if found is None else _checked(found, ID)


def ts_of(event: Mapping[str, Any], *path: str) -> str:
    """Read the ts of a message or of an event."""
    return _at(event, TS, *path)


def instant_of(event: Mapping[str, Any]) -> datetime:
    """Read when an event happened."""
    return datetime.fromtimestamp(float(ts_of(event, "event_ts")), UTC)


def _team(body: Mapping[str, Any]) -> str:
    """Find the workspace; in an app installed for a whole organisation the person's own stands for it."""
    return _at(body, ID, "team", "id") if body.get("team") else _at(body, ID, "user", "team_id")


def _metadata(view: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found = json.loads(view.get("private_metadata") or "{}")
    except ValueError as error:
        raise Unexpected("a modal's metadata") from error
    if not isinstance(found, dict):
        raise Unexpected("a modal's metadata")
    return found


def _inside(body: Mapping[str, Any], *path: str | int) -> Mapping[str, Any]:
    found = _walk(body, path)
    if not isinstance(found, Mapping):
        raise Unexpected(f"nothing at {path}")
    return found


def _at(body: Mapping[str, Any], pattern: re.Pattern[str], *path: str | int) -> str:
    return _checked(_walk(body, path), pattern)


def _walk(body: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        try:
            body = body[part]
        except (KeyError, IndexError, TypeError) as error:
            raise Unexpected(f"nothing at {path}") from error
    return body


def _checked(found: Any, pattern: re.Pattern[str]) -> str:
    if not isinstance(found, str) or not pattern.fullmatch(found):
        raise Unexpected(f"not as documented: {str(found)[:40]!r}")
    return found
