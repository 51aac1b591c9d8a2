"""`/sla status`, the default: how the agreement stands for the person who asks."""

from collections.abc import Sequence

from bot.context import Context
from bot.errors import UserError
from bot.facts import Message
from bot.messages import done
from bot.messages import status as message
from bot.services import agreements, deliveries, gates, notices, people, status
from bot.slack.request import Asked
from bot.slack.typed import Word

ABSENT = {"not_in_channel", "channel_not_found"}


def command(context: Context, asked: Asked, _words: Sequence[Word]) -> Message:
    """Answer with my moves, the figures, and what is open."""
    now = context.now()
    with context.reading() as session:
        agreed = asked.agreed(session)
        people.may_read(session, agreed, asked.user_id)
        channel_id = agreed.row.channel_id
        if (
            agreed.is_trial
            and channel_id
            and gates.blocked_by(session, agreed.workspace_id, channel_id) in ABSENT
        ):
            raise UserError("not_in_channel")
        fact = status.fact(session, agreed, asked.user_id, now)
    return message.message(fact, agreed.row.locale, may_share=bool(channel_id) and fact.side is not None)


def share(context: Context, asked: Asked) -> Message | None:
    """Show the figures to the agreement's channel."""
    now = context.now()
    with context.transaction() as session:
        agreed = agreements.by_id(session, asked.workspace(session), asked.id())
        if agreed.document.side_of(asked.user_id) is None:
            raise UserError("not_a_party")
        if agreed.row.channel_id is None:
            raise UserError("nothing_to_share")
        if deliveries.is_new(session, agreed.workspace_id, asked.key, now):
            notices.want(
                session,
                workspace_id=agreed.workspace_id,
                agreement_id=agreed.id,
                key=f"shared:{agreed.id}:{asked.key}",
                kind="shared",
                place=agreed.row.channel_id,
                about={"user": asked.user_id},
                now=now,
            )
    return done.message("shared", agreed.row.locale)
