"""Whoever pulls the plug, and whatever Slack answers: each message once, in order, and nothing lost."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.context import Context
from bot.database import engine_for, reading, transaction
from bot.facts.said import Message
from bot.gateway import Gateway
from bot.jobs import deliver
from bot.models import Notice
from bot.sandbox.server import Sandbox
from bot.services import notices
from bot.store import sending_lock
from tests import stores
from tests.jobs.world import WORKSPACE, new_store
from tests.twin import ours

FASTER = 100
START = datetime(2026, 6, 15, tzinfo=UTC).timestamp()
PLACES = ("C1", "C2", "U1")
SENDERS = 3 if stores.IS_POSTGRESQL else 1
"""How many processes send at the same time."""
FAULTS = ("close", "accept_then_close", "accept_then_error", "accept_then_truncate", "server_error")


class FastClock:
    """The machine's clock, a hundred times faster: the same in every process."""

    def now(self) -> datetime:
        return datetime.fromtimestamp(START + (time.time() - START) * FASTER, UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / FASTER)


def render(_session: Session, notice: Notice, _now: datetime) -> Message:
    return Message(f"{notice.key} r{notice.wanted}")


def send_for_ever(store: str, token: str, api_url: str) -> None:
    """Be a bot's process: hold the lock, take back what the last one left, deliver."""
    engine = engine_for(store)
    context = Context(engine, FastClock(), Gateway(token, api_url))
    with sending_lock(engine):
        deliver.start(context)
        while True:
            deliver.run(context, render, lambda *_: None)
            context.clock.sleep(1)


def want_some(store: str, chance: random.Random, first: int) -> int:
    """Want a few new messages, and edits of old ones, beside the sender; give the next free number."""
    engine = engine_for(store, checkpoints=False)
    now = FastClock().now()
    with transaction(engine) as session:
        last = first + chance.randrange(4)
        for n in range(first, last):
            key, place = f"card:{n:04}", chance.choice(PLACES)
            notices.want(session, workspace_id=WORKSPACE, key=key, kind="card", place=place, now=now)
        if first:
            notices.bump(session, WORKSPACE, f"card:{chance.randrange(first):04}", now)
    engine.dispose()
    return last


def kill_senders(store: str, token: str, api_url: str, kills: int, seed: int) -> None:
    """Start senders and kill one after the other at a random moment, again and again."""
    chance, wanted = random.Random(seed), 0
    senders = [start_sender(store, token, api_url) for _ in range(SENDERS)]
    for n in range(kills):
        for _ in range(chance.randrange(1, 5)):
            wanted = want_some(store, chance, wanted)
            time.sleep(chance.random() * 0.15)
        kill(senders.pop(0))
        if n < kills - SENDERS:
            senders.append(start_sender(store, token, api_url))


def start_sender(store: str, token: str, api_url: str) -> int:
    sender = os.fork()
    if sender == 0:
        send_for_ever(store, token, api_url)
    return sender


def kill(sender: int) -> None:
    os.kill(sender, signal.SIGKILL)
    os.waitpid(sender, 0)


@pytest.mark.parametrize("kills", [40, pytest.param(1000, marks=pytest.mark.slow)])
def test_random_kills_lose_nothing_double_nothing_and_keep_the_order(tmp_path: Path, kills: int) -> None:
    store, seed = stores.url(tmp_path / "baton.db"), random.randrange(10**6)
    print(f"seed {seed}")
    engine = new_store(tmp_path / "baton.db")
    with Sandbox(now=lambda: FastClock().now().timestamp(), seed=seed) as slack:
        slack.add_person("rep", id="U1")
        for place in ("C1", "C2"):
            slack.add_channel(place.lower(), id=place)
        for fault in FAULTS:
            slack.fail("chat.postMessage", fault, times=None, probability=0.06)
            slack.fail("chat.update", fault, times=None, probability=0.03)
        arguments = [store, slack.bot_token, slack.api_url, kills, seed]
        killing = f"from tests.jobs.test_kills import kill_senders; kill_senders(*{arguments!r})"
        subprocess.run([sys.executable, "-c", killing], check=True, env={**os.environ, "PYTHONPATH": "."})
        slack.heal()
        context = Context(engine, FastClock(), Gateway(slack.bot_token, slack.api_url))
        deliver.start(context)
        wait_until_told(context)
        texts = [m["text"] for place in ("C1", "C2", slack.dm_channel("U1")) for m in slack.messages(place)]
    with reading(engine) as session:
        all_of_them = session.exec(select(Notice).where(ours(Notice)).order_by(col(Notice.id))).all()
    assert len(all_of_them) > kills / 2
    assert Counter(texts) == Counter(f"{notice.key} r{notice.wanted}" for notice in all_of_them)
    for place in PLACES:
        stamps = [notice.ts or "" for notice in all_of_them if notice.place == place]
        assert stamps == sorted(stamps), "the order of wishes is the order of messages"


def wait_until_told(context: Context) -> None:
    """Deliver until all that is wanted is shown."""
    owed = select(Notice.id).where(ours(Notice)).where(col(Notice.shown) < col(Notice.wanted))
    until = context.now() + timedelta(hours=2)
    while context.now() < until:
        deliver.run(context, render, lambda *_: None)
        with reading(context.engine) as session:
            if session.exec(owed).first() is None:
                return
        context.clock.sleep(1)
    raise AssertionError("something is owed after two hours")
