"""Void a handoff: its leads count nowhere; by its author, until Sales has acted."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from bot.errors import UserError
from bot.models import Handoff, KnownLead
from bot.services import ledger, limits, rights
from bot.services.agreements import Agreed
from bot.services.rights import Act
from sla_rules.kinds import ActKind

BY_SALES = {
    ActKind.TAKEN,
    ActKind.REJECTED,
    ActKind.TOUCHED,
    ActKind.OUTCOME,
    ActKind.ASKED,
    ActKind.DISPUTED,
}


def void(session: Session, agreed: Agreed, handoff: Handoff, *, user: str, now: datetime) -> None:
    """Void a handoff; what was taken and given back is no act of Sales any more."""
    rights.require(session, agreed, user, Act.VOID)
    if handoff.author != user:
        raise UserError("not_the_author", author=handoff.author)
    acts = ledger.acts_of(session, handoff)
    undone = {act.undoes for act in acts}
    if any(act.kind in BY_SALES and act.seq not in undone for act in acts):
        raise UserError("sales_acted", handoff=handoff.number)
    ledger.record(session, agreed, handoff, [ledger.NewAct(ActKind.VOIDED, user, now)], now)
    handoff.release_at = None
    session.flush()
    limits.replan(session, agreed, now)
    # Its leads are unknown again: the corrected list may be logged without a question.
    session.execute(
        delete(KnownLead).where(
            col(KnownLead.workspace_id) == handoff.workspace_id, col(KnownLead.handoff_id) == handoff.id
        )
    )
