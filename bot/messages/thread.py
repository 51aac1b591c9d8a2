"""What the thread of a card says when its handoff is open past its time: the handoff's name, no person's."""

from collections import Counter

from bot.facts.clocks import ThreadFact
from bot.facts.said import Message
from bot.messages import blocks, card, why
from bot.messages.blocks import Block
from bot.messages.words import label, say
from sla_rules.kinds import ClockKind, Side


def message(fact: ThreadFact, locale: str) -> Message:
    kinds = {kind for _, kind, _ in fact.clocks}
    text = say(locale, "thread.text", thread=fact, kinds=kinds, leads=_leads(fact))
    return blocks.message(text, [blocks.section(text), *_controls(fact, locale)])


def _leads(fact: ThreadFact) -> int:
    """Count the leads past their time; those that wait for two things count once."""
    waiting: Counter[ClockKind] = Counter()
    for _, kind, n in fact.clocks:
        waiting[kind] += n
    return max((n for kind, n in waiting.items() if kind.side is Side.SALES), default=0)


def _controls(fact: ThreadFact, locale: str) -> list[Block]:
    if fact.is_disproved or not fact.clocks:
        return []
    take = blocks.button(label(locale, "button.take_share"), card.TAKE, fact.handoff_id, is_primary=True)
    reason = blocks.button(label(locale, "button.why"), why.OPEN, fact.clocks[0][0])
    return [blocks.actions([take, reason] if fact.to_take else [reason])]
