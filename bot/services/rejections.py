"""Tell Marketing of a rejection at once: its clause, how many, and some of the leads."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from bot.facts.handoffs import RejectionFact
from bot.models import Handoff, LeadDetail
from bot.services import card, handoffs, ledger, notes, notices
from bot.services.agreements import Agreed
from sla_rules import fold
from sla_rules.kinds import LeadState, RejectionKind

EXAMPLES = 3


def tell(session: Session, agreed: Agreed, handoff: Handoff, seq: int, now: datetime) -> None:
    """Leave the message to who handed the leads over; a trial is nobody's failure."""
    if handoff.is_trial or handoff.is_imported:
        return
    notices.tell(
        session,
        agreed,
        handoff.author,
        key=key_of(handoff, seq),
        kind="rejection",
        subject_id=handoff.id,
        about={"seq": seq},
        now=now,
    )


def key_of(handoff: Handoff, seq: int) -> str:
    """Name the message about a rejection."""
    return f"rejection:{handoff.id}:{seq}"


def fact(session: Session, agreed: Agreed, handoff_id: int, seq: int, now: datetime) -> RejectionFact | None:
    """Say what was refused and why, and how it stands; None where it was taken back."""
    handoff = handoffs.by_id(session, agreed.workspace_id, handoff_id)
    state = ledger.read(session, agreed, handoff, now)
    rejected = next(act for act in ledger.acts_of(session, handoff) if act.seq == seq)
    leads = [state.leads[n] for n in rejected.leads if n in state.leads]
    refused = [lead for lead in leads if lead.refused_by]
    if not refused:
        return None
    document, reason = agreed.document, rejected.data["reason"]
    known = document.rejection_reasons.get(reason)
    kind = RejectionKind(rejected.data["kind"])
    standing = _standing(refused)
    return RejectionFact(
        handoff_id=handoff_id,
        number=handoff.number,
        seq=seq,
        by=rejected.actor or "",
        reason=card.label(agreed, reason),
        kind=kind,
        clause=document.clause_of(f"rejection_reasons.{reason}") or "",
        appeals_to=document.definitions.words(known.appeals_to) if known and known.appeals_to else "",
        count=len(refused),
        of=handoff.count,
        note=notes.of(session, agreed.workspace_id, handoff_id).get(seq, ""),
        examples=_examples(session, handoff, rejected.leads),
        dispute_until=_until(state, rejected, now)
        if (kind, standing) == (RejectionKind.QUALITY, "stands")
        else None,
        state=standing,
    )


def _standing(leads: list[fold.Lead]) -> str:
    if any(lead.is_disputed for lead in leads):
        return "disputed"
    if not any(lead.was_disputed for lead in leads):
        return "stands"
    return "upheld" if any(lead.state is LeadState.REJECTED for lead in leads) else "given_back"


def _until(state: fold.Handoff, rejected: fold.Act, now: datetime) -> datetime | None:
    terms = state.terms(rejected.at)
    until = terms and terms.calendar.breaks_at(rejected.at, terms.dispute_within)
    return ledger.instant(until) if until and until > ledger.epoch(now) else None


def _examples(session: Session, handoff: Handoff, numbers: tuple[int, ...]) -> list[str]:
    shown = numbers[:EXAMPLES]
    rows = session.scalars(
        select(LeadDetail).where(
            col(LeadDetail.workspace_id) == handoff.workspace_id,
            col(LeadDetail.handoff_id) == handoff.id,
            col(LeadDetail.n).in_(shown),
        )
    )
    names = {row.n: ", ".join(filter(None, (row.name, row.company))) for row in rows}
    return [f"{n} {names[n]}".strip() for n in shown if names.get(n)]
