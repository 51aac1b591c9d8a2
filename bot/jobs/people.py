"""Keep what Slack says of the people in the agreements fresh."""

from datetime import timedelta

from bot.answers import Refused
from bot.context import Context
from bot.services import people, workspaces

FRESH_FOR = timedelta(days=1)


def run(context: Context) -> int:
    """Ask Slack about the people whom nobody asked about for a day, or never."""
    now = context.now()
    asked = 0
    with context.reading() as session:
        due = {
            workspace.id or 0: (workspace.team_id, people.stale(session, workspace.id or 0, now - FRESH_FOR))
            for workspace in workspaces.active(session)
        }
    for workspace_id, (team_id, user_ids) in due.items():
        for user_id in user_ids:
            asked += _ask(context, workspace_id, team_id, user_id)
    return asked


def _ask(context: Context, workspace_id: int, team_id: str, user_id: str) -> bool:
    try:
        user = context.gateway.user(user_id)
    except Refused:  # nobody Slack knows: they stay unknown, and may not act
        return False
    with context.transaction() as session:
        people.remember(session, workspace_id, team_id, user, context.now())
    return True
