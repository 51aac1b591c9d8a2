"""The workspaces that have Baton."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, select
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from bot.errors import UserError
from bot.models import Workspace, table_of

LOCAL = "local"
"""The workspace of what comes by the command line alone."""


def all_of_them(session: Session) -> Sequence[int]:
    """List every workspace, `local` too."""
    return session.scalars(select(table_of(Workspace).c.id)).all()


def active(session: Session) -> Sequence[Workspace]:
    """List the workspaces that Slack knows and that are served."""
    return session.scalars(
        select(Workspace).where(col(Workspace.state) == "active", col(Workspace.team_id) != LOCAL)
    ).all()


def serves(workspace_id: Mapped[int]) -> ColumnElement[bool]:
    """Say of a row, by its workspace, that this is served: what a job looks for is done for no other."""
    rows = table_of(Workspace).c
    return workspace_id.in_(select(rows.id).where(rows.state == "active"))


def by_team(session: Session, team_id: str) -> int:
    """Give the id of a team's workspace, which is served. Raises UserError."""
    found = session.scalar(_by_team(), {"team_id": team_id})
    if found is None:
        raise UserError("unknown_workspace")
    return found


@cache
def _by_team() -> Select[int]:
    rows = table_of(Workspace).c
    return select(rows.id).where(rows.team_id == bindparam("team_id"), rows.state == "active")


def served(session: Session, team_id: str) -> Row[Any] | None:
    """Read who the bot is in a team, as id, team_id, bot_id, bot_user_id; None where it is not served."""
    return session.execute(_served(), {"team_id": team_id}).first()


@cache
def _served() -> Select[Any]:
    rows = table_of(Workspace).c
    fields = (rows.id, rows.team_id, rows.bot_id, rows.bot_user_id)
    return select(*fields).where(rows.team_id == bindparam("team_id"), rows.state == "active")


def remember(
    session: Session,
    team_id: str,
    name: str,
    bot_user_id: str,
    now: datetime,
    *,
    bot_id: str = "",
    tenant: str = "",
    admin: str = "",
) -> Workspace:
    """Keep a workspace, with a key of its own for the hashes of known leads; one that had left is back."""
    row = session.scalar(select(Workspace).where(col(Workspace.team_id) == team_id))
    if row is None:
        row = Workspace(team_id=team_id, hash_key=secrets.token_bytes(32), created_at=now)
    row.name, row.bot_user_id, row.bot_id = name or row.name, bot_user_id, bot_id
    row.tenant, row.admin = tenant, row.admin or admin
    row.state, row.left_at = "active", None
    session.add(row)
    session.flush()
    return row
