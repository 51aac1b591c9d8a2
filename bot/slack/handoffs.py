"""`/sla handoffs`: what is open."""

from collections.abc import Sequence

from bot.context import Context
from bot.facts.said import Message
from bot.messages import handoffs as message
from bot.services import handoffs, rights
from bot.services.rights import Act
from bot.slack.request import Asked
from bot.slack.typed import Word


def command(context: Context, asked: Asked, _words: Sequence[Word]) -> Message:
    """List the newest open handoffs."""
    with context.reading() as session:
        agreed = asked.agreed(session)
        rights.require(session, agreed, asked.user_id, Act.READ)
        facts, total = handoffs.open_ones(session, agreed), handoffs.count_open(session, agreed)
    return message.message(facts, total, agreed.row.locale)
