"""Dispute a rejection, once and within its time; the two leads settle it, silence upholds it."""

from datetime import datetime

from sqlmodel import Session

from bot.errors import UserError
from bot.facts.handoffs import DisputeFact
from bot.models import Handoff
from bot.services import card, handoffs, ledger, notes, notices, rights
from bot.services.agreements import Agreed
from bot.services.rights import Act
from sla_rules import fold
from sla_rules.kinds import ActKind, LeadState, RejectionKind, Side


def dispute(
    session: Session,
    agreed: Agreed,
    handoff: Handoff,
    *,
    user: str,
    rejection: int,
    because: str,
    now: datetime,
) -> int:
    """Dispute one whole rejection, by the number of its act; gives the number of the dispute."""
    rights.require(session, agreed, user, Act.DISPUTE)
    because = notes.required(because, "dispute_reason_missing", "because")
    state = ledger.read(session, agreed, handoff, now)
    rejected = _act(session, handoff, rejection)
    leads = _disputable(state, rejected)
    if not leads:
        raise UserError("nothing_to_dispute", handoff=handoff.number)
    terms = state.terms(rejected.at)
    if terms is None:
        raise UserError("no_disputes_on_trial", handoff=handoff.number)
    if terms.calendar.elapsed(rejected.at, ledger.epoch(now)) > terms.dispute_within:
        raise UserError("dispute_too_late", within=terms.dispute_within, handoff=handoff.number)
    seq = ledger.next_seq(session, handoff)
    act = ledger.NewAct(ActKind.DISPUTED, user, now, leads, {"rejection": rejection})
    ledger.record(session, agreed, handoff, [act], now)
    notes.keep(session, handoff, seq, because)
    for side in Side:
        lead = agreed.document.party(side).lead
        notices.tell(
            session,
            agreed,
            lead,
            key=f"{key_of(handoff, seq)}:{side}",
            kind="dispute",
            subject_id=handoff.id,
            about={"seq": seq, "side": side.value},
            now=now,
        )
    _told(session, handoff, rejected, now)
    return seq


def settle(session: Session, agreed: Agreed, handoff: Handoff, *, user: str, seq: int, now: datetime) -> bool:
    """Give way in a dispute: Sales' lead gives the leads back, Marketing's lets the rejection stand.

    Gives whether the rejection is upheld.
    """
    side = next((side for side in Side if agreed.document.is_lead(user, side)), None)
    if side is None:
        raise UserError(
            "only_leads_settle", **{side.value: agreed.document.party(side).lead for side in Side}
        )
    rights.require(session, agreed, user, Act.SETTLE)
    state = ledger.read(session, agreed, handoff, now)
    disputed = [n for n in _act(session, handoff, seq).leads if state.leads[n].is_disputed]
    if not disputed:
        raise UserError("settled_already", handoff=handoff.number)
    is_upheld = side is Side.MARKETING
    data = {"upheld": is_upheld, "dispute": seq}
    ledger.record(session, agreed, handoff, [ledger.NewAct(ActKind.SETTLED, user, now, disputed, data)], now)
    for one in Side:
        notices.bump(session, agreed.workspace_id, f"{key_of(handoff, seq)}:{one}", now)
    _told(session, handoff, _act(session, handoff, _act(session, handoff, seq).data["rejection"]), now)
    return is_upheld


def key_of(handoff: Handoff, seq: int) -> str:
    """Name the messages of a dispute, one for each lead."""
    return f"dispute:{handoff.id}:{seq}"


def fact(
    session: Session, agreed: Agreed, handoff_id: int, seq: int, side: Side, now: datetime
) -> DisputeFact:
    """Say what is disputed, why, until when, and how it ended."""
    handoff = handoffs.by_id(session, agreed.workspace_id, handoff_id)
    state = ledger.read(session, agreed, handoff, now)
    disputed = _act(session, handoff, seq)
    rejected = _act(session, handoff, disputed.data["rejection"])
    settled = next((act for act in ledger.acts_of(session, handoff) if act.data.get("dispute") == seq), None)
    said = notes.of(session, agreed.workspace_id, handoff_id)
    leads = [state.leads[n] for n in disputed.leads if n in state.leads]
    return DisputeFact(
        handoff_id=handoff_id,
        number=handoff.number,
        seq=seq,
        side=side,
        disputed_by=disputed.actor or "",
        rejected_by=rejected.actor or "",
        reason=card.label(agreed, rejected.data["reason"]),
        clause=agreed.document.clause_of(f"rejection_reasons.{rejected.data['reason']}") or "",
        leads=len(disputed.leads),
        note=said.get(rejected.seq, ""),
        because=said.get(seq, ""),
        until_at=ledger.instant(next((lead.disputed_until for lead in leads), None)),
        is_open=any(lead.is_disputed for lead in leads),
        settled_by=settled.actor if settled else None,
        is_upheld=settled is None or settled.data["upheld"],
    )


def last_rejection(session: Session, agreed: Agreed, handoff: Handoff, now: datetime) -> int:
    """Find the newest rejection of a handoff that can be disputed. Raises UserError."""
    state = ledger.read(session, agreed, handoff, now)
    found = [act.seq for act in ledger.acts_of(session, handoff) if _disputable(state, act)]
    if not found:
        raise UserError("nothing_to_dispute", handoff=handoff.number)
    return found[-1]


def _act(session: Session, handoff: Handoff, seq: int) -> fold.Act:
    found = next((act for act in ledger.acts_of(session, handoff) if act.seq == seq), None)
    if found is None:
        raise UserError("nothing_to_dispute", handoff=handoff.number)
    return found


def _disputable(state: fold.Handoff, rejected: fold.Act) -> list[int]:
    if rejected.kind is not ActKind.REJECTED:
        return []
    return [
        n
        for n in rejected.leads
        if (lead := state.leads.get(n)) is not None
        and lead.state is LeadState.REJECTED
        and lead.rejection is RejectionKind.QUALITY
        and not lead.was_disputed
    ]


def _told(session: Session, handoff: Handoff, rejected: fold.Act, now: datetime) -> None:
    """Make true what Marketing was told of the rejection."""
    notices.bump(session, handoff.workspace_id, f"rejection:{handoff.id}:{rejected.seq}", now)
