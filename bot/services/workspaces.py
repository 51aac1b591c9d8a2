"""The workspaces that have Baton."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, col

from bot.errors import UserError
from bot.models import Workspace, table_of

LOCAL = "local"
"""The workspace of what comes by the command line alone."""


def active(session: Session) -> Sequence[Workspace]:
    """List the workspaces that Slack knows and that are served."""
    return session.scalars(
        select(Workspace).where(col(Workspace.state) == "active", col(Workspace.team_id) != LOCAL)
    ).all()


def by_team(session: Session, team_id: str) -> int:
    """Give the id of a team's workspace."""
    found = session.scalar(_by_team(), {"team_id": team_id})
    if found is None:
        raise UserError("unknown_workspace")
    return found


@cache
def _by_team() -> Select[int]:
    rows = table_of(Workspace).c
    return select(rows.id).where(rows.team_id == bindparam("team_id"))


def remember(session: Session, team_id: str, name: str, bot_user_id: str, now: datetime) -> Workspace:
    """Keep a workspace, with a key of its own for the hashes of known leads."""
    row = session.scalar(select(Workspace).where(col(Workspace.team_id) == team_id))
    if row is None:
        row = Workspace(team_id=team_id, hash_key=secrets.token_bytes(32), created_at=now)
    row.name, row.bot_user_id, row.state = name, bot_user_id, "active"
    session.add(row)
    session.flush()
    return row
