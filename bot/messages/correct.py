"""The modal that corrects a handoff: the form it was logged by, filled with what was said."""

from collections.abc import Mapping

from bot.messages import blocks, log
from bot.messages.blocks import Block
from bot.messages.inputs import Form
from bot.messages.words import say

SUBMIT = "correct.submit"


def modal(
    locale: str,
    *,
    number: int,
    initial: Mapping[str, object],
    is_counted: bool,
    metadata: Mapping[str, object] | None = None,
) -> Block:
    """Ask what is right; for numbers only where they are to be corrected still."""
    form = Form(
        "log", locale, initial, {"arrived_at": ("arrived_before", {}), "tier_c": ("tier_c_alone", {})}
    )
    said = blocks.section(say(locale, "correct.open", number=number, is_counted=is_counted))
    return blocks.modal(
        SUBMIT, Form("correct", locale).titles(), [said, *log.fields(form, is_counted=is_counted)], metadata
    )
