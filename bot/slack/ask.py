"""Ask Marketing about leads and answer, by button or `/sla ask H-12 3-9 does the budget stand?`."""

from collections.abc import Sequence

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import ask as message
from bot.messages import done
from bot.services import ask, rights
from bot.services.rights import Act
from bot.slack import typed
from bot.slack.request import Asked
from bot.slack.typed import Word

USAGE = "ask H-128 3-9 is the budget real?"


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message | None:
    """Ask what is typed; with the handoff alone, open the form."""
    number, rest = typed.handoff(words), list(words[1:])
    if not rest:
        _open(context, asked, number=number)
        return None
    listed = []
    while rest and typed.is_numbers(rest[0].plain):
        listed.append(rest.pop(0))
    with context.transaction() as session:
        deed = asked.deed_on(session, number, context.now())
        if not deed.is_new():
            return done.message("already", deed.locale)
        ask.ask(
            session,
            deed.agreed,
            deed.handoff,
            user=deed.user,
            question=typed.joined(rest),
            numbers=typed.numbers(typed.joined(listed)),
            now=deed.now,
        )
        return done.message("asked", deed.locale, handoff=deed.handoff.number, author=deed.handoff.author)


def press(context: Context, asked: Asked) -> None:
    """Open the form in which Sales asks."""
    _open(context, asked)


def submit(context: Context, asked: Asked) -> None:
    """Ask what the form says."""
    with context.transaction() as session:
        deed = asked.deed(session, asked.carried_id("handoff"), context.now())
        if deed.is_new():
            ask.ask(
                session,
                deed.agreed,
                deed.handoff,
                user=deed.user,
                question=asked.form.text("question"),
                numbers=typed.numbers(asked.form.text("numbers")),
                now=deed.now,
            )


def answer(context: Context, asked: Asked) -> None:
    """Open the form in which Marketing answers."""
    handoff_id, _, seq = asked.value.partition(":")
    with context.reading() as session:
        deed = asked.deed(session, asked.id(handoff_id), context.now())
        rights.require(session, deed.agreed, deed.user, Act.ANSWER)
        act = asked.id(seq) or next(iter(ask.open_in(session, deed.agreed, deed.handoff, deed.now)), None)
        if act is None:
            raise UserError("answered_already", handoff=deed.handoff.number)
        fact = ask.fact(session, deed.agreed, deed.handoff.id or 0, act, deed.now)
        if fact.answered_by:
            raise UserError("answered_already", handoff=fact.number)
        metadata = {"handoff": deed.handoff.id, "question": fact.seq, "channel": asked.channel_id}
        view = message.answer_modal(fact, deed.locale, metadata)
    context.gateway.open_view(asked.trigger_id, view)


def answered(context: Context, asked: Asked) -> None:
    """Answer what the form says."""
    with context.transaction() as session:
        deed = asked.deed(session, asked.carried_id("handoff"), context.now())
        if deed.is_new():
            ask.answer(
                session,
                deed.agreed,
                deed.handoff,
                user=deed.user,
                question=asked.carried_id("question"),
                text=asked.form.text("answer"),
                now=deed.now,
            )


def _open(context: Context, asked: Asked, number: int | None = None) -> None:
    with context.reading() as session:
        now = context.now()
        deed = asked.deed(session, asked.id(), now) if number is None else asked.deed_on(session, number, now)
        rights.require(session, deed.agreed, deed.user, Act.ASK)
        metadata = {"handoff": deed.handoff.id, "channel": asked.channel_id}
        view = message.modal(deed.locale, number=deed.handoff.number, metadata=metadata)
    context.gateway.open_view(asked.trigger_id, view)
