"""The answer to `/sla breaches`: what is open past its time, then what the period counts."""

from collections.abc import Iterator

from bot.facts.breaches import BreachesFact
from bot.facts.said import Message
from bot.messages import blocks, why
from bot.messages.blocks import Block
from bot.messages.words import label, say
from sla_rules.kinds import Side

SIDES = (Side.SALES, Side.MARKETING)


def message(fact: BreachesFact, locale: str) -> Message:
    """Answer one person: whose move each is, by name, as far as this person sees handoffs at all."""
    head = say(locale, "breaches.head", breaches=fact)
    return blocks.message(
        head, [blocks.section(head), *_blocks(fact, locale, names=True), *_buttons(fact, locale)]
    )


def public(fact: BreachesFact, locale: str) -> Message:
    """Show a channel the same; it names the side that has the move, and no person."""
    head = say(locale, "breaches.head", breaches=fact)
    return blocks.message(head, [blocks.section(head), *_blocks(fact, locale, names=False)])


def _blocks(fact: BreachesFact, locale: str, *, names: bool) -> Iterator[Block]:
    if fact.overdue:
        rows = say(locale, "breaches.rows", breaches=fact, names=names)
        yield blocks.section(rows)
    yield blocks.section(say(locale, "breaches.span", breaches=fact))
    for side in SIDES:
        of_side = [one for one in fact.broken if one.side is side]
        if of_side:
            late = sorted((one for one in of_side if one.late), key=lambda one: -one.late)
            made = sum(one.of for one in of_side)
            yield blocks.section(say(locale, "breaches.side", side=side, late=late, made=made))
    excused = [one for one in fact.broken if one.excused]
    if excused:
        yield blocks.section(say(locale, "breaches.excused", excused=excused))
    if fact.sees_handoffs and fact.broken:
        yield blocks.context(say(locale, "breaches.export", breaches=fact))


def _buttons(fact: BreachesFact, locale: str) -> Iterator[Block]:
    if fact.overdue:
        yield blocks.actions([blocks.button(label(locale, "button.why"), why.OPEN, fact.overdue[0].clock_id)])
