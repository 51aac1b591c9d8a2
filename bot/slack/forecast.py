"""`/sla forecast`: where each goal will end in its running period, for the person who asks."""

from collections.abc import Sequence

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import forecast as message
from bot.messages import share as share_message
from bot.services import forecast
from bot.slack import about, share
from bot.slack.request import Asked
from bot.slack.typed import Word

USAGE = "forecast this quarter"


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Answer for all running periods, or for the one named; what is over is no matter of a forecast."""
    now = context.now()
    with context.reading() as session:
        meant = about.read(session, asked, words, now, usage=USAGE)
        agreed = meant.agreed
        if meant.named and meant.today not in meant.named:
            raise UserError("period_is_over", period=meant.named.label)
        fact = forecast.fact(session, agreed, now, meant.named)
        if meant.named and not fact.goals:
            raise UserError("no_goal_in_period", period=meant.named.label)
        value = share.offer(session, agreed, asked, "forecast", meant.name)
    return share_message.offered(message.message(fact, agreed.row.locale), agreed.row.locale, value)
