"""A breach to be excused: the modal, the message to the other side's lead, and what came of it."""

from collections.abc import Mapping

from bot.facts.clocks import ClockFact
from bot.facts.handoffs import ExcuseFact
from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.inputs import Form
from bot.messages.words import label, say

GRANT, REFUSE = "excuse.grant", "excuse.refuse"
"""Values: `<handoff_id>:<act>`."""
SUBMIT = "excuse.submit"


def message(fact: ExcuseFact, locale: str) -> Message:
    """Ask the other side's lead; once judged, say how."""
    said = say(locale, "excuse.asked", excuse=fact)
    rows = [blocks.section(said)]
    if fact.judged_by is None:
        value = f"{fact.handoff_id}:{fact.seq}"
        controls = [
            blocks.button(label(locale, "button.excuse_grant"), GRANT, value),
            blocks.button(label(locale, "button.excuse_refuse"), REFUSE, value),
        ]
        rows.append(blocks.actions(controls))
    return blocks.message(said, rows)


def judged(fact: ExcuseFact, locale: str) -> Message:
    """Tell who asked what came of it."""
    said = say(locale, "excuse.judged", excuse=fact)
    return blocks.message(said, [blocks.section(said)])


def modal(clock: ClockFact, locale: str, metadata: Mapping[str, object]) -> Block:
    """Ask why it should be excused."""
    form = Form("excuse", locale)
    said = blocks.section(say(locale, "excuse.open", clock=clock))
    return form.modal([said, form.text("reason", longest=500, has_lines=True)], metadata)
