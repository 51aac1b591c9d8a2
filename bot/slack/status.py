"""`/sla status`, the default: how the agreement stands for the person who asks."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import done
from bot.messages import status as message
from bot.services import agreements, deliveries, gates, notices, rights, status
from bot.services.agreements import Agreed
from bot.services.rights import Act
from bot.slack import moments, typed
from bot.slack.request import Asked
from bot.slack.typed import Word

ABSENT = {"not_in_channel", "channel_not_found"}


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Answer with my moves, the figures of this month or of the one named, and what is open."""
    now = context.now()
    with context.reading() as session:
        agreed = asked.agreed(session)
        rights.require(session, agreed, asked.user_id, Act.READ)
        channel_id = agreed.row.channel_id
        if (
            agreed.is_trial
            and channel_id
            and gates.blocked_by(session, agreed.workspace_id, channel_id) in ABSENT
        ):
            raise UserError("not_in_channel")
        fact = status.fact(session, agreed, asked.user_id, now, month_of(agreed, words, now))
    return message.message(fact, agreed.row.locale, may_share=bool(channel_id) and fact.side is not None)


def month_of(agreed: Agreed, words: Sequence[Word], now: datetime) -> date | None:
    """Read which month is meant; none is this one. Raises UserError."""
    text = typed.joined(words)
    if not text:
        return None
    found = moments.read_month(text, agreed.today(now))
    if found is None:
        raise UserError("month_unclear", text=text)
    return found


def share(context: Context, asked: Asked) -> Message | None:
    """Show the figures to the agreement's channel."""
    now = context.now()
    with context.transaction() as session:
        agreed = agreements.by_id(session, asked.workspace(session), asked.id())
        rights.require(session, agreed, asked.user_id, Act.SHARE)
        if agreed.row.channel_id is None:
            raise UserError("nothing_to_share")
        if deliveries.is_new(session, agreed.workspace_id, asked.key, now):
            notices.post(
                session,
                agreed,
                key=f"shared:{agreed.id}:{asked.key}",
                kind="shared",
                about={"user": asked.user_id},
                now=now,
            )
    return done.message("shared", agreed.row.locale)
