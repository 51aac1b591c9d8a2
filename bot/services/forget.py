"""Delete a workspace with its ledger: the one exception to "nothing is erased"."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Table, delete, select, tuple_, update
from sqlmodel import Session, SQLModel, col

from bot.models import Installation, Workspace

PIECE = 500
"""Rows deleted in one transaction, so that nobody waits long."""
GONE = "gone:"
"""Stands before the id of a team that is being deleted: should it come back meanwhile, it begins anew."""


def part_with(session: Session, before: datetime) -> Sequence[int]:
    """Give up the workspaces that left before an instant; lists them with those whose deletion was begun."""
    due = (col(Workspace.left_at) <= before, col(Workspace.state).in_(("left", "stopped", "withdrawn")))
    session.execute(
        update(Workspace)
        .where(*due)
        .values(state="leaving", team_id=GONE + col(Workspace.team_id), tenant=GONE + col(Workspace.tenant))
    )
    return [
        found
        for found in session.scalars(select(col(Workspace.id)).where(col(Workspace.state) == "leaving"))
        if found is not None
    ]


def piece(session: Session, workspace_id: int) -> int:
    """Delete some rows of a workspace; gives how many, and 0 when nothing of it is left."""
    for table in _tables():
        if deleted := _some_of(session, table, workspace_id):
            return deleted
    return _itself(session, workspace_id)


def _tables() -> Iterator[Table]:
    """List the tables of which rows belong to a workspace, those that refer to others first."""
    return (table for table in reversed(SQLModel.metadata.sorted_tables) if "workspace_id" in table.c)


def _some_of(session: Session, table: Table, workspace_id: int) -> int:
    key = tuple_(*table.primary_key.columns)
    own = table.c.workspace_id == workspace_id
    some = select(*table.primary_key.columns).where(own).limit(PIECE)
    return int(session.connection().execute(delete(table).where(own, key.in_(some))).rowcount)


def _itself(session: Session, workspace_id: int) -> int:
    row = session.get(Workspace, workspace_id)
    if row is None:
        return 0
    tenant, team_id = row.tenant.removeprefix(GONE), row.team_id.removeprefix(GONE)
    session.delete(row)
    if tenant == team_id:
        # A token that was dead and stayed; one of a later installation serves the team under another row.
        _dead_token(session, tenant)
    return 1


def _dead_token(session: Session, tenant: str) -> None:
    is_used = select(col(Workspace.id)).where(col(Workspace.tenant) == tenant).exists()
    session.execute(delete(Installation).where(col(Installation.tenant) == tenant, ~is_used))
