"""What can be wrong on this machine: the store, its sender, SQLite, sealed tokens, the port."""

import os
import sqlite3
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot import store
from bot.cli.findings import Finding, advice, fault, fine
from bot.database import engine_for, is_sqlite, reading
from bot.seal import Seal, SealError
from bot.services import installations
from bot.settings import Settings

HEALTH_SECONDS = 10
NAMED = "BATON_DATABASE_URL"


def engine(settings: Settings) -> Engine | Finding:
    """Open the store that is there, and make none; gives what is wrong where that cannot be."""
    try:
        opened = engine_for(settings.database_url, checkpoints=False)
    except (ArgumentError, ValueError) as error:
        return fault(NAMED, f"{NAMED} cannot be used: {error}.", "sqlite:///baton.db is one.")
    return _missing(Path(opened.url.database or "")) or opened if is_sqlite(opened) else opened


def _missing(file: Path) -> Finding | None:
    if file.is_file():
        return None
    if not os.access(file.parent, os.W_OK):
        fix = "Make the folder, or let this user write in it."
        return fault("store", f"There is no store at {file}, and none can be made there.", fix)
    return advice("store", f"There is no store at {file} yet.", "`baton run` makes it.")


def stored(engine: Engine) -> Iterator[Finding]:
    """Look at the store: reached, sound, its tables as this Baton knows them, and who sends from it."""
    called = engine.url.render_as_string(hide_password=True)
    try:
        yield tables(engine)
        store.sound(engine)
        if is_sqlite(engine):
            yield from _sqlite(engine)
    except store.StoreError as error:
        yield fault("store", str(error), "Restore a backup, or name another store.")
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split())
        fix = f"See that the database runs, and that {NAMED} names it, its user and its password."
        yield fault("store", f"The store {called} cannot be read: {reason}.", fix)


def tables(engine: Engine) -> Finding:
    """Compare the tables with those that this Baton writes."""
    with engine.connect() as connection, as_file(files("bot.migrations")) as folder:
        here = MigrationContext.configure(connection).get_current_revision()
        known = ScriptDirectory.from_config(store.config_for(connection, folder))
        if here == known.get_current_head():
            return fine("store", "The store is reached, and its tables are up to date.")
        if here is not None and here not in {one.revision for one in known.walk_revisions()}:
            words = f"The store was last used by a newer Baton (revision {here})."
            return fault("store", words, "Install that Baton or a later one.")
    return advice("store", "The tables are of an earlier Baton.", "`baton run` brings them up to date.")


def _sqlite(engine: Engine) -> Iterator[Finding]:
    if sqlite3.sqlite_version_info < store.SOUND_SQLITE:
        words = f"SQLite {sqlite3.sqlite_version} can spoil a file that two programs write at the same moment"
        yield advice("SQLite", f"{words}; 3.51.3 cannot.", "Stop `baton run` for a long `baton import`.")
    try:
        with store.sending_lock(engine):
            yield fine("sender", "No other Baton sends from this store.")
    except store.StoreError as error:
        yield advice("sender", str(error), "That is as it should be if it is the one that serves your team.")


def sealed(settings: Settings, engine: Engine) -> Finding:
    """Open the tokens of all workspaces with the keys that are set."""
    try:
        with reading(engine) as session:
            installations.check_keys(session, Seal.of(settings.secret_keys.get_secret_value()))
    except SealError as error:
        return fault("BATON_SECRET_KEYS", str(error), "Set all keys in use, the newest first.")
    return fine("BATON_SECRET_KEYS", "The tokens of all workspaces can be opened.")


def port(settings: Settings) -> Iterator[Finding]:
    """Look whether the port can be had, where one is wanted."""
    from bot import serving  # Bolt and a web server are slow to import; most commands do without them.
    from bot.http import server

    if settings.port is None and settings.way != "http":
        return
    wanted = serving.PORT if settings.port is None else settings.port
    place = f"Port {wanted} of {settings.host}"
    try:
        server.listening(settings.host, wanted).close()
    except OSError as error:
        if _is_baton(settings.host, wanted):
            yield advice("port", f"{place} is in use by a Baton.", "Stop it before another is started there.")
        else:
            words = f"{place} cannot be used ({error.strerror})."
            yield fault("port", words, "Name another as BATON_PORT, or end what has it.")
    else:
        yield fine("port", f"{place} is free.")


def _is_baton(host: str, wanted: int) -> bool:
    """Say whether what has the port answers as Baton does, well or not."""
    try:
        with urlopen(f"http://{host}:{wanted}/healthz", timeout=HEALTH_SECONDS) as answer:
            return bool(answer.read(3) == b"ok\n")
    except HTTPError as error:
        error.close()
        return error.code == 503  # noqa: PLR2004  (what an ill Baton answers)
    except (URLError, OSError):
        return False
