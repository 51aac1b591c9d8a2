"""What the tests of services share: the store of a team that has signed."""

from pathlib import Path

import pytest

from tests.services.walk import write_signed


@pytest.fixture(scope="session")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a store to copy from."""
    return write_signed(tmp_path_factory.mktemp("store") / "signed.db")
