"""Leave the daily progress and the weekly digest of each agreement that is due."""

from bot.context import Context
from bot.services import agreements, posts


def run(context: Context) -> int:
    """Plan the posts that are due now."""
    now = context.now()
    with context.reading() as session:
        due = posts.due(session, now)
    for workspace_id, agreement_id in due:
        with context.transaction() as session:
            posts.post(session, agreements.by_id(session, workspace_id, agreement_id), now)
    return len(due)
