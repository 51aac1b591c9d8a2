"""Leave the daily progress and the weekly digest of each agreement that is due."""

from sqlmodel import Session

from bot.context import Context
from bot.jobs import in_turn
from bot.services import agreements, posts


def run(context: Context) -> int:
    """Plan the posts that are due now, and say of how many agreements."""
    now = context.now()

    def post(session: Session, workspace_id: int, agreement_id: int) -> int:
        posts.post(session, agreements.by_id(session, workspace_id, agreement_id), now)
        return 1

    with context.reading() as session:
        due = posts.due(session, now)
    return in_turn.run(context, due, post)
