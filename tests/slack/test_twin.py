"""A twin lives in every store, nothing is ever due for it, and whatever crosses over to it is noticed."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.jobs import days_off, forget, life, people, posts, reactions, release, tick
from tests import stores, twin
from tests.slack.office import Office

HAS_NONE_OF = {"usergroup"}
"""No cast of the tests is a user group."""
IDS = ("UMAYA", "CSLA", "UMARA", "'C1'", "U0MARA", "C0HANDOFFS", "ada@acme.example", "'L1'")
CROSSINGS = [
    "UPDATE handoff SET revision = revision + 1",
    "UPDATE clock SET rung = 'manager' WHERE owner = 'USARA'",
    "UPDATE workspace SET look_at = 1",
    "DELETE FROM note",
    "DELETE FROM signature WHERE user_id = 'UMAYA'",
    "INSERT INTO gate (workspace_id, name, open_at) SELECT id, 'CNEW', 1 FROM workspace",
    "INSERT INTO note (workspace_id, handoff_id, seq, kind, text) SELECT 1, max(id), 9, '', '' FROM handoff",
]


def stored(office: Office) -> twin.Stored:
    return twin.rows_of(office.context.engine.url.render_as_string(hide_password=False))


def test_the_twin_has_rows_of_all_kinds_under_the_ids_that_tests_use(rows_of_the_twin: twin.Stored) -> None:
    assert {table for table, rows in rows_of_the_twin.items() if not rows} == HAS_NONE_OF
    assert [one for one in IDS if one not in str(rows_of_the_twin)] == []


@pytest.mark.parametrize("crossing", CROSSINGS)
def test_what_crosses_over_to_the_twin_is_noticed(
    new_office: Office, rows_of_the_twin: twin.Stored, crossing: str
) -> None:
    with new_office.context.engine.begin() as connection:
        connection.execute(text(crossing))
    assert stored(new_office) != rows_of_the_twin
    stores.vacate()


@pytest.mark.parametrize("years", [0, 1, 50])
def test_nothing_is_ever_due_for_the_twin(
    new_office: Office, rows_of_the_twin: twin.Stored, years: int
) -> None:
    before = len(new_office.slack.traffic)
    new_office.clock.at += timedelta(days=366 * years)
    for job in (tick, life, posts, release, reactions, people, days_off):
        assert job.run(new_office.context) == 0
    assert forget.run(new_office.context, timedelta()) == 0
    assert new_office.deliver() == 0
    assert stored(new_office) == rows_of_the_twin
    assert new_office.slack.traffic[before:] == []
