"""`/sla why H-128` and every "Why This?": the clause, the arithmetic and the events behind a clock."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.context import Context
from bot.facts.said import Message
from bot.messages import why as message
from bot.models import Handoff
from bot.services import agreements, clocks, handoffs, rights, why
from bot.services.rights import Act
from bot.slack import typed
from bot.slack.request import Asked
from bot.slack.typed import Word


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Explain every clock of a handoff."""
    with context.reading() as session:
        handoff = handoffs.by_number(session, asked.workspace(session), typed.handoff(words))
        return _explained(context, asked, session, handoff)


def of_card(context: Context, asked: Asked, handoff_id: int) -> Message:
    """Explain the handoff whose card it is."""
    with context.reading() as session:
        return _explained(
            context, asked, session, handoffs.by_id(session, asked.workspace(session), handoff_id)
        )


def press(context: Context, asked: Asked) -> Message:
    """Explain the clock of a button."""
    return of_clock(context, asked, asked.id())


def of_clock(context: Context, asked: Asked, clock_id: int) -> Message:
    """Explain one clock."""
    with context.reading() as session:
        agreed = clocks.agreed_of(session, asked.workspace(session), clock_id)
        rights.require(session, agreed, asked.user_id, Act.READ)
        fact = why.of_clock(session, agreed.workspace_id, clock_id, context.now())
    return message.message(fact, agreed.row.locale)


def _explained(context: Context, asked: Asked, session: Session, handoff: Handoff) -> Message:
    agreed = agreements.by_id(session, handoff.workspace_id, handoff.agreement_id)
    rights.require(session, agreed, asked.user_id, Act.READ)
    return message.message(why.of_handoff(session, agreed, handoff, context.now()), agreed.row.locale)
