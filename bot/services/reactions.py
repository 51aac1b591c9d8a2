"""Which ✅ the ledger knows on each open card, and what to do where Slack shows others."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlmodel import Session, col

from bot.models import Event, Handoff, Lead, Notice
from bot.services import take, workspaces
from bot.services.agreements import Agreed
from sla_rules.kinds import ActKind, LeadState, Side

TAKE = "white_check_mark"
JUST_AFTER = timedelta(seconds=1)
BY_HAND = (ActKind.TAKEN, ActKind.STOOD_BY)


@dataclass(frozen=True, slots=True)
class Card:
    """An open card, the parties who may act on it, and whose ✅ stands in the ledger."""

    workspace_id: int
    agreement_id: int
    handoff_id: int
    notice_id: int
    channel_id: str
    ts: str
    reactors: frozenset[str]
    same_since: datetime
    """The last look at its reactions or the later last change of the handoff: what is found came after."""
    looked_at: str
    """The last look in ISO form; empty before the first."""


def name_of(reaction: str) -> str:
    """Give a reaction's plain name, without a skin tone."""
    return reaction.partition("::")[0]


def open_cards(session: Session) -> list[Card]:
    """List the cards on which leads are undecided, or taken and may still be given back.

    They come by workspace, and of each workspace the one first that was not looked at for longest.
    """
    is_given_back = exists().where(
        col(Lead.workspace_id) == col(Handoff.workspace_id),
        col(Lead.handoff_id) == col(Handoff.id),
        col(Lead.state) == LeadState.TAKEN,
    )
    rows = session.execute(
        select(Handoff, Notice)
        .join(
            Notice,
            (col(Notice.workspace_id) == col(Handoff.workspace_id))
            & (col(Notice.subject_id) == col(Handoff.id))
            & (col(Notice.kind) == "card"),
        )
        .where(
            workspaces.serves(col(Handoff.workspace_id)),
            col(Handoff.state) == "open",
            col(Notice.ts).is_not(None),
            (col(Handoff.undecided) > 0) | is_given_back,
        )
    ).all()
    cards = [_card(session, handoff, notice) for handoff, notice in rows]
    return sorted(cards, key=lambda card: (card.workspace_id, card.looked_at))


def _card(session: Session, handoff: Handoff, notice: Notice) -> Card:
    looked_at = notice.about.get("looked_at")
    return Card(
        handoff.workspace_id,
        handoff.agreement_id,
        handoff.id or 0,
        notice.id or 0,
        notice.channel_id or "",
        notice.ts or "",
        _reactors(session, handoff),
        max(handoff.folded_until, datetime.fromisoformat(looked_at) if looked_at else handoff.folded_until),
        looked_at or "",
    )


def looked(session: Session, cards: Iterable[Card], now: datetime) -> None:
    """Remember when the reactions of these cards were last seen."""
    seen = list(cards)
    theirs = (
        col(Notice.workspace_id).in_({card.workspace_id for card in seen}),
        col(Notice.id).in_([card.notice_id for card in seen]),
    )
    session.execute(update(Notice).where(*theirs).values(about={"looked_at": now.isoformat()}))


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
    session: Session,
    agreed: Agreed,
    handoff: Handoff,
    user: str,
    *,
    is_on: bool,
    since: datetime,
    now: datetime,
) -> Iterable[int]:
    """Do what the missed event would have done, as early as it can have been; only members of Sales count."""
    if agreed.side_of(user) is not Side.SALES or is_on == (user in _reactors(session, handoff)):
        return []
    at = min(since + JUST_AFTER, now)
    if is_on:
        found = take.FOUND
        return take.share(session, agreed, handoff, user=user, at=at, now=now, via=found) or []
    return take.undo(session, agreed, handoff, user=user, at=at, now=now, by_reaction=True)
