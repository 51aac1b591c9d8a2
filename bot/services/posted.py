"""What follows when a message has appeared in Slack: a card's appearance opens Sales' clocks."""

from datetime import datetime

from sqlmodel import Session

from bot.models import Notice
from bot.services import agreements, handoffs, ledger, people
from sla_rules.kinds import ActKind


def card_appeared(session: Session, notice: Notice, at: datetime) -> None:
    """Record that a handoff's card can be seen, and who has the duty at that moment."""
    if notice.kind != "card" or notice.subject_id is None or notice.agreement_id is None:
        return
    agreed = agreements.by_id(session, notice.workspace_id, notice.agreement_id)
    handoff = handoffs.by_id(session, notice.workspace_id, notice.subject_id)
    at = max(at, handoff.handed_over_at)
    duty = people.duty_rep(session, agreed, at)
    act = ledger.NewAct(ActKind.POSTED, None, at, (), {"duty": duty, "ts": notice.ts})
    ledger.record(session, agreed, handoff, [act], at)
