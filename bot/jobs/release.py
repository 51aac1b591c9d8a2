"""Let dripped leads through when their time has come."""

from sqlmodel import Session

from bot.context import Context
from bot.jobs import in_turn
from bot.services import agreements, limits


def run(context: Context) -> int:
    """Release what is due now, and say of how many handoffs."""
    now = context.now()

    def release(session: Session, workspace_id: int, agreement_id: int, handoff_id: int) -> int:
        limits.release_one(session, agreements.by_id(session, workspace_id, agreement_id), handoff_id, now)
        return 1

    with context.reading() as session:
        due = limits.due(session, now)
    return in_turn.run(context, due, release)
