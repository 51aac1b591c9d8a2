"""What looks unreal in a text, said before it is signed; it may be signed all the same."""

from collections.abc import Sequence

from bot.messages import blocks, words
from bot.messages.blocks import Block
from bot.messages.words import say
from sla_rules.doubts import Doubt


def block(found: Sequence[Doubt], locale: str) -> Block:
    """List each promise that looks unreal, with its clause."""
    return blocks.section(say(locale, "doubts.all", doubts=words.doubts(locale, found)))
