"""The modal that takes a part of a handoff."""

from collections.abc import Mapping, Sequence

from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.inputs import Form
from bot.messages.words import label, say
from sla_rules.kinds import Tier

SUBMIT = "take.submit"


def modal(
    locale: str,
    *,
    number: int,
    undecided: Sequence[tuple[Tier, int]],
    share: int,
    metadata: Mapping[str, object] | None = None,
) -> Block:
    """Ask which leads, or how many, of the undecided ones by tier; `share` is filled in."""
    form = Form("take", locale, {"count": share or None})
    tiers = [blocks.option(label(locale, "take.tier", tier=tier, n=n), tier) for tier, n in undecided if n]
    fields = [
        blocks.section(say(locale, "take.open", number=number, undecided=undecided)),
        *([form.choice("tier", tiers, is_optional=True)] if len(tiers) > 1 else []),
        form.number("count", is_optional=True, low=1, high=10_000),
        form.text("numbers", is_optional=True),
    ]
    return form.modal(fields, metadata)
