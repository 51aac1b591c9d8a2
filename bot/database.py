"""The engine, how instants are stored, and the one place that commits."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import URL, BigInteger, Dialect, Engine, Insert, Table, event, make_url
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, create_engine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
BUSY_TRIES = 3
BUSY = {"40001", "40P01", "55P03"}
"""PostgreSQL's codes for a transaction that stood in the way of another, or waited too long for one."""
DISK_FULL = "53100"


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


def engine_for(url: str | URL, *, checkpoints: bool = True) -> Engine:
    """Make the engine with the settings that keep what was acknowledged.

    Of a SQLite file only the holder of the lock on sending checkpoints; commands beside it leave that to it.
    """
    read = make_url(url)
    match read.get_backend_name():
        case "sqlite":
            return _sqlite(read, checkpoints=checkpoints)
        case "postgresql" | "postgres":
            from bot import postgresql  # The driver is slow to import, and a file does without it.

            return postgresql.engine_for(read)
    raise ValueError(
        "Baton keeps its store in SQLite or PostgreSQL;"
        " give a URL like sqlite:///baton.db or postgresql://user:password@host/baton"
    )


def _sqlite(url: URL, *, checkpoints: bool) -> Engine:
    given = {"timeout": 15, "check_same_thread": False}
    # Names of leads are among the parameters, and an error would carry them into the log.
    engine = create_engine(url, connect_args=given, hide_parameters=True)
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
    if is_sqlite(engine):
        return engine.execution_options(ro=True)
    return engine.execution_options(ro=True, isolation_level="REPEATABLE READ", postgresql_readonly=True)


def is_reading(session: Session) -> bool:
    """Say whether a session only reads, so that all it sees is of one moment."""
    return bool(session.get_bind().get_execution_options().get("ro"))


def is_sqlite(bind: Any) -> bool:
    """Say whether a store is a file, in which writers wait for each other by themselves."""
    return str(bind.dialect.name) == "sqlite"


def is_busy(error: OperationalError) -> bool:
    """Say whether another writer stood in the way; trying again is safe."""
    if (code := getattr(error.orig, "sqlstate", None)) is not None:
        return code in BUSY
    return "locked" in str(error.orig) or "busy" in str(error.orig)


def is_full(error: OperationalError) -> bool:
    """Say whether there is no room left to write; nothing of what was tried has happened."""
    return getattr(error.orig, "sqlstate", None) == DISK_FULL or "disk is full" in str(error.orig)


def upsert(table: Table, key: Sequence[str], update: Callable[[Any], Mapping[str, Any]]) -> Insert:
    """Insert, or where the key is there already, update with values made from the new row."""
    statement = insert(table)  # SQLite takes PostgreSQL's words for it
    return statement.on_conflict_do_update(index_elements=list(key), set_=dict(update(statement.excluded)))


def insert_new(table: Table) -> Insert:
    """Insert, or where a row like it is there already, leave that as it is."""
    return insert(table).on_conflict_do_nothing()
