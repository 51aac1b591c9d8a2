"""`/sla agreement duties`: what recurs; [Done], its taking back and the clause behind it."""

from collections.abc import Sequence

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import done as done_message
from bot.messages import duty as message
from bot.services import duties, rights, turns
from bot.services.rights import Act
from bot.slack.request import Asked
from bot.slack.typed import Word


def command(context: Context, asked: Asked, _words: Sequence[Word]) -> Message:
    """List the duties of this channel's agreement."""
    with context.reading() as session:
        agreed = asked.agreed(session)
        rights.require(session, agreed, asked.user_id, Act.READ)
        facts = duties.listed(session, agreed, context.now())
        if not facts and agreed.row.state == "ended":
            raise UserError("agreement_ended", name=agreed.document.name)
    return message.listing(facts, agreed.row.locale)


def done(context: Context, asked: Asked) -> Message:
    """Mark a turn as done."""
    now = context.now()
    with context.transaction() as session:
        agreed = duties.agreed_of(session, asked.workspace(session), asked.id())
        duty = duties.done(session, agreed, asked.id(), user=asked.user_id, now=now, delivery=asked.key)
    return done_message.message("duty_done", agreed.row.locale, what=duty.what, is_late=duty.is_late)


def undo(context: Context, asked: Asked) -> Message:
    """Take back what was marked as done today."""
    now = context.now()
    with context.transaction() as session:
        agreed = duties.agreed_of(session, asked.workspace(session), asked.id())
        duty = duties.undo(session, agreed, asked.id(), user=asked.user_id, now=now, delivery=asked.key)
    return done_message.message("duty_undone", agreed.row.locale, what=duty.what)


def why(context: Context, asked: Asked) -> Message:
    """Show the words of the clause."""
    with context.reading() as session:
        agreed = duties.agreed_of(session, asked.workspace(session), asked.id())
        rights.require(session, agreed, asked.user_id, Act.READ)
        fact = turns.fact(session, agreed, asked.id(), context.now())
    return message.why(fact, agreed.row.locale)
