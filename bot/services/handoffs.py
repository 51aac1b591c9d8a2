"""Find handoffs, and say how they stand."""

from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, func, literal_column, select, true
from sqlmodel import Session, col

from bot.errors import UserError
from bot.facts.handoffs import HandoffFact
from bot.models import Clock, Handoff, Notice, table_of
from bot.services import agreements, own
from bot.services.agreements import Agreed
from bot.services.known import known

LISTED = 20


def by_id(session: Session, workspace_id: int, handoff_id: int) -> Handoff:
    """Read a handoff of this workspace; one of another workspace does not exist here."""
    handoff = own.find(session, Handoff, workspace_id, handoff_id)
    if handoff is None:
        raise UserError("no_such_handoff")
    return handoff


def by_number(session: Session, workspace_id: int, number: int) -> Handoff:
    """Read a handoff by the number people call it by."""
    handoff = session.scalar(
        select(Handoff).where(col(Handoff.workspace_id) == workspace_id, col(Handoff.number) == number)
    )
    if handoff is None:
        raise UserError("no_such_handoff", number=number)
    return handoff


def to_act_on(session: Session, handoff: Handoff) -> tuple[Agreed, Handoff]:
    """Give a handoff with its agreement, unless it was voided."""
    if handoff.state == "voided":
        raise UserError("handoff_voided", handoff=handoff.number)
    return agreements.by_id(session, handoff.workspace_id, handoff.agreement_id), handoff


def of_card(session: Session, workspace_id: int, channel_id: str, ts: str) -> Handoff | None:
    """Find the handoff whose card this message is."""
    handoff_id = session.scalar(
        select(col(Notice.subject_id)).where(
            col(Notice.workspace_id) == workspace_id,
            col(Notice.place) == channel_id,
            col(Notice.ts) == ts,
            col(Notice.kind) == "card",
        )
    )
    return None if handoff_id is None else by_id(session, workspace_id, handoff_id)


def open_ones(session: Session, agreed: Agreed, author: str | None = None) -> list[HandoffFact]:
    """List the newest handoffs on which somebody has a move: all, or those of one marketer."""
    of_author = col(Handoff.author) == author if author else true()
    rows = session.scalars(
        select(Handoff)
        .where(_is_open(agreed), of_author)
        .order_by(col(Handoff.handed_over_at).desc())
        .limit(LISTED)
    ).all()
    waiting = session.execute(
        select(col(Clock.handoff_id), func.min(col(Clock.due_at)))
        .where(
            col(Clock.workspace_id) == agreed.workspace_id,
            col(Clock.handoff_id).in_([row.id for row in rows]),
            col(Clock.waiting) > literal_column("0"),
        )
        .group_by(col(Clock.handoff_id))
    )
    due: dict[int, datetime | None] = {row[0]: row[1] for row in waiting}
    return [_fact(row, due.get(row.id or 0)) for row in rows]


def count_open(session: Session, agreed: Agreed) -> int:
    """Count the handoffs on which somebody has a move."""
    own = {"workspace_id": agreed.workspace_id, "agreement_id": agreed.id}
    return known(session, agreed.mark, "open", lambda: session.scalar(_counting_open(), own) or 0)


@cache
def _counting_open() -> Select[int]:
    rows = table_of(Handoff).c
    return select(func.count()).where(
        rows.workspace_id == bindparam("workspace_id"),
        rows.agreement_id == bindparam("agreement_id"),
        rows.waiting > literal_column("0"),  # as the partial index has it
    )


def _is_open(agreed: Agreed) -> ColumnElement[bool]:
    return (
        (col(Handoff.workspace_id) == agreed.workspace_id)
        & (col(Handoff.agreement_id) == agreed.id)
        & (col(Handoff.waiting) > literal_column("0"))  # as the partial index has it
    )


def _fact(row: Handoff, next_due_at: datetime | None) -> HandoffFact:
    return HandoffFact(
        number=row.number,
        count=row.count,
        source=row.source,
        campaign=row.campaign,
        state=row.state,
        undecided=row.undecided,
        waiting=row.waiting,
        handed_over_at=row.handed_over_at,
        next_due_at=next_due_at,
        is_trial=row.is_trial,
    )
