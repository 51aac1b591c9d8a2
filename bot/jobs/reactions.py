"""Make good the reactions that were missed: Slack's on open cards are compared with the ledger's."""

from itertools import groupby

from bot.answers import Ambiguous, Limited, Refused, Unreached
from bot.context import Context
from bot.errors import UserError
from bot.services import agreements, handoffs, reactions
from bot.services.reactions import Card


def run(context: Context) -> int:
    """Compare each open card; what Slack cannot tell now is asked the next time."""
    with context.reading() as session:
        cards = reactions.open_cards(session)
    of_workspaces = groupby(cards, lambda card: card.workspace_id)
    return sum(_compare(context.at(workspace_id), list(theirs)) for workspace_id, theirs in of_workspaces)


def _compare(context: Context, cards: list[Card]) -> int:
    """Compare the cards of one workspace, those first that were not seen for longest."""
    looked_at, done, seen = context.now(), 0, []
    for card in cards:
        try:
            found = dict(context.gateway.reactions(card.channel_id, card.ts))
        except Refused:
            continue
        except (Limited, Unreached, Ambiguous):
            break  # Slack is tired of us, or out of reach: the rest comes first the next time
        seen.append(card)
        done += _make_good(context, card, found.get(reactions.TAKE, []))
    if seen:
        with context.transaction() as session:
            reactions.looked(session, seen, looked_at)
    return done


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
