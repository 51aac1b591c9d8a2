"""Add years of days off to the versions that speak: by an event, never by guessing."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from bot.models import AgreementVersion
from bot.services import agreements, ledger

KNOWN_AHEAD = 2
"""Years that must be known beyond the present one."""


def extend(session: Session, workspace_id: int, now: datetime) -> int:
    """Expand where public holidays are known for too short a time; gives for how many versions."""
    extended = 0
    ours = select(AgreementVersion).where(col(AgreementVersion.workspace_id) == workspace_id)
    for row in session.scalars(ours).all():
        document = agreements.parsed(row.text)
        if document.calendar.holidays is None or int(max(row.days_off)[:4]) >= now.year + KNOWN_AHEAD:
            continue
        added = (day.isoformat() for day in document.expand_days_off(now.date()))
        row.days_off = sorted({*row.days_off, *added})
        session.add(row)
        session.flush()
        agreed = agreements.by_id(session, row.workspace_id, row.agreement_id)
        data = {"version": row.version, "known_until": max(row.days_off)}
        ledger.note_on_agreement(session, agreed, "days_off_added", None, now, data)
        extended += 1
    return extended
