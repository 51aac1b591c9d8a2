"""What Slack says of people and places: profiles and user groups that change, channels the bot joins."""

from collections.abc import Mapping
from typing import Any

from bot.context import Context
from bot.services import departures, gates, groups, leave, people
from bot.slack.form import ID, Unexpected, checked
from bot.slack.request import Asked
from bot.slack.typed import tidy

OF_PERSON = ("name", "real_name", "tz", "team_id")
OF_PROFILE = ("display_name", "status_text", "status_emoji")
LATEST = 1 << 32
"""Seconds since 1970, as Slack tells instants."""


def changed(context: Context, asked: Asked) -> None:
    """Keep what is known of a person fresh; of others nothing is kept."""
    user = _profile(asked.event["user"])
    with context.transaction() as session:
        workspace_id = asked.workspace(session)
        if people.is_known(session, workspace_id, asked.user_id):
            people.remember(session, workspace_id, asked.team_id, user, context.now())
            if user.get("deleted"):
                departures.has_left(session, workspace_id, asked.user_id, context.now())
            leave.offer(session, workspace_id, asked.user_id, user.get("profile") or {}, context.now())


def _profile(user: Any) -> Mapping[str, Any]:
    """Read what Slack says of a person, its texts fit to be kept. Raises Unexpected."""
    profile = (user.get("profile") or {}) if isinstance(user, Mapping) else None
    if not isinstance(profile, Mapping):
        raise Unexpected("a person without a profile")
    ends = profile.get("status_expiration") or 0
    if not (isinstance(ends, int) and 0 <= ends < LATEST):
        raise Unexpected("the end of a status")
    return {**user, **_tidied(user, OF_PERSON), "profile": {**profile, **_tidied(profile, OF_PROFILE)}}


def _tidied(part: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    return {name: tidy(str(part[name] or "")) for name in names if name in part}


def regrouped(context: Context, asked: Asked) -> None:
    """Have the job ask who is in a user group now: its members stand for a party."""
    group_id = checked(asked.event.get("subteam_id"), ID)
    with context.transaction() as session:
        groups.ask_again(session, asked.workspace(session), group_id)


def joined(context: Context, asked: Asked) -> None:
    """Try again what was parked for a channel that somebody, maybe the bot, just joined."""
    with context.transaction() as session:
        workspace_id = asked.workspace(session)
        if asked.channel_id and gates.blocked_by(session, workspace_id, asked.channel_id):
            gates.unblock(session, workspace_id, asked.channel_id, context.now())
