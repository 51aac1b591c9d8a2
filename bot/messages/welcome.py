"""What whoever installed Baton reads first."""

from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.words import say


def message(locale: str) -> Message:
    head = say(locale, "welcome.head")
    return blocks.message(head, [blocks.section(head), blocks.section(say(locale, "welcome.steps"))])
