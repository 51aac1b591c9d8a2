"""The offer to say that one is away, the form for it, and the summary when one is back."""

from collections.abc import Mapping
from datetime import datetime

from bot.facts.people import BackFact, LeaveFact
from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.inputs import Form
from bot.messages.words import label, say

OPEN, SUBMIT = "away.open", "away.submit"
"""Value: until when, in epoch seconds, or nothing."""


def offer(fact: LeaveFact, locale: str) -> Message:
    """Ask whether somebody is to cover; once said, there is nothing to press."""
    said = say(locale, "leave.offer", leave=fact)
    rows = [blocks.section(said)]
    if not fact.is_away:
        until = "" if fact.until_at is None else int(fact.until_at.timestamp())
        rows.append(blocks.actions([blocks.button(label(locale, "button.away"), OPEN, until)]))
    return blocks.message(said, rows)


def back(fact: BackFact, locale: str) -> Message:
    """Say in one message what happened meanwhile."""
    said = say(locale, "leave.back", back=fact)
    return blocks.message(said, [blocks.section(said)])


def modal(locale: str, *, until: datetime, metadata: Mapping[str, object]) -> Block:
    """Ask until when somebody is away, and who covers."""
    form = Form("away", locale, {"until": until})
    said = blocks.section(say(locale, "leave.open"))
    return form.modal([said, form.moment("until"), form.person("cover", is_optional=True)], metadata)
