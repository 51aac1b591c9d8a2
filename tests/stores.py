"""Where tests keep their stores: in files, or, with `BATON_TEST_STORE=postgresql`, in databases."""

import atexit
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import psycopg
from psycopg import sql
from sqlalchemy import URL, Engine, make_url

from bot.database import engine_for
from bot.store import migrate
from tests.postgres import Server

IS_POSTGRESQL = os.environ.get("BATON_TEST_STORE", "sqlite") == "postgresql"
SERVER = "BATON_TEST_POSTGRES_URL"
"""Names a server to use, whose user may make databases; without it one is started."""
TEMPLATE = "BATON_TEST_TEMPLATE"
"""Names to the workers the database, brought up to date, of which each store begins as a copy."""
_made: dict[Path, str] = {}
"""The databases that stand for the files at these paths."""
_opened: list[tuple[Path, Engine]] = []
_inhabited: set[Path] = set()
"""Where stores are in which somebody lives already: those that began as a copy of the template."""
_first: list[Callable[[Engine, Path], None]] = []
"""Who is to live in each store before anybody else: puts them into the template, and may use a folder."""


def inhabit(move_in: Callable[[Engine, Path], None]) -> None:
    """Have somebody live in every store that begins with all tables."""
    _first.append(move_in)


def vacate() -> None:
    """Look no longer at who lives in the stores there are: a test has disturbed them, and has seen it."""
    _inhabited.clear()


def inhabited() -> list[str]:
    """List the URLs of the stores that somebody was put into, and that are still there."""
    return [url(path) for path in sorted(_inhabited) if path in _made or path.exists()]


def url(path: Path, *, is_empty: bool = False) -> str:
    """Give the URL of the store at a path; where there is none yet, of a new one with all tables, or none."""
    if not is_empty and not (path in _made or path.exists()):
        _inhabited.add(path)
    if IS_POSTGRESQL:
        if path not in _made:
            _make(path, "template0" if is_empty else str(_template().database))
        return _url_of(_made[path])
    if not is_empty and not path.exists():
        shutil.copy(_file(), path)
    return f"sqlite:///{path}"


def engine(path: Path, *, is_empty: bool = False) -> Engine:
    """Open the store at a path until the end of the test."""
    opened = engine_for(url(path, is_empty=is_empty))
    _opened.append((path, opened))
    return opened


def copy(source: Path, target: Path) -> Path:
    """Begin the store at one path as a copy of that at another, which nobody has open."""
    if source in _inhabited:
        _inhabited.add(target)
    if IS_POSTGRESQL:
        _make(target, _made[source])
    else:
        shutil.copy(source, target)
    return target


def close(folder: Path | None) -> None:
    """Close the stores in a folder, and in folders that are gone; their databases are removed."""

    def is_over(path: Path) -> bool:
        return not path.parent.exists() or (folder is not None and path.is_relative_to(folder))

    for one in [one for one in _opened if is_over(one[0])]:
        _opened.remove(one)
        one[1].dispose()
    _inhabited.difference_update({path for path in _inhabited if is_over(path)})
    for path in [path for path in _made if is_over(path)]:
        _run("DROP DATABASE IF EXISTS {} WITH (FORCE)", _made.pop(path))


@cache
def _file() -> Path:
    """Make the file of which each store begins as a copy."""
    folder = Path(mkdtemp(prefix="baton-stores-"))
    atexit.register(shutil.rmtree, folder)
    _prepare(f"sqlite:///{folder}/template.db")
    return folder / "template.db"


def _prepare(template: str) -> None:
    """Bring a template up to date, and those into it who are to live in each store."""
    engine = engine_for(template)
    migrate(engine)
    for move_in in _first:
        with TemporaryDirectory() as folder:
            move_in(engine, Path(folder))
    engine.dispose()


@contextmanager
def served() -> Iterator[None]:
    """Have a server with a template for as long as the block lasts; workers find it by the environment."""
    if SERVER in os.environ:
        with _templated(os.environ[SERVER]):
            yield
    else:
        with Server() as server, _templated(server.url):
            yield


@contextmanager
def _templated(server: str) -> Iterator[None]:
    name = f"baton_test_{os.getpid()}"
    os.environ[TEMPLATE] = make_url(server).set(database=name).render_as_string(hide_password=False)
    admin = psycopg.connect(server, autocommit=True)
    admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    _prepare(os.environ[TEMPLATE])
    try:
        yield
    finally:
        ours = admin.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [name])
        for (database,) in ours.fetchall():
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))
        admin.close()
        del os.environ[TEMPLATE]


def _make(path: Path, template: str) -> None:
    close(None)
    name = f"{_template().database}_{sha256(str(path).encode()).hexdigest()[:16]}"
    with suppress(psycopg.errors.DuplicateDatabase):  # another process of the same test was first
        _run("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)
    _made[path] = name


def _template() -> URL:
    return make_url(os.environ[TEMPLATE])


def _url_of(database: str) -> str:
    return _template().set(database=database).render_as_string(hide_password=False)


def _run(statement: str, *names: str) -> None:
    _admin(os.getpid()).execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@cache
def _admin(_process: int) -> psycopg.Connection:
    connection = psycopg.connect(_url_of("postgres"), autocommit=True)
    atexit.register(connection.close)
    return connection
