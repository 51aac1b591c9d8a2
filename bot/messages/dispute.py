"""What Marketing is told of a rejection, and how the two leads see a dispute of it."""

from collections.abc import Mapping

from bot.facts.handoffs import DisputeFact, RejectionFact
from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.inputs import Form
from bot.messages.words import label, say
from sla_rules.kinds import Side

OPEN, SETTLE = "dispute.open", "dispute.settle"
"""Values: `<handoff_id>:<act>`, the act being the rejection, and the dispute."""
SUBMIT = "dispute.submit"


def rejection(fact: RejectionFact, locale: str) -> Message:
    """Tell who handed the leads over that some were refused, and why."""
    head = say(locale, "dispute.rejected", rejection=fact)
    rows = [blocks.section(say(locale, "dispute.rejection", rejection=fact))]
    if fact.dispute_until is not None:
        control = blocks.button(label(locale, "button.dispute"), OPEN, f"{fact.handoff_id}:{fact.seq}")
        rows.append(blocks.actions([control]))
    return blocks.message(head, rows)


def message(fact: DisputeFact, locale: str) -> Message:
    """Put a dispute before the lead of one side; who gives way settles it."""
    said = say(locale, "dispute.put", dispute=fact)
    rows = [blocks.section(said)]
    if fact.is_open:
        words = "button.dispute_withdraw" if fact.side is Side.MARKETING else "button.dispute_give_back"
        rows.append(
            blocks.actions([blocks.button(label(locale, words), SETTLE, f"{fact.handoff_id}:{fact.seq}")])
        )
    return blocks.message(say(locale, "dispute.text", dispute=fact), rows)


def modal(fact: RejectionFact, locale: str, metadata: Mapping[str, object]) -> Block:
    """Ask why the rejection is not right."""
    form = Form("dispute", locale)
    said = blocks.section(say(locale, "dispute.open", rejection=fact))
    return form.modal([said, form.text("because", longest=500, has_lines=True)], metadata)
