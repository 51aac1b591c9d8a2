"""Keep what Slack says of the people in the agreements fresh."""

import logging
from datetime import timedelta

from bot.answers import Ambiguous, Limited, Refused, Unreached
from bot.context import Context
from bot.services import away, people, workspaces

log = logging.getLogger(__name__)

FRESH_FOR = timedelta(days=1)
NOBODY = {"user_not_found", "user_not_visible"}
"""Refusals that say something of the person; a revoked token says nothing of anybody."""


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
            try:
                asked += _ask(context, workspace_id, team_id, user_id)
            except (Refused, Limited, Unreached, Ambiguous) as why:
                log.info("people are asked about again in a minute: %s", why)
                return asked
    return asked


def _ask(context: Context, workspace_id: int, team_id: str, user_id: str) -> bool:
    try:
        user = context.gateway.user(user_id)
    except Refused as why:
        if why.code not in NOBODY:
            raise
        # Nobody Slack knows may act; whether that has changed is asked again tomorrow.
        user = {"id": user_id, "deleted": True}
    with context.transaction() as session:
        people.remember(session, workspace_id, team_id, user, context.now())
        if user.get("deleted"):
            away.leave_for_good(session, workspace_id, user_id, context.now())
    return True
