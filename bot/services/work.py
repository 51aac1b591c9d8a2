"""The leads a rep works: the list in the rep's DM, one message a day."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, literal_column, select, true
from sqlmodel import Session, col

from bot.facts.handoffs import LeadFact, WorkFact
from bot.models import Clock, Handoff, Lead, LeadDetail, Note, Notice
from bot.services import notices, own
from bot.services.agreements import Agreed
from sla_rules.kinds import ClockKind, LeadState, Tier

MINE: Sequence[ColumnElement[str]] = [
    literal_column(f"'{state}'") for state in (LeadState.OPEN, LeadState.TAKEN, LeadState.TOUCHED)
]
LISTED = 100


def refresh(session: Session, agreed: Agreed, handoff: Handoff, user: str, now: datetime) -> None:
    """Keep the rep's list of an agreement true: a new one on a day with newly taken leads, else the latest.

    Where two messages went out today already the latest is edited too; somebody's first list always comes.
    """
    start_at, _ = agreed.calendar.day_bounds(agreed.today(now))
    latest = _latest(session, agreed, user)
    today = f"work:{agreed.id}:{user}:{agreed.today(now)}"
    takes_today = session.scalar(
        select(func.count())
        .select_from(Lead)
        .where(
            col(Lead.workspace_id) == agreed.workspace_id,
            col(Lead.owner) == user,
            col(Lead.state) == LeadState.TAKEN,
            col(Lead.handoff_id) == handoff.id,
            col(Lead.taken_at) >= start_at,
        )
    )
    has_room = latest is None or notices.has_room(session, agreed.workspace_id, user, start_at)
    if takes_today and latest != today and has_room:
        notices.tell(
            session,
            agreed,
            user,
            key=today,
            kind="work",
            counts=True,
            now=now,
        )
    if latest is not None:
        notices.bump(session, agreed.workspace_id, latest, now)


def refresh_all(
    session: Session, agreed: Agreed, handoff: Handoff, users: Iterable[str], now: datetime
) -> None:
    """Keep the lists of several reps true."""
    for user in sorted(users):
        refresh(session, agreed, handoff, user, now)


def _latest(session: Session, agreed: Agreed, user: str) -> str | None:
    return session.scalar(
        select(col(Notice.key))
        .where(
            col(Notice.workspace_id) == agreed.workspace_id,
            col(Notice.person) == user,
            col(Notice.kind) == "work",
            col(Notice.agreement_id) == agreed.id,
        )
        .order_by(col(Notice.created_at).desc(), col(Notice.id).desc())
        .limit(1)
    )


def is_latest(session: Session, agreed: Agreed, user: str, key: str) -> bool:
    """Say whether this is the list that is kept; an older one points to it."""
    return _latest(session, agreed, user) == key


def batches(session: Session, agreed: Agreed, user: str, now: datetime) -> list[WorkFact]:
    """List what a rep works in an agreement, a batch for each handoff, the earliest due first."""
    leads: dict[int, list[LeadFact]] = {}
    for fact in lead_facts(session, agreed.workspace_id, user, now, agreed.id):
        leads.setdefault(fact.handoff_id, []).append(fact)
    found = [
        _batch(session, agreed.workspace_id, user, handoff_id, tuple(mine), now)
        for handoff_id, mine in leads.items()
    ]
    return sorted(found, key=lambda batch: (batch.due_at is None, batch.due_at, batch.number))


def _batch(
    session: Session,
    workspace_id: int,
    user: str,
    handoff_id: int,
    leads: tuple[LeadFact, ...],
    now: datetime,
) -> WorkFact:
    handoff = own.one(session, Handoff, workspace_id, handoff_id)
    texts = texts_of(session, workspace_id, handoff_id)
    due = [lead.due_at for lead in leads if lead.due_at is not None and lead.state == LeadState.TAKEN]
    return WorkFact(
        user_id=user,
        handoff_id=handoff_id,
        number=handoff.number,
        source=handoff.source,
        campaign=handoff.campaign,
        leads=leads,
        link=texts.get("link", ""),
        note=texts.get("note", ""),
        due_at=min(due, default=None),
        now=now,
    )


def texts_of(session: Session, workspace_id: int, handoff_id: int) -> dict[str, str]:
    """Read the note and the link that came with a handoff."""
    rows = session.execute(
        select(col(Note.kind), col(Note.text)).where(
            col(Note.workspace_id) == workspace_id, col(Note.handoff_id) == handoff_id, col(Note.seq) == 1
        )
    )
    return {row[0]: row[1] for row in rows}


def lead_facts(
    session: Session,
    workspace_id: int,
    user: str,
    now: datetime,
    agreement_id: int | None = None,
    limit: int = LISTED,
) -> list[LeadFact]:
    """List the leads that somebody took and has not closed, with names: for that person's eyes alone.

    Of one agreement, or of all.
    """
    due = _due_times(session, workspace_id, user)
    rows = session.execute(
        select(Lead, LeadDetail, col(Handoff.number))
        .join(Handoff, col(Handoff.id) == col(Lead.handoff_id))
        .outerjoin(
            LeadDetail,
            (col(LeadDetail.workspace_id) == col(Lead.workspace_id))
            & (col(LeadDetail.handoff_id) == col(Lead.handoff_id))
            & (col(LeadDetail.n) == col(Lead.n)),
        )
        .where(
            col(Lead.workspace_id) == workspace_id,
            col(Lead.owner) == user,
            col(Lead.state).in_(MINE),  # as the partial index has it
            col(Handoff.state) == "open",
            (col(Lead.agreement_id) == agreement_id) if agreement_id is not None else true(),
        )
        .order_by(col(Lead.tier), col(Lead.taken_at), col(Lead.handoff_id), col(Lead.n))
        .limit(limit)
    )
    return [_lead_fact(lead, detail, number, due, now) for lead, detail, number in rows]


def _due_times(
    session: Session, workspace_id: int, user: str
) -> dict[tuple[int, str | None], datetime | None]:
    rows = session.execute(
        select(col(Clock.handoff_id), col(Clock.tier), func.min(col(Clock.due_at)))
        .where(
            col(Clock.workspace_id) == workspace_id,
            col(Clock.owner) == user,
            col(Clock.kind) == ClockKind.FIRST_TOUCH,
            col(Clock.waiting) > literal_column("0"),  # as the partial index has it
        )
        .group_by(col(Clock.handoff_id), col(Clock.tier))
    )
    return {(handoff_id, tier): due_at for handoff_id, tier, due_at in rows}


def _lead_fact(
    lead: Lead,
    detail: LeadDetail | None,
    number: int,
    due: dict[tuple[int, str | None], datetime | None],
    now: datetime,
) -> LeadFact:
    due_at = due.get((lead.handoff_id, lead.tier)) if lead.state == LeadState.TAKEN else None
    return LeadFact(
        handoff_id=lead.handoff_id,
        number=number,
        n=lead.n,
        tier=Tier(lead.tier),
        state=lead.state,
        name=detail.name if detail else "",
        company=detail.company if detail else "",
        email=detail.email if detail else "",
        link=detail.link if detail else "",
        score=detail.score if detail else "",
        due_at=due_at,
        is_late=due_at is not None and due_at < now,
        touched_at=lead.touched_at,
        attempts=lead.attempts or 0,
        outcome=lead.outcome,
        agreement_id=lead.agreement_id,
    )
