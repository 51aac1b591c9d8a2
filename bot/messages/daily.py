"""The day's progress in the channel: one line when all is well."""

from collections.abc import Iterator, Sequence

from bot.facts.clocks import ClockFact
from bot.facts.figures import DailyFact
from bot.facts.said import Message
from bot.messages import blocks, status
from bot.messages.blocks import Block
from bot.messages.words import label, say
from sla_rules.kinds import ClockKind


def message(fact: DailyFact, locale: str) -> Message:
    text = say(locale, "daily.text", daily=fact, risky=sum(map(_asked, fact.at_risk)))
    if fact.is_calm:
        return blocks.message(text, [blocks.section(say(locale, "daily.calm", daily=fact))])
    return blocks.message(text, _blocks(fact, locale))


def _blocks(fact: DailyFact, locale: str) -> Iterator[Block]:
    clocks = sorted(fact.at_risk, key=_by_urgency)
    first = clocks[0] if clocks else None
    yield blocks.section(say(locale, "daily.head", daily=fact, first=first, risky=_like(first, clocks)))
    if clocks:
        yield blocks.section(say(locale, "daily.risks", clocks=clocks))
    yield blocks.actions([blocks.button(label(locale, "button.goals"), status.GOALS, fact.agreement_id)])


def _by_urgency(clock: ClockFact) -> tuple[str, bool, float, int]:
    due = clock.due_at.timestamp() if clock.due_at else float("inf")
    return (clock.tier or "Z", not clock.is_breached, due, clock.number)


def _like(first: ClockFact | None, clocks: Sequence[ClockFact]) -> int:
    """Count the leads, or the questions, that wait in the same way as the most urgent ones."""
    return sum(_asked(clock) for clock in clocks if first and _way(clock) == _way(first))


def _way(clock: ClockFact) -> tuple[object, ...]:
    return (clock.kind is ClockKind.ANSWER, clock.tier, clock.side, clock.is_breached)


def _asked(clock: ClockFact) -> int:
    """Count the leads that wait; a question is one, whatever it asks of."""
    return 1 if clock.kind is ClockKind.ANSWER else clock.waiting
