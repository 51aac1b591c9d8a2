"""Void a handoff, from the card's overflow or by `/sla void H-12`."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.context import Context
from bot.facts import Message
from bot.messages import done
from bot.models import Handoff
from bot.services import deliveries, void
from bot.services.agreements import Agreed
from bot.slack import typed
from bot.slack.request import Asked
from bot.slack.typed import Word


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message | None:
    """Void the handoff named."""
    number = typed.handoff(words)
    with context.transaction() as session:
        return _void(session, *asked.numbered(session, number), asked, context)


def of_card(context: Context, asked: Asked, handoff_id: int) -> Message | None:
    """Void the handoff whose card it is."""
    with context.transaction() as session:
        return _void(session, *asked.handoff(session, handoff_id), asked, context)


def _void(session: Session, agreed: Agreed, handoff: Handoff, asked: Asked, context: Context) -> Message:
    if not deliveries.is_new(session, agreed.workspace_id, asked.key, context.now()):
        return done.message("already", agreed.row.locale)
    void.void(session, agreed, handoff, user=asked.user_id, now=context.now())
    return done.message("voided", agreed.row.locale, handoff=handoff.number)
