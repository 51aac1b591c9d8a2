"""The modal that reports a first touch for an earlier time."""

from collections.abc import Mapping
from datetime import datetime

from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.inputs import Form
from bot.messages.words import say

SUBMIT = "touch.submit"


def modal(
    locale: str,
    *,
    numbers: list[int],
    waiting: int,
    now: datetime,
    metadata: Mapping[str, object] | None = None,
) -> Block:
    """Ask when leads of these handoffs were contacted, `now` filled in."""
    form = Form("touch", locale, {"at": now})
    which = [form.text("numbers", is_optional=True)] if len(numbers) == 1 else []
    said = blocks.section(say(locale, "touch.open", numbers=numbers, waiting=waiting))
    return form.modal([said, form.moment("at"), *which], metadata)
