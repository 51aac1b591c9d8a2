"""Delete what is kept of workspaces that left long enough ago, piece by piece."""

import logging
from datetime import timedelta

from bot.context import Context
from bot.services import forget

log = logging.getLogger(__name__)


def run(context: Context, keep: timedelta) -> int:
    """Delete every row of each workspace that is due; gives how many workspaces."""
    with context.transaction() as session:
        due = forget.part_with(session, context.now() - keep)
    for workspace_id in due:
        while _piece(context, workspace_id):
            pass
        log.info("workspace %d is deleted", workspace_id)
    return len(due)


def _piece(context: Context, workspace_id: int) -> int:
    with context.at(workspace_id).transaction() as session:
        return forget.piece(session, workspace_id)
