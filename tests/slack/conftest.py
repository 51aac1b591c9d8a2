from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.slack.office import Office, opened


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office whose agreement is in force."""
    with opened(tmp_path) as office:
        yield office


@pytest.fixture
def new_office(tmp_path: Path) -> Iterator[Office]:
    """An office in which nothing is agreed yet."""
    with opened(tmp_path, is_signed=False) as office:
        yield office
