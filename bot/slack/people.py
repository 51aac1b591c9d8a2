"""What Slack says of people and places: profiles and user groups that change, channels the bot joins."""

from typing import Any

from bot.context import Context
from bot.services import departures, gates, groups, leave, people
from bot.slack.form import ID, checked
from bot.slack.request import Asked


def changed(context: Context, asked: Asked) -> None:
    """Keep what is known of a person fresh; of others nothing is kept."""
    user: Any = asked.event["user"]
    with context.transaction() as session:
        workspace_id = asked.workspace(session)
        if people.is_known(session, workspace_id, asked.user_id):
            people.remember(session, workspace_id, asked.team_id, user, context.now())
            if user.get("deleted"):
                departures.has_left(session, workspace_id, asked.user_id, context.now())
            leave.offer(session, workspace_id, asked.user_id, user.get("profile") or {}, context.now())


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
