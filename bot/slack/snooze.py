"""Snooze a clock with a reason, from a nudge or by `/sla snooze H-12 until 14:00 she is on a plane`."""

from collections.abc import Sequence
from datetime import datetime

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import done
from bot.messages import snooze as message
from bot.services import agreements, deliveries, moves, people, rights, snooze
from bot.services.rights import Act
from bot.slack import moments, typed
from bot.slack.request import Asked
from bot.slack.typed import Word

USAGE = "snooze H-128 until 14:00 she is on a plane"
LONGEST_MOMENT = 4
"""Words: tomorrow at 14:00, 18 Jun 14:00."""


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message | None:
    """Snooze one's next clock of a handoff; without a time, open the form."""
    number, rest = typed.handoff(words), words[1:]
    if not rest:
        with context.reading() as session:
            deed = asked.deed_on(session, number, context.now())
            clock = moves.next_of(session, deed.agreed, deed.handoff, deed.user, deed.now)
        of_clock(context, asked, clock.id or 0)
        return None
    with context.transaction() as session:
        deed = asked.deed_on(session, number, context.now())
        clock = moves.next_of(session, deed.agreed, deed.handoff, deed.user, deed.now)
        until, reason = parse(rest, deed.now.astimezone(people.zone_of(session, deed.agreed, deed.user)))
        if not deed.is_new():
            return done.message("already", deed.locale)
        snooze.snooze(session, deed.agreed, clock, user=deed.user, until=until, reason=reason, now=deed.now)
        return done.message("snoozed", deed.locale, handoff=deed.handoff.number, until_at=until)


def of_clock(context: Context, asked: Asked, clock_id: int) -> None:
    """Open the form for a clock."""
    now = context.now()
    with context.reading() as session:
        clock = moves.by_id(session, asked.workspace(session), clock_id)
        agreed = agreements.by_id(session, clock.workspace_id, clock.agreement_id)
        rights.require(session, agreed, asked.user_id, Act.SNOOZE)
        running = snooze.running_of(session, agreed, clock, now)
        if running.snoozes >= running.terms.snooze_times:
            raise UserError("snoozed_enough", times=running.terms.snooze_times)
        view = message.modal(
            moves.fact(session, agreed, clock, now),
            agreed.row.locale,
            latest=snooze.latest(running, now),
            left=running.terms.snooze_times - running.snoozes,
            clause=agreed.document.clause_of("consequences.snooze") or "",
            metadata={"clock": clock_id, "channel": asked.channel_id},
        )
    context.gateway.open_view(asked.trigger_id, view)


def submit(context: Context, asked: Asked) -> None:
    """Snooze as the form says."""
    now, until = context.now(), asked.form.instant("until")
    if until is None:
        raise UserError("time_unclear", field="until", text="")
    with context.transaction() as session:
        clock = moves.by_id(session, asked.workspace(session), asked.carried_id("clock"))
        agreed = agreements.by_id(session, clock.workspace_id, clock.agreement_id)
        if deliveries.is_new(session, clock.workspace_id, asked.key, now):
            reason = asked.form.text("reason")
            snooze.snooze(session, agreed, clock, user=asked.user_id, until=until, reason=reason, now=now)


def parse(words: Sequence[Word], now: datetime) -> tuple[datetime, str]:
    """Read "until", a moment to come and a reason. Raises UserError."""
    rest = list(words[1:] if words[0].plain == "until" else words)
    for count in range(min(LONGEST_MOMENT, len(rest)), 0, -1):
        if (until := moments.read_moment(typed.joined(rest[:count]), now, is_past=False)) is not None:
            return until, typed.joined(rest[count:])
    raise UserError("time_unclear", text=typed.joined(rest[:2]))
