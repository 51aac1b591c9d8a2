from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.http.front import Front, opened


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    """An office in which nothing is agreed, behind its HTTP server."""
    with opened(tmp_path) as front:
        yield front
