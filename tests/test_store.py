"""A store in a file: sound, written through, sent from by one process, and honest when the disk is full."""

import os
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.database import engine_for
from bot.store import SendingLock, StoreError, check, migrate
from tests.beside import run


@pytest.fixture
def store(tmp_path: Path) -> Engine:
    return engine_for(f"sqlite:///{tmp_path / 'baton.db'}")


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


WITHOUT_ROOM = """
import resource, sys
from bot.database import engine_for
from bot.store import SendingLock, StoreError
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
try:
    SendingLock(engine_for("sqlite:///" + sys.argv[1])).__enter__()
except StoreError as error:
    print(error)
"""


def test_where_no_room_is_left_nobody_sends_and_why_is_said(tmp_path: Path) -> None:
    refused = run(WITHOUT_ROOM, tmp_path / "baton.db")
    said, _ = refused.communicate(timeout=30)
    assert said == f"{tmp_path}/baton.db.lock cannot be written (File too large).\n"


def test_a_store_in_memory_cannot_be_locked() -> None:
    with pytest.raises(StoreError, match="in a file"):
        SendingLock(engine_for("sqlite://"))


def test_a_command_beside_the_sender_leaves_checkpoints_to_it(tmp_path: Path) -> None:
    beside = engine_for(f"sqlite:///{tmp_path / 'baton.db'}", checkpoints=False)
    with beside.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar() == 0
