"""Home: drawn when it is opened, and its buttons that no other word has."""

from bot.context import Context
from bot.services import home
from bot.slack.request import Asked


def opened(context: Context, asked: Asked) -> None:
    """Ask for the Home of whoever opened it."""
    if asked.event.get("tab", "home") != "home":
        return
    with context.transaction() as session:
        home.open_for(session, asked.workspace(session), asked.user_id, context.now())
