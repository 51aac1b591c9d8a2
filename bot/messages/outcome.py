"""The modal that says what became of leads."""

from collections.abc import Mapping

from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.inputs import Form
from bot.messages.words import label, say
from sla_rules.kinds import Outcome

OPEN, SUBMIT = "outcome.open", "outcome.submit"
"""Value: the handoff's id."""


def modal(
    locale: str,
    *,
    number: int,
    mine: int,
    initial: Mapping[str, object] | None = None,
    metadata: Mapping[str, object] | None = None,
) -> Block:
    """Ask for the outcome of leads of a handoff, `mine` of which the person works."""
    form = Form("outcome", locale, initial or {})
    options = [blocks.option(label(locale, f"outcome.name.{one}"), one) for one in Outcome]
    fields = [
        blocks.section(say(locale, "outcome.open", number=number, mine=mine)),
        form.choice("outcome", options),
        form.text("numbers", is_optional=True),
        form.moment("at", is_optional=True),
        form.number("amount", is_optional=True, high=1_000_000_000, is_decimal=True),
    ]
    return form.modal(fields, metadata)
