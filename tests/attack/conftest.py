from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.slack.office import MAYA, Office, opened


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office whose agreement is in force."""
    with opened(tmp_path) as office:
        yield office


@pytest.fixture
def logged(office: Office) -> Office:
    """An office in which twelve leads were handed over and nobody took any yet."""
    office.type(MAYA, "/sla log webinar June B=12")
    office.settle()
    return office


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office for all attacks of a file that are to change nothing in it."""
    with opened(tmp_path_factory.mktemp("shared")) as office:
        office.type(MAYA, "/sla log webinar June B=12")
        office.settle()
        yield office
