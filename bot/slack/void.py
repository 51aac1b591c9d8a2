"""Void a handoff, from the card's overflow or by `/sla void H-12`."""

from collections.abc import Sequence

from bot.context import Context
from bot.facts.said import Message
from bot.messages import done
from bot.services import void
from bot.slack import typed
from bot.slack.request import Asked, Deed
from bot.slack.typed import Word


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Void the handoff named."""
    number = typed.handoff(words)
    with context.transaction() as session:
        return _void(asked.deed_on(session, number, context.now()))


def of_card(context: Context, asked: Asked, handoff_id: int) -> Message:
    """Void the handoff whose card it is."""
    with context.transaction() as session:
        return _void(asked.deed(session, handoff_id, context.now()))


def _void(deed: Deed) -> Message:
    # A second delivery finds it voided, and is told so.
    void.void(deed.session, deed.agreed, deed.handoff, user=deed.user, now=deed.now)
    return done.message("voided", deed.locale, handoff=deed.handoff.number)
