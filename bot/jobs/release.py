"""Let dripped leads through when their time has come."""

from bot.context import Context
from bot.services import agreements, limits


def run(context: Context) -> int:
    """Release what is due now, handoff by handoff."""
    now = context.now()
    with context.reading() as session:
        due = limits.due(session, now)
    for workspace_id, agreement_id, handoff_id in due:
        with context.transaction() as session:
            limits.release_one(
                session, agreements.by_id(session, workspace_id, agreement_id), handoff_id, now
            )
    return len(due)
