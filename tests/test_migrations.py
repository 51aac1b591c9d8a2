"""The store's tables: the same as the models say, and never left half made."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

from bot import migrations, models
from bot.database import engine_for
from bot.store import SendingLock, StoreError, check, config_for, migrate

FOLDER = Path(migrations.__file__).parent


@pytest.fixture
def store(tmp_path: Path) -> Engine:
    return engine_for(f"sqlite:///{tmp_path / 'baton.db'}")


def run(code: str, *arguments: object) -> subprocess.Popen[str]:
    command_line = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(
        command_line,
        env={**os.environ, "PYTHONPATH": "."},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


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
    declared = engine_for(f"sqlite:///{tmp_path / 'declared.db'}")
    SQLModel.metadata.create_all(declared)
    assert indexes(store) == indexes(declared)


def indexes(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        )
        return {row[0] for row in rows}


def test_what_was_in_force_before_is_looked_at_at_once(store: Engine) -> None:
    with store.begin() as connection:
        command.upgrade(config_for(connection, FOLDER), "0001")
        connection.exec_driver_sql(
            "INSERT INTO workspace (id, team_id, name, bot_user_id, state, hash_key, created_at, next_number)"
            " VALUES (1, 'T1', 'Team', 'UBOT', 'active', x'00', 0, 1)"
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
            (0, "")
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


KILLED = """
import os, sys
from sqlalchemy import event
from bot.database import engine_for
from bot.store import migrate

def attempt(k):
    done = 0
    def count(*_):
        nonlocal done
        done += 1
        if done == k:
            os._exit(9)
    engine = engine_for(f"sqlite:///{sys.argv[1]}/{k}.db")
    event.listen(engine, "after_cursor_execute", count)
    migrate(engine)
    os._exit(0)

k = 0
while True:
    k += 1
    child = os.fork()
    if child == 0:
        attempt(k)
    died = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if died == 0:
        break
    again = os.fork()
    if again == 0:
        migrate(engine_for(f"sqlite:///{sys.argv[1]}/{k}.db"))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(again, 0)[1]) == 0, k
print(k)
"""


def test_a_kill_after_any_statement_leaves_a_store_that_migrates_cleanly(tmp_path: Path) -> None:
    process = run(KILLED, tmp_path)
    printed, _ = process.communicate(timeout=120)
    assert process.returncode == 0, printed
    statements = int(printed)
    assert statements > len(SQLModel.metadata.tables)
    whole = indexes(engine_for(f"sqlite:///{tmp_path / f'{statements}.db'}"))
    for k in range(1, statements):
        assert indexes(engine_for(f"sqlite:///{tmp_path / f'{k}.db'}")) == whole


MIGRATING = """
import sys
from bot.database import engine_for
from bot.store import migrate
migrate(engine_for("sqlite:///" + sys.argv[1]))
"""


def test_four_processes_may_start_at_once(store: Engine, tmp_path: Path) -> None:
    starters = [run(MIGRATING, tmp_path / "baton.db") for _ in range(4)]
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


def test_foreign_keys_hold_after_migrating(store: Engine) -> None:
    migrate(store)
    with store.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_sound_store_passes_its_check(store: Engine) -> None:
    migrate(store)
    check(store)


def test_a_spoilt_store_is_refused_with_the_way_out(store: Engine, tmp_path: Path) -> None:
    migrate(store)
    store.dispose()
    path = tmp_path / "baton.db"
    spoilt = bytearray(path.read_bytes())
    spoilt[8192:16384] = os.urandom(8192)
    path.write_bytes(spoilt)
    with pytest.raises(StoreError, match="restore a backup"):
        check(engine_for(f"sqlite:///{path}"))


HOLDING = """
import sys, time
from bot.database import engine_for
from bot.store import SendingLock
with SendingLock(engine_for("sqlite:///" + sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_only_one_process_may_send_and_its_death_frees_the_store(store: Engine, tmp_path: Path) -> None:
    holder = run(HOLDING, tmp_path / "baton.db")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(StoreError, match=f"process {holder.pid}"), SendingLock(store):
        pass
    holder.kill()
    holder.communicate()
    with SendingLock(store):
        pass
    with SendingLock(store):
        pass


def test_a_store_in_memory_cannot_be_locked() -> None:
    with pytest.raises(StoreError, match="in a file"):
        SendingLock(engine_for("sqlite://"))


def test_a_command_beside_the_sender_leaves_checkpoints_to_it(tmp_path: Path) -> None:
    beside = engine_for(f"sqlite:///{tmp_path / 'baton.db'}", checkpoints=False)
    with beside.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar() == 0
