"""`/sla forecast`: where each goal will end in its running period, for the person who asks."""

from collections.abc import Sequence

from bot.context import Context
from bot.facts.said import Message
from bot.messages import forecast as message
from bot.services import forecast, rights
from bot.services.rights import Act
from bot.slack.request import Asked
from bot.slack.typed import Word


def command(context: Context, asked: Asked, _words: Sequence[Word]) -> Message:
    """Answer for the agreement of this channel."""
    with context.reading() as session:
        agreed = asked.agreed(session)
        rights.require(session, agreed, asked.user_id, Act.READ)
        fact = forecast.fact(session, agreed, context.now())
    return message.message(fact, agreed.row.locale)
