"""The same rows by sqlite3 alone: what changed in a store is read once, and written again without us."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Rows = dict[tuple[Any, ...], dict[str, Any]]
KEYS = {
    "workspace": ("id",),
    "handoff": ("id",),
    "lead": ("workspace_id", "handoff_id", "n"),
    "event": ("id",),
    "clock": ("id",),
    "delivery": ("workspace_id", "key"),
    "notice": ("workspace_id", "key"),
    "tally": ("workspace_id", "agreement_id", "by", "value", "measure", "day"),
}


def read(connection: sqlite3.Connection, table: str, where: str = "1", *values: object) -> Rows:
    """Read a table, or a part of it, by its key."""
    found = connection.execute(f"SELECT * FROM {table} WHERE {where}", values)
    return {tuple(row[name] for name in KEYS[table]): dict(row) for row in found}


def changed(before: Rows, after: Rows) -> list[dict[str, Any]]:
    """List the rows that are new or not what they were."""
    return [row for key, row in after.items() if before.get(key) != row]


class Writes:
    """Rows of several tables, and the statements that write them in one transaction."""

    def __init__(self, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        self.parts = [
            (table, _upsert(table, rows[0]), [tuple(row.values()) for row in rows])
            for table, rows in tables.items()
            if rows
        ]

    def count(self) -> int:
        return sum(len(rows) for _, _, rows in self.parts)

    def write(self, connection: sqlite3.Connection) -> None:
        """Write all of them; on disk when this returns."""
        connection.execute("BEGIN IMMEDIATE")
        for _, statement, rows in self.parts:
            connection.executemany(statement, rows)
        connection.execute("COMMIT")


def _upsert(table: str, row: Iterable[str]) -> str:
    names = [f'"{name}"' for name in row]
    rest = [name for name in names if name.strip('"') not in KEYS[table]]
    places = ", ".join("?" * len(names))
    sets = ", ".join(f"{name} = excluded.{name}" for name in rest)
    keys = ", ".join(f'"{name}"' for name in KEYS[table])
    into = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})"
    return f"{into} ON CONFLICT ({keys}) DO UPDATE SET {sets}"
