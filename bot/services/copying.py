"""All rows of a store, copied into another and compared, whichever databases the two are in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Row, Table, func, insert, inspect, select
from sqlmodel import SQLModel

PIECE = 1000
"""Rows read and written at a time."""
SUM_BYTES = 16

Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Content:
    """What a table holds, in whatever order: how many rows, and the sum of their hashes."""

    rows: int = 0
    sum: int = 0

    def with_rows(self, rows: Sequence[Row[Any]]) -> "Content":
        """Give the content with these rows too."""
        return Content(self.rows + len(rows), (self.sum + sum(map(_hash, rows))) % (1 << 8 * SUM_BYTES))


def _hash(row: Row[Any]) -> int:
    written = repr(tuple(row)).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(written, digest_size=SUM_BYTES).digest())


def count(connection: Connection) -> dict[str, int]:
    """Count the rows of each table that is there."""
    there = [table for table in _tables() if inspect(connection).has_table(table.name)]
    rows = {table.name: select(func.count()).select_from(table) for table in there}
    return {name: connection.scalar(query) or 0 for name, query in rows.items()}


def copy(source: Connection, target: Connection, progress: Progress) -> dict[str, Content]:
    """Copy all rows into the same tables, which are empty; gives what was read, by table."""
    copied = {}
    for table in _tables():
        content = Content()
        for rows in _pieces(source, table):
            target.execute(insert(table), [dict(row._mapping) for row in rows])  # noqa: SLF001  (its public name)
            content = content.with_rows(rows)
            progress(len(rows))
        copied[table.name] = content
    if target.dialect.name == "postgresql":
        _count_on(target)
    return copied


def contents(connection: Connection, progress: Progress) -> dict[str, Content]:
    """Read what each table holds."""
    found = {}
    for table in _tables():
        content = Content()
        for rows in _pieces(connection, table):
            content = content.with_rows(rows)
            progress(len(rows))
        found[table.name] = content
    return found


def empty(connection: Connection) -> None:
    """Delete all rows."""
    for table in reversed(_tables()):
        connection.execute(table.delete())


def _tables() -> list[Table]:
    """List all tables, those that others refer to first."""
    return SQLModel.metadata.sorted_tables


def _pieces(connection: Connection, table: Table) -> Iterator[Sequence[Row[Any]]]:
    with connection.execution_options(yield_per=PIECE).execute(select(table)) as rows:
        yield from rows.partitions()


def _count_on(target: Connection) -> None:
    """Let PostgreSQL number new rows after those that came with their numbers."""
    for table in _tables():
        if table.autoincrement_column is not None:
            column = table.autoincrement_column
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            last = func.max(column)
            target.execute(select(func.setval(sequence, last)).having(last > 0))
