"""What absence asks of people: an offer when Slack's status says leave, one summary when they are back."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.facts.people import BackFact, LeaveFact
from bot.models import Away, Clock, Event, Lead
from bot.services import notices, own, people
from bot.services.agreements import Agreed
from sla_rules.kinds import ActKind, LeadState

EMOJI = frozenset({":palm_tree:", ":face_with_thermometer:"})
"""Of the statuses that Slack offers by itself: vacationing and out sick."""
WORDS = re.compile(
    r"\b(vacation|holidays?|on leave|parental leave|out of office|ooo|out sick|sick leave"
    r"|urlaub|elternzeit|krank|en vacances|en congé|de vacaciones|de baja)\b",
    re.IGNORECASE,
)
WORKED = (LeadState.TAKEN, LeadState.TOUCHED)
REMEMBERED = timedelta(days=30)
"""Who came back longer ago than that needs no summary any more."""


def says_leave(profile: Mapping[str, Any]) -> bool:
    """Say whether a status on Slack is one of somebody who does not work."""
    text = str(profile.get("status_text") or "")
    return profile.get("status_emoji") in EMOJI or WORDS.search(text) is not None


def offer(session: Session, workspace_id: int, user: str, profile: Mapping[str, Any], now: datetime) -> None:
    """Ask a rep whose status says leave whether somebody is to cover; once a day at most."""
    if not says_leave(profile) or people.is_away(session, workspace_id, user, now):
        return
    works_in = people.works_in(session, workspace_id, user)
    if not works_in:
        return
    agreed = works_in[0]
    start_at, _ = agreed.calendar.day_bounds(agreed.today(now))
    key = f"leave:{user}:{agreed.today(now)}"
    if notices.exists(session, workspace_id, key) or not notices.has_room(
        session, workspace_id, user, start_at
    ):
        return
    notices.tell(
        session,
        agreed,
        user,
        key=key,
        kind="leave",
        about={"until": int(profile.get("status_expiration") or 0)},
        counts=True,
        now=now,
        not_before=now if agreed.calendar.is_open(now) else agreed.calendar.next_open(now),
    )


def offered(
    session: Session, agreed: Agreed, user: str, about: Mapping[str, Any], now: datetime
) -> LeaveFact:
    """Say what waits on somebody who seems to leave, and whether they have said so by now."""
    until = about.get("until") or 0
    return LeaveFact(
        user_id=user,
        untouched=_count(session, agreed, user, (LeadState.TAKEN,)),
        until_at=datetime.fromtimestamp(until, UTC) if until else None,
        is_away=people.is_away(session, agreed.workspace_id, user, now) is not None,
    )


# ---- back again


def welcome(session: Session, agreed: Agreed, now: datetime) -> datetime | None:
    """Leave one summary, in working hours, to each rep whose absence is over; say when the next one is."""
    rows = session.scalars(
        select(Away).where(
            col(Away.workspace_id) == agreed.workspace_id,
            col(Away.until_at) > now - REMEMBERED,
            col(Away.user_id).in_(people.reps(agreed)),
            col(Away.is_ended).is_(False),
        )
    ).all()
    over = [row for row in rows if row.until_at <= now]
    following = [row.until_at for row in rows if row.until_at > now]
    unsaid = [row for row in over if not notices.exists(session, agreed.workspace_id, _key(agreed, row))]
    if unsaid and not agreed.calendar.is_open(now):
        return min([agreed.calendar.next_open(now), *following])
    for row in unsaid:
        if people.is_away(session, agreed.workspace_id, row.user_id, now) is None:
            _welcome(session, agreed, row, now)
    return min(following, default=None)


def _welcome(session: Session, agreed: Agreed, row: Away, now: datetime) -> None:
    notices.tell(
        session,
        agreed,
        row.user_id,
        key=_key(agreed, row),
        kind="back",
        subject_id=row.id,
        counts=True,
        now=now,
    )


def _key(agreed: Agreed, row: Away) -> str:
    return f"back:{agreed.id}:{row.id}"


def back(session: Session, agreed: Agreed, away_id: int) -> BackFact:
    """Say what happened to somebody's leads while they were away, and what waits for them."""
    row = own.one(session, Away, agreed.workspace_id, away_id)
    acts = session.execute(
        select(col(Event.leads), col(Event.data)).where(
            col(Event.workspace_id) == agreed.workspace_id,
            col(Event.agreement_id) == agreed.id,
            col(Event.kind) == ActKind.MOVED,
            col(Event.actor) == row.user_id,
            col(Event.happened_at) >= row.from_at,
            col(Event.happened_at) <= row.until_at,
        )
    ).all()
    moved = [(len(leads), data["to"]) for leads, data in acts if data.get("why") == "away"]
    heirs = {to for _, to in moved}
    first_due = session.scalar(
        select(func.min(col(Clock.due_at))).where(
            col(Clock.workspace_id) == agreed.workspace_id,
            col(Clock.agreement_id) == agreed.id,
            col(Clock.owner) == row.user_id,
            col(Clock.waiting) > 0,
        )
    )
    return BackFact(
        user_id=row.user_id,
        heir=heirs.pop() if len(heirs) == 1 else None,
        moved=sum(count for count, _ in moved),
        mine=_count(session, agreed, row.user_id, WORKED),
        first_due_at=first_due,
    )


def _count(session: Session, agreed: Agreed, user: str, states: tuple[LeadState, ...]) -> int:
    query = select(func.count()).where(
        col(Lead.workspace_id) == agreed.workspace_id,
        col(Lead.agreement_id) == agreed.id,
        col(Lead.owner) == user,
        col(Lead.state).in_(states),
        col(Lead.outcome).is_(None),
    )
    return session.scalar(query) or 0
