"""Who looked at Home today, and how it is kept true for them: first for those whom something is about."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session

from bot.models import Person, table_of
from bot.services import notices
from bot.services.agreements import Agreed

GATHERED = timedelta(seconds=30)
"""What changes for others within this time is one drawing of their Homes."""
FIRST = timedelta(minutes=5)
"""By so much a drawing goes before those that wait at the gate: about a queue of four hundred Homes."""


def key_of(user: str) -> str:
    """Name somebody's Home among the notices."""
    return f"home:{user}"


def follow(session: Session, agreed: Agreed, now: datetime, whose: Collection[str] = ()) -> None:
    """Draw again the Homes of those people of the agreement who looked today: these at once, others soon."""
    start_at, _ = agreed.calendar.day_bounds(agreed.today(now))
    asked = {"workspace_id": agreed.workspace_id, "since": start_at}
    looked = set(session.scalars(_looked(), asked))
    if not looked:
        return
    first = looked.intersection(whose)
    _draw(session, agreed, first, now - FIRST)
    _draw(session, agreed, (looked & agreed.people()) - first, now + GATHERED)


def _draw(session: Session, agreed: Agreed, users: Collection[str], at: datetime) -> None:
    if users:
        notices.bump_all(session, agreed.workspace_id, [key_of(user) for user in sorted(users)], at)


@cache
def _looked() -> Select[str]:
    people = table_of(Person).c
    return select(people.user_id).where(
        people.workspace_id == bindparam("workspace_id"), people.home_opened_at >= bindparam("since")
    )
