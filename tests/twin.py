"""A second company in each store of the tests, with the same Slack ids: no test may change a row of it."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Column, ColumnElement, Engine, RowMapping, Table, insert, make_url, true
from sqlmodel import SQLModel

import bot.models  # noqa: F401  (fills the metadata)

TEAM = "T0TWIN"
NEVER = datetime(2999, 1, 1, tzinfo=UTC)
QUIET: Mapping[str, Mapping[str, Any]] = {
    "workspace": {"team_id": TEAM, "tenant": TEAM, "look_at": None},
    "agreement": {"next_daily_at": None, "next_digest_at": None, "look_at": None},
    "clock": {"look_at": None},
    "person": {"refreshed_at": NEVER},
}
"""By table, what keeps the jobs from finding anything to do for it, whatever the time of a test."""

Stored = Mapping[str, Sequence[tuple[Any, ...]]]
"""Rows as the database has them, by table."""


def move_in(engine: Engine, folder: Path) -> None:
    """Put the twin into a store in which nobody is yet; it lives its days in another, in a folder."""
    from tests.slack import full_days  # Brings the bot and its Slack, and tests of rules do without.

    rows = full_days.lived(folder)
    last = {name: max((row.get("id", 0) for row in of), default=0) for name, of in rows.items()}
    with engine.begin() as connection:
        for table in SQLModel.metadata.sorted_tables:
            if of := rows[table.name]:
                connection.execute(insert(table), [_as_twin(table, row, last) for row in of])


def _as_twin(table: Table, row: RowMapping, last: Mapping[str, int]) -> dict[str, Any]:
    """Move the ids of a row down to 0 and less: those of the test's own then begin with 1."""
    of = _ids(table)
    moved: dict[str, Any] = {name: row[name] - last[of[name]] for name in of if row[name] is not None}
    if "mark" in row:  # of what is known by the mark of the other store, nothing is true in this one
        moved["mark"] = row["mark"] + 1
    if table.name == "event" and isinstance(row["data"].get("duty"), int):
        moved["data"] = {**row["data"], "duty": row["data"]["duty"] - last["duty"]}
    return {**row, **moved, **QUIET.get(table.name, {})}


def ours(model: Any) -> ColumnElement[bool]:
    """Say of the rows of a model, or a table, that they are not the twin's."""
    columns = getattr(model, "__table__", model).c
    of_whom: Any = columns.get("workspace_id", columns.get("id"))
    return true() if of_whom is None else of_whom > 0


def rows_of(url: str) -> Stored:
    """Read all that a store has of the twin, and all that refers to it."""
    with _opened(url) as connection:
        return {
            table.name: sorted(connection.execute(_own(table)).fetchall(), key=repr)
            for table in SQLModel.metadata.sorted_tables
            if _ids(table)
        }


def _opened(url: str) -> AbstractContextManager[Any]:
    store = make_url(url)
    if store.get_backend_name() == "sqlite":
        return closing(sqlite3.connect(str(store.database)))
    return psycopg.connect(store.set(drivername="postgresql").render_as_string(hide_password=False))


@cache
def _own(table: Table) -> str:
    of_twin = " OR ".join(f"{name} <= 0" for name in _ids(table))
    return f"SELECT * FROM {table.name} WHERE {of_twin}"


@cache
def _ids(table: Table) -> Mapping[str, str]:
    """Name the columns that hold ids of rows, each with the table of those."""
    return {column.name: of for column in table.c if (of := _table_of(column))}


def _table_of(column: Column[Any]) -> str | None:
    if column.name == "id":
        return str(column.table.name)
    return next((key.column.table.name for key in column.foreign_keys), None)
