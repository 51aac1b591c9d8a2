"""Ask to excuse a breach and judge it, by button or `/sla excuse H-12 the lead was on leave`."""

from collections.abc import Sequence
from functools import partial

from bot.context import Context
from bot.facts.said import Message
from bot.messages import done
from bot.messages import excuse as message
from bot.services import agreements, deliveries, excuse, moves, rights
from bot.services.rights import Act
from bot.slack import typed
from bot.slack.request import Asked
from bot.slack.typed import Word

USAGE = "excuse H-128 the lead was on leave"


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message | None:
    """Ask for one's late clock of a handoff; without a reason, open the form."""
    number, rest = typed.handoff(words), words[1:]
    if not rest:
        with context.reading() as session:
            deed = asked.deed_on(session, number, context.now())
            clock = excuse.late_clock(session, deed.agreed, deed.handoff, deed.user, deed.now)
        of_clock(context, asked, clock.id or 0)
        return None
    with context.transaction() as session:
        deed = asked.deed_on(session, number, context.now())
        clock = excuse.late_clock(session, deed.agreed, deed.handoff, deed.user, deed.now)
        if not deed.is_new():
            return done.message("already", deed.locale)
        excuse.ask(session, deed.agreed, clock, user=deed.user, reason=typed.joined(rest), now=deed.now)
        return done.message("excuse_asked", deed.locale, handoff=deed.handoff.number)


def of_clock(context: Context, asked: Asked, clock_id: int) -> None:
    """Open the form for a clock."""
    with context.reading() as session:
        clock = moves.by_id(session, asked.workspace(session), clock_id)
        agreed = agreements.by_id(session, clock.workspace_id, clock.agreement_id)
        rights.require(session, agreed, asked.user_id, Act.EXCUSE)
        fact = moves.fact(session, agreed, clock, context.now())
        view = message.modal(fact, agreed.row.locale, {"clock": clock_id, "channel": asked.channel_id})
    context.gateway.open_view(asked.trigger_id, view)


def submit(context: Context, asked: Asked) -> None:
    """Ask as the form says."""
    now = context.now()
    with context.transaction() as session:
        clock = moves.by_id(session, asked.workspace(session), asked.carried_id("clock"))
        agreed = agreements.by_id(session, clock.workspace_id, clock.agreement_id)
        if deliveries.is_new(session, clock.workspace_id, asked.key, now):
            excuse.ask(session, agreed, clock, user=asked.user_id, reason=asked.form.text("reason"), now=now)


def _judge(context: Context, asked: Asked, *, is_granted: bool) -> Message | None:
    handoff_id, _, seq = asked.value.partition(":")
    with context.transaction() as session:
        deed = asked.deed(session, asked.id(handoff_id), context.now())
        if not deed.is_new():
            return None
        place = (session, deed.agreed, deed.handoff)
        excuse.judge(*place, user=deed.user, seq=asked.id(seq), is_granted=is_granted, now=deed.now)
        code = "excuse_granted" if is_granted else "excuse_refused"
        return done.message(code, deed.locale, handoff=deed.handoff.number)


grant, refuse = partial(_judge, is_granted=True), partial(_judge, is_granted=False)
