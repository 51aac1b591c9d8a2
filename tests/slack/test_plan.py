"""`/sla plan`: announced, changed, met or missed by what is handed over."""

import pytest

from tests.slack.office import MAYA, MIKE, SARA, Office


@pytest.fixture
def planned(office: Office) -> Office:
    """Ninety leads of a webinar on Thursday; it is Monday."""
    assert "90 webinar leads on Thu 18 Jun" in office.type(MAYA, "/sla plan 90 webinar 18 Jun")
    return office


def test_a_plan_for_the_same_source_and_day_is_changed_not_added_to(planned: Office) -> None:
    said = planned.type(MIKE, "/sla plan 60 webinar 18 Jun")

    assert "Planned: 60 webinar leads on Thu 18 Jun, instead of 90" in said
    assert "60 leads planned" in planned.type(SARA, "/sla plan")
    assert "90" not in planned.type(SARA, "/sla plan")


def test_what_comes_on_the_day_meets_the_plan(planned: Office) -> None:
    planned.after(days=3)
    planned.type(MIKE, "/sla log 40 Webinar")
    assert "Thu 18 Jun · 90 webinar: 40 so far" in planned.type(SARA, "/sla plan")

    planned.type(MIKE, "/sla log 50 webinar June")
    said = planned.type(SARA, "/sla plan")
    assert "1 of 1 plan met" in said
    assert "✓ Thu 18 Jun · 90 of 90 webinar" in said


def test_what_comes_a_few_days_later_still_does(planned: Office) -> None:
    planned.after(days=4)
    assert "Thu 18 Jun · 90 webinar: late, 0 so far" in planned.type(SARA, "/sla plan")

    planned.type(MIKE, "/sla log 95 webinar")
    assert "✓ Thu 18 Jun · 95 of 90 webinar" in planned.type(SARA, "/sla plan")


def test_after_a_week_a_plan_is_missed_by_what_did_not_come(planned: Office) -> None:
    planned.after(days=3)
    planned.type(MIKE, "/sla log 40 webinar")
    planned.type(MIKE, "/sla log 60 partner")
    planned.after(days=7)
    planned.type(MIKE, "/sla log 50 webinar June")

    said = planned.type(SARA, "/sla plan")
    assert "Nothing is planned" in said
    assert "0 of 1 plan met" in said
    assert "✗ Thu 18 Jun · 40 of 90 webinar" in said


def test_what_comes_for_the_next_plan_of_a_source_is_not_counted_twice(planned: Office) -> None:
    planned.type(MAYA, "/sla plan 30 webinar 19 Jun")
    planned.after(days=4)
    planned.type(MIKE, "/sla log 90 webinar")

    said = planned.type(SARA, "/sla plan")
    assert "✓ Fri 19 Jun · 90 of 30 webinar" in said
    assert "✗ Thu 18 Jun · 0 of 90 webinar" in said
