"""A turn of a duty: the DM to its owner, edited until it is done, and the list of all."""

from collections.abc import Iterator, Sequence

from bot.facts.people import DutyFact
from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.words import label, say

DONE, UNDO, WHY = "duty.done", "duty.undo", "duty.why"
"""Values: the turn's id."""
LISTED = 15


def message(fact: DutyFact, locale: str) -> Message:
    """Tell the owner what is due, or that it is done."""
    text = say(locale, "duty.text", duty=fact)
    controls = blocks.actions(list(_controls(fact, locale)))
    return blocks.message(text, [blocks.section(say(locale, "duty.head", duty=fact)), controls])


def _controls(fact: DutyFact, locale: str) -> Iterator[Block]:
    if fact.done_at is None:
        yield blocks.button(label(locale, "button.duty_done"), DONE, fact.duty_id, is_primary=True)
    elif fact.may_undo:
        yield blocks.button(label(locale, "button.take_back"), UNDO, fact.duty_id)
    yield blocks.button(label(locale, "button.why"), WHY, fact.duty_id)


def listing(facts: Sequence[DutyFact], locale: str) -> Message:
    """List what is open with its buttons, what comes next, and what was done in this quarter."""
    opened = [fact for fact in facts if fact.duty_id and fact.done_at is None]
    coming = [fact for fact in facts if not fact.duty_id]
    done = [fact for fact in facts if fact.done_at is not None]
    head = say(locale, "duty.list_head", opened=opened, coming=coming, done=done)
    return blocks.message(head, [blocks.section(head), *_rows(opened, coming, done, locale)])


def _rows(
    opened: Sequence[DutyFact], coming: Sequence[DutyFact], done: Sequence[DutyFact], locale: str
) -> Iterator[Block]:
    for fact in opened[:LISTED]:
        button = blocks.button(label(locale, "button.duty_done"), DONE, fact.duty_id)
        yield blocks.section(say(locale, "duty.row", duty=fact), button, limit=700)
    if len(opened) > LISTED:
        yield blocks.context(say(locale, "duty.more", more=len(opened) - LISTED))
    if coming:
        yield blocks.section(say(locale, "duty.coming", duties=coming))
    if done:
        yield blocks.section(say(locale, "duty.done", duties=done))


def why(fact: DutyFact, locale: str) -> Message:
    """Answer with the clause's words, and what follows from them for this turn."""
    said = say(locale, "duty.why", duty=fact)
    return blocks.message(said, [blocks.section(said)])
