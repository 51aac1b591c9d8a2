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
    looked_at = context.now()
    seen = [(card, users) for card in cards if (users := _look(context, card)) is not None]
    done = sum(_make_good(context, card, users) for card, users in seen)
    if seen:
        with context.transaction() as session:
            reactions.looked(session, [card for card, _ in seen], looked_at)
    return done


def _look(context: Context, card: Card) -> list[str] | None:
    """List who has ✅ on a card; None while that cannot be said."""
    try:
        return dict(context.gateway.reactions(card.channel_id, card.ts)).get(reactions.TAKE, [])
    except (Refused, Limited, Unreached, Ambiguous):
        return None


def _make_good(context: Context, card: Card, seen: list[str]) -> int:
    done = 0
    for user in reactions.unlike(card, seen):
        try:
            with context.transaction() as session:
                agreed = agreements.by_id(session, card.workspace_id, card.agreement_id)
                handoff = handoffs.by_id(session, card.workspace_id, card.handoff_id)
                is_on, now = user in seen, context.now()
                reactions.make_good(
                    session, agreed, handoff, user, is_on=is_on, since=card.same_since, now=now
                )
                done += 1
        except UserError:  # who may not act did nothing; the hint went out with the event, if it came
            continue
    return done
