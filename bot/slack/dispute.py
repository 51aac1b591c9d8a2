"""Dispute a rejection and settle it, by button or `/sla dispute H-12 they all fit the ICP`."""

from collections.abc import Sequence

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import dispute as message
from bot.messages import done
from bot.services import dispute, rejections, rights
from bot.services.rights import Act
from bot.slack import typed
from bot.slack.request import Asked, Deed
from bot.slack.typed import Word

USAGE = "dispute H-128 they all fit the ICP"


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message | None:
    """Dispute the last rejection of a handoff; without words, open the form."""
    number, rest = typed.handoff(words), words[1:]
    if not rest:
        with context.reading() as session:
            deed = asked.deed_on(session, number, context.now())
            view = _form(
                deed, dispute.last_rejection(session, deed.agreed, deed.handoff, deed.now), asked.channel_id
            )
        context.gateway.open_view(asked.trigger_id, view)
        return None
    with context.transaction() as session:
        deed = asked.deed_on(session, number, context.now())
        if not deed.is_new():
            return done.message("already", deed.locale)
        rights.require(session, deed.agreed, deed.user, Act.DISPUTE)
        last = dispute.last_rejection(session, deed.agreed, deed.handoff, deed.now)
        _dispute(deed, last, typed.joined(rest))
        return done.message("disputed", deed.locale, handoff=deed.handoff.number)


def press(context: Context, asked: Asked) -> None:
    """Open the form for a rejection."""
    handoff_id, _, seq = asked.value.partition(":")
    with context.reading() as session:
        view = _form(
            asked.deed(session, asked.id(handoff_id), context.now()), asked.id(seq), asked.channel_id
        )
    context.gateway.open_view(asked.trigger_id, view)


def submit(context: Context, asked: Asked) -> None:
    """Dispute as the form says."""
    with context.transaction() as session:
        deed = asked.deed(session, asked.carried_id("handoff"), context.now())
        if deed.is_new():
            _dispute(deed, asked.carried_id("rejection"), asked.form.text("because"))


def settle(context: Context, asked: Asked) -> Message | None:
    """Give way, as the lead of one side."""
    handoff_id, _, seq = asked.value.partition(":")
    with context.transaction() as session:
        deed = asked.deed(session, asked.id(handoff_id), context.now())
        if not deed.is_new():
            return None
        place = (session, deed.agreed, deed.handoff)
        is_upheld = dispute.settle(*place, user=deed.user, seq=asked.id(seq), now=deed.now)
        return done.message("settled", deed.locale, handoff=deed.handoff.number, upheld=is_upheld)


def _dispute(deed: Deed, rejection: int, because: str) -> None:
    place = (deed.session, deed.agreed, deed.handoff)
    dispute.dispute(*place, user=deed.user, rejection=rejection, because=because, now=deed.now)


def _form(deed: Deed, seq: int, channel_id: str | None) -> dict[str, object]:
    rights.require(deed.session, deed.agreed, deed.user, Act.DISPUTE)
    fact = rejections.fact(deed.session, deed.agreed, deed.handoff.id or 0, seq, deed.now)
    if fact is None or fact.dispute_until is None:
        raise UserError("nothing_to_dispute", handoff=deed.handoff.number)
    metadata = {"handoff": deed.handoff.id, "rejection": seq, "channel": channel_id}
    return dict(message.modal(fact, deed.locale, metadata))
