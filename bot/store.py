"""The store as a file: its tables brought up to date, its soundness looked at, and one sender at a time."""

import fcntl
import logging
import os
import sqlite3
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

log = logging.getLogger(__name__)

SOUND_SQLITE = (3, 51, 3)
"""Below this, SQLite can spoil a WAL file when two connections checkpoint at the same moment."""


class StoreError(Exception):
    """The store cannot be used as it is; the message says why and what to do."""


class SendingLock:
    """Held by the one process that may send, `run` or `demo`; it falls with the process, however it ends."""

    def __init__(self, engine: Engine) -> None:
        self.path = Path(f"{_file_of(engine)}.lock")
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        file = self.path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise StoreError(
                f"Another Baton (process {holder}) sends from this store; stop it, or name another store."
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def migrate(engine: Engine) -> None:
    """Bring the tables up to date, in one transaction: a crash at any point leaves the store as it was.

    Raises StoreError for a store that a newer Baton made.
    """
    with engine.connect() as connection:
        # Tables that are rebuilt would drop what refers to them; this can only be set outside a transaction.
        _pragma(connection, "foreign_keys=OFF")
        try:
            with connection.begin():
                _upgrade(connection)
        finally:
            _pragma(connection, "foreign_keys=ON")


def _upgrade(connection: Connection) -> None:
    with as_file(files("bot.migrations")) as folder:
        config = config_for(connection, folder)
        _refuse_newer(connection, config)
        command.upgrade(config, "head")
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise StoreError(f"A row of {broken[0]} refers to a row of {broken[2]} that is not there.")


def config_for(connection: Connection, folder: Path) -> Config:
    """Make Alembic's settings for an open connection."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _refuse_newer(connection: Connection, config: Config) -> None:
    here = MigrationContext.configure(connection).get_current_revision()
    try:
        ScriptDirectory.from_config(config).get_revision(here or "base")
    except CommandError as error:
        raise StoreError(
            f"This store was last used by a newer Baton (revision {here}); install that one or a later one."
        ) from error


def check(engine: Engine) -> None:
    """Look, at the start, whether the file is sound and written through; raises StoreError."""
    if sqlite3.sqlite_version_info < SOUND_SQLITE:
        log.warning(
            "SQLite %s can spoil a store that several processes write; 3.51.3 or later cannot."
            " Run one Baton at a time on this store.",
            sqlite3.sqlite_version,
        )
    for pragma, wanted in (("quick_check", "ok"), ("journal_mode", "wal"), ("synchronous", 2)):
        found = _ask(engine, pragma)
        if found != wanted:
            raise StoreError(
                f"{_file_of(engine)}: {pragma} is {found}, not {wanted}; restore a backup on a local disk"
            )


def _ask(engine: Engine, pragma: str) -> object:
    try:
        with engine.connect() as connection:
            return connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
    except DatabaseError as error:
        return str(error.orig)


def _file_of(engine: Engine) -> str:
    if engine.url.database in {None, "", ":memory:"}:
        raise StoreError("Baton keeps its store in a file; give a URL like sqlite:///baton.db")
    return str(engine.url.database)


def _pragma(connection: Connection, setting: str) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101  (engine_for makes no other)
    driver.execute(f"PRAGMA {setting}")
