"""The button that shows the channel what one person was shown, and what the post says of it."""

from collections.abc import Sequence

from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.words import label, say

POST = "share.post"
"""Value: the agreement's id, the word that answered, the period, the key of what was typed."""


def offered(said: Message, locale: str, value: str) -> Message:
    """Put the button before the other buttons of an answer; no value, no button."""
    if not value:
        return said
    share = blocks.button(label(locale, "button.share"), POST, value)
    shown = [dict(block) for block in said.blocks]
    others = shown.pop()["elements"] if shown[-1]["type"] == "actions" else []
    return blocks.message(said.text, [*shown, blocks.actions([share, *_listed(others)])])


def shared(said: Message, locale: str, *, by: str) -> Message:
    """Say below it who shared it."""
    head = blocks.context(say(locale, "share.by", by=by))
    return blocks.message(said.text, [head, *(dict(block) for block in said.blocks)])


def _listed(elements: object) -> Sequence[Block]:
    return [dict(one) for one in elements] if isinstance(elements, list) else []
