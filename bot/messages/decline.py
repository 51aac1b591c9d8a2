"""The modal that asks why a proposal is declined."""

from collections.abc import Mapping

from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.inputs import Form
from bot.messages.words import say

SUBMIT = "decline.submit"
LONGEST_REASON = 500


def modal(
    locale: str, *, agreement: str, version: int, metadata: Mapping[str, object] | None = None
) -> Block:
    """Ask for the reason, which then stands on the card."""
    form = Form("decline", locale)
    fields = [
        blocks.section(say(locale, "decline.what", agreement=agreement, version=version)),
        form.text("because", longest=LONGEST_REASON, has_lines=True),
    ]
    return form.modal(fields, metadata)
