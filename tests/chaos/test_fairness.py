"""Nobody waits for somebody else's Slack: a workspace with thousands of messages, and one that hangs."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from bot.context import Context
from bot.database import transaction
from bot.facts.said import Message
from bot.gateway import Gateway
from bot.jobs import deliver
from bot.models import Notice, Workspace
from bot.services import notices
from bot.store import migrate
from tests import stores
from tests.jobs.world import MONDAY, HandClock

NOISY, QUIET = 1, range(2, 22)
CALL = timedelta(milliseconds=100)
"""So that ten posts go out in a second."""
FASTER = 10


@dataclass
class Slacks:
    """A Slack for each workspace, which takes its time by the clock; nothing else is of interest here."""

    clock: HandClock
    hangs: frozenset[int | str] = frozenset()
    posted: dict[str, datetime] = field(default_factory=dict)
    lock: Any = field(default_factory=threading.Lock)
    released: threading.Event = field(default_factory=threading.Event)

    def of(self, workspace: int | str) -> Gateway:
        return cast("Gateway", Slack(self, workspace))


@dataclass
class Slack:
    all_of_them: Slacks
    workspace: int | str

    def post(self, channel: str, message: Message, **_: Any) -> tuple[str, str]:
        slacks = self.all_of_them
        if self.workspace in slacks.hangs:
            assert slacks.released.wait(20)
        with slacks.lock:
            time.sleep(CALL.total_seconds() / FASTER)
            slacks.clock.at += CALL
            slacks.posted[message.text] = slacks.clock.at
            return channel, f"{slacks.clock.at.timestamp():.6f}"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = stores.engine(tmp_path / "fair.db")
    migrate(made)
    with transaction(made) as session:
        session.add_all(
            Workspace(id=number, team_id=f"T{number}", created_at=MONDAY) for number in (NOISY, *QUIET)
        )
    yield made
    made.dispose()


def want(session: Session, workspace_id: int, number: int, now: datetime) -> str:
    key = f"card:{workspace_id}:{number}"
    place = f"C{workspace_id}-{number}"
    notices.want(session, workspace_id=workspace_id, key=key, kind="card", place=place, now=now)
    return key


def text_of(_session: Session, notice: Notice, _now: datetime) -> Message:
    return Message(notice.key)


@pytest.mark.parametrize("queued", [400, pytest.param(4000, marks=pytest.mark.slow)])
def test_quiet_workspaces_do_not_wait_for_a_noisy_one(engine: Engine, queued: int) -> None:
    clock = HandClock()
    slacks = Slacks(clock)
    context = Context(engine, clock, slacks)
    with transaction(engine) as session:
        for number in range(queued):
            want(session, NOISY, number, clock.now() - timedelta(hours=1))
    wanted: dict[str, datetime] = {}

    def arrive(*_: object) -> bool:
        """Let each quiet workspace want something every twenty seconds; asked before each post."""
        for workspace_id in QUIET:
            number = int((clock.at - MONDAY) / timedelta(seconds=20))
            if number < queued / 200 and f"card:{workspace_id}:{number}" not in wanted:
                with slacks.lock, transaction(engine) as session:
                    wanted.setdefault(want(session, workspace_id, number, clock.at), clock.at)
        return True

    deliver.run(context, text_of, lambda *_: None, arrive)
    waits = [slacks.posted[key] - at for key, at in wanted.items()]
    print(f"quiet ones waited {max(waits).total_seconds():.1f} s at most, of {len(waits)}")
    assert len(slacks.posted) == queued + len(wanted)
    assert len(wanted) >= len(QUIET) * queued / 200
    assert max(waits) <= timedelta(seconds=15)


def test_a_slack_that_hangs_holds_up_its_own_workspace_alone(engine: Engine) -> None:
    slacks = Slacks(HandClock(), hangs=frozenset({NOISY}))
    context = Context(engine, slacks.clock, slacks)
    with transaction(engine) as session:
        for workspace_id in (NOISY, *QUIET):
            for number in range(6):
                want(session, workspace_id, number, MONDAY)
    run = threading.Thread(target=deliver.run, args=(context, text_of, lambda *_: None))
    run.start()
    until = time.monotonic() + 20
    while len(slacks.posted) < 6 * len(QUIET):
        assert time.monotonic() < until, f"{len(slacks.posted)} posted"
        time.sleep(0.01)
    assert not any(key.startswith(f"card:{NOISY}:") for key in slacks.posted)
    slacks.released.set()
    run.join()
    assert len(slacks.posted) == 6 * (1 + len(QUIET))
