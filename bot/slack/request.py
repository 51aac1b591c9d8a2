"""Who asks for what: Slack's bodies read and checked in one place."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from bot.models import Handoff
from bot.services import agreements, deliveries, handoffs, workspaces
from bot.services.agreements import Agreed
from bot.slack.form import ID, LONGEST_FIELD, Form, Unexpected, checked
from bot.slack.typed import tidy

KEY = re.compile(r"[\w.:-]{1,255}", re.ASCII)
TS = re.compile(r"\d{9,10}\.\d{1,6}", re.ASCII)
DIGITS, LARGEST_ID = 10, 2**31 - 1
"""Of the numbers of rows, in PostgreSQL; SQLite never gives a larger one."""
OF_ORGANISATION = frozenset({"team_access_granted", "team_access_revoked"})
"""The events that an organisation is told, of its workspaces."""
DONE_BY_NOBODY = OF_ORGANISATION | {"app_uninstalled", "subteam_members_changed", "tokens_revoked"}
"""The events that do not say who did it."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What one person is about to do to one handoff, in one transaction."""

    session: Session
    agreed: Agreed
    handoff: Handoff
    user: str
    now: datetime
    key: str

    @property
    def locale(self) -> str:
        return self.agreed.row.locale

    def is_new(self) -> bool:
        """Remember this delivery with the deed; False when it was acted on before."""
        return deliveries.is_new(self.session, self.agreed.workspace_id, self.key, self.now)


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
    agreement_id: int | None = None
    """The agreement chosen where several could be meant."""
    is_stranger: bool = False
    """Who acts is of another company, and meets us in a shared channel."""
    views: tuple[str, ...] = ()
    """The modals on the screen from this one down, by id; nothing where it was not in a modal."""

    def workspace(self, session: Session) -> int:
        """Find the workspace. Raises UserError."""
        return workspaces.by_team(session, self.team_id)

    def agreed(self, session: Session) -> Agreed:
        """Find the agreement that was chosen, else the one that speaks here. Raises UserError."""
        if self.agreement_id is not None:
            return agreements.by_id(session, self.workspace(session), self.agreement_id)
        return agreements.spoken_in(session, self.team_id, self.channel_id)

    def deed(self, session: Session, handoff_id: int, now: datetime) -> Deed:
        """Find the handoff to act on. Raises UserError."""
        return self._deed(session, handoffs.by_id(session, self.workspace(session), handoff_id), now)

    def deed_on(self, session: Session, number: int, now: datetime) -> Deed:
        """Find the handoff to act on by the number people call it by. Raises UserError."""
        return self._deed(session, handoffs.by_number(session, self.workspace(session), number), now)

    def _deed(self, session: Session, handoff: Handoff, now: datetime) -> Deed:
        agreed, handoff = handoffs.to_act_on(session, handoff)
        return Deed(session, agreed, handoff, self.user_id, now, self.key)

    def carried_id(self, name: str) -> int:
        """Read an id of ours that a modal carried along."""
        return self.id(str(self.metadata.get(name)))

    def id(self, text: str | None = None) -> int:
        """Read an id of ours out of a button's value."""
        found = self.value if text is None else text
        if not (found.isascii() and found.isdigit() and len(found) <= DIGITS and int(found) <= LARGEST_ID):
            raise Unexpected(f"no id: {found[:40]!r}")
        return int(found)


def of_command(body: Mapping[str, Any]) -> Asked:
    """Read a slash command; its text is the value."""
    text = body.get("text", "")
    if not isinstance(text, str):
        raise Unexpected("a command's text")
    return Asked(
        team_id=team_of(body),
        user_id=_at(body, ID, "user_id"),
        channel_id=_at(body, ID, "channel_id"),
        trigger_id=_at(body, KEY, "trigger_id"),
        key=_at(body, KEY, "trigger_id"),
        value=text,
    )


def of_action(body: Mapping[str, Any]) -> Asked:
    """Read the use of a button, a list or an overflow."""
    action = _inside(body, "actions", 0)
    option = action.get("selected_option")
    chosen = option if isinstance(option, Mapping) else action
    return Asked(
        team_id=team_of(body),
        user_id=_at(body, ID, "user", "id"),
        is_stranger=_is_stranger(body),
        channel_id=_at(body, ID, "channel", "id") if body.get("channel") else None,
        trigger_id=_at(body, KEY, "trigger_id"),
        key=_at(body, KEY, "trigger_id"),
        value=tidy(str(chosen.get("value", "")))[:LONGEST_FIELD],
        metadata=_metadata(_view(body)),
        views=_views(_view(body)),
    )


def of_shortcut(body: Mapping[str, Any]) -> Asked:
    """Read a global shortcut: it is used nowhere in particular."""
    key = _at(body, KEY, "trigger_id")
    return Asked(
        team_id=team_of(body),
        user_id=_at(body, ID, "user", "id"),
        is_stranger=_is_stranger(body),
        key=key,
        trigger_id=key,
    )


def of_view(body: Mapping[str, Any]) -> Asked:
    """Read a submitted modal."""
    view = _inside(body, "view")
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    metadata = _metadata(view)
    channel = metadata.get("channel")
    return Asked(
        team_id=team_of(body),
        user_id=_at(body, ID, "user", "id"),
        is_stranger=_is_stranger(body),
        key=_at(view, KEY, "id"),
        trigger_id=str(body.get("trigger_id") or ""),
        channel_id=None if channel is None else checked(channel, ID),
        form=Form(values if isinstance(values, Mapping) else {}),
        metadata=metadata,
        views=_views(view),
    )


def of_event(body: Mapping[str, Any]) -> Asked:
    """Read an event: who did it, where, and the event itself."""
    event, team = _inside(body, "event"), team_of(body)
    if str(event.get("type")) in DONE_BY_NOBODY:
        return Asked(team, "", _at(body, KEY, "event_id"), event=event)
    user = event.get("user")
    return Asked(
        team_id=team,
        user_id=checked(user.get("id") if isinstance(user, dict) else user, ID),
        key=_at(body, KEY, "event_id"),
        channel_id=_channel(event),
        value=tidy(str(event.get("text") or ""))[:LONGEST_FIELD],
        event=event,
    )


def _channel(event: Mapping[str, Any]) -> str | None:
    """Find where an event happened: in a channel, or to something in one; a profile changes nowhere."""
    item = event.get("item")
    found = event.get("channel") or (item.get("channel") if isinstance(item, Mapping) else None)
    return None if found is None else checked(found, ID)


def ts_of(event: Mapping[str, Any], *path: str) -> str:
    """Read the ts of a message or of an event."""
    return _at(event, TS, *path)


def instant_of(event: Mapping[str, Any]) -> datetime:
    """Read when an event happened."""
    return datetime.fromtimestamp(float(ts_of(event, "event_ts")), UTC)


def team_of(body: Mapping[str, Any]) -> str:
    """Find the workspace whose installation this came to; the actor's own may be that of another company.

    What a whole organisation's installation is told of itself is told by the organisation's id.
    """
    if told_in(body) in OF_ORGANISATION:
        return organisation_of(body) or ""
    view, told = body.get("view"), _authorization(body)
    if isinstance(view, Mapping) and view.get("app_installed_team_id"):
        return _at(view, ID, "app_installed_team_id")
    if body.get("team"):
        return _at(body, ID, "team", "id")
    if told.get("team_id"):
        return _at(told, ID, "team_id")
    if body.get("team_id"):
        return _at(body, ID, "team_id")
    organisation = organisation_of(body)
    if organisation is None:
        raise Unexpected("no workspace")
    # Where nothing else is told of a press, the person's own workspace stands for it.
    return _at(body, ID, "user", "team_id") if body.get("user") else organisation


def organisation_of(body: Mapping[str, Any]) -> str | None:
    """Find the organisation whose installation this came to; None where a workspace has its own."""
    told, enterprise = _authorization(body), body.get("enterprise")
    is_its_own = told.get("is_enterprise_install") or body.get("is_enterprise_install") in (True, "true")
    if not (is_its_own or told_in(body) in OF_ORGANISATION):
        return None
    named = enterprise.get("id") if isinstance(enterprise, Mapping) else None
    return checked(told.get("enterprise_id") or body.get("enterprise_id") or named, ID)


def told_in(body: Mapping[str, Any]) -> str:
    """Name the event that is told; nothing where this is no event."""
    event = body.get("event")
    return str(event.get("type")) if isinstance(event, Mapping) else ""


def _authorization(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read for which installation of ours an event was delivered."""
    return _inside(body, "authorizations", 0) if body.get("authorizations") else {}


def _is_stranger(body: Mapping[str, Any]) -> bool:
    """Say whether Slack itself tells that who acts is of another company."""
    home = _inside(body, "user").get("team_id")
    return home is not None and organisation_of(body) is None and home != team_of(body)


def _view(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Find the modal in which something was pressed."""
    view = body.get("view")
    return view if isinstance(view, Mapping) and view.get("type") == "modal" else {}


def _views(view: Mapping[str, Any]) -> tuple[str, ...]:
    ids = [view.get(name) for name in ("id", "previous_view_id", "root_view_id")]
    return tuple(dict.fromkeys(checked(one, KEY) for one in ids if one))


def _metadata(view: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found = json.loads(view.get("private_metadata") or "{}")
    except (ValueError, TypeError) as error:
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
    return checked(_walk(body, path), pattern)


def _walk(body: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        try:
            body = body[part]
        except (KeyError, IndexError, TypeError) as error:
            raise Unexpected(f"nothing at {path}") from error
    return body
