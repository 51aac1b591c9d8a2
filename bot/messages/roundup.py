"""The manager's one DM of the day: all that is open past its time, whose it is, and how late."""

from collections.abc import Iterator

from bot.facts.clocks import OverdueFact, RoundupFact
from bot.facts.said import Message
from bot.messages import blocks, why
from bot.messages.blocks import Block
from bot.messages.words import label, say

ROWS = 15


def message(fact: RoundupFact, locale: str) -> Message:
    numbers = list(dict.fromkeys(clock.number for clock in fact.clocks))
    return blocks.message(say(locale, "roundup.text", roundup=fact, numbers=numbers), _blocks(fact, locale))


def _blocks(fact: RoundupFact, locale: str) -> Iterator[Block]:
    if fact.clocks:
        yield blocks.section(say(locale, "roundup.head", roundup=fact))
        yield from (_row(clock, locale) for clock in fact.clocks[:ROWS])
        if len(fact.clocks) > ROWS:
            yield blocks.context(say(locale, "roundup.more", more=len(fact.clocks) - ROWS))
    if since := say(locale, "roundup.since", roundup=fact):
        yield blocks.section(since)


def _row(clock: OverdueFact, locale: str) -> Block:
    reason = blocks.button(label(locale, "button.why"), why.OPEN, clock.clock_id)
    return blocks.section(say(locale, "roundup.row", clock=clock), reason, limit=700)
