"""The real bot, killed at random: what was acknowledged is there, once and in order; and the test can see."""

import random
from pathlib import Path

import pytest

from tests.chaos import kills

KILLS = 50
"""Of each of the four; `make chaos` does a thousand of one."""


def counted(folder: Path, number: int, store: str, mode: str, *, looks: bool = True) -> dict[str, int]:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    found = kills.run(number, store, mode, seed=seed, folder=folder, looks=looks)
    print(found)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["socket", "http"])
@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_two_hundred_kills_lose_nothing_and_double_nothing(tmp_path: Path, store: str, mode: str) -> None:
    found = counted(tmp_path, KILLS, store, mode)
    assert found["acknowledged"] > KILLS / 4
    assert (found["lost"], found["doubled"], found["out_of_order"]) == (0, 0, 0)


@pytest.mark.slow
def test_a_bot_that_does_not_look_doubles(tmp_path: Path) -> None:
    assert counted(tmp_path, 20, "sqlite", "socket", looks=False)["doubled"] > 0


def test_a_few_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    found = counted(tmp_path, 4, "sqlite", "http")
    assert found["acknowledged"] > 0
    assert (found["lost"], found["doubled"], found["out_of_order"]) == (0, 0, 0)
