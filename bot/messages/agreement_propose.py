"""The modal by which a draft is put to both leads: what it changes, what looks unreal, and from when."""

from collections.abc import Mapping, Sequence

from bot.facts.agreement import EditFact
from bot.messages import blocks, doubts
from bot.messages.blocks import Block
from bot.messages.inputs import Form
from bot.messages.words import say
from sla_rules.compare import Change

OPEN = "agreement.edit_propose"
"""Value: the agreement's id, or nothing where the modal carries it."""
SUBMIT = "agreement_propose.submit"


def modal(
    fact: EditFact,
    changes: Sequence[Change],
    locale: str,
    metadata: Mapping[str, object],
    *,
    problem: str = "",
) -> Block:
    """Show what changes and ask from when it is to hold."""
    form = Form("agreement_propose", locale)
    fields = [
        blocks.section(say(locale, "agreement_propose.changes", fact=fact, changes=changes)),
        *([doubts.block(fact.doubts, locale)] if fact.doubts else []),
        form.day("begins_on", is_optional=True),
    ]
    return form.modal(fields, {**metadata, "hash": fact.text_hash}, problem=problem)
