"""The button that hands three practice leads over, after `/sla setup` and under `/sla help`."""

from collections import Counter

from bot.context import Context
from bot.facts.said import Message
from bot.messages import done, told
from bot.messages import setup as message
from bot.services import agreements, practice
from bot.services.log import Batch, LeadInput
from bot.slack.request import Asked
from sla_rules.kinds import Tier

TIERS = (Tier.A, Tier.B, Tier.B)


def press(context: Context, asked: Asked) -> Message | None:
    """Log them; the modal that had the button says what to try now."""
    with context.transaction() as session:
        agreed = agreements.by_id(session, asked.workspace(session), asked.id())
        locale = agreed.row.locale
        names = message.practice(locale, len(TIERS))
        leads = [LeadInput(tier, name) for tier, name in zip(TIERS, names.leads, strict=True)]
        batch = Batch(names.source, Counter(TIERS), names.campaign, leads=leads)
        handoff = practice.begin(
            session, agreed, batch, author=asked.user_id, now=context.now(), delivery=asked.key
        )
        said = done.message("practice", locale, handoff=handoff.number, channel=agreed.row.channel_id)
    if not asked.views:
        return said
    context.gateway.update_view(asked.views[0], told.modal(said, locale))
    return None
