"""Hand leads on to a colleague, by button or `/sla hand H-12 @rep 3-9`."""

from collections.abc import Sequence

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import done
from bot.messages import hand as message
from bot.services import hand, outcome, rights
from bot.services.rights import Act
from bot.slack import typed
from bot.slack.request import Asked, Deed
from bot.slack.typed import Kind, Word

USAGE = "hand H-128 @rep 3-9"


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message | None:
    """Hand on what is named; with the handoff alone, open the form."""
    number, rest = typed.handoff(words), words[1:]
    if not rest:
        with context.reading() as session:
            view = _form(asked.deed_on(session, number, context.now()), asked.channel_id)
        context.gateway.open_view(asked.trigger_id, view)
        return None
    with context.transaction() as session:
        deed = asked.deed_on(session, number, context.now())
        if rest[0].kind is not Kind.PERSON:
            raise UserError("colleague_unclear")
        numbers = typed.numbers(typed.joined(rest[1:]))
        return (
            _hand_on(deed, rest[0].text, numbers) if deed.is_new() else done.message("already", deed.locale)
        )


def press(context: Context, asked: Asked) -> None:
    """Open the form."""
    with context.reading() as session:
        view = _form(asked.deed(session, asked.id(), context.now()), asked.channel_id)
    context.gateway.open_view(asked.trigger_id, view)


def submit(context: Context, asked: Asked) -> None:
    """Hand on what the form says."""
    numbers = typed.numbers(asked.form.text("numbers"))
    with context.transaction() as session:
        deed = asked.deed(session, asked.carried_id("handoff"), context.now())
        if deed.is_new():
            _hand_on(deed, asked.form.person("to"), numbers)


def _form(deed: Deed, channel_id: str | None) -> dict[str, object]:
    rights.require(deed.session, deed.agreed, deed.user, Act.HAND_ON)
    mine = outcome.count_mine(deed.session, deed.handoff, deed.user)
    metadata = {"handoff": deed.handoff.id, "channel": channel_id}
    return dict(message.modal(deed.locale, number=deed.handoff.number, mine=mine, metadata=metadata))


def _hand_on(deed: Deed, to: str, numbers: Sequence[int]) -> Message:
    place = (deed.session, deed.agreed, deed.handoff)
    moved = hand.hand_on(*place, user=deed.user, to=to, numbers=numbers, now=deed.now)
    return done.message("handed_on", deed.locale, count=len(moved), handoff=deed.handoff.number, to=to)
