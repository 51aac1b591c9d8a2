"""Know a second delivery of the same input: its key is inserted in the act's own transaction."""

from datetime import datetime
from functools import cache

from sqlalchemy import Row, Select, bindparam, insert, select
from sqlmodel import Session

from bot.models import Delivery, table_of


def find(session: Session, workspace_id: int, key: str) -> Row[tuple[int | None]] | None:
    """Find an earlier delivery of this input, and the number of the handoff it `made`."""
    return session.execute(_earlier(), {"workspace_id": workspace_id, "key": key}).first()


@cache
def _earlier() -> Select[int | None]:
    rows = table_of(Delivery).c
    return select(rows.made).where(
        rows.workspace_id == bindparam("workspace_id"), rows.key == bindparam("key")
    )


def is_new(session: Session, workspace_id: int, key: str, now: datetime) -> bool:
    """Remember a delivery; False when it was acted on before. A refusal rolls this back with the rest."""
    if find(session, workspace_id, key) is not None:
        return False
    remember(session, workspace_id, key, now)
    return True


def remember(
    session: Session, workspace_id: int, key: str, now: datetime, *, made: int | None = None
) -> None:
    """Keep the key of a delivery for ever, and the number of the handoff it made."""
    row = {"workspace_id": workspace_id, "key": key, "received_at": now, "made": made}
    session.execute(insert(table_of(Delivery)), [row])
