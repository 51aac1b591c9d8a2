"""Whatever people do, in whatever order it arrives: rows, clocks and tallies equal a recomputation."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.walk import STEPS, Step, settled, walk_in


def hold_equal(store: Path, steps: Sequence[Step]) -> None:
    with walk_in(store) as walk:
        for step in steps:
            walk.do(step)
            assert walk.differences() == [], f"after {step} at {walk.now}"


def test_an_act_that_waited_for_a_tick_takes_nothing_back(signed: Path) -> None:
    with walk_in(signed) as walk:
        walk.do(Step("log", 3 * 24 * 3600, choice=1))
        walk.do(Step("tick", 17 * 3600))  # to the second in which tier A breaks
        walk.now -= timedelta(seconds=2)
        walk.do(Step("taken", leads=(4,)))
        assert walk.differences() == []
        walk.do(Step("tick", 3600))
        assert walk.differences() == []


HARD = {
    "a question stops a clock whose target was used up at closing": [
        Step("log", 68 * 3600 + 600, choice=1),  # Monday 13:00, so that tier B is due at 17:00
        Step("asked", 4 * 3600 + 1800, leads=()),
        Step("tick", 16 * 3600),
    ],
    "an excuse comes before the breach": [
        Step("log", 3 * 24 * 3600, choice=15),
        Step("excused", 3 * 3600, leads=(1, 2, 4), choice=33),
        Step("tick", 3 * 24 * 3600),
    ],
    "an amendment comes in the second of an act": [Step("log", 3 * 24 * 3600, choice=51), Step("amend")],
    "a card posted anew is under the version of then": [
        Step("log", 960, 45, choice=37),
        Step("amend"),
        Step("posted", 3 * 24 * 3600, choice=37),
        Step("undone", 960, choice=0),
    ],
    "a clock of the old version breaks on a day that the new one has off": [
        Step("amend"),
        Step("log", 3 * 24 * 3600, choice=1),
        Step("taken", 4 * 24 * 3600, leads=(3, 4)),  # Friday 16:50: due on Saturday 16:50
        Step("amend", 3600),
        Step("tick", 21 * 3600),
        Step("tick", 3 * 3600),
    ],
    "a card is posted twice": [
        Step("log", 3 * 24 * 3600, choice=1),
        Step("posted", 60),
        Step("tick", 24 * 3600),
    ],
    "a number is told anew after its clocks broke, then less, and both are taken back": [
        Step("log", 3 * 24 * 3600, choice=1),
        Step("tick", 24 * 3600),
        Step("corrected", 60, leads=(5,), choice=23),
        Step("taken", 60, 120, leads=(1, 2)),
        Step("tick", 24 * 3600),
        Step("corrected", 60, 3600, leads=(), choice=16),
        Step("undone", 60, choice=2),
        Step("undone", 60, choice=1),
    ],
    "leads lapse while nobody looks": [
        Step("log", 3 * 24 * 3600, choice=1),
        Step("taken", 60, leads=(1, 2, 3, 4, 5)),
        Step("moved", 24 * 3600, leads=(2, 3), choice=1),
        Step("tick", 3 * 24 * 3600),
        Step("touched", 60, 3 * 24 * 3600, leads=(1, 2, 3)),
        Step("voided", 60),
        Step("undone", 60, choice=4),
        Step("tick", 60),
    ],
}


@pytest.mark.parametrize("steps", HARD.values(), ids=HARD)
def test_what_is_stored_equals_a_recomputation_when(signed: Path, steps: list[Step]) -> None:
    hold_equal(signed, steps)


@settings(**settled(25))
@given(steps=st.lists(STEPS, min_size=5, max_size=20))
def test_what_is_stored_equals_a_recomputation_after_every_act(signed: Path, steps: list[Step]) -> None:
    hold_equal(signed, steps)


@pytest.mark.slow
@settings(**settled(1000))
@given(steps=st.lists(STEPS, min_size=10, max_size=40))
def test_what_is_stored_equals_a_recomputation_on_long_walks(signed: Path, steps: list[Step]) -> None:
    hold_equal(signed, steps)
