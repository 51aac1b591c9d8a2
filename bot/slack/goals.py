"""`/sla goals`: every goal and promise with its figure and clause."""

from collections.abc import Sequence

from bot.context import Context
from bot.facts.said import Message
from bot.messages import goals as message
from bot.services import agreements, rights, status
from bot.services.rights import Act
from bot.slack.request import Asked
from bot.slack.status import month_of
from bot.slack.typed import Word


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Answer for the agreement of this channel, for this month or the one named."""
    now = context.now()
    with context.reading() as session:
        agreed = asked.agreed(session)
        rights.require(session, agreed, asked.user_id, Act.READ)
        fact = status.fact(session, agreed, asked.user_id, now, month_of(agreed, words, now))
    return message.message(fact, agreed.row.locale)


def press(context: Context, asked: Asked) -> Message:
    """Answer for the agreement that the button names."""
    with context.reading() as session:
        agreed = agreements.by_id(session, asked.workspace(session), asked.id())
        rights.require(session, agreed, asked.user_id, Act.READ)
        fact = status.fact(session, agreed, asked.user_id, context.now())
    return message.message(fact, agreed.row.locale)
