"""`/sla breaches`: what is open past its time, and what was late in a period."""

from collections.abc import Sequence

from bot.context import Context
from bot.facts.said import Message
from bot.messages import breaches as message
from bot.messages import share as share_message
from bot.services import breaches
from bot.slack import about, share
from bot.slack.request import Asked
from bot.slack.typed import Word

USAGE = "breaches last week"


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Answer for this month, or for the period named."""
    now = context.now()
    with context.reading() as session:
        meant = about.read(session, asked, words, now, usage=USAGE)
        agreed = meant.agreed
        fact = breaches.fact(session, agreed, asked.user_id, meant.period(), now)
        value = share.offer(session, agreed, asked, "breaches", fact.period_label)
    return share_message.offered(message.message(fact, agreed.row.locale), agreed.row.locale, value)
