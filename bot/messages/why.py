"""The answer to "Why this?": clause, version, the calendar's arithmetic and the acts it rests on."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from bot.facts import Message, WhyFact
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.words import say

OPEN = "why.open"
"""Value: the clock's id."""
CLOCKS, EVENTS = 8, 15
Event = tuple[datetime, str, str | None, int]


def message(fact: WhyFact, locale: str) -> Message:
    head = say(locale, "why.head", why=fact)
    return blocks.message(head, [blocks.section(head), *_blocks(fact, locale)])


def _blocks(fact: WhyFact, locale: str) -> Iterator[Block]:
    yield from (blocks.section(say(locale, "why.clock", it=it), limit=1_000) for it in fact.clocks[:CLOCKS])
    if len(fact.clocks) > CLOCKS:
        yield blocks.context(say(locale, "why.more", more=len(fact.clocks) - CLOCKS))
    if fact.events:
        acts = _gathered(fact.events)
        last = acts[-EVENTS:]
        yield blocks.section(say(locale, "why.events", events=last, left_out=len(acts) - len(last)))


def _gathered(events: Iterable[Event]) -> list[Event]:
    """Make one of what somebody did in the same minute lead by lead."""

    def alike(event: Event) -> tuple[datetime, str, str | None]:
        at, act, who, _ = event
        return (at.replace(second=0, microsecond=0), act, who)

    groups = [list(group) for _, group in groupby(events, alike)]
    return [(*group[0][:3], sum(n for *_, n in group)) for group in groups]
