"""Keep the days off of every signed version known far enough ahead."""

from bot.context import Context
from bot.services import days_off


def run(context: Context) -> int:
    """Add years to the versions whose stored days off end within two years."""
    with context.transaction() as session:
        return days_off.extend(session, context.now())
