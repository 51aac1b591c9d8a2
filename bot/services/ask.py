"""Sales asks Marketing about leads: the sales clock pauses, and Marketing's answer is due."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.errors import UserError
from bot.facts.handoffs import QuestionFact
from bot.models import Handoff
from bot.services import handoffs, ledger, notes, notices, rights, work
from bot.services.agreements import Agreed
from bot.services.rights import Act
from sla_rules import fold
from sla_rules.kinds import ActKind, ClockKind


def ask(
    session: Session,
    agreed: Agreed,
    handoff: Handoff,
    *,
    user: str,
    question: str,
    now: datetime,
    numbers: Sequence[int] = (),
) -> int:
    """Ask about the named leads, or about the whole batch; gives the number of the act."""
    rights.require(session, agreed, user, Act.ASK)
    question = notes.required(question, "question_missing", "question")
    state = ledger.read(session, agreed, handoff, now)
    if missing := sorted(set(numbers) - state.leads.keys()):
        raise UserError("no_such_leads", field="numbers", numbers=missing, handoff=handoff.number)
    if not state.waiting():
        raise UserError("nothing_open_in", handoff=handoff.number)
    seq = ledger.next_seq(session, handoff)
    act = ledger.NewAct(ActKind.ASKED, user, now, sorted(set(numbers)))
    ledger.record(session, agreed, handoff, [act], now)
    notes.keep(session, handoff, seq, question, "question")
    if not handoff.is_trial:
        notices.post(
            session,
            agreed,
            key=key_of(handoff, seq),
            kind="question",
            subject_id=handoff.id,
            about={"seq": seq},
            thread_key=f"card:{handoff.id}",
            now=now,
        )
    _redraw(session, agreed, handoff, state, now)
    return seq


def answer(
    session: Session, agreed: Agreed, handoff: Handoff, *, user: str, question: int, text: str, now: datetime
) -> None:
    """Answer a question; the sales clock goes on, unless another question still holds it."""
    rights.require(session, agreed, user, Act.ANSWER)
    text = notes.required(text, "answer_missing", "answer")
    state = ledger.read(session, agreed, handoff, now)
    if question not in state.questions:
        raise UserError("answered_already", handoff=handoff.number)
    seq = ledger.next_seq(session, handoff)
    act = ledger.NewAct(ActKind.ANSWERED, user, now, (), {"question": question})
    ledger.record(session, agreed, handoff, [act], now)
    notes.keep(session, handoff, seq, text, "answer")
    notices.bump(session, agreed.workspace_id, key_of(handoff, question), now)
    _redraw(session, agreed, handoff, state, now)


def key_of(handoff: Handoff, seq: int) -> str:
    """Name the message of a question."""
    return f"question:{handoff.id}:{seq}"


def open_in(session: Session, agreed: Agreed, handoff: Handoff, now: datetime) -> list[int]:
    """List the questions of a handoff that wait for an answer, the oldest first."""
    return sorted(ledger.read(session, agreed, handoff, now).questions)


def fact(session: Session, agreed: Agreed, handoff_id: int, seq: int, now: datetime) -> QuestionFact:
    """Say what was asked, of whom, until when, and what was answered."""
    handoff = handoffs.by_id(session, agreed.workspace_id, handoff_id)
    acts = ledger.acts_of(session, handoff)
    asked = next(act for act in acts if act.seq == seq)
    answered = next(
        (act for act in acts if act.kind is ActKind.ANSWERED and act.data.get("question") == seq), None
    )
    running = [
        clock
        for clock in fold.fold(acts, agreed.history, ledger.epoch(now)).clocks
        if clock.kind is ClockKind.ANSWER and -seq in clock.waiting
    ]
    answers = notes.of(session, agreed.workspace_id, handoff_id, "answer")
    return QuestionFact(
        handoff_id=handoff_id,
        number=handoff.number,
        seq=seq,
        asked_by=asked.actor or "",
        of=handoff.author,
        numbers=asked.leads,
        question=notes.of(session, agreed.workspace_id, handoff_id, "question").get(seq, ""),
        due_at=ledger.instant(running[0].due_at) if running else None,
        answered_by=answered.actor if answered else None,
        answer=answers.get(answered.seq, "") if answered else "",
        clause=agreed.document.clause_of(f"clocks.{ClockKind.ANSWER}") or "",
    )


def _redraw(session: Session, agreed: Agreed, handoff: Handoff, state: fold.Handoff, now: datetime) -> None:
    """Keep the lists of all true whose leads pause or go on."""
    owners = {lead.owner for lead in state.leads.values() if lead.owner}
    work.refresh_all(session, agreed, handoff, owners, now)
