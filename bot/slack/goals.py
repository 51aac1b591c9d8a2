"""`/sla goals`: every goal and promise with its figure and clause."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.context import Context
from bot.facts.said import Message
from bot.messages import goals as message
from bot.messages import share as share_message
from bot.services import agreements, rights, status
from bot.services.rights import Act
from bot.slack import about, share
from bot.slack.about import About
from bot.slack.request import Asked
from bot.slack.typed import Word

USAGE = "goals 2026-05"


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Answer for this month, or for the period named."""
    with context.reading() as session:
        return _answer(context, session, asked, about.read(session, asked, words, context.now(), usage=USAGE))


def press(context: Context, asked: Asked) -> Message:
    """Answer for the agreement that the button names."""
    with context.reading() as session:
        agreed = agreements.by_id(session, asked.workspace(session), asked.id())
        rights.require(session, agreed, asked.user_id, Act.READ)
        return _answer(context, session, asked, About(agreed, None, agreed.today(context.now())))


def _answer(context: Context, session: Session, asked: Asked, meant: About) -> Message:
    agreed = meant.agreed
    fact = status.fact(session, agreed, asked.user_id, context.now(), meant.named)
    value = share.offer(session, agreed, asked, "goals", meant.name)
    return share_message.offered(message.message(fact, agreed.row.locale), agreed.row.locale, value)
