"""The answer to `/sla away` without more: who is away, until when, and who covers."""

from collections.abc import Sequence

from bot.facts.people import AwayFact
from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.words import say


def message(facts: Sequence[AwayFact], locale: str) -> Message:
    if not facts:
        none = say(locale, "away.none")
        return blocks.message(none, [blocks.section(none)])
    head = say(locale, "away.head", away=facts)
    return blocks.message(head, [blocks.section(head), blocks.section(say(locale, "away.rows", away=facts))])
