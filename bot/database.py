"""The engine, how instants are stored, and the one place that commits."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Dialect, Engine, Table, event, make_url
from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, create_engine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
BUSY_TRIES = 3


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, kept as whole microseconds since 1970: the same order and value on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a zone: {value!r}")
        return (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else EPOCH + timedelta(microseconds=value)


def engine_for(url: str, *, checkpoints: bool = True) -> Engine:
    """Make the engine with the settings that keep what was acknowledged.

    Only the holder of the lock on sending checkpoints; commands beside it leave that to the holder.
    """
    if make_url(url).get_backend_name() != "sqlite":
        raise ValueError("Baton keeps its store in SQLite; give a URL like sqlite:///baton.db")
    engine = create_engine(url, connect_args={"timeout": 15, "check_same_thread": False})
    event.listen(engine, "connect", _on_connect)
    if not checkpoints:
        event.listen(engine, "connect", _leave_checkpoints)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _record: Any) -> None:
    # pysqlite's own BEGIN loses updates in silence; SQLAlchemy's documented recipe takes it away.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _leave_checkpoints(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA wal_autocheckpoint=0")


def _on_begin(connection: Any) -> None:
    reads_only = connection.get_execution_options().get("ro")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Commit all or nothing: the only commit there is. No HTTP inside."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Read without holding up a writer."""
    with Session(_reader(engine), expire_on_commit=False) as session:
        yield session


@lru_cache(maxsize=8)
def _reader(engine: Engine) -> Engine:
    return engine.execution_options(ro=True)


def is_reading(session: Session) -> bool:
    """Say whether a session only reads, so that all it sees is of one moment."""
    return bool(session.get_bind().get_execution_options().get("ro"))


def is_busy(error: OperationalError) -> bool:
    """Say whether another writer held the store for too long; trying again is safe."""
    return "locked" in str(error.orig) or "busy" in str(error.orig)


def upsert(table: Table, key: Sequence[str], update: Callable[[Any], Mapping[str, Any]]) -> Insert:
    """Insert, or where the key is there already, update with values made from the new row."""
    statement = insert(table)
    return statement.on_conflict_do_update(index_elements=list(key), set_=dict(update(statement.excluded)))
