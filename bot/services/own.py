"""Find a row by its number, in its own workspace alone: one of another workspace does not exist here."""

from collections.abc import Collection
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, bindparam, select
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op
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


def among(model: Any, workspace_id: int, ids: Collection[int | None]) -> ColumnElement[bool]:
    """Say of a row that it is one of these, and of this workspace.

    The plus keeps SQLite from looking through all of the workspace for them.
    """
    of_workspace: ColumnElement[int] = UnaryExpression(model.workspace_id, operator=custom_op("+"))
    return and_(of_workspace == workspace_id, model.id.in_(ids))


@cache
def _own(model: Any) -> Select[Any]:
    return select(model).where(model.id == bindparam("id"), model.workspace_id == bindparam("workspace_id"))
