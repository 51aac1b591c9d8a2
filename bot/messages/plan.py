"""The answers to `/sla plan`: what was announced, and all that is to come."""

from collections.abc import Sequence
from datetime import date

from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.words import say

Planned = tuple[date, str, int]
"""(day, source, how many)"""


def message(planned: Planned, ahead: Sequence[Planned], locale: str) -> Message:
    """Confirm a plan, and list all that is to come, with it."""
    on, source, count = planned
    head = say(locale, "plan.planned", day=on, source=source, count=count)
    rows = [blocks.section(say(locale, "plan.rows", plans=ahead))] if ahead else []
    return blocks.message(head, [blocks.section(head), *rows])


def listing(ahead: Sequence[Planned], locale: str) -> Message:
    """List what is to come."""
    if not ahead:
        none = say(locale, "plan.none")
        return blocks.message(none, [blocks.section(none)])
    head = say(locale, "plan.head", plans=ahead)
    return blocks.message(head, [blocks.section(head), blocks.section(say(locale, "plan.rows", plans=ahead))])
