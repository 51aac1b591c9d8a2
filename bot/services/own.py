"""Find a row by its number, in its own workspace alone: one of another workspace does not exist here."""

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, SQLModel

T = TypeVar("T", bound=SQLModel)


def find(session: Session, model: type[T], workspace_id: int, number: int | None) -> T | None:
    """Read a row of this workspace by its id."""
    found: T | None = session.scalar(_own(model), {"workspace_id": workspace_id, "id": number})
    return found


def one(session: Session, model: type[T], workspace_id: int, number: int | None) -> T:
    """Read a row to which a row of this workspace refers."""
    found: T = session.scalars(_own(model), {"workspace_id": workspace_id, "id": number}).one()
    return found


@cache
def _own(model: Any) -> Select[Any]:
    return select(model).where(model.id == bindparam("id"), model.workspace_id == bindparam("workspace_id"))
