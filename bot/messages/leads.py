"""A lead as a row with its button, in the DM and the Home of the person who works it."""

from collections.abc import Iterable
from datetime import datetime

from bot.facts.handoffs import LeadFact
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.words import label, say
from sla_rules.kinds import LeadState, Outcome

TOUCHED, OUTCOME = "lead.touched", "lead.outcome"
"""Values: `<handoff_id>:<n>` and `<handoff_id>:<n>:<outcome>`."""
TRIED = "tried"
"""In place of an outcome: one more attempt."""
TOUCHED_ALL, TOUCHED_AT, TAKE_BACK = "lead.touched_all", "lead.touched_at", "lead.take_back"
"""Values: the handoff's id."""
ORDER = (LeadState.TAKEN, LeadState.TOUCHED)


def row(lead: LeadFact, locale: str, *, told_due: datetime | None = None) -> Block:
    """Show a lead with its next step; a due time that was told above the rows is not repeated."""
    said = say(locale, "leads.row", lead=lead, told_due=told_due)
    return blocks.section(said, _next_step(lead, locale), limit=600)


def in_order(leads: Iterable[LeadFact]) -> list[LeadFact]:
    """Put first what waits for a first touch, the earliest due before the others."""
    return sorted(leads, key=lambda lead: (_rank(lead), lead.due_at is None, lead.due_at or 0, lead.n))


def waits_for_touch(lead: LeadFact) -> bool:
    return lead.state == LeadState.TAKEN


def _rank(lead: LeadFact) -> int:
    """Put what has an outcome already after all that waits for one."""
    if lead.outcome:
        return len(ORDER) + 1
    return ORDER.index(LeadState(lead.state)) if lead.state in ORDER else len(ORDER)


def _next_step(lead: LeadFact, locale: str) -> Block | None:
    value = f"{lead.handoff_id}:{lead.n}"
    if waits_for_touch(lead):
        return blocks.button(label(locale, "button.touched"), TOUCHED, value)
    if lead.state != LeadState.TOUCHED:
        return None
    options = [
        blocks.option(label(locale, f"outcome.name.{one}"), f"{value}:{one}")
        for one in Outcome
        if one != lead.outcome
    ]
    if lead.outcome is None:
        options.append(blocks.option(label(locale, "outcome.tried"), f"{value}:{TRIED}"))
    return blocks.select(OUTCOME, options, placeholder=label(locale, "button.outcome"))
