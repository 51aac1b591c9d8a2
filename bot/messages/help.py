"""The answer to `/sla help` and to a word that Baton does not know."""

from collections.abc import Sequence

from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.words import say


def message(
    words: Sequence[tuple[str, str, str]],
    locale: str,
    *,
    unknown: str | None = None,
    nearest: str | None = None,
) -> Message:
    """List the words, (word, usage, what it does) of each."""
    head = say(locale, "help.head", unknown=unknown, nearest=nearest)
    lines = blocks.section(say(locale, "help.words", words=words))
    return blocks.message(head, [blocks.section(head), lines])
