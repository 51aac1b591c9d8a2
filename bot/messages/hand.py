"""The modal that hands leads on to a colleague."""

from collections.abc import Mapping

from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.inputs import Form
from bot.messages.words import say

OPEN, SUBMIT = "hand.open", "hand.submit"
"""Value: the handoff's id."""


def modal(locale: str, *, number: int, mine: int, metadata: Mapping[str, object]) -> Block:
    """Ask to whom, and which of the leads; `mine` are the person's own that are open."""
    form = Form("hand", locale)
    fields = [
        blocks.section(say(locale, "hand.open", number=number, mine=mine)),
        form.person("to"),
        form.text("numbers", is_optional=True),
    ]
    return form.modal(fields, metadata)
