"""Refuse leads for a reason of the agreement."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.errors import UserError
from bot.models import Handoff
from bot.services import ledger, notes, rejections, rights, work
from bot.services.agreements import Agreed
from bot.services.rights import Act
from sla_rules.kinds import ActKind, LeadState, RejectionKind

EXPLAIN_ABOVE = 0.2
"""Quality refusals of more than this share of a batch name the leads or carry a note (product section 3)."""


def reject(
    session: Session,
    agreed: Agreed,
    handoff: Handoff,
    *,
    user: str,
    reason: str,
    now: datetime,
    numbers: Sequence[int] = (),
    note: str = "",
) -> list[int]:
    """Refuse the named leads, or all that nobody decided; gives their numbers."""
    rights.require(session, agreed, user, Act.REJECT)
    known = agreed.document.rejection_reasons
    if reason not in known:
        raise UserError("unknown_reason", field="reason", reason=reason, reasons=list(known))
    kind = known[reason].kind
    if agreed.document.needs_note(reason) and not note:
        raise UserError("note_needed", field="note", reason=reason)
    state = ledger.read(session, agreed, handoff, now)
    open_to_me = {
        lead.n
        for lead in state.leads.values()
        if lead.state is LeadState.OPEN
        or (lead.state in (LeadState.TAKEN, LeadState.TOUCHED) and lead.owner == user)
    }
    chosen = sorted(set(numbers)) or [lead.n for lead in state.undecided()]
    if not chosen:
        raise UserError("nothing_left", handoff=handoff.number)
    if missing := sorted(set(chosen) - open_to_me):
        raise UserError("not_yours_to_reject", field="numbers", numbers=missing, handoff=handoff.number)
    if (
        kind is RejectionKind.QUALITY
        and len(chosen) > EXPLAIN_ABOVE * handoff.count
        and not (numbers or note)
    ):
        raise UserError("explain_refusals", field="note", count=len(chosen), of=handoff.count)
    data = {
        "reason": reason,
        "kind": kind.value,
        "clause": agreed.document.clause_of(f"rejection_reasons.{reason}"),
    }
    seq = ledger.next_seq(session, handoff)
    ledger.record(session, agreed, handoff, [ledger.NewAct(ActKind.REJECTED, user, now, chosen, data)], now)
    if note:
        notes.keep(session, handoff, seq, note)
    rejections.tell(session, agreed, handoff, seq, now)
    work.refresh(session, agreed, handoff, user, now)
    return chosen
