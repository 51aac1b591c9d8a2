"""Let each agreement's own life go on: versions that begin, duties, pace, reviews."""

from sqlmodel import Session

from bot.context import Context
from bot.jobs import in_turn
from bot.services import life


def run(context: Context) -> int:
    """Look at the agreements that are due, and say how many those were."""
    now = context.now()

    def live(session: Session, workspace_id: int, agreement_id: int) -> int:
        life.live(session, workspace_id, agreement_id, now)
        return 1

    with context.reading() as session:
        due = life.due(session, now)
    return in_turn.run(context, due, live)
