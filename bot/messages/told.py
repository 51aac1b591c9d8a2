"""A modal that only tells something: after a form, or where no channel is at hand for a hint."""

from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.words import label


def modal(said: Message, locale: str, title: str = "") -> Block:
    """Show what was done, or why it was not; without a title of its own, under Baton's name."""
    return _closing(locale, [dict(block) for block in said.blocks], title)


def problem(said: Message, locale: str) -> Block:
    """Show a refusal in the place of a form that has no field to show it under."""
    return _closing(locale, [blocks.alert(said.text), *(dict(block) for block in said.blocks)])


def _closing(locale: str, shown: list[Block], title: str = "") -> Block:
    return {
        "type": "modal",
        "callback_id": "told",
        "title": blocks.plain(title or label(locale, "told.title"), 24),
        "close": blocks.plain(label(locale, "told.close"), 24),
        "blocks": shown,
    }
