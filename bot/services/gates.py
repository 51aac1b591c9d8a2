"""When a channel, a method or a workspace may be used again; kept, so that a restart does not forget it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, case, select, update
from sqlmodel import Session, col

from bot.models import Gate, Notice

Gates = Mapping[tuple[int, str], Row[Any]]
"""(workspace, name): open_at, blocked_by."""

WORKSPACE = "workspace"
UPDATE = "method:chat.update"
PUBLISH = "method:views.publish"
HISTORY = "method:conversations.history"

POST_SPACING = timedelta(seconds=1.05)
"""Slack takes one message a second in a channel; a little more, for what the way there adds."""
PACES = {UPDATE: (timedelta(seconds=60 / 36), 8), PUBLISH: (timedelta(seconds=60 / 80), 10)}
"""Method: (spacing, how many may run ahead of it). In no minute more than 45 edits, 91 Homes."""
PROBE = timedelta(hours=1)


def gate_of(notice: Any) -> str:
    """Name the gate through which this notice's next call goes."""
    if notice.state == "uncertain":
        return HISTORY
    if notice.kind == "home":
        return PUBLISH
    return UPDATE if notice.ts else str(notice.place)


def read(session: Session, *where: Any) -> Gates:
    """Read the gates that meet these conditions."""
    query = select(col(Gate.workspace_id), col(Gate.name), col(Gate.open_at), col(Gate.blocked_by)).where(
        *where
    )
    return {(row.workspace_id, row.name): row for row in session.execute(query)}


def blocked_by(session: Session, workspace_id: int, name: str) -> str | None:
    """Give the code of the refusal that keeps a gate closed until somebody mends it."""
    gate = session.get(Gate, (workspace_id, name))
    return gate.blocked_by if gate else None


def free_at(gates: Gates, notice: Any) -> datetime | None:
    """Say from when all the gates that this notice has to pass are open; None where none was ever closed."""
    names = (WORKSPACE, gate_of(notice))
    passing = [gates[key] for name in names if (key := (notice.workspace_id, name)) in gates]
    place = gates.get((notice.workspace_id, notice.place))
    if place and place.blocked_by and notice.kind != "home":
        passing.append(place)
    return max((gate.open_at for gate in passing), default=None)


def pass_through(session: Session, workspace_id: int, name: str, now: datetime) -> None:
    """Note a call, so that the next one keeps its distance."""
    spacing, ahead = PACES.get(name, (POST_SPACING, 0))
    gate = session.get(Gate, (workspace_id, name))
    earliest = now - spacing * ahead
    if gate is None:
        session.add(Gate(workspace_id=workspace_id, name=name, open_at=earliest + spacing))
    else:
        gate.open_at = max(gate.open_at, earliest) + spacing


def close(
    session: Session, workspace_id: int, name: str, until: datetime, blocked_by: str | None = None
) -> None:
    """Keep a gate closed until an instant; `blocked_by` is the code of a refusal that somebody must mend."""
    gate = session.get(Gate, (workspace_id, name))
    if gate is None:
        session.add(Gate(workspace_id=workspace_id, name=name, open_at=until, blocked_by=blocked_by))
    else:
        gate.open_at = max(gate.open_at, until)
        gate.blocked_by = blocked_by


def unblock(session: Session, workspace_id: int, name: str, now: datetime) -> None:
    """Let a place be tried again, with the notices parked for it: hourly, or when we hear it is mended."""
    gate = session.get(Gate, (workspace_id, name))
    if gate is not None:
        gate.blocked_by, gate.open_at = None, now
    parked = (col(Notice.workspace_id) == workspace_id) & (col(Notice.place) == name)
    session.execute(
        update(Notice)
        .where(parked, col(Notice.state) == "parked")
        .values(state=case((col(Notice.ts).is_(None), "pending"), else_="shown"))
    )


def to_probe(session: Session, now: datetime) -> list[tuple[int, str]]:
    """List the gates that were blocked an hour ago: unblocked, the next call finds out if it was mended."""
    return list(read(session, col(Gate.blocked_by).is_not(None), col(Gate.open_at) <= now))
