"""Say that something is to be told: one notice is one message in Slack for its whole life."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, case, func, literal, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, col

from bot.models import Notice

OVER = ("dead", "superseded")
NUDGED_SINCE = timedelta(days=7)
"""Older nudges are history; nobody looks at them any more."""
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
    row = insert(Notice).values(
        workspace_id=workspace_id,
        agreement_id=agreement_id,
        key=key,
        kind=kind,
        place=place,
        person=person,
        subject_id=subject_id,
        thread_key=thread_key,
        about=dict(about or {}),
        uuid=str(uuid4()),
        state="pending",
        counts=counts,
        wanted=1,
        shown=0,
        attempts=0,
        is_plain=False,
        fence=0,
        not_before=not_before or now,
        created_at=now,
    )
    changes = _wanted_again(row.excluded.not_before, OVER)
    if about is not None:
        changes["about"] = row.excluded.about
    session.execute(row.on_conflict_do_update(index_elements=["workspace_id", "key"], set_=changes))


def bump(session: Session, workspace_id: int, key: str, now: datetime) -> None:
    """Ask for a message to be made true again, if there is one; what was superseded stays so."""
    changes = _wanted_again(literal(now, Notice.__table__.c.not_before.type), ("dead",))  # type: ignore[attr-defined]
    session.execute(_one(workspace_id, key).values(changes))


def bump_nudges(session: Session, workspace_id: int, people: Collection[str], now: datetime) -> None:
    """Ask for the last days' nudges to these people to be made true again: what was done asks for nothing."""
    shown = (
        update(Notice)
        .where(
            col(Notice.workspace_id) == workspace_id,
            col(Notice.person).in_(people),
            col(Notice.kind) == "nudge",
            col(Notice.state) == "shown",
            col(Notice.created_at) > now - NUDGED_SINCE,
        )
        .values(wanted=col(Notice.wanted) + 1, not_before=now)
    )
    session.execute(shown)


def supersede(session: Session, workspace_id: int, key: str, reason: str) -> None:
    """Give up a message that was not posted yet: something newer says it."""
    waiting = col(Notice.state).in_(("pending", "parked")) & col(Notice.ts).is_(None)
    session.execute(_one(workspace_id, key).where(waiting).values(state="superseded", error=reason))


def _one(workspace_id: int, key: str) -> Any:
    return update(Notice).where(col(Notice.workspace_id) == workspace_id, col(Notice.key) == key)


def _wanted_again(not_before: ColumnElement[Any], reopened: tuple[str, ...]) -> dict[str, Any]:
    state, at = col(Notice.state), col(Notice.not_before)
    unposted = col(Notice.ts).is_(None)
    return {
        "wanted": col(Notice.wanted) + 1,
        "state": case(
            (state.in_(reopened) & unposted, "pending"),
            (state == "dead", "shown"),
            else_=state,
        ),
        "attempts": case((state.in_(reopened), 0), else_=col(Notice.attempts)),
        # A post whose answer was lost waits until Slack has settled, whatever is wanted meanwhile.
        "not_before": case(
            (state.in_(IN_FLIGHT), at),
            (col(Notice.shown) < col(Notice.wanted), func.min(at, not_before)),
            else_=not_before,
        ),
    }
