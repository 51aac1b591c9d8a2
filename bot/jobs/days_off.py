"""Keep the days off of every signed version known far enough ahead."""

from bot.context import Context
from bot.services import days_off, workspaces


def run(context: Context) -> int:
    """Add years to the versions whose stored days off end within two years."""
    extended = 0
    with context.reading() as session:
        served = workspaces.all_of_them(session)
    for workspace_id in served:
        with context.at(workspace_id).transaction() as session:
            extended += days_off.extend(session, workspace_id, context.now())
    return extended
