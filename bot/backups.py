"""Copies of a store in a file: taken while Baton runs, whole or not there at all."""

import os
import sqlite3
from pathlib import Path

from sqlalchemy import Engine

KEPT = 3
"""Copies that stay of those made before migrations."""
SIDE_FILES = ("-wal", "-shm")


def copy_to(engine: Engine, target: Path) -> None:
    """Write the store as it is at this moment; who writes meanwhile does not wait.

    Raises OSError, also where there is no room.
    """
    part = begun(target)
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(part),))
        arrive(part, target)
    except sqlite3.Error as error:
        raise OSError(error.sqlite_errorcode, str(error)) from error
    finally:
        connection.close()
        part.unlink(missing_ok=True)


def begun(target: Path) -> Path:
    """Make the empty file in which a copy is written, and which nobody else may read."""
    part = target.with_name(f"{target.name}.tmp")
    remove(part)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return part


def remove(file: Path) -> None:
    """Remove a store with what SQLite keeps beside it."""
    for one in (file, *map(Path, (f"{file}{side}" for side in SIDE_FILES))):
        one.unlink(missing_ok=True)


def arrive(part: Path, target: Path) -> None:
    """Put a finished file in its place; after a power cut it is there whole, or not at all."""
    _through(part)
    part.replace(target)
    _through(target.parent)


def _through(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def before_migrating(engine: Engine, file: Path, revision: str) -> None:
    """Keep the store as it was under an older Baton, beside it."""
    kept = file.with_name(f"{file.name}.before-{revision}")
    copy_to(engine, kept)
    for old in sorted(file.parent.glob(f"{file.name}.before-*"), key=_age, reverse=True)[KEPT:]:
        old.unlink(missing_ok=True)


def _age(file: Path) -> float:
    return file.stat().st_mtime
