"""What a nudge offers for one clock: the same acts that its handoff's buttons and forms do."""

from collections.abc import Callable
from dataclasses import replace

from bot.context import Context
from bot.facts.said import Message
from bot.services import moves
from bot.slack import touch
from bot.slack.request import Asked


def touched(context: Context, asked: Asked, clock_id: int) -> Message | None:
    """Report all that waits on the clock."""
    return touch.all_due(context, replace(asked, value=str(clock_id)))


def on_its_handoff(
    act: Callable[[Context, Asked], Message | None], context: Context, asked: Asked, clock_id: int
) -> Message | None:
    """Do what a button of the clock's handoff does."""
    with context.reading() as session:
        clock = moves.by_id(session, asked.workspace(session), clock_id)
    return act(context, replace(asked, value=str(clock.handoff_id)))
