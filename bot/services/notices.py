"""Say that something is to be told: one notice is one message in Slack for its whole life."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Insert, Select, Update, bindparam, case, func, or_, select, update
from sqlmodel import Session, col

from bot.database import upsert
from bot.models import Away, Notice, table_of
from bot.services.agreements import Agreed

OVER = ("dead", "superseded")
DMS_A_DAY = 2
NUDGED_SINCE = timedelta(days=7)
"""Older nudges are history; nobody looks at them any more."""
PACE = "pace"
PACED_SINCE = timedelta(days=93)
"""No longer than a period lasts is a message on its pace of use."""
IN_FLIGHT = ("sending", "uncertain")


def want(
    session: Session,
    *,
    workspace_id: int,
    key: str,
    kind: str,
    place: str,
    now: datetime,
    person: str | None = None,
    agreement_id: int | None = None,
    subject_id: int | None = None,
    thread_key: str | None = None,
    about: Mapping[str, Any] | None = None,
    counts: bool = False,
    not_before: datetime | None = None,
) -> None:
    """Ask for a message under this key; where it is there already, ask for it to be made true again.

    What was superseded or dead before it was ever posted is tried anew. `not_before` moves what is owed
    already only to an earlier instant, so that what gathers, or is edited often, does not put itself off.
    """
    row = {
        "workspace_id": workspace_id,
        "agreement_id": agreement_id,
        "key": key,
        "kind": kind,
        "place": place,
        "person": person,
        "subject_id": subject_id,
        "thread_key": thread_key,
        "about": dict(about or {}),
        "uuid": str(uuid4()),
        "state": "pending",
        "counts": counts,
        "wanted": 1,
        "shown": 0,
        "attempts": 0,
        "is_plain": False,
        "fence": 0,
        "not_before": not_before or now,
        "created_at": now,
    }
    session.execute(_wanting(tells_about=about is not None), row)


def tell(
    session: Session,
    agreed: Agreed,
    person: str,
    *,
    key: str,
    kind: str,
    now: datetime,
    subject_id: int | None = None,
    about: Mapping[str, Any] | None = None,
    counts: bool = False,
    not_before: datetime | None = None,
) -> None:
    """Ask for a DM to one person on behalf of an agreement."""
    want(
        session,
        workspace_id=agreed.workspace_id,
        agreement_id=agreed.id,
        key=key,
        kind=kind,
        place=person,
        person=person,
        subject_id=subject_id,
        about=about,
        counts=counts,
        not_before=not_before,
        now=now,
    )


def post(
    session: Session,
    agreed: Agreed,
    *,
    key: str,
    kind: str,
    now: datetime,
    subject_id: int | None = None,
    about: Mapping[str, Any] | None = None,
    thread_key: str | None = None,
) -> None:
    """Ask for a message in an agreement's channel, if it has one."""
    if agreed.row.channel_id:
        want(
            session,
            workspace_id=agreed.workspace_id,
            agreement_id=agreed.id,
            key=key,
            kind=kind,
            place=agreed.row.channel_id,
            subject_id=subject_id,
            about=about,
            thread_key=thread_key,
            now=now,
        )


def bump(session: Session, workspace_id: int, key: str, now: datetime) -> None:
    """Ask for a message to be made true again, if there is one; what was superseded stays so."""
    bump_all(session, workspace_id, [key], now)


def bump_all(session: Session, workspace_id: int, keys: Sequence[str], now: datetime) -> None:
    """Ask for several messages, at least one, to be made true again."""
    session.flush()
    rows = [{"b_workspace": workspace_id, "b_key": key, "b_now": now} for key in keys]
    session.connection().execute(_bumping(), rows)


def bump_nudges(session: Session, workspace_id: int, people: Collection[str], now: datetime) -> None:
    """Ask for the last days' DMs on clocks to these people, and to who covers, to be made true again."""
    covers = select(col(Away.cover)).where(
        col(Away.workspace_id) == workspace_id, col(Away.user_id).in_(people), col(Away.until_at) > now
    )
    shown = (
        update(Notice)
        .where(
            col(Notice.workspace_id) == workspace_id,
            col(Notice.person).in_(people) | col(Notice.person).in_(covers),
            col(Notice.kind).in_(("nudge", "roundup")),
            col(Notice.state) == "shown",
            col(Notice.created_at) > now - NUDGED_SINCE,
        )
        .values(wanted=col(Notice.wanted) + 1, not_before=now)
    )
    session.execute(shown)


def bump_pace(session: Session, workspace_id: int, lead: str, now: datetime) -> None:
    """Ask for what Marketing's lead was told of the pace of running periods to be made true again."""
    session.connection().execute(
        _bumping_pace(),
        {"b_workspace": workspace_id, "b_lead": lead, "b_now": now, "b_since": now - PACED_SINCE},
    )


@cache
def _bumping_pace() -> Update:
    rows = table_of(Notice)
    return (
        update(rows)
        .where(
            rows.c.workspace_id == bindparam("b_workspace"),
            rows.c.person == bindparam("b_lead"),
            rows.c.kind == PACE,
            *(rows.c.state != over for over in OVER),
            rows.c.created_at > bindparam("b_since"),
        )
        .values(wanted=rows.c.wanted + 1, not_before=bindparam("b_now", type_=rows.c.not_before.type))
    )


def bump_threads(session: Session, workspace_id: int, handoff_id: int, now: datetime) -> None:
    """Ask for what the thread of a handoff's card says of its clocks to be made true again."""
    prefix = thread_prefix(handoff_id)
    shown = update(Notice).where(
        col(Notice.workspace_id) == workspace_id,
        col(Notice.key) >= prefix,
        col(Notice.key) < prefix + ";",  # digits and times are below it: a range of the index on keys
        col(Notice.state) == "shown",
        col(Notice.created_at) > now - NUDGED_SINCE,
    )
    session.execute(shown.values(wanted=col(Notice.wanted) + 1, not_before=now))


def thread_prefix(handoff_id: int) -> str:
    """Begin the key of what is posted in the thread of a handoff's card."""
    return f"thread:{handoff_id}:"


def daily_key(agreement_id: int, day: date) -> str:
    """Name the daily progress of a day."""
    return f"daily:{agreement_id}:{day}"


def bump_daily(session: Session, workspace_id: int, agreement_id: int, day: date, now: datetime) -> None:
    """Ask for the day's progress to be made true again, if it is posted already."""
    bump(session, workspace_id, daily_key(agreement_id, day), now)


def has_room(session: Session, workspace_id: int, person: str, since: datetime) -> bool:
    """Say whether somebody may get one more message today besides those on hand-raisers."""
    asked = {"workspace_id": workspace_id, "person": person, "since": since}
    return (session.scalar(_counting(), asked) or 0) < DMS_A_DAY


@cache
def _counting() -> Select[int]:
    rows = table_of(Notice).c
    return select(func.count()).where(
        rows.workspace_id == bindparam("workspace_id"),
        rows.person == bindparam("person"),
        rows.created_at >= bindparam("since"),
        rows.counts.is_(True),
        rows.state != "superseded",
    )


def exists(session: Session, workspace_id: int, key: str) -> bool:
    """Say whether a message was ever asked for under this key."""
    here = (col(Notice.workspace_id) == workspace_id) & (col(Notice.key) == key)
    return session.scalar(select(col(Notice.id)).where(here)) is not None


def supersede(session: Session, workspace_id: int, key: str, reason: str) -> None:
    """Give up a message that was not posted yet: something newer says it."""
    waiting = col(Notice.state).in_(("pending", "parked")) & col(Notice.ts).is_(None)
    session.execute(_one(workspace_id, key).where(waiting).values(state="superseded", error=reason))


def _one(workspace_id: int, key: str) -> Any:
    return update(Notice).where(col(Notice.workspace_id) == workspace_id, col(Notice.key) == key)


# ---- statements of the hot path, built once


@cache
def _wanting(*, tells_about: bool) -> Insert:
    def changes(new: Any) -> dict[str, Any]:
        again = _wanted_again(new.not_before, OVER)
        return {**again, "about": new.about} if tells_about else again

    return upsert(table_of(Notice), ("workspace_id", "key"), changes)


@cache
def _bumping() -> Update:
    rows = table_of(Notice)
    changes = _wanted_again(bindparam("b_now", type_=rows.c.not_before.type), ("dead",))
    here = (rows.c.workspace_id == bindparam("b_workspace")) & (rows.c.key == bindparam("b_key"))
    return update(rows).where(here).values(changes)


def _wanted_again(not_before: ColumnElement[Any], reopened: tuple[str, ...]) -> dict[str, Any]:
    row = table_of(Notice).c
    state, at = row.state, row.not_before
    unposted = row.ts.is_(None)
    return {
        "wanted": row.wanted + 1,
        "state": case(
            (_is_among(state, reopened) & unposted, "pending"),
            (state == "dead", "shown"),
            else_=state,
        ),
        "attempts": case((_is_among(state, reopened), 0), else_=row.attempts),
        # A post whose answer was lost waits until Slack has settled, whatever is wanted meanwhile.
        "not_before": case(
            (_is_among(state, IN_FLIGHT), at),
            ((row.shown < row.wanted) & (at < not_before), at),
            else_=not_before,
        ),
    }


def _is_among(state: ColumnElement[str], states: Sequence[str]) -> ColumnElement[bool]:
    # IN is written out anew for each execution, and cannot be for many rows at once.
    return or_(*(state == one for one in states))
