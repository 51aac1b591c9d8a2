"""Whatever is changed behind the ledger's back is named: what it is counted by, the measure, and the day."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update
from sqlmodel import SQLModel, col

from bot.database import transaction
from bot.models import Lead, Tally, table_of
from tests import twin
from tests.services.walk import FRIDAY, Step, Walk, walk_in

DAY = 24 * 3600
BY = {"all": "", "source": "webinar", "campaign": "May", "tier": "B", "rep": "USIA"}
MEASURES = ("delivered", "accepted", "take.n", "take.sum", "decide.kept", "where.n")


@pytest.fixture
def walk(signed: Path) -> Iterator[Walk]:
    """A team that took and touched its leads of Monday."""
    with walk_in(signed) as walk:
        walk.do(Step("log", 3 * DAY, choice=1))
        walk.do(Step("taken", 3600, leads=(3, 4), choice=1))
        walk.do(Step("touched", 3600, leads=(3, 4), choice=1))
        assert walk.differences() == []
        yield walk


def one_more(walk: Walk, table: type[SQLModel], column: str, **where: object) -> None:
    """Add one to a column of the rows found."""
    rows = table_of(table)
    found = [twin.ours(table), *(rows.c[name] == value for name, value in where.items())]
    with transaction(walk.engine) as session:
        changed = session.execute(update(rows).where(*found).values({column: rows.c[column] + 1}))
        assert changed.rowcount == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("by", BY)
def test_a_changed_tally_is_named(walk: Walk, by: str, measure: str) -> None:
    if by == "rep" and measure == "decide.kept":
        measure = "first_touch.kept"  # deciding was the duty rep's promise
    with transaction(walk.engine) as session:
        tally = session.scalars(
            select(Tally).where(
                twin.ours(Tally),
                col(Tally.by) == by,
                col(Tally.value) == BY[by],
                col(Tally.measure) == measure,
            )
        ).one()
    one_more(walk, Tally, "n", by=by, value=BY[by], measure=measure)

    (told,) = walk.differences()
    assert told.startswith(f"tally {by} {BY[by]} {measure} 2026-06-15: ")
    assert told.endswith(f"stored {tally.n + 1}, the ledger gives {tally.n}")


@pytest.mark.parametrize("by", BY)
def test_a_lost_tally_is_named(walk: Walk, by: str) -> None:
    gone = (col(Tally.by) == by) & (col(Tally.value) == BY[by]) & (col(Tally.measure) == "delivered")
    with transaction(walk.engine) as session:
        session.execute(delete(Tally).where(twin.ours(Tally), gone))

    (told,) = walk.differences()
    assert told.startswith(f"tally {by} {BY[by]} delivered 2026-06-15: stored 0, ")


def test_a_tally_of_nothing_is_named(walk: Walk) -> None:
    of_nothing = {"workspace_id": 1, "agreement_id": 1, "by": "source", "value": "fair", "measure": "won"}
    with transaction(walk.engine) as session:
        session.execute(insert(Tally).values(**of_nothing, day=FRIDAY.date(), n=7))

    assert walk.differences() == ["tally source fair won 2026-06-12: stored 7, the ledger gives 0"]


@pytest.mark.parametrize("span", ["take_s", "touch_s"])
def test_a_changed_value_behind_a_percentile_is_named(walk: Walk, span: str) -> None:
    one_more(walk, Lead, span, n=3)

    (told,) = walk.differences()
    assert told.startswith(f"H-1 lead 3 {span}: ")
