"""Fixtures for the jobs: each test has its own store, its own small Slack and its own clock."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.server import Sandbox
from tests import stores
from tests.jobs.world import HandClock, World, new_store
from tests.story.week import Week, opened


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "empty.db"
    new_store(path).dispose()
    return path


@pytest.fixture
def world(empty_store: Path, tmp_path: Path) -> Iterator[World]:
    clock = HandClock()
    stores.copy(empty_store, tmp_path / "baton.db")
    engine = stores.engine(tmp_path / "baton.db")
    with Sandbox(now=lambda: clock.now().timestamp()) as slack:
        slack.add_person("rep1", id="U1")
        slack.add_person("rep2", id="U2")
        slack.add_channel("leads", ["U1", "U2"], id="C1")
        slack.add_channel("other", ["U1"], id="C2")
        yield World(engine, slack, clock)
    engine.dispose()


@pytest.fixture
def week(tmp_path: Path) -> Iterator[Week]:
    """The demo's workspace from Monday morning on, with its real bot and a clock that stands."""
    with opened(tmp_path) as week:
        yield week
