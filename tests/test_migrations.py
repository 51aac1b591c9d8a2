"""The store's tables: the same as the models say, and never left half made."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Column, Engine, MetaData, inspect, text
from sqlmodel import SQLModel

from bot import migrations, models
from bot.database import engine_for
from bot.store import StoreError, config_for, migrate
from tests import stores
from tests.beside import run

FOLDER = Path(migrations.__file__).parent


@pytest.fixture
def store(tmp_path: Path) -> Engine:
    return stores.engine(tmp_path / "baton.db", is_empty=True)


def test_an_empty_store_gets_every_table(store: Engine) -> None:
    migrate(store)
    assert set(inspect(store).get_table_names()) == {*SQLModel.metadata.tables, "alembic_version"}
    assert models.Notice.__tablename__ == "notice"


def test_the_revisions_make_exactly_what_the_models_say(store: Engine) -> None:
    migrate(store)
    with store.begin() as connection:
        command.check(config_for(connection, FOLDER))


def test_the_revisions_make_the_partial_indexes_that_the_models_say(store: Engine, tmp_path: Path) -> None:
    # Alembic does not compare the condition of an index.
    migrate(store)
    declared = stores.engine(tmp_path / "declared.db", is_empty=True)
    SQLModel.metadata.create_all(declared)
    assert indexes(store) == indexes(declared)


def indexes(engine: Engine) -> set[str]:
    written = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    if stores.IS_POSTGRESQL:
        written = (
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
    with engine.connect() as connection:
        return set(connection.scalars(text(written)))


def test_what_was_in_force_before_is_looked_at_at_once(store: Engine) -> None:
    with store.begin() as connection:
        command.upgrade(config_for(connection, FOLDER), "0001")
        connection.exec_driver_sql(
            "INSERT INTO workspace (id, team_id, name, bot_user_id, state, hash_key, created_at, next_number)"
            " VALUES (1, 'T1', 'Team', 'UBOT', 'active', '0', 0, 1)"
        )
        for state in ("in_force", "trial"):
            connection.exec_driver_sql(
                "INSERT INTO agreement"
                " (workspace_id, name, version, state, locale, mark, created_at, channel_id)"
                f" VALUES (1, '{state}', 1, '{state}', 'en', 0, 0, '{state}')"
            )
        connection.exec_driver_sql(
            "INSERT INTO agreementversion"
            " (workspace_id, agreement_id, version, text, sha256, days_off, state, proposed_by, proposed_at)"
            " VALUES (1, 1, 1, '', '', '[]', 'in_force', 'U1', 0)"
        )
    migrate(store)
    with store.connect() as connection:
        assert connection.execute(text("SELECT state, look_at FROM agreement ORDER BY id")).all() == [
            ("in_force", 0),
            ("trial", None),
        ]
        assert connection.execute(text("SELECT is_ending, closed_because FROM agreementversion")).all() == [
            (False, "")
        ]


def test_every_constraint_has_a_name() -> None:
    unnamed = [
        constraint
        for table in SQLModel.metadata.tables.values()
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert unnamed == []


def test_migrating_again_changes_nothing(store: Engine) -> None:
    migrate(store)
    before = indexes(store)
    migrate(store)
    assert indexes(store) == before


def revisions() -> list[str]:
    """Name the revisions before the newest."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()][1:]


@pytest.mark.parametrize("revision", revisions())
def test_a_baton_of_before_goes_on_writing_and_reading_beside_the_new_one(
    store: Engine, revision: str
) -> None:
    with store.begin() as connection:
        command.upgrade(config_for(connection, FOLDER), revision)
    known = MetaData()  # the tables as the code of that revision names them in its statements
    known.reflect(store)
    known.remove(known.tables["alembic_version"])
    migrate(store)
    for table in known.sorted_tables:
        row = {column.name: some(column) for column in table.columns}
        with store.begin() as connection:
            connection.execute(table.insert().values(row))
            connection.execute(table.update().values(row))
            assert connection.execute(table.select()).all() == [tuple(row.values())]


def some(column: Column[Any]) -> object:
    """Give a value that the column takes; all numbers are one, so that rows refer to each other."""
    if isinstance(column.type, JSON):
        return []
    return {int: 1, str: "x", bool: False, bytes: b"x", date: date(2026, 6, 1)}[column.type.python_type]


@pytest.fixture
def older(tmp_path: Path) -> Iterator[Engine]:
    """Give a file whose tables are of the first revision."""
    engine = engine_for(f"sqlite:///{tmp_path / 'older.db'}")
    with engine.begin() as connection:
        command.upgrade(config_for(connection, FOLDER), "0001")
    yield engine
    engine.dispose()


def test_a_file_is_kept_as_it_was_before_its_tables_change(older: Engine, tmp_path: Path) -> None:
    for _ in range(2):
        migrate(older)
    (kept,) = tmp_path.glob("older.db.before-*")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.name.endswith("-0001")
    with connect(kept) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
    copy.close()


def test_of_such_copies_the_three_newest_stay(older: Engine, tmp_path: Path) -> None:
    for number in range(5):
        old = tmp_path / f"older.db.before-000{number}x"
        old.write_bytes(b"")
        os.utime(old, (number, number))
    migrate(older)
    kept = {file.name.rpartition("-")[2] for file in tmp_path.glob("older.db.before-*")}
    assert kept == {"0001", "0004x", "0003x"}


def test_without_room_for_a_copy_the_tables_stay_as_they_are(older: Engine, tmp_path: Path) -> None:
    (tmp_path / "older.db.before-0001.tmp").mkdir()
    with pytest.raises(StoreError, match="No copy of the store can be kept"):
        migrate(older)
    with older.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "0001"


KILLED = """
import os, sys
from pathlib import Path
from sqlalchemy import event
from bot.store import migrate
from tests import stores
from tests.beside import run

def attempt(k):
    done = 0
    def count(*_):
        nonlocal done
        done += 1
        if done == k:
            os._exit(9)
    engine = stores.engine(Path(sys.argv[1], f"{k}.db"), is_empty=True)
    event.listen(engine, "after_cursor_execute", count)
    migrate(engine)
    os._exit(0)

k, step = 0, int(sys.argv[2])
while True:
    k += step
    child = os.fork()
    if child == 0:
        attempt(k)
    died = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if died == 0:
        break
    again = os.fork()
    if again == 0:
        migrate(stores.engine(Path(sys.argv[1], f"{k}.db"), is_empty=True))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(again, 0)[1]) == 0, k
print(k)
"""


@pytest.mark.parametrize("step", [11, pytest.param(1, marks=pytest.mark.slow)])
def test_a_kill_after_any_statement_leaves_a_store_that_migrates_cleanly(tmp_path: Path, step: int) -> None:
    process = run(KILLED, tmp_path, step)
    printed, _ = process.communicate(timeout=60 * 10 / step)
    assert process.returncode == 0, printed
    statements = int(printed)
    assert statements > len(SQLModel.metadata.tables)
    whole = indexes(stores.engine(tmp_path / f"{statements}.db", is_empty=True))
    for k in range(step, statements, step):
        assert indexes(stores.engine(tmp_path / f"{k}.db", is_empty=True)) == whole


MIGRATING = """
import sys
from bot.database import engine_for
from bot.store import migrate
migrate(engine_for(sys.argv[1]))
"""


@pytest.mark.parametrize("revision", [None, "0001"])
def test_four_processes_may_start_at_once(store: Engine, tmp_path: Path, revision: str | None) -> None:
    if revision:
        with store.begin() as connection:
            command.upgrade(config_for(connection, FOLDER), revision)
    store_url = stores.url(tmp_path / "baton.db", is_empty=True)
    starters = [run(MIGRATING, store_url) for _ in range(4)]
    told = [starter.communicate(timeout=60)[0] for starter in starters]
    assert [starter.returncode for starter in starters] == [0, 0, 0, 0], told
    assert "notice" in inspect(store).get_table_names()


def test_a_store_of_a_newer_baton_is_refused_and_left_alone(store: Engine) -> None:
    migrate(store)
    with store.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer Baton"):
        migrate(store)
    with store.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"
