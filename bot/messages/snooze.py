"""The modal in which a clock is snoozed."""

from collections.abc import Mapping
from datetime import datetime

from bot.facts.clocks import ClockFact
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.inputs import Form
from bot.messages.words import say

SUBMIT = "snooze.submit"


def modal(
    clock: ClockFact, locale: str, *, latest: datetime, left: int, clause: str, metadata: Mapping[str, object]
) -> Block:
    """Ask until when and why, `latest` being the end of what is allowed, `left` how often it still is."""
    form = Form("snooze", locale, {"until": latest})
    said = say(locale, "snooze.open", clock=clock, latest=latest, left=left, clause=clause)
    return form.modal(
        [blocks.section(said), form.moment("until"), form.text("reason", longest=500, has_lines=True)],
        metadata,
    )
