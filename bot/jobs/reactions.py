"""Make good the reactions that were missed: Slack's on open cards are compared with the ledger's."""

from bot.answers import Ambiguous, Limited, Refused, Unreached
from bot.context import Context
from bot.errors import UserError
from bot.services import agreements, handoffs, reactions
from bot.services.reactions import Card


def run(context: Context) -> int:
    """Compare each open card; what Slack cannot tell now is asked the next time."""
    with context.reading() as session:
        cards = reactions.open_cards(session)
    return sum(_compare(context, card) for card in cards)


def _compare(context: Context, card: Card) -> int:
    try:
        seen = dict(context.gateway.reactions(card.channel_id, card.ts)).get(reactions.TAKE, [])
    except (Refused, Limited, Unreached, Ambiguous):
        return 0
    done = 0
    for user in reactions.unlike(card, seen):
        try:
            with context.transaction() as session:
                agreed = agreements.by_id(session, card.workspace_id, card.agreement_id)
                handoff = handoffs.by_id(session, card.workspace_id, card.handoff_id)
                reactions.make_good(session, agreed, handoff, user, is_on=user in seen, now=context.now())
                done += 1
        except UserError:  # who may not act did nothing; the hint went out with the event, if it came
            continue
    return done
