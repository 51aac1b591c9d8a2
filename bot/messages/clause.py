"""The button by which the words of a clause are one press away."""

from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.words import label

OPEN = "agreement.clause"
"""Value: <agreement>:<version>:<clause>."""
NOW = 0
"""The version that speaks when the button is pressed."""


def button(agreement_id: int, version: int, clause: str, locale: str) -> Block:
    """Offer the words of a clause, as they stand in one version."""
    words = label(locale, "button.clause", clause=clause)
    return blocks.button(words, OPEN, f"{agreement_id}:{version}:{clause}")
