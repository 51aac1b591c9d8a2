"""How an agreement stands: what waits on each side, and on the person who asks."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.database import reading, transaction
from bot.facts.figures import StatusFact
from bot.services import agreements, duties, status, turns
from sla_rules.kinds import Side
from tests.services.walk import MARKETER, Step, Walk, walk_in

DAY = 24 * 3600


@pytest.fixture
def walk(signed: Path) -> Iterator[Walk]:
    with walk_in(signed) as walk:
        yield walk


def stands(walk: Walk, user: str) -> StatusFact:
    with reading(walk.engine) as session:
        return status.fact(session, agreements.by_id(session, 1, 1), user, walk.now)


def test_a_handoff_waits_on_a_side_once_in_however_many_ways(walk: Walk) -> None:
    """One waits to be decided; of the other some leads wait for a touch, some for an outcome."""
    walk.do(Step("log", 3 * DAY))
    walk.do(Step("log", choice=1))
    for handoff, number in enumerate(walk.handoffs):
        walk.do(Step("posted", handoff=handoff, leads=(number,)))
    walk.do(Step("taken", 60, leads=(2, 3)))
    walk.do(Step("touched", 60, leads=(2,)))

    found = stands(walk, MARKETER)
    assert (found.open_handoffs, found.open_by_side) == (2, {Side.SALES: 2, Side.MARKETING: 0})


def test_a_duty_waits_on_its_owner_until_it_is_done(walk: Walk) -> None:
    assert stands(walk, MARKETER).duties_due == []
    walk.now += timedelta(days=11)
    with transaction(walk.engine) as session:
        agreed = agreements.by_id(session, 1, 1)
        duties.step(session, agreed, walk.now)
        mine = [turn for turn in turns.unfinished(session, agreed) if turn.owner == MARKETER]
    assert stands(walk, MARKETER).duties_due == [turn.due_at for turn in mine] != []

    with transaction(walk.engine) as session:
        agreed = agreements.by_id(session, 1, 1)
        for turn in mine:
            duties.done(session, agreed, turn.id or 0, user=MARKETER, now=walk.now, delivery=f"{turn.id}")
    assert stands(walk, MARKETER).duties_due == []
