"""Which ✅ the ledger knows on each open card, and what to do where Slack shows others."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from bot.models import Event, Handoff, Notice
from bot.services import take
from bot.services.agreements import Agreed
from sla_rules.kinds import ActKind, Side

TAKE = "white_check_mark"
BY_HAND = (ActKind.TAKEN, ActKind.STOOD_BY)


@dataclass(frozen=True, slots=True)
class Card:
    """An open card, the parties who may act on it, and whose ✅ stands in the ledger."""

    workspace_id: int
    agreement_id: int
    handoff_id: int
    channel_id: str
    ts: str
    reactors: frozenset[str]


def name_of(reaction: str) -> str:
    """Give a reaction's plain name, without a skin tone."""
    return reaction.partition("::")[0]


def open_cards(session: Session) -> list[Card]:
    """List the cards on which leads are undecided or held by a reaction."""
    rows = session.execute(
        select(Handoff, col(Notice.channel_id), col(Notice.ts))
        .join(
            Notice,
            (col(Notice.workspace_id) == col(Handoff.workspace_id))
            & (col(Notice.subject_id) == col(Handoff.id))
            & (col(Notice.kind) == "card"),
        )
        .where(col(Handoff.undecided) > 0, col(Notice.ts).is_not(None))
    ).all()
    return [
        Card(
            handoff.workspace_id,
            handoff.agreement_id,
            handoff.id or 0,
            channel_id or "",
            ts or "",
            _reactors(session, handoff),
        )
        for handoff, channel_id, ts in rows
    ]


def _reactors(session: Session, handoff: Handoff) -> frozenset[str]:
    events = session.scalars(
        select(Event).where(
            col(Event.workspace_id) == handoff.workspace_id, col(Event.handoff_id) == handoff.id
        )
    ).all()
    undone = {event.undoes for event in events}
    return frozenset(
        event.actor
        for event in events
        if event.actor
        and event.seq not in undone
        and event.kind in BY_HAND
        and event.data.get("via") in take.BY_REACTION
    )


def unlike(card: Card, seen: Collection[str]) -> list[str]:
    """List the people whose ✅ differs between Slack and the ledger."""
    return sorted(card.reactors ^ set(seen))


def make_good(
    session: Session, agreed: Agreed, handoff: Handoff, user: str, *, is_on: bool, now: datetime
) -> Iterable[int]:
    """Do what the missed event would have done; only members of Sales count."""
    if agreed.document.side_of(user) is not Side.SALES:
        return []
    if is_on:
        return take.share(session, agreed, handoff, user=user, at=now, now=now, via=take.REACTION) or []
    return take.undo(session, agreed, handoff, user=user, at=now, now=now, by_reaction=True)
