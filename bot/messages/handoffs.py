"""The answer to `/sla handoffs`: what is open, a line for each."""

from collections.abc import Sequence

from bot.facts.handoffs import HandoffFact
from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.words import say

SHOWN = 20
ROWS_IN_BLOCK = 10


def message(facts: Sequence[HandoffFact], total: int, locale: str) -> Message:
    """List the newest of so many in all."""
    if not facts:
        none = say(locale, "handoffs.none")
        return blocks.message(none, [blocks.section(none)])
    head = say(locale, "handoffs.head", total=total)
    return blocks.message(head, [blocks.section(head), *rows(facts, total, locale)])


def rows(facts: Sequence[HandoffFact], total: int, locale: str) -> list[Block]:
    """List handoffs in as few blocks as hold them, and say how many more there are."""
    groups = [
        facts[start : start + ROWS_IN_BLOCK] for start in range(0, min(len(facts), SHOWN), ROWS_IN_BLOCK)
    ]
    said = [blocks.section(say(locale, "handoffs.rows", handoffs=group)) for group in groups]
    left = total - min(len(facts), SHOWN)
    return [*said, *([blocks.context(say(locale, "handoffs.more", more=left))] if left > 0 else ())]
