"""Look at the clocks that are due: what broke is marked, who has a move is told."""

from bot.context import Context
from bot.services import clocks


def run(context: Context) -> int:
    """Tick every workspace with a clock to look at, each in a transaction of its own."""
    now = context.now()
    with context.reading() as session:
        due = clocks.due_workspaces(session, now)
    seen = 0
    for workspace_id in due:
        with context.transaction() as session:
            seen += clocks.tick(session, workspace_id, now)
    return seen
