"""`/sla status`, the default: how the agreement stands for the person who asks."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import share as share_message
from bot.messages import status as message
from bot.services import gates, status
from bot.services.agreements import Agreed
from bot.slack import about, share
from bot.slack.request import Asked
from bot.slack.typed import Word

USAGE = "status last month"
ABSENT = {"not_in_channel", "channel_not_found"}


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Answer with my moves, the figures of this month or of the period named, and what is open."""
    now = context.now()
    with context.reading() as session:
        meant = about.read(session, asked, words, now, usage=USAGE)
        agreed = meant.agreed
        _refuse_unheard_trial(session, agreed)
        fact = status.fact(session, agreed, asked.user_id, now, meant.named)
        value = share.offer(session, agreed, asked, "status", meant.name)
    return share_message.offered(message.message(fact, agreed.row.locale), agreed.row.locale, value)


def _refuse_unheard_trial(session: Session, agreed: Agreed) -> None:
    """Say of a trial that it cannot speak in its channel."""
    channel_id = agreed.row.channel_id
    if agreed.is_trial and channel_id:
        blocked_by = gates.blocked_by(session, agreed.workspace_id, channel_id)
        if blocked_by in ABSENT:
            raise UserError("not_in_channel")
