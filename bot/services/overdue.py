"""What is owed, and what is later than it may be: read by whoever watches over Baton."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlmodel import Session, col

from bot.models import Agreement, Gate, Handoff, Notice, Workspace
from bot.services.gates import WORKSPACE
from bot.services.outbox import OWED

LATE = timedelta(minutes=5)
"""After which what is due and not done is overdue."""
UNSURE = timedelta(minutes=10)
"""After which it should be known whether a post landed."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits to be sent, in all workspaces that are served."""

    owed: Mapping[str, int]
    """State of the notice: how many."""
    waiting_since: datetime | None
    """From when the oldest of them could have gone out."""
    ticked_late_since: datetime | None
    """When the clock should have been seen that waits for it longest."""


def queue(session: Session) -> Queue:
    """Read what is owed: rows that are due alone, by the index of those."""
    its_workspace = (col(Workspace.id) == col(Notice.workspace_id)) & _is_active()
    since = func.min(case((~_is_blocked(), col(Notice.not_before))))
    of_state = select(col(Notice.state), func.count(), since).join(Workspace, its_workspace)
    rows = session.execute(of_state.where(OWED).group_by(col(Notice.state))).all()
    looks = select(func.min(col(Workspace.look_at))).where(col(Workspace.state) == "active")
    oldest = min((row[2] for row in rows if row[2] is not None), default=None)
    return Queue({row[0]: row[1] for row in rows}, oldest, session.scalar(looks))


def late(session: Session, now: datetime) -> dict[str, int]:
    """Count what is overdue, by what it is; all are none where Baton keeps up."""
    return {name: session.scalar(query) or 0 for name, query in _queries(now).items()}


def _queries(now: datetime) -> Mapping[str, Select[Any]]:
    by = now - LATE
    unsent = and_(OWED, col(Notice.not_before) <= by, ~_is_blocked())
    uncertain = and_(OWED, col(Notice.state) == "uncertain", col(Notice.first_send_at) <= now - UNSURE)
    posts = or_(col(Agreement.next_daily_at) <= by, col(Agreement.next_digest_at) <= by)
    return {
        "unsent": _count(Notice, unsent),
        "uncertain": _count(Notice, uncertain),
        "posts": _count(Agreement, posts),
        "clocks": select(func.count()).where(_is_active(), col(Workspace.look_at) <= by),
        "agreements": _count(Agreement, col(Agreement.look_at) <= by),
        "releases": _count(Handoff, col(Handoff.release_at) <= by),
    }


def _count(table: type[Notice | Agreement | Handoff], condition: ColumnElement[bool]) -> Select[Any]:
    """Count rows of the workspaces that are served."""
    its_workspace = col(Workspace.id) == col(table.workspace_id)
    counted = select(func.count()).select_from(table).join(Workspace, its_workspace)
    return counted.where(condition, _is_active())


def _is_blocked() -> ColumnElement[bool]:
    """Say of a notice that people have to mend something before it can go out."""
    gates = select(col(Gate.name)).where(
        col(Gate.workspace_id) == col(Notice.workspace_id),
        col(Gate.blocked_by).is_not(None),
        or_(col(Gate.name) == col(Notice.place), col(Gate.name) == WORKSPACE),
    )
    return gates.exists()


def _is_active() -> ColumnElement[bool]:
    return col(Workspace.state) == "active"
