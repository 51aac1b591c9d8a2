"""The modal that refuses leads for a reason of the agreement."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.inputs import Form
from bot.messages.words import label, say
from sla_rules.kinds import RejectionKind

SUBMIT = "reject.submit"


def modal(
    locale: str,
    *,
    number: int,
    undecided: int,
    reasons: Sequence[tuple[str, str, RejectionKind, str]],
    appeals: Mapping[str, str] = MappingProxyType({}),
    metadata: Mapping[str, object] | None = None,
) -> Block:
    """Ask for one of the reasons, each (key, label, kind, clause), and for the leads.

    `appeals` is the definition to which a reason appeals, with its words, by the reason's key.
    """
    form = Form("reject", locale)
    options = [
        blocks.option(name, key, _meaning(kind, clause, appeals.get(key, ""), locale))
        for key, name, kind, clause in reasons[:100]
    ]
    fields = [
        blocks.section(say(locale, "reject.open", number=number, undecided=undecided)),
        form.choice("reason", options),
        form.text("numbers", is_optional=True),
        form.text("note", is_optional=True, longest=500, has_lines=True),
    ]
    return form.modal(fields, metadata)


def _meaning(kind: RejectionKind, clause: str, definition: str, locale: str) -> str:
    """Say to which definition a reason appeals; where to none, against whom it counts."""
    said = "reject.appeals" if definition else f"reject.kind.{kind}"
    return label(locale, said, clause=clause, definition=definition)
