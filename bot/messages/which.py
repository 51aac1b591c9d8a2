"""The question which of several agreements is meant, with one button for each."""

from collections.abc import Sequence

from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.words import say

PICK = "agreement.which"
"""Value: the agreement, then what was typed."""
MOST = 40


def message(choices: Sequence[tuple[str, str | None, str]], locale: str) -> Message:
    """Offer agreements, each (name, channel, value of its button)."""
    rows = [
        blocks.section(
            say(locale, "which.row", called=name, channel=channel),
            blocks.button(name, PICK, value),
        )
        for name, channel, value in choices[:MOST]
    ]
    more = [blocks.context(say(locale, "which.more"))] if len(choices) > MOST else []
    return blocks.message(
        say(locale, "which.head"), [blocks.section(say(locale, "which.head")), *rows, *more]
    )
