"""Days and times as people type them."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import moments
from bot.slack.typed import split
from sla_rules.kinds import Per

THURSDAY = date(2026, 6, 18)
NOW = datetime(2026, 6, 18, 15, 0, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", date(2026, 6, 18)),
        ("Tomorrow", date(2026, 6, 19)),
        ("yesterday", date(2026, 6, 17)),
        ("Mon", date(2026, 6, 22)),
        ("friday", date(2026, 6, 19)),
        ("next Thu", date(2026, 6, 25)),
        ("2026-07-01", date(2026, 7, 1)),
        ("1 Jul", date(2026, 7, 1)),
        ("1st July", date(2026, 7, 1)),
        ("Jul 1", date(2026, 7, 1)),
        ("Sept. 3, 2027", date(2027, 9, 3)),
        ("1.7.", date(2026, 7, 1)),
        ("1.7.2027", date(2027, 7, 1)),
        ("18 Jun", date(2026, 6, 18)),
        ("17 Jun", date(2027, 6, 17)),
        ("29 Feb", date(2028, 2, 29)),
    ],
)
def test_a_day_without_a_year_is_the_next_one_to_come(text: str, day: date) -> None:
    assert moments.read_day(text, THURSDAY) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("17 Jun", date(2026, 6, 17)),
        ("19 Jun", date(2025, 6, 19)),
        ("Mon", date(2026, 6, 15)),
        ("Thu", THURSDAY),
    ],
)
def test_of_the_past_it_is_the_last_one_gone_by(text: str, day: date) -> None:
    assert moments.read_day(text, THURSDAY, is_past=True) == day


@pytest.mark.parametrize(
    "text",
    ["", "x", "31 Jun", "30 Feb", "2026-13-01", "0000-01-01", "9999-12-31", "1 Foo", "18", "Jun", "-1 Jun"],
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert moments.read_day(text, THURSDAY) is None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("09:50", time(9, 50)),
        ("14h30", time(14, 30)),
        ("9.50", time(9, 50)),
        ("2pm", time(14)),
        ("12:30 am", time(0, 30)),
        ("12pm", time(12)),
    ],
)
def test_a_time_of_day_is_read(text: str, at: time) -> None:
    assert moments.read_time(text) == at


@pytest.mark.parametrize("text", ["", "24:00", "9:60", "13pm", "0am", "9", "9:5", "noon"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert moments.read_time(text) is None


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("09:50", datetime(2026, 6, 18, 7, 50, tzinfo=UTC)),
        ("2:30 pm", datetime(2026, 6, 18, 12, 30, tzinfo=UTC)),
        ("17 Jun 16:50", datetime(2026, 6, 17, 14, 50, tzinfo=UTC)),
        ("yesterday at 4:50 pm", datetime(2026, 6, 17, 14, 50, tzinfo=UTC)),
        ("16 Jun", datetime(2026, 6, 15, 22, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_is_meant_in_the_zone_of_who_types_it(text: str, instant: datetime) -> None:
    assert moments.read_moment(text, NOW, is_past=True) == instant


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("this", "2026-06"),
        ("last", "2026-05"),
        ("this week", "2026-W25"),
        ("last week", "2026-W24"),
        ("week", "2026-W25"),
        ("Last Month", "2026-05"),
        ("previous quarter", "2026-Q1"),
        ("W25", "2026-W25"),
        ("w1", "2026-W01"),
        ("2026-W01", "2026-W01"),
        ("2025w52", "2025-W52"),
        ("W25 2026", "2026-W25"),
        ("Week 25 of 2026", "2026-W25"),
        ("2026-05", "2026-05"),
        ("2026-5", "2026-05"),
        ("May", "2026-05"),
        ("May 2026", "2026-05"),
        ("Sept. 2025", "2025-09"),
        ("Q2", "2026-Q2"),
        ("Q2 2026", "2026-Q2"),
        ("2026-Q4", "2026-Q4"),
        ("10 Jun", "2026-06"),
        ("2026-06-02", "2026-06"),
        ("yesterday", "2026-06"),
        ("28 Jun", "2026-06"),
        ("1 Jul", "2025-07"),
    ],
)
def test_a_period_is_read(text: str, label: str) -> None:
    found = moments.read_period(text, THURSDAY, Per.MONTH)
    assert found is not None
    assert found.label == label


@pytest.mark.parametrize(
    ("text", "label"), [("W26", "2025-W26"), ("Q3", "2025-Q3"), ("December", "2025-12"), ("W25", "2026-W25")]
)
def test_a_period_without_a_year_is_the_latest_that_has_begun(text: str, label: str) -> None:
    found = moments.read_period(text, THURSDAY, Per.MONTH)
    assert found is not None
    assert found.label == label


def test_of_what_is_asked_by_the_week_a_day_means_its_week() -> None:
    found = moments.read_period("10 Jun", THURSDAY, Per.WEEK, week_starts=6)
    assert found is not None
    assert (found.start_on, found.label) == (date(2026, 6, 7), "2026-W24")


@pytest.mark.parametrize(
    "text", ["", "x", "W99", "W0", "Q5", "13", "2026-13", "0000-01", "9999-12", "May May", "last last"]
)
def test_what_is_no_period_is_none(text: str) -> None:
    assert moments.read_period(text, THURSDAY, Per.MONTH) is None


def test_the_longest_run_of_words_is_taken() -> None:
    words = split("17 Jun 16:50 <https://x.example> note")
    found, taken = moments.first_of(words, lambda text: moments.read_moment(text, NOW, is_past=True))
    assert (found, taken) == (datetime(2026, 6, 17, 14, 50, tzinfo=UTC), 3)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading(text: str) -> None:
    moments.read_moment(text, NOW)
    moments.read_period(text, THURSDAY, Per.MONTH)
