"""Which agreement speaks, what it says, and who signs it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, String, bindparam, select, type_coerce
from sqlmodel import Session, col

from bot import models
from bot.errors import UserError
from bot.models import AgreementVersion
from sla_rules.agreement import Agreement
from sla_rules.fold import History
from sla_rules.kinds import Side
from sla_rules.terms import Terms
from sla_rules.working_time import WorkingTime


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreement as it speaks now: its row, its text, its calendar, the terms of every signed version."""

    row: models.Agreement
    document: Agreement
    calendar: WorkingTime
    history: History
    """Empty while nothing is signed: then no clock runs."""

    @property
    def id(self) -> int:
        return self.row.id or 0

    @property
    def workspace_id(self) -> int:
        return self.row.workspace_id

    @property
    def is_trial(self) -> bool:
        return not self.history

    def today(self, now: datetime) -> date:
        """Give the local day of an instant in the agreement's zone."""
        return self.calendar.local_date(now)

    def terms(self) -> Terms | None:
        """Give the terms in force."""
        return self.history[-1][1] if self.history else None


def by_id(session: Session, workspace_id: int, agreement_id: int) -> Agreed:
    """Read one agreement of this workspace."""
    found = next((agreed for agreed in all_of(session, workspace_id) if agreed.id == agreement_id), None)
    if found is None:
        raise UserError("no_such_agreement")
    return found


def all_of(session: Session, workspace_id: int) -> list[Agreed]:
    """Read the agreements of a workspace, in the order in which they were made."""
    rows = session.execute(_with_texts(), {"workspace_id": workspace_id}).all()
    by_agreement = groupby(rows, key=lambda row: row.Agreement.id)
    return [_agreed(list(texts)) for _, texts in by_agreement]


def spoken_of(session: Session, workspace_id: int, channel_id: str | None) -> Agreed:
    """Find the agreement of this channel, else the only one there is."""
    found = all_of(session, workspace_id)
    here = [agreed for agreed in found if channel_id and agreed.row.channel_id == channel_id]
    if len(here or found) == 1:
        return (here or found)[0]
    if not found:
        raise UserError("no_agreement")
    raise UserError(
        "which_agreement", channels=[agreed.row.channel_id for agreed in found if agreed.row.channel_id]
    )


def locale_of(session: Session, workspace_id: int, channel_id: str | None = None) -> str:
    """Say in which language to answer where no agreement is at hand."""
    query = select(col(models.Agreement.locale)).where(col(models.Agreement.workspace_id) == workspace_id)
    in_channel = (
        session.scalar(query.where(col(models.Agreement.channel_id) == channel_id)) if channel_id else None
    )
    return in_channel or session.scalar(query.limit(1)) or "en"


def versions(session: Session, agreement_id: int, workspace_id: int) -> Sequence[AgreementVersion]:
    """Read all versions, oldest first."""
    return session.scalars(
        select(AgreementVersion)
        .where(
            col(AgreementVersion.workspace_id) == workspace_id,
            col(AgreementVersion.agreement_id) == agreement_id,
        )
        .order_by(col(AgreementVersion.version))
    ).all()


def _agreed(texts: Sequence[Row[Any]]) -> Agreed:
    row = texts[0].Agreement
    spoken = next(version for version in texts if version.version == row.version)
    history = tuple(
        (int(version.in_force_at.timestamp()), _terms(version.text, version.days_off, version.version))
        for version in texts
        if version.in_force_at is not None
    )
    return Agreed(row, parsed(spoken.text), _calendar(spoken.text, spoken.days_off), history)


@cache
def _with_texts() -> Select[Any]:
    texts = models.table_of(AgreementVersion).c
    return (
        select(
            models.Agreement,
            texts.version,
            texts.text,
            # Read as the text they are: the calendar that comes of it is made once.
            type_coerce(texts.days_off, String).label("days_off"),
            texts.in_force_at,
        )
        .join(AgreementVersion, texts.agreement_id == col(models.Agreement.id))
        .where(col(models.Agreement.workspace_id) == bindparam("workspace_id"))
        .order_by(col(models.Agreement.id), texts.version)
    )


@lru_cache(maxsize=1024)
def parsed(text: str) -> Agreement:
    """Read once a text that was checked when it was proposed."""
    return Agreement.signed(text)


@lru_cache(maxsize=1024)
def _calendar(text: str, days_off: str) -> WorkingTime:
    return parsed(text).calendar_with(_days(days_off))


@lru_cache(maxsize=1024)
def _terms(text: str, days_off: str, version: int) -> Terms:
    return parsed(text).terms(version, _days(days_off))


def _days(days_off: str) -> list[date]:
    return [date.fromisoformat(day) for day in json.loads(days_off)]


def require_side(agreed: Agreed, user_id: str, side: Side) -> None:
    """Refuse whoever does not belong to this side, naming whom to ask."""
    if agreed.document.side_of(user_id) is not side:
        lead = agreed.document.party(side).lead
        raise UserError(f"not_in_{side}", lead=lead, agreement=agreed.document.name)
