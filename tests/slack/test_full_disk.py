"""Where no room is left to write, people are told so, and nothing has changed."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event, text

from tests import stores
from tests.slack.office import MAYA, REP1, Office
from tests.slack.test_reaction import event as reaction
from tests.slack.test_reaction import taken

BIG = "/sla log webinar June B=900"
"""More rows than fit into the pages that a file has left."""
FULL = """
CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON event EXECUTE FUNCTION fail();
"""


@contextmanager
def full(engine: Engine) -> Iterator[None]:
    """Leave no room in a file; have a server refuse to write as it does then."""
    if stores.IS_POSTGRESQL:
        with engine.begin() as connection:
            connection.execute(text(FULL))
        yield
        with engine.begin() as connection:
            connection.execute(text("DROP FUNCTION fail CASCADE"))
        return

    def grow_no_more(connection: object, *_: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]

    event.listen(engine, "connect", grow_no_more)
    engine.dispose()
    yield
    event.remove(engine, "connect", grow_no_more)
    engine.dispose()


def test_a_full_disk_is_told_of_in_a_sentence_and_nothing_has_changed(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    before = office.rows()
    with full(office.context.engine):
        assert "no room is left" in office.type(MAYA, BIG)
        assert office.rows() == before
    assert "the store is full" in caplog.text
    assert "900 webinar leads are handed over" in office.type(MAYA, BIG)


def test_an_event_that_found_the_disk_full_is_sent_again(office: Office) -> None:
    office.type(MAYA, BIG)
    office.settle()
    body = reaction(office, "reaction_added", REP1, 0, "Ev1")
    with full(office.context.engine):
        assert office.dispatch(body).status == 500
    assert taken(office) == ""
    assert office.dispatch(body).status == 200
    assert taken(office).startswith("Taken 10 ")
