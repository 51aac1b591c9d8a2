"""Look at the clocks that are due: what broke is marked, who has a move is told."""

from sqlmodel import Session

from bot.context import Context
from bot.jobs import in_turn
from bot.services import clocks


def run(context: Context) -> int:
    """Tick every workspace with a clock to look at, and say how many clocks were seen."""
    now = context.now()

    def tick(session: Session, workspace_id: int) -> int:
        return clocks.tick(session, workspace_id, now)

    with context.reading() as session:
        due = clocks.due_workspaces(session, now)
    return in_turn.run(context, [(workspace_id,) for workspace_id in due], tick)
