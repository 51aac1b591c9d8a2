"""The DM from which a rep works the leads of one handoff."""

from collections.abc import Iterator

from bot.facts import Message, WorkFact
from bot.messages import blocks, leads
from bot.messages.blocks import Block
from bot.messages.words import label, say

ROWS = 20


def message(fact: WorkFact, locale: str) -> Message:
    waiting = sum(map(leads.waits_for_touch, fact.leads))
    return blocks.message(
        say(locale, "work.text", work=fact, waiting=waiting), _blocks(fact, waiting, locale)
    )


def _blocks(fact: WorkFact, waiting: int, locale: str) -> Iterator[Block]:
    yield blocks.section(say(locale, "work.head", work=fact, waiting=waiting))
    if not fact.leads:
        return
    rows = leads.in_order(fact.leads)
    yield from (leads.row(lead, locale, told_due=fact.due_at) for lead in rows[:ROWS])
    if len(rows) > ROWS:
        yield blocks.context(say(locale, "work.more", more=len(rows) - ROWS))
    yield blocks.actions(_controls(fact, waiting, locale))


def _controls(fact: WorkFact, waiting: int, locale: str) -> list[Block]:
    touching = [
        blocks.button(
            label(locale, "button.touched_all"), leads.TOUCHED_ALL, fact.handoff_id, is_primary=True
        ),
        blocks.button(label(locale, "button.touched_at"), leads.TOUCHED_AT, fact.handoff_id),
    ]
    back = blocks.button(label(locale, "button.take_back"), leads.TAKE_BACK, fact.handoff_id)
    return [*(touching if waiting else ()), back]
