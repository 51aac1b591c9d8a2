"""Let each agreement's own life go on: versions that begin, duties, pace, reviews."""

from bot.context import Context
from bot.services import life


def run(context: Context) -> int:
    """Look at the agreements that are due, each in a transaction of its own."""
    now = context.now()
    with context.reading() as session:
        due = life.due(session, now)
    for workspace_id, agreement_id in due:
        with context.transaction() as session:
            life.live(session, workspace_id, agreement_id, now)
    return len(due)
