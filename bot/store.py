"""The store as a whole: its tables brought up to date, its soundness looked at, and one sender of a file."""

import fcntl
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from importlib.resources import as_file, files
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError

from bot import backups
from bot.database import is_sqlite

log = logging.getLogger(__name__)

SOUND_SQLITE = (3, 51, 3)
"""Below this, SQLite can spoil a WAL file when two connections checkpoint at the same moment."""

MIGRATING = 0x6261746F6E
"""The number of the lock that whoever migrates holds on PostgreSQL: `baton`."""


class StoreError(Exception):
    """The store cannot be used as it is; the message says why and what to do."""


class SendingLock:
    """Held by the one process that may send, `run` or `demo`; it falls with the process, however it ends."""

    def __init__(self, engine: Engine) -> None:
        self.path = Path(f"{_file_of(engine)}.lock")
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        try:
            self._file = _locked(self.path)
        except OSError as error:
            raise StoreError(f"{self.path} cannot be written ({error.strerror}).") from error
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _locked(path: Path) -> TextIO:
    """Open a file that nobody else may open so, with our number in it. Raises OSError and StoreError."""
    with ExitStack() as on_failure:
        file = on_failure.enter_context(path.open("a+"))
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise StoreError(
                f"Another Baton (process {holder}) sends from this store; stop it, or name another store."
            ) from None
        file.truncate(0)
        os.write(file.fileno(), f"{os.getpid()}\n".encode())  # with nothing left to be written when it closes
        on_failure.pop_all()
    return file


def sending_lock(engine: Engine) -> AbstractContextManager[object]:
    """Keep others from sending out of the same file; PostgreSQL lets any number of processes send."""
    return SendingLock(engine) if is_sqlite(engine) else nullcontext()


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Begin only where no Baton uses the store; of a file, none can start sending meanwhile.

    Raises StoreError.
    """
    with sending_lock(engine):
        if not is_sqlite(engine):
            _refuse_company(engine)
        yield


def _refuse_company(engine: Engine) -> None:
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    with engine.connect() as connection:
        if found := connection.exec_driver_sql(others).scalar():
            raise StoreError(f"Others use this database (connections: {found}); stop every Baton first.")


def migrate(engine: Engine, *, keeps_copy: bool = True) -> None:
    """Bring the tables up to date, in one transaction: a crash at any point leaves the store as it was.

    Who starts at the same moment waits, and finds it done. Of a file with older tables a copy stays beside
    it, unless that is one already. Raises StoreError for a store of a newer Baton.
    """
    with engine.connect() as connection, _without_foreign_keys(connection), connection.begin():
        if not is_sqlite(engine):
            _wait_for_our_turn(connection)
        _upgrade(connection, keeps_copy=keeps_copy)


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Let SQLite rebuild tables without dropping what refers to them: to be told before the transaction."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _wait_for_our_turn(connection: Connection) -> None:
    """Hold up every other migration; then wait for no table for long, since all others wait behind us."""
    for statement in (
        "SET LOCAL statement_timeout = 0",
        "SET LOCAL lock_timeout = 0",
        f"SELECT pg_advisory_xact_lock({MIGRATING})",
        "SET LOCAL lock_timeout = '5s'",
    ):
        connection.exec_driver_sql(statement)


def _upgrade(connection: Connection, *, keeps_copy: bool) -> None:
    with as_file(files("bot.migrations")) as folder:
        config = config_for(connection, folder)
        here = _revision(connection, config)
        is_behind = here not in (None, ScriptDirectory.from_config(config).get_current_head())
        if keeps_copy and is_behind and connection.dialect.name == "sqlite":
            _keep_copy(connection.engine, str(here))
        command.upgrade(config, "head")
    if connection.dialect.name == "sqlite":
        _refuse_broken(connection)


def _keep_copy(engine: Engine, here: str) -> None:
    """Copy the store by another connection, which sees nothing of what this one is about to write."""
    try:
        backups.before_migrating(engine, Path(_file_of(engine)), here)
    except OSError as error:
        raise StoreError(
            f"No copy of the store can be kept before its tables are changed ({error.strerror}); make room."
        ) from error


def _refuse_broken(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise StoreError(f"A row of {broken[0]} refers to a row of {broken[2]} that is not there.")


def config_for(connection: Connection, folder: Path) -> Config:
    """Make Alembic's settings for an open connection."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _revision(connection: Connection, config: Config) -> str | None:
    """Say how far the tables are, None where there are none. Raises StoreError for those of a newer Baton."""
    here = MigrationContext.configure(connection).get_current_revision()
    try:
        ScriptDirectory.from_config(config).get_revision(here or "base")
    except CommandError as error:
        raise StoreError(
            f"This store was last used by a newer Baton (revision {here}); install that one or a later one."
        ) from error
    return here


def check(engine: Engine) -> None:
    """Look, at the start, whether the store is sound and written through; raises StoreError."""
    if is_sqlite(engine) and sqlite3.sqlite_version_info < SOUND_SQLITE:
        log.warning(
            "SQLite %s can spoil a store that several processes write; 3.51.3 or later cannot."
            " Run one Baton at a time on this store.",
            sqlite3.sqlite_version,
        )
    sound(engine)


def sound(engine: Engine) -> None:
    """Ask the store whether it is whole, and settled to keep what it was given; raises StoreError."""
    if is_sqlite(engine):
        _check_file(engine)
    else:
        _check_server(engine)


def _check_file(engine: Engine) -> None:
    for pragma, wanted in (("quick_check", "ok"), ("journal_mode", "wal"), ("synchronous", 2)):
        found = _ask(engine, f"PRAGMA {pragma}")
        if found != wanted:
            raise StoreError(
                f"{_file_of(engine)}: {pragma} is {found}, not {wanted}; restore a backup on a local disk"
            )


def _check_server(engine: Engine) -> None:
    if _ask(engine, "SHOW server_encoding") != "UTF8":
        raise StoreError("The database is not in UTF8; make it anew with ENCODING 'UTF8'.")
    if _ask(engine, "SHOW synchronous_commit") == "off":
        raise StoreError(
            "synchronous_commit is off: what Baton acknowledges could be lost. Set it to on for Baton's user."
        )
    if _ask(engine, "SHOW fsync") == "off":
        log.warning("fsync is off: this PostgreSQL can lose everything with the power.")


def _ask(engine: Engine, question: str) -> object:
    try:
        with engine.connect() as connection:
            return connection.exec_driver_sql(question).scalar()
    except DatabaseError as error:
        return str(error.orig)


def _file_of(engine: Engine) -> str:
    if engine.url.database in {None, "", ":memory:"}:
        raise StoreError("Baton keeps its store in a file; give a URL like sqlite:///baton.db")
    return str(engine.url.database)
