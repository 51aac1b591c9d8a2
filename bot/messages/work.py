"""The DM from which a rep works: the leads of each handoff, each with its button."""

from collections.abc import Iterator, Sequence

from bot.facts.handoffs import WorkFact
from bot.facts.said import Message
from bot.messages import ask, blocks, hand, leads
from bot.messages.blocks import Block
from bot.messages.words import label, say

ROWS, BATCHES = 20, 8


def message(facts: Sequence[WorkFact], locale: str, agreement: str = "") -> Message:
    """List what a rep works, the handoff that is due first at the top.

    The agreement is named to whoever works in several: each has a list of its own.
    """
    listed = [fact for fact in facts if fact.leads]
    batches = [fact for fact in listed if any(lead.outcome is None for lead in fact.leads)] or listed
    if not batches:
        none = say(locale, "work.none")
        return blocks.message(none, [blocks.section(none)])
    done = sum(len(fact.leads) for fact in listed) - sum(len(fact.leads) for fact in batches)
    named = [blocks.context(say(locale, "work.agreement", called=agreement))] if agreement else []
    return blocks.message(_text(batches, locale), [*named, *_blocks(batches, done, locale)])


def moved(locale: str) -> Message:
    """Point from an older list to the one that is kept."""
    said = say(locale, "work.moved")
    return blocks.message(said, [blocks.context(said)])


def _text(batches: Sequence[WorkFact], locale: str) -> str:
    waiting = [batch for batch in batches if _waiting(batch)]
    return say(
        locale,
        "work.text",
        waiting=sum(map(_waiting, waiting)),
        leads=sum(len(batch.leads) for batch in batches),
        numbers=[batch.number for batch in waiting or batches],
    )


def _blocks(batches: Sequence[WorkFact], done: int, locale: str) -> Iterator[Block]:
    """Show the handoffs with something to do; where all leads have an outcome, they stand in Home alone."""
    waiting = [batch for batch in batches if _waiting(batch)]
    if len(waiting) > 1:
        yield _all(waiting, locale)
    left = ROWS
    for batch in batches[:BATCHES]:
        if batch is not batches[0]:
            yield blocks.divider()
        yield from _batch(batch, left, locale)
        left = max(0, left - len(batch.leads))
    more = max(0, sum(len(batch.leads) for batch in batches) - ROWS) + done
    if more:
        yield blocks.context(say(locale, "work.more", more=more))


def _all(waiting: Sequence[WorkFact], locale: str) -> Block:
    due = min((batch.due_at for batch in waiting if batch.due_at), default=None)
    return blocks.section(say(locale, "work.all", waiting=sum(map(_waiting, waiting)), first_due=due))


def _batch(fact: WorkFact, most: int, locale: str) -> Iterator[Block]:
    """Show a handoff with at most so many of its leads, and what can be done with all of them."""
    yield blocks.section(say(locale, "work.head", work=fact, waiting=_waiting(fact)))
    yield from (leads.row(lead, locale, told_due=fact.due_at) for lead in leads.in_order(fact.leads)[:most])
    if _waiting(fact):
        yield blocks.actions(_controls(fact, locale))


def _controls(fact: WorkFact, locale: str) -> list[Block]:
    """Offer what is left to do for all; taking back only while nobody was contacted yet."""
    done = "button.touched_all" if _waiting(fact) > 1 else "button.touched"
    touching = [
        blocks.button(label(locale, done), leads.TOUCHED_ALL, fact.handoff_id),
        blocks.button(label(locale, "button.touched_at"), leads.TOUCHED_AT, fact.handoff_id),
    ]
    touching += [
        blocks.button(label(locale, "button.hand_on"), hand.OPEN, fact.handoff_id),
        blocks.button(label(locale, "button.ask"), ask.OPEN, fact.handoff_id),
    ]
    back = blocks.button(label(locale, "button.take_back"), leads.TAKE_BACK, fact.handoff_id)
    return [*touching, *([back] if _waiting(fact) == len(fact.leads) else ())]


def _waiting(fact: WorkFact) -> int:
    return sum(map(leads.waits_for_touch, fact.leads))
