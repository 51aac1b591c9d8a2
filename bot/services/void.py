"""Void a handoff: its leads count nowhere; by its author, until Sales has acted."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from bot.models import Handoff, KnownLead
from bot.services import authors, ledger, limits
from bot.services.agreements import Agreed
from bot.services.rights import Act
from sla_rules.kinds import ActKind


def void(session: Session, agreed: Agreed, handoff: Handoff, *, user: str, now: datetime) -> None:
    """Void a handoff."""
    authors.require(session, agreed, handoff, user, Act.VOID)
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
