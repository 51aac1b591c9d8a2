"""Excuse a breach: asked by the side that was late, confirmed by the other, and shown apart."""

from datetime import datetime

from sqlmodel import Session

from bot.errors import UserError
from bot.facts.handoffs import ExcuseFact
from bot.models import Clock, Handoff
from bot.services import handoffs, ledger, moves, notes, notices, rights
from bot.services.agreements import Agreed
from bot.services.rights import Act
from sla_rules import fold
from sla_rules.kinds import ActKind, ClockKind, Side


def late_clock(session: Session, agreed: Agreed, handoff: Handoff, user: str, now: datetime) -> Clock:
    """Find the clock on which somebody was late last and is not excused yet. Raises UserError."""
    state = ledger.read(session, agreed, handoff, now)
    found = next((row for row in moves.of(session, agreed, handoff, user, now) if _late(state, row)), None)
    if found is None:
        raise UserError("nothing_late", handoff=handoff.number)
    return found


def ask(session: Session, agreed: Agreed, clock: Clock, *, user: str, reason: str, now: datetime) -> int:
    """Ask the other side to excuse what was late on a clock; gives the number of the act."""
    side = ClockKind(clock.kind).side
    rights.require(session, agreed, user, Act.EXCUSE, side)
    reason = notes.required(reason, "excuse_reason_missing", "reason")
    handoff = handoffs.by_id(session, agreed.workspace_id, clock.handoff_id)
    state = ledger.read(session, agreed, handoff, now)
    late = _late(state, clock)
    if not late:
        raise UserError("nothing_late", handoff=handoff.number)
    unasked = sorted(set(late) - _asked_before(session, handoff, clock.kind))
    if not unasked:
        raise UserError("excuse_asked_already", handoff=handoff.number)
    seq = ledger.next_seq(session, handoff)
    data = {"clock": clock.kind, "owner": clock.owner}
    ledger.record(
        session, agreed, handoff, [ledger.NewAct(ActKind.EXCUSE_ASKED, user, now, unasked, data)], now
    )
    notes.keep(session, handoff, seq, reason)
    judge = agreed.document.party(other(side)).lead
    notices.tell(
        session,
        agreed,
        judge,
        key=key_of(handoff, seq),
        kind="excuse",
        subject_id=handoff.id,
        about={"seq": seq},
        now=now,
    )
    return seq


def judge(
    session: Session,
    agreed: Agreed,
    handoff: Handoff,
    *,
    user: str,
    seq: int,
    is_granted: bool,
    now: datetime,
) -> None:
    """Confirm or refuse, as a lead or manager of the other side."""
    state = ledger.read(session, agreed, handoff, now)
    if seq not in state.excuses:
        raise UserError("excuse_judged_already", handoff=handoff.number)
    kind, leads = state.excuses[seq]
    judging = agreed.document.party(other(kind.side))
    rights.require(session, agreed, user, Act.JUDGE, other(kind.side))
    if user not in {judging.lead, judging.manager}:
        raise UserError("only_other_lead_excuses", lead=judging.lead)
    data: dict[str, object] = {"asked": seq}
    if is_granted:
        data["clock"] = kind.value
    act = ledger.NewAct(
        ActKind.EXCUSED if is_granted else ActKind.EXCUSE_REFUSED,
        user,
        now,
        leads if is_granted else (),
        data,
    )
    ledger.record(session, agreed, handoff, [act], now)
    notices.bump(session, agreed.workspace_id, key_of(handoff, seq), now)
    asker = _asked(session, handoff, seq).actor or ""
    notices.tell(
        session,
        agreed,
        asker,
        key=f"{key_of(handoff, seq)}:judged",
        kind="excuse_judged",
        subject_id=handoff.id,
        about={"seq": seq},
        counts=True,
        now=now,
    )


def key_of(handoff: Handoff, seq: int) -> str:
    """Name the message in which an excuse is asked."""
    return f"excuse:{handoff.id}:{seq}"


def other(side: Side) -> Side:
    """Give the other party."""
    return Side.MARKETING if side is Side.SALES else Side.SALES


def fact(session: Session, agreed: Agreed, handoff_id: int, seq: int) -> ExcuseFact:
    """Say what is to be excused, why, and what became of it."""
    handoff = handoffs.by_id(session, agreed.workspace_id, handoff_id)
    asked = _asked(session, handoff, seq)
    judged = next(
        (act for act in ledger.acts_of(session, handoff) if act.data.get("asked") == seq and act.seq != seq),
        None,
    )
    kind = ClockKind(asked.data["clock"])
    return ExcuseFact(
        handoff_id=handoff_id,
        number=handoff.number,
        seq=seq,
        asked_by=asked.actor or "",
        side=kind.side,
        kind=kind,
        leads=len(asked.leads),
        reason=notes.of(session, agreed.workspace_id, handoff_id).get(seq, ""),
        clause=agreed.document.clause_of(f"clocks.{kind}") or "",
        judged_by=judged.actor if judged else None,
        is_granted=judged is not None and judged.kind is ActKind.EXCUSED,
    )


def _asked(session: Session, handoff: Handoff, seq: int) -> fold.Act:
    return next(act for act in ledger.acts_of(session, handoff) if act.seq == seq)


def _asked_before(session: Session, handoff: Handoff, kind: str) -> set[int]:
    """List the leads that the other side was asked about, whatever it said: once is enough."""
    acts = ledger.acts_of(session, handoff)
    asked = [act for act in acts if act.kind is ActKind.EXCUSE_ASKED and act.data["clock"] == kind]
    return {n for act in asked for n in act.leads}


def _late(state: fold.Handoff, clock: Clock) -> list[int]:
    """List what counts late by this clock's owner and kind and is not excused yet."""
    found = fold.fates(state)
    return sorted(
        n
        for (kind, n), (fate, owner) in found.items()
        if kind == clock.kind and owner == clock.owner and fate == fold.LATE
    )
