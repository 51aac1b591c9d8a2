"""Wherever a process dies, and whatever Slack answers, on each database: one message."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import event, insert

from bot.database import engine_for, transaction
from bot.jobs import deliver
from bot.jobs.outcomes import instant_of
from bot.jobs.sending import Sending
from bot.models import Notice, Workspace, table_of
from bot.sandbox.server import Sandbox
from bot.services import notices, outbox
from bot.store import migrate
from tests.chaos.crashes import Crash, Points
from tests.jobs.world import MONDAY, WORKSPACE, HandClock, World
from tests.postgres import Server

Fault = tuple[str, str, dict[str, Any]]
POST, HISTORY = "chat.postMessage", "conversations.history"
LOST: Fault = (POST, "accept_then_close", {})
OUTCOMES: dict[str, Sequence[Fault]] = {
    "taken": [],
    "taken, connection closed": [LOST],
    "taken, 503": [(POST, "accept_then_error", {"status": 503})],
    "taken, half an answer": [(POST, "accept_then_truncate", {})],
    "connection closed": [(POST, "close", {})],
    "500": [(POST, "server_error", {})],
    "an internal error": [(POST, "error", {"error": "internal_error"})],
    "429": [(POST, "rate_limited", {"seconds": 30})],
    "an error nobody knows": [(POST, "error", {"error": "weather_too_bad"})],
    "not in the channel, for an hour": [(POST, "error", {"error": "not_in_channel"})],
    "taken, and the history is limited": [LOST, (HISTORY, "rate_limited", {"seconds": 30})],
    "taken, and the history is cut off": [LOST, (HISTORY, "close", {})],
    "lost, and lost again": [(POST, "close", {}), (POST, "server_error", {})],
    "taken, and the edit is lost": [LOST, ("chat.update", "close", {})],
}
MOST_POINTS = 60
MOST_AFTER_A_KILL = timedelta(seconds=155)
"""A lease, the time that Slack gets to settle, and what stepping from one to the other adds."""
NUMBER = count(1)
STORES = ("sqlite", "postgresql")


@pytest.fixture(scope="module", params=STORES)
def any_world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with opened(request.param, tmp_path_factory.mktemp("matrix")) as world:
        yield world


@contextmanager
def opened(store: str, folder: Path) -> Iterator[World]:
    with ExitStack() as held:
        is_server = store == "postgresql"
        engine = engine_for(held.enter_context(Server()).url if is_server else f"sqlite:///{folder}/baton.db")
        held.callback(engine.dispose)
        if not is_server:  # nobody pulls the plug here, so nothing needs to reach the disk
            event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
        clock = HandClock()
        migrate(engine)
        with transaction(engine) as session:
            session.add(Workspace(id=WORKSPACE, team_id="T0SANDBOX", created_at=MONDAY))
        slack = held.enter_context(Sandbox(now=lambda: clock.now().timestamp()))
        slack.ignore_rates()
        yield World(engine, slack, clock)


@dataclass
class Cell:
    """What came of one card."""

    messages: int
    points: Sequence[str]
    """Those that were passed before the process died."""
    took: timedelta
    """From the wish to the message."""


def cell(world: World, faults: Sequence[Fault], fatal: int) -> Cell:
    """Post one card, die once on the way, and begin anew."""
    key, place = new_card(world)
    for method, kind, how in faults:
        world.slack.fail(method, kind, **how)
    world.want(key, place)
    wanted_at = world.clock.at
    points = deliver_until(world, fatal)
    begin_anew(world)
    world.slack.heal()
    assert world.next_due() is None
    visible_at = instant_of(world.notice(key).ts or "0.0")
    return Cell(len(world.texts(place)), points.passed, visible_at - wanted_at)


def new_card(world: World) -> tuple[str, str]:
    """Name a card and a channel that were never used."""
    number = next(NUMBER)
    world.slack.add_channel(f"c{number}", id=f"C{number}")
    return f"card:{number}", f"C{number}"


def deliver_until(world: World, fatal: int) -> Points:
    """Deliver, and die at the point with this number, if there is one."""
    points = Points(world.engine, world.context.at(WORKSPACE).gateway)
    with points.watched(fatal), suppress(Crash):
        world.settle_down(timedelta(days=2))
    return points


def begin_anew(world: World) -> None:
    deliver.start(world.context)
    world.settle_down(timedelta(days=2))


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_one_message_wherever_a_process_dies(any_world: World, outcome: str) -> None:
    cells = {0: cell(any_world, OUTCOMES[outcome], 0)}
    points = list(cells[0].points)
    assert 8 <= len(points) < MOST_POINTS, points
    for fatal in range(1, len(points) + 1):
        cells[fatal] = cell(any_world, OUTCOMES[outcome], fatal)
    print(f"{len(cells)} cells, {max(one.took for one in cells.values())} at most")
    assert {
        (fatal, points[fatal - 1]): one.messages for fatal, one in cells.items() if one.messages != 1
    } == {}
    if outcome == "taken":
        assert max(one.took for one in cells.values()) <= MOST_AFTER_A_KILL


def test_without_the_look_the_matrix_finds_doubles(any_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sending, "_is_absent", lambda *_: True)
    monkeypatch.setattr(Sending, "sweep", _never_swept)
    after_the_post = cell(any_world, [], 0).points.index(f"after {POST}") + 1
    assert cell(any_world, [LOST], 0).messages == 2
    assert cell(any_world, [], after_the_post).messages == 2


def test_marked_before_it_is_sent_the_matrix_finds_losses(
    any_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sending, "_is_absent", _taken_as_sent)
    assert cell(any_world, [(POST, "close", {})], 0).messages == 0


def _never_swept(sending: Sending, notice: Any) -> bool:
    notice.ts = "9.000000"  # long ago: there is no further look
    sending._write(WORKSPACE, _end_of_looks, notice)
    return True


def _end_of_looks(session: Any, notice: Any) -> None:
    session.get_one(type(notice), notice.id).sweep_at = None


def _taken_as_sent(sending: Sending, claim: Any) -> bool:
    sending._write(WORKSPACE, lambda session: outbox.settle(session, claim, state="shown", shown=1, ts="1.1"))
    return False


# ---- asked for twice, as by a process that cannot know that it, or another one, has asked already


def asked_for_twice(world: World, fatal: int) -> int:
    """Ask for one card, die on the way and ask again; gives the messages that are there at the end."""
    key, place = new_card(world)
    world.want(key, place)
    deliver_until(world, fatal)
    world.want(key, place)
    begin_anew(world)
    return len(world.texts(place))


def test_asked_for_again_wherever_a_process_died_it_is_one_message(any_world: World) -> None:
    points = cell(any_world, [], 0).points
    assert {asked_for_twice(any_world, fatal) for fatal in range(len(points) + 1)} == {1}


@pytest.mark.parametrize("store", STORES)
def test_without_the_key_the_matrix_finds_doubles(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "_wanting", lambda **_: insert(table_of(Notice)))
    with opened(store, tmp_path) as world:
        with world.engine.begin() as connection:
            operations = Operations(MigrationContext.configure(connection))
            with operations.batch_alter_table("notice") as rows:
                rows.drop_constraint("uq_notice_workspace_id_key")
        assert asked_for_twice(world, 0) == 2
        assert asked_for_twice(world, 1) == 2
