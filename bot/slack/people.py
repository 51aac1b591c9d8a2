"""What Slack says of people and of the bot's own place: profiles that change, channels that the bot joins."""

from typing import Any

from bot.context import Context
from bot.services import away, gates, people
from bot.slack.request import Asked


def changed(context: Context, asked: Asked) -> None:
    """Keep what is known of a person fresh; of others nothing is kept."""
    user: Any = asked.event["user"]
    with context.transaction() as session:
        workspace_id = asked.workspace(session)
        if people.is_known(session, workspace_id, asked.user_id):
            people.remember(session, workspace_id, asked.team_id, user, context.now())
            if user.get("deleted"):
                away.leave_for_good(session, workspace_id, asked.user_id, context.now())


def joined(context: Context, asked: Asked) -> None:
    """Try again what was parked for a channel that somebody, maybe the bot, just joined."""
    with context.transaction() as session:
        workspace_id = asked.workspace(session)
        if asked.channel_id and gates.blocked_by(session, workspace_id, asked.channel_id):
            gates.unblock(session, workspace_id, asked.channel_id, context.now())
