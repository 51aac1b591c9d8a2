"""The card of a handoff in its channel: always true, edited in place, without names of leads."""

from collections.abc import Iterator

from bot.facts import CardFact, Message
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.words import label, say

TAKE, TAKE_OTHER, REJECT, MORE = "card.take", "card.take_other", "card.reject", "card.more"
UNDO, WHY, VOID = "undo", "why", "void"
"""What the overflow asks for: its values are `<word>:<handoff_id>`."""


def message(fact: CardFact, locale: str) -> Message:
    return blocks.message(say(locale, "card.text", card=fact), _blocks(fact, locale))


def _blocks(fact: CardFact, locale: str) -> Iterator[Block]:
    yield blocks.section(say(locale, "card.head", card=fact))
    if fact.state == "voided":
        return
    if fact.undecided:
        yield blocks.context(say(locale, "card.foot"))
    elif fact.state == "closed":
        yield blocks.context(say(locale, "card.closed"))
    yield blocks.actions([*(_deciding(fact, locale) if fact.undecided else ()), _more(fact, locale)])


def _deciding(fact: CardFact, locale: str) -> list[Block]:
    handoff = fact.handoff_id
    share = min(fact.share, fact.undecided) or fact.undecided
    takes = label(locale, "button.take_all" if share == fact.undecided else "button.take", n=share)
    return [
        blocks.button(takes, TAKE, handoff, is_primary=True),
        blocks.button(label(locale, "button.take_other"), TAKE_OTHER, handoff),
        blocks.button(label(locale, "button.reject"), REJECT, handoff),
    ]


def _more(fact: CardFact, locale: str) -> Block:
    words = {UNDO: "take_back", WHY: "why", VOID: "void"}
    options = [
        blocks.option(label(locale, f"button.{word}"), f"{value}:{fact.handoff_id}")
        for value, word in words.items()
    ]
    return blocks.overflow(MORE, options)
