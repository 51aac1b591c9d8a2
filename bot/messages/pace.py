"""Marketing's pace rung: a DM to the marketing lead, edited until leads or a plan make up for it."""

from collections.abc import Mapping
from datetime import date
from math import ceil

from bot.facts.figures import PaceFact
from bot.facts.said import Message
from bot.messages import agreement_edit, blocks
from bot.messages.blocks import Block
from bot.messages.inputs import Form
from bot.messages.words import label, say

PLAN, WHY = "pace.plan", "pace.why"
"""Values: the notice's id."""
SUBMIT = "pace.submit"
LONGEST_SOURCE = 80


def message(fact: PaceFact, locale: str) -> Message:
    """Say how the period stands and what is asked, or that nothing is any more."""
    head = blocks.section(say(locale, "pace.head", pace=fact))
    return blocks.message(
        say(locale, "pace.text", pace=fact), [head, blocks.actions(_controls(fact, locale))]
    )


def gone(locale: str) -> Message:
    """Say that the text no longer promises this."""
    said = say(locale, "pace.gone")
    return blocks.message(said, [blocks.section(said)])


def _controls(fact: PaceFact, locale: str) -> list[Block]:
    reason = blocks.button(label(locale, "button.why"), WHY, fact.notice_id)
    if fact.is_settled:
        return [reason]
    return [
        blocks.button(label(locale, "button.add_planned"), PLAN, fact.notice_id, is_primary=True),
        blocks.button(label(locale, "button.propose_target"), agreement_edit.EDIT, fact.agreement_id),
        reason,
    ]


def why(fact: PaceFact, locale: str) -> Message:
    """Answer with the clause, the arithmetic and what counts."""
    said = say(locale, "pace.why", pace=fact)
    return blocks.message(said, [blocks.section(said)])


def modal(fact: PaceFact, locale: str, *, today: date, metadata: Mapping[str, object]) -> Block:
    """Ask for a planned handoff; what is missing to the target is filled in."""
    missing = ceil(max(0, fact.goal.target - fact.goal.so_far - fact.goal.planned))
    form = Form("pace", locale, {"count": missing, "on": today.isoformat()})
    said = blocks.section(say(locale, "pace.open", pace=fact))
    fields = [form.number("count", low=1), form.text("source", longest=LONGEST_SOURCE), form.day("on")]
    return form.modal([said, *fields], metadata)
