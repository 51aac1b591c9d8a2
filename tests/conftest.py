"""What the whole suite shares: the browser of this machine, and word of what was left out."""

import os
import shutil
import signal
from collections.abc import Generator, Iterator
from contextlib import ExitStack

import pytest
from hypothesis import settings

from bot import signals
from tests import stores, twin

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for name in BROWSERS if (path := shutil.which(name))), None)
NO_CHROMIUM = "the browser tests; with Chromium (Debian, Ubuntu: apt-get install chromium) they run"
NO_SLOW = "the tests that take minutes: make slow"
settings.register_profile("suite", deadline=None)  # how fast the machine is today is no claim of a test
settings.load_profile("suite")

SLOWEST_S = 4 * 3600
MAY_LEAVE_OUT = os.environ.get("BATON_CI") != "1"
"""On the CI machine what is missing fails instead."""

WITHOUT_STORES = {"sla_rules", "messages", "sandbox"}
"""Folders of tests for which no store has to be made."""

running = pytest.StashKey[ExitStack]()
"""What runs beside the tests until they end."""


def pytest_configure(config: pytest.Config) -> None:
    """Start the database server, where the stores are to be there."""
    config.stash[running] = ExitStack()
    stores.inhabit(twin.move_in)
    if stores.IS_POSTGRESQL and not hasattr(config, "workerinput"):
        config.stash[running].enter_context(stores.served())


@pytest.fixture(scope="session", autouse=True)
def rows_of_the_twin(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> twin.Stored:
    """Read what every store begins with, before any test could change how it is made."""
    if all(item.path.parent.name in WITHOUT_STORES for item in request.session.items):
        return {}
    folder = tmp_path_factory.mktemp("twin")
    rows = twin.rows_of(stores.url(folder / "baton.db"))
    stores.close(folder)
    return rows


@pytest.fixture(autouse=True)
def no_store_stays_open(request: pytest.FixtureRequest, rows_of_the_twin: twin.Stored) -> Iterator[None]:
    """Close the stores that a test opened, in each of which the twin has to be as it was."""
    yield
    now = [twin.rows_of(url) for url in stores.inhabited()]
    stores.close(request.node.funcargs.get("tmp_path"))
    for rows in now:
        assert rows == rows_of_the_twin


@pytest.fixture(autouse=True)
def signals_act_as_before() -> Iterator[None]:
    """Take back what a command that runs in this process did to Ctrl-C."""
    before = {number: signal.getsignal(number) for number in signals.ENDS}
    yield
    for number, act in before.items():
        signal.signal(number, act)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give the path of the browser that tests drive."""
    assert CHROMIUM, f"no Chromium found, so left out would be {NO_CHROMIUM}"
    return CHROMIUM


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave browser tests out where there is no browser; let those that take minutes take them."""
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.timeout(SLOWEST_S))
    if CHROMIUM or not MAY_LEAVE_OUT:
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what runs beside the tests; say last what the whole suite left out, and how to get it."""
    config.stash[running].close()
    is_whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if not is_whole or hasattr(config, "workerinput"):
        return
    if not CHROMIUM and MAY_LEAVE_OUT:
        print(f"Left out: {NO_CHROMIUM}")
    if config.option.markexpr == "not slow":
        print(f"Left out: {NO_SLOW}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Write out what no encoding has: hostile text in a log, which a worker could not hand on otherwise."""
    report = yield
    report.sections = [
        (name, text.encode("utf-8", "backslashreplace").decode("utf-8")) for name, text in report.sections
    ]
    return report
