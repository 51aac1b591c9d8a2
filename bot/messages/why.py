"""The answer to "Why this?": clause, version, the calendar's arithmetic and the acts it rests on."""

from collections.abc import Iterator

from bot.facts import Message, WhyFact
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.words import say

OPEN = "why.open"
"""Value: the clock's id."""
CLOCKS, EVENTS = 8, 15


def message(fact: WhyFact, locale: str) -> Message:
    head = say(locale, "why.head", why=fact)
    return blocks.message(head, [blocks.section(head), *_blocks(fact, locale)])


def _blocks(fact: WhyFact, locale: str) -> Iterator[Block]:
    yield from (blocks.section(say(locale, "why.clock", it=it), limit=1_000) for it in fact.clocks[:CLOCKS])
    if len(fact.clocks) > CLOCKS:
        yield blocks.context(say(locale, "why.more", more=len(fact.clocks) - CLOCKS))
    if fact.events:
        last = fact.events[-EVENTS:]
        yield blocks.section(say(locale, "why.events", events=last, left_out=len(fact.events) - len(last)))
