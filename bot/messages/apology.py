"""What is said when something of ours failed: a reference that also stands in the log."""

from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.words import say


def message(reference: str, locale: str) -> Message:
    said = say(locale, "apology.said", reference=reference)
    return blocks.message(said, [blocks.section(said)])
