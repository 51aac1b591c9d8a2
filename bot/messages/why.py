"""The answer to "Why this?": clause, version, the calendar's arithmetic and the acts it rests on."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from bot.facts.clocks import WhyClockFact, WhyFact
from bot.facts.said import Message
from bot.messages import blocks, clause
from bot.messages.blocks import Block
from bot.messages.words import say

OPEN = "why.open"
"""Value: the clock's id."""
CLOCKS, REASONS, EVENTS = 8, 5, 15
Event = tuple[datetime, str, str | None, int]


def message(fact: WhyFact, locale: str) -> Message:
    head = say(locale, "why.head", why=fact)
    return blocks.message(head, [blocks.section(head), *_blocks(fact, locale)])


def _blocks(fact: WhyFact, locale: str) -> Iterator[Block]:
    shown = fact.clocks[:CLOCKS]
    for it in shown:
        yield blocks.section(say(locale, "why.clock", it=it), _words(fact, it, locale), limit=1_500)
    if shown:
        yield blocks.context(*_hours(shown, locale))
    for reason in fact.reasons[:REASONS]:
        words = (
            clause.button(fact.agreement_id, reason.version, reason.clause, locale) if reason.clause else None
        )
        yield blocks.section(say(locale, "why.reason", reason=reason), words, limit=600)
    if len(fact.clocks) > CLOCKS:
        yield blocks.context(say(locale, "why.more", more=len(fact.clocks) - CLOCKS))
    if fact.spent:
        yield blocks.section(say(locale, "lines.spent", spent=fact.spent))
    if fact.events:
        acts = _gathered(fact.events)
        last = acts[-EVENTS:]
        yield blocks.section(say(locale, "why.events", events=last, left_out=len(acts) - len(last)))


def _hours(clocks: Sequence[WhyClockFact], locale: str) -> Iterator[str]:
    """Tell the working time that they all run in, once; each version's where they run by several."""
    known = {it.version: (it.hours, it.zone) for it in clocks}
    differs = len(set(known.values())) > 1
    for version, (hours, zone) in list(known.items())[: None if differs else 1]:
        yield say(locale, "why.hours", hours=hours, zone=zone, version=version if differs else None)


def _words(fact: WhyFact, it: WhyClockFact, locale: str) -> Block | None:
    """Offer the clause's words as they stood when the clock started."""
    if not it.clock.clause:
        return None
    return clause.button(fact.agreement_id, it.version, it.clock.clause, locale)


def _gathered(events: Iterable[Event]) -> list[Event]:
    """Make one of what somebody did in the same minute lead by lead."""

    def alike(event: Event) -> tuple[datetime, str, str | None]:
        at, act, who, _ = event
        return (at.replace(second=0, microsecond=0), act, who)

    groups = [list(group) for _, group in groupby(events, alike)]
    return [(*group[0][:3], sum(n for *_, n in group)) for group in groups]
