"""The short private answer after an act: a code whose sentence stands in done.yml."""

from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.words import sentence


def message(code: str, locale: str, **values: object) -> Message:
    """Say what was done; values that a sentence can do without may be left out."""
    said = sentence(locale, "done", code, **values)
    return blocks.message(said, [blocks.section(said)])
