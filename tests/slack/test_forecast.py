"""`/sla forecast`: private, for any agreement of the channel, and honest where it knows too little."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.slack.office import ALAN, CHANNEL, GUEST, MAYA, REP1, SARA, Office, opened


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office that has been handing over ten leads every other working day for seven weeks."""
    with opened(tmp_path_factory.mktemp("forecast")) as office:
        for day in range(0, 49, 2):
            if (day % 7) < 5:
                office.type(MAYA, f"/sla log 10 webinar day{day} C=10")
            office.clock.at += timedelta(days=2)
        office.settle()
        yield office


def test_where_little_is_known_it_says_so(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        office.type(MAYA, "/sla log 25 webinar A=6 B=19")
        said = office.type(SARA, "/sla forecast")

    assert "DACH: nothing can be foretold yet" in said
    assert said.count("Too early for June 2026: a forecast takes 6 decided weeks. So far: ") == 2, (
        "one a side"
    )
    assert "engaged leads touched in time 0 · list leads touched in time 0" in said
    assert "8 of 10 cases" not in said


def test_it_tells_range_chance_and_method(office: Office) -> None:
    before = office.rows()
    said = office.type(REP1, "/sla forecast")

    assert "qualified leads, August 2026" in said
    assert "likely" in said
    assert "in 8 of 10 cases the period ends within its range" in said
    assert office.rows() == before


def test_it_is_for_who_may_read_and_for_nobody_else_to_see(office: Office) -> None:
    office.type(ALAN, "/sla status")
    office.type(GUEST, "/sla status")
    office.meet()
    posted = len(office.slack.messages(CHANNEL))

    assert "Marketing" in office.type(ALAN, "/sla forecast")
    assert "likely" not in office.type(GUEST, "/sla forecast")
    assert len(office.slack.messages(CHANNEL)) == posted


def test_a_period_that_no_goal_is_agreed_for_is_told(office: Office) -> None:
    said = office.type(REP1, "/sla forecast this quarter")

    assert said.startswith("No goal that can be foretold runs over Q3 2026.")


def test_the_review_has_it_in_one_line(office: Office) -> None:
    said = office.type(SARA, "/sla agreement review")

    likely = r"\*Forecast:\* .* qualified leads: \*.*likely\*, 80% between \d+ and \d+"
    assert re.search(likely, said)
